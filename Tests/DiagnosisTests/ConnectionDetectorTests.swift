import Measurements
import Primitives
import Testing

@testable import Diagnosis

@Suite struct ConnectionDetectorTests {
    /// Every third connection takes one of those times.
    private static func slowConnects(_ times: [Double]) -> SyntheticCase {
        SyntheticCase.trouble { shot, number in
            guard number % 3 == 0 else { return }
            let connect = times[number / 3 % times.count]
            shot.connect = connect
            shot.took = connect + 20
        }
    }

    @Test("The comb is the kernel's own table, by sysctl or by release.")
    func combs() {
        let new = RetransmissionComb(syn: SynRetries(linear: 4, retries: 7))
        #expect(new.teeth == [1_000, 2_000, 3_000, 4_000, 5_000, 7_000, 11_000])
        let old = RetransmissionComb(syn: SynRetries(linear: 0, retries: 4))
        #expect(old.teeth == [1_000, 3_000, 7_000, 15_000])
        func teeth(_ kernel: String, _ retries: SynRetries? = nil) -> [Double] {
            var host = HostFacts(
                kernel: kernel, cores: 1, descriptors: 1, localPorts: 1, memory: 1, name: "")
            host.synRetries = retries
            return RetransmissionComb.syn(host).teeth
        }
        #expect(teeth("Linux 6.1.0-13")[1] == 3_000)
        #expect(teeth("Linux 6.18.5")[1] == 2_000)
        #expect(teeth("Linux 5.15")[1] == 3_000)
        #expect(teeth("Darwin 24.1.0")[1] == 2_000)
        #expect(teeth("Linux 6.18.5", SynRetries(linear: 0, retries: 6))[1] == 3_000)
        // 900 to 1,100 of 900 to 2,900, where the second window begins at 2,850.
        #expect(abs(old.coverage(from: 900, to: 2_900) - 250.0 / 2_000) < 1e-9)
    }

    @Test("Slow connections at 1 and 3 s are SYNs that were lost.")
    func comb() throws {
        let file = ConnectionDetectorTests.slowConnects([1_020, 3_050])
        let evidence = try #require(file.evidence("syn_comb"))
        #expect(evidence.outcome == .fired)
        #expect((evidence.statistic["share"] ?? .nan) == 1)
        #expect(file.unlisted.outcome("syn_comb") == nil)
    }

    @Test("An accept queue that overflows long after the onset is a consequence.")
    func lateComb() {
        var file = SyntheticCase.quiet()
        file.add(20, from: 40, to: 90) { shot, number in
            shot.took = 2_000
            if number >= 500 { shot.connect = number % 2 == 0 ? 1_020 : 0.2 }
        }
        #expect(file.outcome("syn_comb") == nil)
    }

    @Test("Slow connections at any time are a slow path, not a comb.")
    func noComb() {
        let anywhere = ConnectionDetectorTests.slowConnects(
            (0..<31).map { 920 + Double($0) * 100 })
        #expect(anywhere.outcome("syn_comb") == .clear)
        let answers = SyntheticCase.trouble { shot, _ in shot.took = 900 }
        #expect(answers.outcome("syn_comb") == .clear)
    }

    @Test("Connections that never come about are nobody's full queue.")
    func dead() {
        let dead = SyntheticCase.trouble { shot, number in
            guard number % 2 == 0 else { return }
            shot.outcome = "connect_timeout"
            shot.connect = nil
            shot.took = 5_000
        }
        #expect(dead.outcome("connect_timeouts_only") == .fired)
        #expect(dead.outcome("answers_connect_timeout") == .fired)
        let full = SyntheticCase.trouble { shot, number in
            if number % 2 == 0 {
                shot.outcome = "connect_timeout"
                shot.connect = nil
                shot.took = 5_000
            } else if number % 4 == 1 {
                shot.connect = 1_020
                shot.took = 1_040
            }
        }
        #expect(full.outcome("connect_timeouts_only") == .clear)
        #expect(dead.unlisted.outcome("connect_timeouts_only") == nil)
    }

    @Test("Old connections that are as slow as new ones rule the accept queue out.")
    func reuse() throws {
        let both = SyntheticCase.trouble { shot, number in
            shot.reused = number % 2 == 0
            if shot.reused == true { shot.connect = nil }
            shot.took = 1_500
        }
        let evidence = try #require(both.evidence("reused_suffer"))
        #expect(evidence.outcome == .fired && evidence.vetoes == ["M05"])
        let onlyNew = SyntheticCase.trouble { shot, number in
            shot.reused = number % 2 == 0
            shot.took = shot.reused == true ? 20 : 1_500
            shot.connect = shot.reused == true ? nil : 1_020
        }
        #expect(onlyNew.outcome("reused_suffer") == .clear)
        #expect(onlyNew.evidence("reused_suffer")?.vetoes == [])
        // Without a connection that served before there is nothing to compare.
        #expect(ConnectionDetectorTests.slowConnects([1_020]).outcome("reused_suffer") == nil)
    }

