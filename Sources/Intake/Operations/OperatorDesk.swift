import Primitives

/// Carries out what the operator decides, and takes it back when its time is over.
actor OperatorDesk {
    private let services: Services
    private let listener: Listener
    private var timer: Task<Void, Never>?
    private var endsAt: MonotonicTime?

    init(services: Services, listener: Listener) {
        self.services = services
        self.listener = listener
    }

    /// The state and the wall time left of it.
    var status: JSONValue {
        let left = self.endsAt.map { ($0 - self.services.clock.now()).seconds }
        return .object([
            ("state", .string(self.services.operatorState.rawValue)),
            ("until", left.map { .number(max(0, $0) * self.services.settings.timeScale) } ?? .null),
        ])
    }

    /// Goes to a state, for a span of story time or for good.
    ///
    /// - Throws: the error of `bind` when the port cannot be had again.
    func decide(
        _ state: OperatorState, for span: Nanoseconds?, isNoted: Bool = true
    ) async throws {
        self.timer?.cancel()
        self.timer = nil
        self.endsAt = nil
        if state == .listenerOff {
            // Not `listenerOff` yet: what is in progress is still served as before.
            await self.listener.close()
        } else {
            _ = try await self.listener.open()
        }
        self.services.operate(state, isNoted: isNoted)
        guard let span, state != .open else { return }
        let wall = span / self.services.settings.timeScale
        self.endsAt = self.services.clock.now() + wall
        self.timer = Task {
            guard (try? await Task.sleep(for: .nanoseconds(wall.count))) != nil else { return }
            await self.expire()
        }
    }

    private func expire() async {
        // The timer runs this; were it still known, `decide` would cancel its own caller.
        self.timer = nil
        do {
            try await self.decide(.open, for: nil)
        } catch {
            self.services.log.line("operator: cannot open again: \(error)")
        }
    }

    /// Forgets a pending change.
    func stop() {
        self.timer?.cancel()
    }
}
