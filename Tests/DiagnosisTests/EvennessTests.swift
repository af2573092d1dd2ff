import Measurements
import Primitives
import Testing

@testable import Diagnosis

/// What is the same in every moment of the trouble, and what is not.
@Suite struct EvennessTests {
    @Test("A quarter that fails all the time beside answers as fast as ever is a steady share.")
    func steadyShare() throws {
        let steady = SyntheticCase.trouble { shot, number in
            if number % 4 == 0 { shot.outcome = "502" }
        }
        let evidence = try #require(steady.evidence("steady_share"))
        #expect(evidence.outcome == .fired)
        #expect(abs((evidence.statistic["share"] ?? 0) - 0.25) < 0.01)
        // As many, but all at once and then none for a while.
        let bursts = SyntheticCase.trouble { shot, number in
            if number / 100 % 4 == 0 { shot.outcome = "502" }
        }
        #expect(bursts.outcome("steady_share") == .clear)
        // As many, and the others wait.
        let slow = SyntheticCase.trouble { shot, number in
            shot.took = 60
            if number % 4 == 0 { shot.outcome = "502" }
        }
        #expect(slow.outcome("steady_share") == .clear)
        // Counts of seconds suffice; all that fail are no share.
        #expect(steady.unlisted.outcome("steady_share") == .fired)
        let all = SyntheticCase.trouble { shot, _ in shot.outcome = "502" }
        #expect(all.outcome("steady_share") == nil)
    }

    /// One after the other from 40 s on, each as long as `time` says of its size.
    private static func queue(_ time: (Int64) -> Double) -> SyntheticCase {
        var file = SyntheticCase.quiet()
        var free = 40.0
        var state: UInt64 = 12_345
        for number in 0..<1_000 {
            let at = 40 + (Double(number) + 0.5) / 20
            var shot = SyntheticCase.Shot()
            // From 20 to 404 kB in no order: Knuth's MMIX generator.
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            shot.size = 20_000 + Int64((state >> 40) % 97) * 4_000
            free = max(free, at) + time(shot.size ?? 0)
            shot.took = (free - at) * 1_000
            file.add(at: at, shot)
        }
        return file
    }

    @Test("A full link finishes bytes more evenly than requests, full workers the other way round.")
    func rationed() throws {
        let link = EvennessTests.queue { Double($0) / 3e6 }
        let evidence = try #require(link.evidence("bytes_steadier"))
        #expect(evidence.outcome == .fired)
        #expect((evidence.statistic["ratio"] ?? 0) > 1.8)
        #expect(EvennessTests.queue { _ in 0.07 }.outcome("bytes_steadier") == .clear)
        // Where nothing waits nobody rations.
        #expect(EvennessTests.queue { _ in 0.01 }.outcome("bytes_steadier") == nil)
        #expect(link.unlisted.outcome("bytes_steadier") == nil)
    }

    /// Every fourth attempt fails from 40 s on; a later one gets everybody in, but for ten seconds.
    private static let retried = SyntheticCase.trouble { shot, number in
        if number % 4 == 0 {
            shot.outcome = "502"
            shot.isAccepted = number >= 200
        }
    }

    @Test("A server is not well again while one attempt in four fails, however many get in.")
    func recovery() {
        let evidence = EvennessTests.retried.evidence("recovery")
        #expect(evidence?.statistic["recovered"] == nil)
        #expect(EvennessTests.retried.outcome("healed_alone") == .clear)
    }

    /// Nobody is answered in one second of every five from `start` on.
    private static func pausing(from start: Int) -> SyntheticCase {
        var file = SyntheticCase()
        file.add(20, from: 0, to: 90) { shot, number in
            let second = Double(number) / 20
            let place = second.truncatingRemainder(dividingBy: 5)
            if second >= Double(start), place < 1 { shot.took = 1_020 - 1_000 * place }
        }
        return file
    }

    @Test("Pauses with well seconds between them begin where the first one is.")
    func recurringStalls() throws {
        let change = try #require(
            EvennessTests.pausing(from: 45).evidence("change_response_p95"))
        #expect(change.outcome == .fired)
        // Answers count when they come.
        #expect(change.statistic["onset"] == 46)
        // Pauses from the beginning are how this server is.
        #expect(EvennessTests.pausing(from: 0).outcome("change_response_p95") != .fired)
    }

    @Test("A few slow seconds at the same load, and well again: it healed by itself.")
    func shortHealing() {
        var file = SyntheticCase.quiet()
        file.add(20, from: 40, to: 54) { shot, number in
            shot.took = 900
            if number % 2 == 0 { shot.outcome = "503" }
        }
        file.add(20, from: 54, to: 90)
        #expect(file.outcome("healed_alone") == .fired)
        #expect(file.outcome("improves_at_constant_load") == .fired)
    }
}
