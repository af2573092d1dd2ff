import Primitives

extension ScenarioBuilder {
    /// A retry policy.
    func retry(_ node: SourceNode) -> RetrySpec {
        var policy = RetrySpec(max: node["max"].flatMap(self.integer) ?? 0)
        if let when = node["when"] { policy.when = when.items.compactMap(self.condition) }
        policy.delay = self.duration(node["delay"]) ?? policy.delay
        policy.backoff = self.word(node["backoff"], RetrySpec.Backoff.self) ?? policy.backoff
        policy.jitter = self.word(node["jitter"], RetrySpec.Jitter.self) ?? policy.jitter
        policy.maxDelay = self.positive(node["maxDelay"], "maxDelay")
        policy.honorsRetryAfter =
            self.boolean(node["honorRetryAfter"] ?? node["honourRetryAfter"])
            ?? policy.honorsRetryAfter
        policy.maxRetryAfter =
            self.positive(node["maxRetryAfter"], "maxRetryAfter") ?? policy.maxRetryAfter
        policy.budget = node["budget"].map(self.budget)
        self.check(policy, node)
        return policy
    }

    private func check(_ policy: RetrySpec, _ node: SourceNode) {
        if let longest = policy.maxDelay, longest < policy.delay, let place = node["maxDelay"] {
            self.diagnostics.report(
                "maxDelay: shorter than the first delay of \(UnitText.format(policy.delay))",
                at: place)
        }
        if let place = node["jitter"], policy.jitter != .none, policy.backoff == .decorrelated {
            self.diagnostics.report(
                "jitter: decorrelated delays are drawn already; leave it out", at: place)
        }
        if let place = node["delay"], policy.backoff == .decorrelated, policy.delay <= .zero {
            self.diagnostics.report(
                "delay: decorrelated delays grow from it, so it must be above 0", at: place)
        }
        if let place = node["maxRetryAfter"], !policy.honorsRetryAfter {
            self.diagnostics.report(
                "maxRetryAfter: Retry-After is not honoured here; leave one of them out", at: place)
        }
        if let place = node["budget"], node["max"].flatMap(self.integer) == 0 {
            self.diagnostics.report(
                "budget: it can never be spent, since max: 0 allows no retry", at: place)
        }
    }

    /// A condition of `when`.
    func condition(_ node: SourceNode) -> RetrySpec.Condition? {
        guard case .scalar(let text, let isPlain) = node.content else { return nil }
        switch text {
        case "timeout": return .timeout
        case "refused": return .refused
        case "reset": return .reset
        case "connect": return .connect
        case "aborted": return .aborted
        case "error": return .error
        default: return StatusPattern(text: text, isPlain: isPlain).map { .status($0) }
        }
    }

    // MARK: - Budgets

    private func budget(_ node: SourceNode) -> RetryBudgetSpec {
        let isShared = self.boolean(node["shared"]) ?? false
        switch (node["kind"] ?? node).text {
        case "finagle":
            guard case .finagle(var ratio, var floor, var ttl) = RetryBudgetSpec.finagle else {
                break
            }
            ratio = node["ratio"].flatMap(self.number) ?? ratio
            floor = node["minRetriesPerSecond"].flatMap(self.number) ?? floor
            ttl = self.positive(node["ttl"], "ttl") ?? ttl
            return RetryBudgetSpec(
                .finagle(ratio: ratio, minRetriesPerSecond: floor, ttl: ttl), isShared: isShared)
        case "aws":
            guard
                case .aws(let tokens, let cost, let timeoutCost, let refund) =
                    RetryBudgetSpec.aws
            else { break }
            return RetryBudgetSpec(
                .aws(
                    tokens: node["tokens"].flatMap(self.integer) ?? tokens,
                    retryCost: node["retryCost"].flatMap(self.integer) ?? cost,
                    timeoutCost: node["timeoutCost"].flatMap(self.integer) ?? timeoutCost,
                    refund: node["refund"].flatMap(self.integer) ?? refund), isShared: isShared)
        default:
            guard case .sre(let ratio, let window) = RetryBudgetSpec.sre else { break }
            return RetryBudgetSpec(
                .sre(
                    ratio: node["ratio"].flatMap(self.number) ?? ratio,
                    window: self.positive(node["window"], "window") ?? window),
                isShared: isShared)
        }
        return RetryBudgetSpec(RetryBudgetSpec.sre, isShared: isShared)
    }

    /// Refuses budgets whose first retry no client lives to see.
    func checkBudgets(_ entry: SourceEntry, load: LoadSpec, flow: [StepSpec], reuse: Int) {
        let node = entry.value
        let presses = 1 + (node["pressAgain"]?["max"].flatMap(self.integer) ?? 0)
        let rounds = ScenarioBuilder.intents(of: load, reuse: reuse).map { $0 * presses }
        if let place = node["retry"]?["budget"] {
            var requests: Int?
            if let rounds, let each = ScenarioBuilder.requests(in: flow) {
                requests = rounds * each
            }
            self.check(self.budget(place), at: place, requests: requests)
        }
        self.checkStepBudgets(node["flow"], rounds: rounds, repeats: 1)
    }

    private func checkStepBudgets(_ flow: SourceNode?, rounds: Int?, repeats: Int) {
        for item in flow?.items ?? [] {
            if let loop = item["loop"] {
                let count = item["count"].flatMap(self.integer)
                self.checkStepBudgets(
                    loop, rounds: count == nil ? nil : rounds,
                    repeats: repeats * min(1_000_000, count ?? 1))
            }
            for method in ScenarioGrammar.methodKeys {
                guard let place = item[method]?["retry"]?["budget"] else { continue }
                self.check(
                    self.budget(place), at: place, requests: rounds.map { $0 * repeats })
            }
        }
    }

    private func check(_ budget: RetryBudgetSpec, at place: SourceNode, requests: Int?) {
        guard let needed = budget.requestsBeforeFirstRetry else {
            self.diagnostics.report(
                "budget: it can never be spent; raise ratio, tokens or minRetriesPerSecond",
                at: place)
            return
        }
        guard !budget.isShared, let requests, requests < needed else { return }
        self.diagnostics.report(
            "budget: it can never be spent: a client sends \(requests) "
                + "request\(requests == 1 ? "" : "s") before it leaves and needs \(needed) for its "
                + "first retry; raise clients.reuse or write shared: true", at: place)
    }

    /// The most intents of one client; nil for as many as the answers allow.
    private static func intents(of load: LoadSpec, reuse: Int) -> Int? {
        switch load {
        case .constantVUs, .rampingVUs: nil
        case .perVUIterations(_, let iterations, _), .sharedIterations(_, let iterations, _):
            iterations
        default: reuse
        }
    }

    /// The most first tries of one way through a flow; nil where only a run can tell.
    private static func requests(in flow: [StepSpec]) -> Int? {
        var sum = 0
        for step in flow {
            switch step {
            case .request: sum += 1
            case .think: break
            case .loop(let loop):
                guard loop.test == nil, let inner = self.requests(in: loop.steps) else {
                    return nil
                }
                sum += inner * min(1_000_000, loop.most)
            case .pick(let ways):
                // The longest way: only what can never be spent is a mistake.
                var most = 0
                for way in ways {
                    guard let inner = self.requests(in: way.steps) else { return nil }
                    most = max(most, inner)
                }
                sum += most
            case .parallel, .group, .when, .optional:
                guard let inner = self.requests(in: step.inner) else { return nil }
                sum += inner
            }
        }
        return sum
    }
}