    @Test("First bytes at the moments of retransmission were not accepted in time.")
    func lateFirstByte() {
        func late(_ waits: [Double]) -> SyntheticCase {
            SyntheticCase.trouble { shot, number in
                guard number % 2 == 0 else { return }
                shot.took = 20 + waits[number / 2 % waits.count]
            }
        }
        #expect(late([200, 400, 1_200]).outcome("accept_queue_comb") == .fired)
        #expect(late((0..<40).map { 300 + 90 * Double($0) }).outcome("accept_queue_comb") == .clear)
        // One time for all is a slow server.
        #expect(late([400]).outcome("accept_queue_comb") == .clear)
        #expect(late([200, 400, 1_200]).unlisted.outcome("accept_queue_comb") == nil)
    }

    /// A hundred are held, a hundred connected and never answered, a hundred not connected.
    private static func held(
        _ hold: Double = 20_000, _ outcome: (Int) -> String
    ) -> SyntheticCase {
        var file = SyntheticCase.quiet()
        file.timeout = 10
        file.add(20, from: 40, to: 55) { shot, number in
            shot.outcome = outcome(number)
            shot.took = shot.outcome == "201" ? hold : 10_000
            if shot.outcome == "201" { shot.wait = 20 }
            if shot.outcome == "connect_timeout" { shot.connect = nil }
        }
        file.add(20, from: 70, to: 90)
        return file
    }

    @Test("Three steps over held connections are a limit on them.")
    func staircase() throws {
        let limit = ConnectionDetectorTests.held { number in
            number < 100 ? "201" : number < 200 ? "first_byte_timeout" : "connect_timeout"
        }
        let evidence = try #require(limit.evidence("connection_staircase"))
        #expect(evidence.outcome == .fired)
        #expect((evidence.statistic["failing_from"] ?? .nan) > 80)
        let mixed = ConnectionDetectorTests.held(10_000) { number in
            ["201", "first_byte_timeout", "connect_timeout"][number % 3]
        }
        #expect(mixed.outcome("connection_staircase") == .clear)
        #expect(limit.unlisted.outcome("connection_staircase") == nil)
    }

    @Test("Handshakes that take nearly all of the time, and ten times their own, are the limit.")
    func handshakes() {
        func file(tls: Double, wait: Double) -> SyntheticCase {
            var file = SyntheticCase()
            file.add(20, from: 0, to: 40) { shot, _ in
                shot.tls = 7
                shot.took = 27
            }
            file.add(20, from: 40, to: 90) { shot, _ in
                shot.tls = tls
                shot.wait = wait
                shot.took = tls + wait + 0.3
            }
            return file
        }
        #expect(file(tls: 1_000, wait: 20).outcome("tls_share") == .fired)
        #expect(file(tls: 7, wait: 1_000).outcome("tls_share") == .clear)
        let plain = SyntheticCase.trouble { shot, _ in shot.took = 1_000 }
        #expect(plain.outcome("tls_share") == nil)
        #expect(plain.evidence("plain_http")?.vetoes == ["M08"])
        #expect(file(tls: 1_000, wait: 20).outcome("plain_http") == nil)
        // Parts are counted in the seconds as well: no list is needed.
        #expect(file(tls: 1_000, wait: 20).unlisted.outcome("tls_share") == .fired)
    }

    @Test("Lookups that take most of the time are the name service.")
    func lookups() {
        func file(lookup: Double, wait: Double) -> SyntheticCase {
            var file = SyntheticCase()
            file.add(20, from: 0, to: 40) { shot, _ in shot.lookup = 1 }
            file.add(20, from: 40, to: 90) { shot, _ in
                shot.lookup = lookup
                shot.wait = wait
                shot.took = lookup + wait + 0.3
            }
            return file
        }
        #expect(file(lookup: 2_000, wait: 20).outcome("lookup_share") == .fired)
        #expect(file(lookup: 1, wait: 2_000).outcome("lookup_share") == .clear)
        let none = SyntheticCase.trouble { shot, _ in shot.took = 1_000 }
        #expect(none.outcome("lookup_share") == nil)
    }
}
