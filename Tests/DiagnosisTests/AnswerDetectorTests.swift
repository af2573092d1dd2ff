import Measurements
import Primitives
import Testing

@testable import Diagnosis

@Suite struct AnswerDetectorTests {
    @Test(
        "What most failures share is named.",
        arguments: [
            ("429", "answers_limit"), ("413", "answers_413"), ("507", "answers_507"),
            ("410", "answers_gone"), ("504", "answers_504"), ("503", "answers_503"),
            ("502", "answers_502"), ("first_byte_timeout", "answers_timeout"),
            ("connect_timeout", "answers_connect_timeout"), ("refused", "answers_refused"),
            ("empty_reply", "answers_cut"), ("dns", "answers_dns"),
            ("unreachable", "answers_unreachable"), ("tls_timeout", "answers_tls"),
            ("tls_expired", "answers_certificate"),
        ])
    func kinds(outcome: String, test: String) {
        let file = SyntheticCase.trouble { shot, number in
            shot.outcome = number % 10 < 6 ? outcome : number % 10 == 6 ? "418" : "201"
        }
        let evidence = Explanation.explain(file.record()).evidence.filter {
            $0.test.hasPrefix("answers_")
        }
        #expect(evidence.filter { $0.outcome == .fired }.map(\.test) == [test])
        #expect(evidence.count == 16)
        #expect(SyntheticCase.quiet().outcome(test) == nil)
    }

    @Test("Refusals faster than any good answer are a rule's, slow ones are not.")
    func fastRejects() {
        func file(_ took: Double) -> SyntheticCase {
            SyntheticCase.trouble { shot, number in
                guard number % 2 == 0 else { return }
                shot.outcome = "503"
                shot.took = took
            }
        }
        #expect(file(2).outcome("fast_rejects") == .fired)
        #expect(file(900).outcome("fast_rejects") == .clear)
        #expect(file(2).unlisted.outcome("fast_rejects") == nil)
    }

    @Test("One body for all refusals is a page, many are a program's.")
    func bodies() {
        func file(_ count: Int) -> SyntheticCase {
            SyntheticCase.trouble { shot, number in
                shot.outcome = "503"
                shot.body = "page \(number % count)"
            }
        }
        #expect(file(1).outcome("constant_body") == .fired)
        #expect(file(5).outcome("constant_body") == .clear)
        let none = SyntheticCase.trouble { shot, _ in shot.outcome = "503" }
        #expect(none.outcome("constant_body") == nil)
    }

    @Test("Failures of one duration are a deadline, unless it is the clients' own.")
    func deadlines() throws {
        func file(_ time: @escaping (Int) -> Double) -> SyntheticCase {
            SyntheticCase.trouble { shot, number in
                guard number % 10 < 7 else { return }
                shot.outcome = "504"
                shot.took = time(number)
            }
        }
        let proxy = file { 2_000 + Double($0 % 10) }
        let evidence = try #require(proxy.evidence("deadline_mode"))
        #expect(evidence.outcome == .fired)
        #expect(abs((evidence.statistic["deadline_ms"] ?? .nan) - 2_003) < 10)
        #expect(file { 600 + Double($0 % 97) * 30 }.outcome("deadline_mode") == .clear)
        #expect(file { 5_000 + Double($0 % 10) }.outcome("deadline_mode") == .clear)
        let own = SyntheticCase.trouble { shot, number in
            guard number % 2 == 0 else { return }
            shot.outcome = "first_byte_timeout"
            shot.took = 3_000
        }
        #expect(own.outcome("deadline_mode") == nil)
        #expect(proxy.unlisted.outcome("deadline_mode") == nil)
    }

    /// Five clients of eight requests a second each under a rule, forty of one in two seconds.
    static func limiter(perClient: Bool) -> SyntheticCase {
        var file = SyntheticCase()
        file.add(20, from: 0, to: 90) { shot, number in shot.client = 100 + number % 40 }
        var tokens = Array(repeating: 5.0, count: 5)
        let random = CounterRandom(seed: 1, population: 0, intent: 0, purpose: .think)
        file.add(40, from: 40, to: 90) { shot, number in
            let client = number % 5
            shot.client = client
            shot.population = 1
            tokens[client] = min(5, tokens[client] + 1.0 / 8)
            let isLet = perClient ? tokens[client] >= 1 : random.uniform(number) < 0.2
            if isLet {
                tokens[client] -= 1
            } else {
                shot.outcome = "429"
                shot.took = 1
            }
        }
        return file
    }

