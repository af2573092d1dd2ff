import Primitives
import Testing

@testable import Scenarios

@Suite("What a scenario says of phones' networks")
struct NetworkDecodingTests {
    private func text(_ clients: String, step: String = "get: /") -> String {
        """
        version: 1
        target: http://127.0.0.1:8080
        scenarios:
          one:
            executor: constant-arrival-rate
            rate: 1/s
            duration: 10s
            clients:
        \(clients)
            flow: [ { \(step) } ]
        """
    }

    private func clients(_ clients: String) throws -> ClientSpec {
        try Scenario.decode(text: self.text(clients), file: "viral.yaml").populations[0].clients
    }

    @Test("Every preset is known by its name.", arguments: NetworkPreset.allCases)
    func presets(preset: NetworkPreset) throws {
        let clients = try self.clients("      network: \(preset.rawValue)")
        #expect(clients.network?.choices.map(\.profile) == [preset.profile])
        let uplink = try #require(preset.profile.uplink)
        let downlink = try #require(preset.profile.downlink)
        #expect(uplink.mean > 0 && downlink.mean >= uplink.mean)
    }

    @Test("Every key of an own network is read.")
    func own() throws {
        let clients = try self.clients(
            """
                  reuse: 2
                  network:
                    uplink: { lognormal: { median: 1Mbit/s, p99: 8 Mbit/s } }
                    downlink: 500kB/s
                    rtt: { uniform: { min: 20ms, max: 80ms } }
                    stall: { every: 30s, for: { lognormal: { median: 2s, p99: 9s } } }
                    disconnect: { every: { uniform: { min: 1m, max: 2m } } }
                  connections: new
                  family: ipv4
            """)
        #expect(clients.connections == .new && clients.family == .ipv4)
        let profile = try #require(clients.network?.choices.first?.profile)
        #expect(profile.preset == nil)
        #expect(profile.uplink == .lognormal(median: 125_000, p99: 1_000_000))
        #expect(profile.downlink == .fixed(500_000))
        #expect(profile.roundTrip == .uniform(min: 0.02, max: 0.08))
        #expect(profile.stalls?.every == .exponential(mean: 30))
        #expect(profile.stalls?.length == .lognormal(median: 2, p99: 9))
        #expect(profile.disconnects == .drawn(.uniform(min: 60, max: 120)))
    }

    @Test("A preset stands for what an own network does not say.")
    func presetWithChanges() throws {
        let clients = try self.clients("      network: { preset: 4g, rtt: 1s }")
        var expected = NetworkPreset.fourG.profile
        expected.roundTrip = .fixed(1)
        #expect(clients.network?.choices.map(\.profile) == [expected])
    }

    @Test("Several networks have weights.")
    func weights() throws {
        let clients = try self.clients(
            """
                  network:
                    - { weight: 7, network: 4g }
                    - { weight: 2.5, network: { uplink: 64kbit/s } }
                    - { network: wifi }
            """)
        let network = try #require(clients.network)
        #expect(network.choices.map(\.weight) == [7, 2.5, 1])
        #expect(network.choices[1].profile.uplink == .fixed(8_000))
        #expect(network.location.line == 10)
    }

    @Test("A request may limit its own upload.")
    func uploadRate() throws {
        let scenario = try Scenario.decode(
            text: self.text(
                "      reuse: 1",
                step: "post: { url: /, text: hi, uploadRate: "
                    + "{ uniform: { min: 1kB/s, max: 2kB/s } } }"),
            file: "viral.yaml")
        guard case .request(let request) = scenario.populations[0].flow[0] else {
            Issue.record("no request")
            return
        }
        #expect(request.uploadRate == .uniform(min: 1_000, max: 2_000))
    }

    @Test(
        "What is wrong is told at its place.",
        arguments: [
            (
                "      network: satellite",
                "9:16 network: 'satellite' is not known; write one of: 3g, 4g, 5g, wifi, stadium, dsl"
            ),
            (
                "      network: { uplink: -1Mbit/s }",
                "9:26 uplink: -1Mbit/s is negative"
            ),
            (
                "      network: { downlink: 0kbit/s }",
                "9:28 downlink: 0kbit/s is no rate at all; a network on which nothing moves for a"
                    + " while is a stall"
            ),
            (
                "      network: { uplink: 1000 }",
                "9:26 uplink: 1000 has no unit; write for example 1000kbit/s or 1000kB/s"
            ),
            (
                "      network: { uplink: 11Gbit/s }",
                "9:26 uplink: 11Gbit/s is out of range; write 8bit/s to 10Gbit/s"
            ),
            (
                "      network: { uplink: { lognormal: { median: 2MB/s, p99: 1MB/s } } }",
                "9:39 lognormal: p99 is below the median"
            ),
            (
                "      network: { stall: { every: 0s, for: 1s } }",
                "9:34 every: 0s is no time at all"
            ),
            ("      network: { rtt: 40 }", "9:23 rtt: 40 has no unit; write 40s or 40ms"),
            ("      network: { stall: { every: 5s } }", "9:18 stall: 'for' is missing"),
            (
                "      network: {}",
                "9:16 network: it says nothing; give it a preset, uplink, downlink, rtt, stall or"
                    + " disconnect"
            ),
            (
                "      uplink: 1Mbit/s",
                "9:7 unknown key 'uplink'; it stands in the network: network: { uplink: ... }"
            ),
            ("      family: ipx", "9:15 family: 'ipx' is not known; did you mean 'ipv4'?"),
            (
                "      network: [ { weight: 0, network: 4g } ]",
                "9:28 weight: 0 is too small; it must be above 0"
            ),
        ])
    func mistakesWithPlaces(clients: String, message: String) {
        let told = mistakes(of: self.text(clients))?.mistakes.map {
            "\($0.location.line):\($0.location.column) \($0.message)"
        }
        #expect(told == [message])
    }
}
