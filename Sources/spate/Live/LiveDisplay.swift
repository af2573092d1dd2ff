import Diagnosis
import Dispatch
import Engine
import Foundation
import Measurements
import Planning
import Primitives
import Reporting
import Scenarios

/// Shows a run while it goes on, and hands the operator's keys to it.
///
/// `@unchecked`: everything is confined to its own queue, which is none of the load's.
final class LiveDisplay: RunObserver, @unchecked Sendable {
    private enum Form {
        case screen
        case lines
        case off
    }
    private let run: Run
    private let plan: Plan
    private let folder: String
    private let options: LiveOptions
    private let facts: TerminalFacts
    private let form: Form
    private let queue = DispatchQueue(label: "spate.live", qos: .utility)
    private var gathering: LiveGathering
    private var screen = LiveScreen()
    private var log: LiveLog
    private var keyboard = LiveKeyboard()
    private var selected: Int?
    private var showsHelp = false
    /// Ticks until the next picture.
    private var pause = 0
    private var notes: [String] = []
    // Made when it begins: releasing a source that was never activated stops the process.
    private var timer: (any DispatchSourceTimer)?
    private var signals: [any DispatchSourceSignal] = []

    init(
        run: Run, plan: Plan, manifest: RunManifest, folder: String, options: LiveOptions
    ) {
        self.run = run
        self.plan = plan
        self.folder = folder
        self.options = options
        let facts = TerminalFacts(
            environment: ProcessInfo.processInfo.environment,
            isTerminal: isatty(STDERR_FILENO) == 1, isASCII: options.isASCII,
            colour: options.colour)
        self.facts = facts
        switch options.mode {
        case .off: self.form = .off
        case .line: self.form = .lines
        case .full: self.form = facts.canMove ? .screen : .lines
        case .auto:
            let isWatched = facts.canMove && !facts.isUnattended && Terminal.isForeground
            self.form = isWatched ? .screen : .lines
        }
        self.gathering = LiveGathering(
            manifest: manifest, rules: plan.thresholds)
        self.log = LiveLog(usesUnicode: facts.usesUnicode)
    }

    /// Begins to show; returns at once.
    func begin() {
        guard self.form != .off else { return }
        if self.options.mode == .full, self.form == .lines {
            Console.note("--live full needs a terminal that can move its cursor; lines it is")
        }
        self.queue.async {
            if self.form == .screen { self.takeTerminal() }
            // Keys are looked for ten times a second, however seldom pictures are drawn.
            let rate = self.form == .screen ? max(10, self.options.fps) : 1
            let timer = DispatchSource.makeTimerSource(queue: self.queue)
            timer.setEventHandler { [self] in self.tick() }
            // Lines come shortly after a second's figures, not shortly before.
            let first = self.form == .screen ? 0 : 1.2
            timer.schedule(deadline: .now() + first, repeating: 1 / Double(rate))
            self.timer = timer
            timer.activate()
        }
    }

    /// Gives the terminal back and shows nothing more.
    func end() {
        guard self.form != .off else { return }
        self.queue.sync {
            self.timer?.cancel()
            self.timer = nil
            for source in self.signals { source.cancel() }
            self.signals = []
            guard self.form == .screen else { return }
            Console.redirect(nil)
            Terminal.giveBack()
            for note in self.notes { Console.note(note) }
        }
    }

    /// Takes news of the run.
    func take(_ news: RunNews) {
        guard self.form != .off else { return }
        self.queue.async {
            switch news {
            case .seconds(let rows): for row in rows { self.gathering.add(row) }
            case .health(let sample): self.gathering.add(sample)
            case .event(let event): self.gathering.add(event)
            case .moved(let manifest): self.gathering.move(to: manifest)
            case .began, .complete, .ended: break
            }
        }
    }

    // MARK: - The terminal

    private func takeTerminal() {
        Terminal.guardExits()
        Terminal.take()
        Console.redirect { text in
            self.queue.async {
                self.gathering.add(note: text)
                if self.notes.count < 50 { self.notes.append(text) }
            }
        }
        self.listen(to: SIGWINCH) { self.draw() }
        self.listen(to: SIGTSTP) { self.suspend() }
        self.listen(to: SIGCONT) { self.comeBack() }
    }

