import Dispatch
import Foundation
package import Measurements
package import Primitives
import Synchronization

/// Sends frames to one collector from a thread of its own; whoever offers them never waits.
package final class CollectorSender: Sendable {
    /// Delivers a body and waits for what the collector says; called on the sender's thread.
    package typealias Delivery = @Sendable ([UInt8]) -> CollectorAnswer

    private let outbox: Mutex<Outbox>
    /// Rung when there may be something to do.
    private let bell = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)
    private let clock: any TimeSource
    private let encode: @Sendable ([MetricFrame]) -> [UInt8]
    private let deliver: Delivery

    /// Starts the thread; it ends after `finish`.
    package init(
        outbox: Outbox, clock: any TimeSource = SystemClock(),
        encode: @escaping @Sendable ([MetricFrame]) -> [UInt8],
        deliver: @escaping Delivery
    ) {
        self.outbox = Mutex(outbox)
        self.clock = clock
        self.encode = encode
        self.deliver = deliver
        // The thread holds on to the sender, so that a collector that hangs finds it alive.
        let thread = Thread { self.work() }
        thread.name = "spate.telemetry"
        thread.start()
    }

    /// Takes a frame; costs a lock that is never held over I/O.
    package func offer(_ frame: MetricFrame) {
        self.outbox.withLock { $0.add(frame) }
        self.bell.signal()
    }

    /// No frame comes any more; what waits is tried at once.
    package func close() {
        self.outbox.withLock { $0.close() }
        self.bell.signal()
    }

    /// Sends what is left, as far as that goes in so much time, and says what became of it all.
    ///
    /// Blocks. A request that is still under way then is given up, and its seconds are lost.
    package func finish(within span: Nanoseconds) -> ExportTally {
        self.close()
        _ = self.ended.wait(timeout: .now() + .nanoseconds(Int(span.count)))
        let tally = self.outbox.withLock { outbox in
            outbox.abandon()
            return outbox.tally
        }
        self.bell.signal()
        return tally
    }

    private func work() {
        ThreadPriority.stepBack()
        while true {
            let step = self.outbox.withLock { $0.next(now: self.clock.now()) }
            switch step {
            case .send(let frames):
                let answer = self.deliver(self.encode(frames))
                self.outbox.withLock { $0.ended(answer, now: self.clock.now()) }
            case .wait(let until):
                let span = until - self.clock.now()
                _ = self.bell.wait(timeout: .now() + .nanoseconds(Int(max(0, span.count))))
            case .idle: self.bell.wait()
            case .done:
                self.ended.signal()
                return
            }
        }
    }
}