    /// Twenty requests a second, then sixty; of those thirty a second are let in, as a bucket of
    /// ten does it, and take so long.
    static func allowance(took: Double, byChance: Bool = false) -> SyntheticCase {
        var file = SyntheticCase()
        file.add(20, from: 0, to: 40)
        var tokens = 10.0
        let random = CounterRandom(seed: 2, population: 0, intent: 0, purpose: .think)
        file.add(60, from: 40, to: 90) { shot, number in
            tokens = min(10, tokens + 0.5)
            if byChance ? random.uniform(number) < 0.5 : tokens >= 1 {
                tokens -= 1
                shot.took = took
            } else {
                shot.outcome = "503"
                shot.took = 1
            }
        }
        return file
    }

    @Test("One bucket for all is a limiter where nobody waits, a full queue where all do.")
    func commonLimit() throws {
        let limited = AnswerDetectorTests.allowance(took: 20)
        let evidence = try #require(limited.evidence("common_limit"))
        #expect(evidence.outcome == .fired)
        #expect(abs((evidence.statistic["rate"] ?? .nan) - 30) < 3)
        #expect(AnswerDetectorTests.allowance(took: 60).outcome("common_limit") == .clear)
        // In between it may be either.
        #expect(AnswerDetectorTests.allowance(took: 23.5).outcome("common_limit") == nil)
        let chance = AnswerDetectorTests.allowance(took: 20, byChance: true)
        #expect(chance.outcome("common_limit") == .clear)
        #expect(limited.unlisted.outcome("common_limit") == nil)
    }

    @Test("A bucket for each client tells who is refused; chance does not.")
    func tokenBucket() throws {
        let rule = AnswerDetectorTests.limiter(perClient: true)
        let evidence = try #require(rule.evidence("token_bucket"))
        #expect(evidence.outcome == .fired)
        #expect(abs((evidence.statistic["rate"] ?? .nan) - 1) < 0.3)
        #expect(rule.outcome("other_keys_unaffected") == .fired)
        let chance = AnswerDetectorTests.limiter(perClient: false)
        #expect(chance.outcome("token_bucket") == .clear)
        let all = SyntheticCase.trouble { shot, number in
            shot.client = number % 10
            if number % 3 > 0 { shot.outcome = "429" }
        }
        #expect(all.outcome("other_keys_unaffected") == .clear)
        #expect(rule.unlisted.outcome("token_bucket") == nil)
        let nameless = SyntheticCase.trouble { shot, number in
            if number % 3 > 0 { shot.outcome = "429" }
        }
        #expect(nameless.outcome("token_bucket") == nil)
        #expect(nameless.outcome("other_keys_unaffected") == nil)
    }

    /// Bodies of 100 kB to 10 MB, in no order.
    static func size(_ number: Int) -> Int64 { Int64(100_000 * (1 + (number * 37) % 100)) }

    @Test("Bodies above a size that always fail are a limit.")
    func sizes() throws {
        var limit = SyntheticCase()
        limit.add(20, from: 0, to: 90) { shot, number in
            shot.size = AnswerDetectorTests.size(number)
            if AnswerDetectorTests.size(number) > 5_000_000 { shot.outcome = "413" }
        }
        let evidence = try #require(limit.evidence("size_threshold"))
        #expect(evidence.outcome == .fired)
        #expect(abs((evidence.statistic["threshold"] ?? .nan) - 5_100_000) < 1)
        // A run that never was well has no onset that bytes could lead to.
        #expect(limit.outcome("size_dependence") == nil)
        let chance = SyntheticCase.trouble { shot, number in
            shot.size = AnswerDetectorTests.size(number)
            if number % 2 == 0 { shot.outcome = "500" }
        }
        #expect(chance.outcome("size_threshold") == .clear)
        #expect(limit.unlisted.outcome("size_threshold") == nil)
    }

    @Test("A limit on sizes may come in the middle of a run, and is then no store that fills up.")
    func introduced() throws {
        var limit = SyntheticCase()
        limit.add(20, from: 0, to: 90) { shot, number in
            shot.size = AnswerDetectorTests.size(number)
            if number >= 800, AnswerDetectorTests.size(number) > 5_000_000 { shot.outcome = "413" }
        }
        let evidence = try #require(limit.evidence("size_threshold"))
        #expect(evidence.outcome == .fired)
        #expect(abs((evidence.statistic["threshold"] ?? .nan) - 5_100_000) < 1)
        #expect(limit.outcome("size_dependence") == nil)
    }