    private func listen(to number: Int32, _ action: @escaping () -> Void) {
        // The default action would stop the process before the source is told.
        if number == SIGTSTP { signal(number, SIG_IGN) }
        let source = DispatchSource.makeSignalSource(signal: number, queue: self.queue)
        source.setEventHandler(handler: action)
        source.activate()
        self.signals.append(source)
    }

    /// Ctrl-Z: the shell gets its terminal; the process stands still, as the report will say.
    private func suspend() {
        Terminal.giveBack()
        // To this thread: sent to the process, another may take it and this one run on, and have
        // the terminal again before everything stands.
        raise(SIGSTOP)
        self.comeBack()
    }

    /// After a stop: the terminal again, if it is ours.
    private func comeBack() {
        guard Terminal.isForeground else { return }
        if Terminal.isTaken { Terminal.listen() } else { Terminal.take() }
        self.screen.forget()
        self.draw()
    }

    // MARK: - Ten times a second

    private func tick() {
        guard self.form == .screen else {
            for line in self.log.lines(self.state) { Console.note(line) }
            return
        }
        guard Terminal.isForeground else {
            // Somebody else's turn: reading would stop the process, drawing would annoy.
            if Terminal.isTaken { Terminal.abandon() }
            return
        }
        if !Terminal.isTaken || Terminal.wasReset { self.comeBack() }
        var isTouched = false
        for byte in Terminal.keys() {
            guard let input = self.keyboard.take(byte) else { continue }
            isTouched = true
            self.act(on: input)
        }
        self.pause -= 1
        guard isTouched || self.pause <= 0 else { return }
        self.pause = max(10, self.options.fps) / self.options.fps
        self.draw()
    }

    private func act(on input: LiveKeyboard.Input) {
        switch input {
        case .changed: break
        case .remark(let text): self.run.request(.note(text))
        case .key(.holdArrivals): self.run.request(.toggleHold)
        case .key(.lessLoad): self.run.request(.lessLoad)
        case .key(.moreLoad): self.run.request(.moreLoad)
        case .key(.stop):
            self.gathering.add(note: "Stopping: q again to stop now.")
            self.run.request(.stop)
        case .key(.nextPopulation):
            let next = self.selected.map { $0 + 1 } ?? 0
            self.selected = next < self.plan.populations.count ? next : nil
        case .key(.help): self.showsHelp.toggle()
        case .key(.redraw): self.screen.forget()
        case .key(.snapshot): self.keep()
        case .key(.annotate): break
        }
    }

    private func draw() {
        guard Terminal.isTaken else { return }
        let size = Terminal.size
        let view = LiveView(
            width: size.width, height: size.height, usesUnicode: self.facts.usesUnicode,
            usesColour: self.facts.usesColour)
        let bytes = self.screen.update(
            view.lines(self.state), width: size.width, height: size.height)
        if !bytes.isEmpty { Console.status(bytes) }
    }

    /// Appends the screen as plain text to a file in the run's folder.
    private func keep() {
        let size = Terminal.size
        let view = LiveView(
            width: size.width, height: max(24, size.height), usesUnicode: self.facts.usesUnicode,
            usesColour: false)
        let path = self.folder + "/live.txt"
        let text = view.lines(self.state).joined(separator: "\n") + "\n\n"
        guard let file = fopen(path, "a") else {
            self.gathering.add(note: "\(path) cannot be written")
            return
        }
        fputs(text, file)
        fclose(file)
        self.gathering.add(note: "This screen is in \(path)")
    }

    /// The present.
    private var state: LiveState {
        let now = self.run.progress
        var state = self.gathering.present
        let paces = now.steering.paces
        let time = Nanoseconds(seconds: max(0, now.t))
        let moment = paces.present.plan(at: time)
        state.t = time.seconds
        state.plannedSeconds = paces.expected(self.plan.duration, now: time).seconds
        state.phase = self.plan.phases.last { $0.start <= moment }?.name ?? ""
        state.isHeld = now.steering.isHeld
        state.percent = now.steering.percent
        state.isDraining = now.isDraining
        state.hasKeys = self.form == .screen && isatty(STDIN_FILENO) == 1
        state.draft = self.keyboard.draft
        state.selected = self.selected
        state.showsHelp = self.showsHelp
        return state
    }
}
