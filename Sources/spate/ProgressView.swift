import Dispatch
import Engine
import Foundation
import Planning
import Primitives

/// Progress on stderr: a bar on a terminal, a line every ten seconds elsewhere.
final class ProgressView: @unchecked Sendable {
    // `@unchecked`: `last` is touched on the timer's queue only; `end` waits for that queue.
    private let run: Run
    private let plan: Plan
    private let isBar: Bool
    private let isOff: Bool
    private let queue = DispatchQueue(label: "spate.progress")
    // Made when it begins: releasing a source that was never activated stops the process.
    private var timer: (any DispatchSourceTimer)?
    private var last = RunProgress()
    private var lastTime = 0.0

    init(run: Run, plan: Plan, mode: LiveMode) {
        self.run = run
        self.plan = plan
        self.isOff = mode == .off
        self.isBar = mode == .auto && Console.isInteractive
    }

    func begin() {
        guard !self.isOff else { return }
        let period = self.isBar ? 0.5 : 10
        let timer = DispatchSource.makeTimerSource(queue: self.queue)
        timer.setEventHandler { [self] in self.show() }
        timer.schedule(deadline: .now() + period, repeating: period)
        self.timer = timer
        timer.activate()
    }

    func end() {
        guard !self.isOff else { return }
        self.queue.sync {
            self.timer?.cancel()
            self.timer = nil
            if self.isBar { Console.status("\r\u{1B}[K") }
        }
    }

    private func show() {
        let now = self.run.progress
        let line = ProgressLine(
            now: now, before: self.last, seconds: max(now.t - self.lastTime, 0.001),
            plannedSeconds: self.plan.duration.seconds,
            phase: self.plan.phases.last { $0.start.seconds <= now.t }?.name ?? "",
            timeScale: self.plan.timeScale)
        if self.isBar {
            Console.status("\r" + line.bar(width: Console.width) + "\u{1B}[K")
        } else {
            Console.note(line.text)
        }
        self.last = now
        self.lastTime = now.t
    }
}

/// A moment of a run as one line; pure.
struct ProgressLine {
    var now: RunProgress
    var before: RunProgress
    var seconds: Double
    var plannedSeconds: Double
    var phase: String
    var timeScale: Double

    /// The line for logs.
    var text: String {
        "wall \(Self.clock(self.now.t))\(self.story) phase \(self.phase) \(self.figures)"
    }

    /// The line for a terminal, cut to its width.
    func bar(width: Int) -> String {
        let share = min(1, self.now.t / max(self.plannedSeconds, 0.001))
        let filled = Int((share * 20).rounded(.down))
        let bar =
            String(repeating: "█", count: filled) + String(repeating: "·", count: 20 - filled)
        let line = "\(bar) \(Self.clock(self.now.t)) \(self.phase) \(self.figures)"
        return String(line.prefix(max(10, width - 1)))
    }

    private var story: String {
        self.timeScale == 1 ? "" : " story T+\(Self.hours(self.now.t * self.timeScale))"
    }

    private var figures: String {
        let offered = Double(self.now.offered - self.before.offered) / self.seconds
        let done = Double(self.now.done - self.before.done) / self.seconds
        let good = Double(self.now.good - self.before.good) / self.seconds
        var text =
            "offered \(Int(offered.rounded()))/s done \(Int(done.rounded()))/s"
            + " good \(Int(good.rounded()))/s in-flight \(self.now.inFlight)"
        let failures = self.now.failures.filter { $0.value > (self.before.failures[$0.key] ?? 0) }
        for (name, count) in failures.sorted(by: { $0.value > $1.value }).prefix(3) {
            text += " \(name):\(count - (self.before.failures[name] ?? 0))"
        }
        if self.now.dropped > 0 { text += " DROPPED:\(self.now.dropped)" }
        return text
    }

    static func clock(_ seconds: Double) -> String {
        let whole = Int(max(0, seconds))
        return "\(two(whole / 60)):\(two(whole % 60))"
    }

    static func hours(_ seconds: Double) -> String {
        let minutes = Int(max(0, seconds)) / 60
        return "\(two(minutes / 60)):\(two(minutes % 60))"
    }

    private static func two(_ value: Int) -> String {
        value < 10 ? "0\(value)" : String(value)
    }
}
