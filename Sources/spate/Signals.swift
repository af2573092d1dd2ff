import Dispatch
import Foundation
import Synchronization

/// Ctrl-C and termination, counted: the first asks the run to stop, the second cuts it short.
///
/// One at a time: a later one takes the signals over, so that a process may have several runs.
final class Signals: Sendable {
    /// Who hears of signals, and how many there were.
    private struct State {
        var handler: (@Sendable (Int) -> Void)?
        var count = 0
        /// Tells one listener from the next.
        var turn = 0
    }
    private static let state = Mutex(State())
    /// The sources; `@unchecked`, because they are made once and then only kept.
    private final class Sources: @unchecked Sendable {
        private let sources: [any DispatchSourceSignal]

        init() {
            let queue = DispatchQueue(label: "spate.signals")
            self.sources = [SIGINT, SIGTERM, SIGHUP].map { number in
                // The default action would end the process before the source is told.
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
                source.setEventHandler { Signals.came() }
                source.activate()
                return source
            }
        }
    }
    /// Never cancelled: after that, a second source of the same signal was not told on Linux.
    private static let sources = Sources()
    private let turn: Int

    /// Listens to SIGINT, SIGTERM and SIGHUP until `cancel`.
    ///
    /// - Parameter handler: called on a private queue with 1 for the first signal, then 2. At the
    ///   third the process ends at once with 105: somebody is in a hurry.
    init(handler: @escaping @Sendable (Int) -> Void) {
        self.turn = Signals.state.withLock { state in
            state = State(handler: handler, turn: state.turn + 1)
            return state.turn
        }
        _ = Signals.sources
    }

    /// Stops listening; signals keep being ignored so that reports are finished.
    func cancel() {
        Signals.state.withLock { state in
            if state.turn == self.turn { state.handler = nil }
        }
    }

    private static func came() {
        let (handler, count) = self.state.withLock { state in
            if state.handler != nil { state.count += 1 }
            return (state.handler, state.count)
        }
        guard let handler else { return }
        if count >= 3 {
            Terminal.giveBack()
            _exit(ExitStatus.stoppedBySignal.rawValue)
        }
        handler(count)
    }
}
