import Measurements
import Planning
import Primitives
import Scenarios
import Testing

@testable import Engine

@Suite struct RetryBudgetTests {
    @Test("Ten per cent: the ninth request in a row allows the first retry, the nineteenth more.")
    func sre() {
        var budget = RetryBudget(RetryBudgetSpec(RetryBudgetSpec.sre))
        var allowed: [Int] = []
        for request in 1...36 {
            budget.requestBegan(at: at(Int64(request)))
            if budget.withdraw(afterTimeout: false, at: at(Int64(request))) != nil {
                allowed.append(request)
            }
        }
        // n requests and k retries: k + 1 <= (n + k + 1) / 10.
        #expect(allowed == [9, 18, 27, 36])
    }

    @Test("What was sent more than a window ago neither earns nor costs.")
    func window() {
        var budget = RetryBudget(
            RetryBudgetSpec(.sre(ratio: 0.5, window: .seconds(10))))
        budget.requestBegan(at: at(0))
        #expect(budget.withdraw(afterTimeout: false, at: at(1)) != nil)
        #expect(budget.withdraw(afterTimeout: false, at: at(2)) == nil)
        // The slices of 0 to 1 s are forgotten from 10 s on: one request, no retry.
        budget.requestBegan(at: at(10_000))
        #expect(budget.withdraw(afterTimeout: false, at: at(10_001)) != nil)
        #expect(budget.withdraw(afterTimeout: false, at: at(10_002)) == nil)
        // An empty window allows nothing.
        #expect(budget.withdraw(afterTimeout: false, at: at(60_000)) == nil)
    }

    @Test("A ratio is never exceeded within ten slices, whatever the course.")
    func neverExceeded() {
        let random = CounterRandom(seed: 5, population: 0, intent: 0, purpose: .content)
        let ratio = 0.1
        var budget = RetryBudget(RetryBudgetSpec(.sre(ratio: ratio, window: .seconds(10))))
        var now: Int64 = 0
        var sent: [(slice: Int64, isRetry: Bool)] = []
        var retries = 0
        for step in 0..<20_000 {
            now += Int64(random.integer(step * 2, in: 0...40))
            let slice = now / 1_000
            if random.uniform(step * 2 + 1) < 0.5 {
                budget.requestBegan(at: at(now))
                sent.append((slice, false))
            } else if budget.withdraw(afterTimeout: false, at: at(now)) != nil {
                sent.append((slice, true))
                retries += 1
                let recent = sent.reversed().prefix { $0.slice > slice - 10 }
                let again = recent.count { $0.isRetry }
                #expect(Double(again) <= ratio * Double(recent.count) + 1e-9)
            }
        }
        #expect(retries > 500)
    }

    @Test("Finagle: a fifth of the requests, and ten a second of its ten seconds besides.")
    func finagle() {
        var budget = RetryBudget(RetryBudgetSpec(RetryBudgetSpec.finagle))
        func spend(_ budget: inout RetryBudget, at now: MonotonicTime) -> Int {
            var count = 0
            while budget.withdraw(afterTimeout: false, at: now) != nil { count += 1 }
            return count
        }
        #expect(spend(&budget, at: at(0)) == 100)
        for _ in 0..<50 { budget.requestBegan(at: at(1)) }
        #expect(spend(&budget, at: at(2)) == 10)
        #expect(spend(&budget, at: at(5_000)) == 0)
        // Deposits and withdrawals are forgotten after ten seconds; the reserve is back.
        #expect(spend(&budget, at: at(10_000)) == 100)
        for _ in 0..<50 { budget.requestBegan(at: at(10_000)) }
        // Ten of those, unspent, expire.
        #expect(spend(&budget, at: at(20_000)) == 100)
    }

    @Test("Finagle without a floor: every fifth request allows one; without a ratio: the floor.")
    func finagleParts() {
        var ratio = RetryBudget(
            RetryBudgetSpec(.finagle(ratio: 0.2, minRetriesPerSecond: 0, ttl: .seconds(10))))
        var allowed: [Int] = []
        for request in 1...12 {
            ratio.requestBegan(at: at(0))
            if ratio.withdraw(afterTimeout: false, at: at(0)) != nil { allowed.append(request) }
        }
        #expect(allowed == [5, 10])
        var floor = RetryBudget(
            RetryBudgetSpec(.finagle(ratio: 0, minRetriesPerSecond: 2, ttl: .seconds(10))))
        for _ in 0..<100 { floor.requestBegan(at: at(0)) }
        var count = 0
        while floor.withdraw(afterTimeout: false, at: at(0)) != nil { count += 1 }
        #expect(count == 20)
    }

