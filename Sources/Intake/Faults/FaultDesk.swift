import Primitives

/// Why a fault could not be injected: one sentence.
struct FaultFailure: Error {
    /// The sentence.
    var why: String
}

/// Injects what is more than another setting, and takes it back, in the order of the schedule.
actor FaultDesk {
    /// Takes an injected fault back.
    typealias Undo = @Sendable () async -> Void

    let services: Services
    let listener: Listener
    let operatorDesk: OperatorDesk
    let directory: String
    private var undos: [Int: Undo] = [:]
    private var running: Task<Void, Never>?
    private var timer: Task<Void, Never>?

    init(
        services: Services, listener: Listener, operatorDesk: OperatorDesk, directory: String
    ) {
        self.services = services
        self.listener = listener
        self.operatorDesk = operatorDesk
        self.directory = directory
    }

    /// Begins to do what the board asks for.
    func start() {
        guard !self.services.faults.isEmpty, self.running == nil else { return }
        self.running = Task {
            for await errand in self.services.faults.errands { await self.run(errand) }
        }
        self.rearm()
    }

    /// Takes back everything that is injected; nothing more is injected afterwards.
    func stop() async {
        self.timer?.cancel()
        self.services.faults.close()
        await self.running?.value
        for (_, undo) in self.undos.sorted(by: { $0.key < $1.key }) { await undo() }
        self.undos = [:]
        self.timer?.cancel()
    }

    private func run(_ errand: FaultBoard.Errand) async {
        switch errand {
        case .look: break
        case .perform(.begin(let index)): await self.begin(index)
        case .perform(.end(let index)): await self.end(index)
        }
        self.rearm()
    }

    private func begin(_ index: Int) async {
        let spec = self.services.faults.faults[index]
        do {
            self.undos[index] = try await self.inject(spec, index)
            self.services.faults.began(index, at: self.services.clock.now())
            self.services.note(spec, "begins")
        } catch {
            let why = (error as? FaultFailure)?.why ?? "\(error)"
            self.services.faults.failed(index, why)
            self.services.note(spec, "cannot begin: \(why)")
        }
        self.services.writeTruth()
    }

    private func end(_ index: Int) async {
        if let undo = self.undos.removeValue(forKey: index) { await undo() }
        self.services.faults.ended(index, at: self.services.clock.now())
        self.services.note(self.services.faults.faults[index], "ends")
        self.services.writeTruth()
    }

    private func rearm() {
        self.timer?.cancel()
        self.timer = nil
        guard let wake = self.services.faults.nextWake else { return }
        let wait = max(.zero, wake - self.services.clock.now())
        self.timer = Task {
            guard
                (try? await Task.sleep(for: .nanoseconds(wait.count), tolerance: .zero)) != nil
            else { return }
            self.woke()
        }
    }

    private func woke() {
        // The timer runs this; were it still known, `rearm` would cancel its own caller.
        self.timer = nil
        self.services.timePassed()
        self.rearm()
    }
}