    @Test("Large bodies that fail from a moment on, after the upload, are a store that is full.")
    func cumulative() {
        func file(_ isFailing: @escaping (Int) -> Bool) -> SyntheticCase {
            var file = SyntheticCase()
            file.add(20, from: 0, to: 90) { shot, number in
                shot.size = AnswerDetectorTests.size(number)
                if number >= 800, isFailing(number) { shot.outcome = "500" }
            }
            return file
        }
        let full = file { AnswerDetectorTests.size($0) > 3_000_000 }
        #expect(full.outcome("size_dependence") == .fired)
        #expect(full.outcome("fails_after_upload") == .fired)
        #expect(full.outcome("size_threshold") == .clear)
        let overload = file { $0 % 2 == 0 }
        #expect(overload.outcome("size_dependence") == .clear)
        var early = SyntheticCase()
        early.add(20, from: 0, to: 90) { shot, number in
            shot.size = AnswerDetectorTests.size(number)
            guard number >= 800, number % 2 == 0 else { return }
            shot.outcome = "500"
            shot.sent = 10_000
        }
        #expect(early.outcome("fails_after_upload") == .clear)
        let sizeless = SyntheticCase.trouble { shot, _ in shot.outcome = "500" }
        #expect(sizeless.outcome("size_dependence") == nil)
        #expect(sizeless.outcome("fails_after_upload") == nil)
    }

    @Test("Bytes per second that stay while sending slows down are a full link.")
    func bandwidth() {
        func file(send: Double, wait: Double) -> SyntheticCase {
            var file = SyntheticCase()
            file.add(20, from: 0, to: 40) { shot, _ in
                shot.size = 5_000_000
                shot.send = 20
                shot.took = 40
            }
            file.add(20, from: 40, to: 90) { shot, _ in
                shot.size = 5_000_000
                shot.send = send
                shot.wait = wait
                shot.took = send + wait
            }
            return file
        }
        #expect(file(send: 500, wait: 20).outcome("bandwidth_plateau") == .fired)
        #expect(file(send: 20, wait: 500).outcome("bandwidth_plateau") == .clear)
        let small = SyntheticCase.trouble { shot, _ in shot.took = 500 }
        #expect(small.outcome("bandwidth_plateau") == nil)
    }

    @Test("Among requests of one moment large bodies take longer on a full link, and nowhere else.")
    func timeAndSize() {
        func file(_ time: @escaping (Int64) -> Double) -> SyntheticCase {
            SyntheticCase.trouble { shot, number in
                let size = AnswerDetectorTests.size(number)
                shot.size = size
                shot.took = time(size)
                if number % 4 == 0 { shot.outcome = "503" }
            }
        }
        #expect(file { Double($0) / 2_000 }.outcome("time_follows_size") == .fired)
        #expect(file { _ in 1_500 }.outcome("time_follows_size") == .clear)
        let sizeless = SyntheticCase.trouble { shot, _ in shot.took = 500 }
        #expect(sizeless.outcome("time_follows_size") == nil)
    }

    @Test("One address that always fails beside one that never does is a part that failed.")
    func addresses() {
        let addresses = ["192.0.2.1:80", "192.0.2.2:80", "192.0.2.3:80"]
        func file(_ isFailing: @escaping (Int) -> Bool) -> SyntheticCase {
            SyntheticCase.trouble { shot, number in
                shot.address = addresses[number % 3]
                shot.connection = number % 6
                shot.client = number % 6
                if isFailing(number) { shot.outcome = "500" }
            }
        }
        let part = file { $0 % 3 == 1 }
        #expect(part.outcome("partial_by_address") == .fired)
        #expect(part.outcome("partial_by_connection") == .fired)
        let all = file { $0 / 3 % 2 == 0 }
        #expect(all.outcome("partial_by_address") == .clear)
        // From a moment on, whoever it is: no part.
        let later = file { $0 > 500 }
        #expect(later.outcome("partial_by_address") != .fired)
        #expect(part.unlisted.outcome("partial_by_address") == nil)
        let nameless = SyntheticCase.trouble { shot, number in
            if number % 3 == 1 { shot.outcome = "500" }
        }
        #expect(nameless.outcome("partial_by_address") == nil)
        #expect(nameless.outcome("partial_by_key") == nil)
    }
}
