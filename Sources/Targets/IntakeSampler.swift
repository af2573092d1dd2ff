import Dispatch
package import Measurements
package import Primitives
import Probes
package import Transport

/// Reads the bundled intake's metrics once a second, off the load's lanes.
///
/// Sample `k` is asked for when the run's second `k` begins, so it shows what the rows before `k`
/// add up to. One that takes longer than a second is waited for; the seconds it covered have no
/// sample, which is a fact too.
package final class IntakeSampler: @unchecked Sendable {
    // `@unchecked`: `second`, `isAsking` and `timer` are touched on the queue only.
    private let client: ControlClient
    private let url: String
    private let deliver: @Sendable (ServerSample) -> Void
    private let queue = DispatchQueue(label: "spate.intake-sampler")
    // Made when sampling begins: releasing a source that was never activated stops the process.
    private var timer: (any DispatchSourceTimer)?
    private var second = 0
    private var isAsking = false

    /// A sampler of the intake at that admin URL.
    ///
    /// - Throws: `TransportError` when the client cannot be made.
    package init(
        adminURL: String, deliver: @escaping @Sendable (ServerSample) -> Void
    ) throws(TransportError) {
        self.client = try ControlClient(gate: .loopback)
        self.url = adminURL + "/metrics"
        self.deliver = deliver
    }

    /// Begins sampling on the run's seconds.
    package func begin(origin: MonotonicTime, now: MonotonicTime) {
        let delay = max(Nanoseconds.zero, origin - now)
        let deadline = DispatchTime.now() + .nanoseconds(Int(delay.count))
        self.queue.async { [self] in
            let timer = DispatchSource.makeTimerSource(queue: self.queue)
            timer.setEventHandler { [self] in self.tick() }
            timer.schedule(deadline: deadline, repeating: 1, leeway: .milliseconds(1))
            self.timer = timer
            timer.activate()
        }
    }

    /// Stops sampling.
    package func end() async {
        self.queue.sync {
            self.timer?.cancel()
            self.timer = nil
        }
        await self.client.shutdown()
    }

    private func tick() {
        let second = self.second
        self.second += 1
        guard !self.isAsking else { return }
        self.isAsking = true
        Task {
            let answer = try? await self.client.send("GET", self.url, timeout: .seconds(5))
            if let answer, answer.status == 200 {
                let page = PrometheusText.values(String(decoding: answer.body, as: UTF8.self))
                self.deliver(ServerSample(second: second, values: IntakeMetrics.renamed(page)))
            }
            self.queue.async { self.isAsking = false }
        }
    }
}
