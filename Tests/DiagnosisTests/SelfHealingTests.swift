import Measurements
import Primitives
import Testing

@testable import Diagnosis

@Suite struct SelfHealingTests {
    /// Slow and failing from 40 s to 60 s; afterwards at so many arrivals a second.
    private static func spell(after rate: Double) -> SyntheticCase {
        var file = SyntheticCase.quiet()
        file.add(20, from: 40, to: 60) { shot, number in
            shot.took = 900
            if number % 2 == 0 { shot.outcome = "503" }
        }
        file.add(rate, from: 60, to: 90)
        return file
    }

    @Test("Well again at the load at which it failed: it healed by itself.")
    func healed() {
        #expect(SelfHealingTests.spell(after: 20).outcome("healed_alone") == .fired)
        // The load went away: that tells nothing.
        #expect(SelfHealingTests.spell(after: 8).outcome("healed_alone") == nil)
        let lasting = SyntheticCase.trouble { shot, number in
            if number % 2 == 0 { shot.outcome = "503" }
        }
        #expect(lasting.outcome("healed_alone") == .clear)
    }

    /// Every other intent's first try fails from 40 s on, and is tried again after a second.
    private static func retried(_ isFailingAgain: @escaping (Int) -> Bool) -> SyntheticCase {
        var file = SyntheticCase()
        file.add(20, from: 0, to: 40) { shot, number in shot.client = number }
        file.add(20, from: 40, to: 85) { shot, number in
            shot.client = 10_000 + number
            if number % 2 == 0 { shot.outcome = "503" }
        }
        file.add(10, from: 41, to: 86) { shot, number in
            shot.client = 10_000 + 2 * number
            if isFailingAgain(number) { shot.outcome = "503" }
        }
        return file
    }

    @Test("Second tries that fail beside first ones that do not: it follows the client.")
    func following() throws {
        let bound = SelfHealingTests.retried { _ in true }
        let evidence = try #require(bound.evidence("failure_follows_client"))
        #expect(evidence.outcome == .fired)
        #expect(evidence.statistic["again"] == 1)
        #expect(abs((evidence.statistic["beside"] ?? .nan) - 0.5) < 0.01)
        let chance = SelfHealingTests.retried { $0 % 2 == 0 }
        #expect(chance.outcome("failure_follows_client") == .clear)
        #expect(bound.unlisted.outcome("failure_follows_client") == nil)
        // Where all fail at a time, second tries fail like first ones.
        let down = SyntheticCase.trouble { shot, number in
            shot.client = number % 400
            shot.outcome = "503"
        }
        #expect(down.outcome("failure_follows_client") == nil)
    }
}
