import Diagnosis
import Dispatch
import Engine
import Measurements
import Primitives
import Synchronization

/// Judges the rules while the run is on, once a second, on a queue of its own.
///
/// The lanes never wait for it: it is given seconds that have ended, by the run's control queue.
final class ThresholdGuard: RunObserver {
    private struct State {
        var watch: ThresholdWatch
        var abort: ThresholdAbort?
    }
    private let rules: [ThresholdRule]
    private let run: Run
    private let queue = DispatchQueue(label: "spate.thresholds", qos: .utility)
    private let state: Mutex<State>

    /// A guard over a plan's rules; it ends the run when one with `abortOnFail` is broken.
    init(rules: [ThresholdRule], manifest: RunManifest, run: Run) {
        self.rules = rules
        self.run = run
        self.state = Mutex(State(watch: ThresholdWatch(rules: rules, manifest: manifest)))
    }

    /// Takes the seconds that have ended and returns at once.
    func take(_ news: RunNews) {
        guard !self.rules.isEmpty else { return }
        switch news {
        case .seconds(let rows):
            self.queue.async {
                for row in rows {
                    if let abort = self.state.withLock({ $0.watch.add(row) }) { self.end(abort) }
                }
            }
        case .moved(let manifest):
            self.queue.async { self.state.withLock { $0.watch.move(to: manifest) } }
        default: break
        }
    }

    /// The rule that ended the run; nil when none did.
    ///
    /// Waits for the seconds given so far.
    var ended: ThresholdAbort? {
        self.queue.sync {}
        return self.state.withLock { $0.abort }
    }

    private func end(_ abort: ThresholdAbort) {
        let rule = self.rules[abort.rule]
        let name = rule.name.map { "\($0): " } ?? ""
        self.run.end(
            .threshold, detail: "threshold \(name)\(rule.selector) \(rule.conditions) is broken"
        ) {
            self.state.withLock { $0.abort = abort }
        }
    }
}