    @Test("AWS: 500 tokens, 5 for a retry, 10 after a timeout; successes give back.")
    func aws() {
        var budget = RetryBudget(RetryBudgetSpec(RetryBudgetSpec.aws))
        for _ in 0..<49 { #expect(budget.withdraw(afterTimeout: true, at: at(0)) == 10) }
        // 10 tokens are left.
        #expect(budget.withdraw(afterTimeout: false, at: at(0)) == 5)
        #expect(budget.withdraw(afterTimeout: true, at: at(0)) == nil)
        #expect(budget.withdraw(afterTimeout: false, at: at(0)) == 5)
        #expect(budget.withdraw(afterTimeout: false, at: at(0)) == nil)
        // A first try's success gives 1, a retry's what it had cost.
        for _ in 0..<4 { budget.succeeded(after: nil) }
        #expect(budget.withdraw(afterTimeout: false, at: at(0)) == nil)
        budget.succeeded(after: nil)
        #expect(budget.withdraw(afterTimeout: false, at: at(0)) == 5)
        budget.succeeded(after: 10)
        #expect(budget.withdraw(afterTimeout: true, at: at(0)) == 10)
        // Never more than at the beginning.
        for _ in 0..<1_000 { budget.succeeded(after: nil) }
        var count = 0
        while budget.withdraw(afterTimeout: false, at: at(0)) != nil { count += 1 }
        #expect(count == 100)
    }

    @Test("Lanes share the absolute numbers of a shared budget.")
    func shares() {
        var tokens = RetryBudget(RetryBudgetSpec(RetryBudgetSpec.aws), share: 0.5)
        var count = 0
        while tokens.withdraw(afterTimeout: false, at: at(0)) != nil { count += 1 }
        #expect(count == 50)
        var floor = RetryBudget(RetryBudgetSpec(RetryBudgetSpec.finagle), share: 0.25)
        count = 0
        while floor.withdraw(afterTimeout: false, at: at(0)) != nil { count += 1 }
        #expect(count == 25)
    }

    @Test("The first retry comes after as many requests as the spec says.")
    func requestsBeforeFirstRetry() {
        let rules: [RetryBudgetSpec.Rule] = [
            RetryBudgetSpec.sre, RetryBudgetSpec.finagle, RetryBudgetSpec.aws,
            .sre(ratio: 0.5, window: .seconds(1)), .sre(ratio: 1, window: .seconds(1)),
            .sre(ratio: 0.3, window: .seconds(1)),
            .finagle(ratio: 0.2, minRetriesPerSecond: 0, ttl: .seconds(10)),
            .finagle(ratio: 0.3, minRetriesPerSecond: 0.01, ttl: .seconds(10)),
            .aws(tokens: 5, retryCost: 5, timeoutCost: 10, refund: 1),
        ]
        for rule in rules {
            let spec = RetryBudgetSpec(rule)
            var budget = RetryBudget(spec)
            var requests = 0
            repeat {
                budget.requestBegan(at: at(0))
                requests += 1
            } while budget.withdraw(afterTimeout: false, at: at(0)) == nil && requests < 100
            #expect(spec.requestsBeforeFirstRetry == requests, "\(rule)")
        }
        for rule in [
            RetryBudgetSpec.Rule.sre(ratio: 0, window: .seconds(1)),
            .finagle(ratio: 0, minRetriesPerSecond: 0, ttl: .seconds(1)),
            .aws(tokens: 4, retryCost: 5, timeoutCost: 10, refund: 1),
        ] {
            #expect(RetryBudgetSpec(rule).requestsBeforeFirstRetry == nil)
        }
    }

    @Test("Clients have budgets of their own unless they share one; a new client begins afresh.")
    func scopes() {
        let rule = RetryBudgetSpec.Rule.aws(tokens: 5, retryCost: 5, timeoutCost: 5, refund: 0)
        for isShared in [false, true] {
            let policy = RetrySpec(
                max: 3, delay: .zero, budget: RetryBudgetSpec(rule, isShared: isShared))
            let journey = Journey(
                program: FlowProgram([.request(step: 0), .request(step: 1)]),
                retries: [policy, policy, policy], ownRetries: [2])
            var budgets = RetryBudgets(journey, lanes: 1)
            func retries(step: Int, seat: Int) -> Int {
                var count = 0
                while budgets.allowsRetry(
                    step: step, seat: seat, afterTimeout: false, at: at(0))
                {
                    count += 1
                }
                return count
            }
            #expect(retries(step: 0, seat: 0) == 1)
            // Steps without a policy of their own spend from the same budget.
            #expect(retries(step: 1, seat: 0) == 0)
            #expect(retries(step: 2, seat: 0) == 1)
            #expect(retries(step: 0, seat: 1) == (isShared ? 0 : 1))
            budgets.ended(seat: 0, retires: false)
            #expect(retries(step: 0, seat: 0) == 0)
            budgets.ended(seat: 0, retires: true)
            #expect(retries(step: 0, seat: 0) == (isShared ? 0 : 1))
        }
    }

    @Test("On a lane a spent budget ends intents after their first try.")
    func onALane() {
        let rule = RetryBudgetSpec.Rule.sre(ratio: 0.1, window: .seconds(60))
        let journey = Journey(
            program: FlowProgram([.request(step: 0)]),
            retries: [
                RetrySpec(max: 3, delay: .zero, budget: RetryBudgetSpec(rule, isShared: true))
            ])
        let arrivals = (0..<900).map { Arrival(number: $0, at: .milliseconds(Int64($0))) }
        let crowd = Crowd(
            journey: journey, attendance: .open(.list(ArraySlice(arrivals)), reuse: 1),
            end: .seconds(2))
        var state = LaneState(crowds: [crowd], origin: at(0))
        var firsts = 0
        var retries = 0
        var actions: [LaneAction] = []
        state.timerFired(now: at(1_000), into: &actions)
        var index = 0
        while index < actions.count {
            if case .start(let seat, _, let attempt, _) = actions[index] {
                if attempt == 0 { firsts += 1 } else { retries += 1 }
                state.attemptEnded(
                    seat: seat, facts: AttemptFacts(outcome: .status(503), good: false),
                    at: at(1_000), into: &actions)
            }
            index += 1
        }
        #expect(firsts == 900)
        // k <= (900 + k) / 10.
        #expect(retries == 100)
        #expect(state.isFinished || state.inFlight == 0)
    }
}
