import Dispatch
import Foundation

/// Ctrl-C and termination, counted: the first asks the run to stop, the second cuts it short.
final class Signals: @unchecked Sendable {
    // `@unchecked`: the sources are only cancelled, which is safe from anywhere.
    private let sources: [any DispatchSourceSignal]

    /// Listens to SIGINT, SIGTERM and SIGHUP until `cancel`.
    ///
    /// - Parameter handler: called on a private queue with 1 for the first signal, then 2. At the
    ///   third the process ends at once with 105: somebody is in a hurry.
    init(handler: @escaping @Sendable (Int) -> Void) {
        let queue = DispatchQueue(label: "spate.signals")
        let count = Counter()
        self.sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            // The default action would end the process before the source is told.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                count.value += 1
                if count.value >= 3 { _exit(ExitStatus.stoppedBySignal.rawValue) }
                handler(count.value)
            }
            source.activate()
            return source
        }
    }

    /// Stops listening; signals keep being ignored so that reports are finished.
    func cancel() {
        for source in self.sources { source.cancel() }
    }

    // `@unchecked`: touched on the signals' own queue only.
    private final class Counter: @unchecked Sendable {
        var value = 0
    }
}
