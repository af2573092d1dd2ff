import Foundation
import Primitives
import Testing

@testable import Probes

@Suite("Probes")
struct ProbeTests {
    @Test("This process can be read, and stays the same one.")
    func ownProcess() async throws {
        let pid = Int(ProcessInfo.processInfo.processIdentifier)
        let probe = ProcessProbe(name: "self", choice: .pid(pid))
        #expect(probe.exists)
        let first = try #require(await probe.read())
        let second = try #require(await probe.read())
        #expect(first["proc.pid"] == Double(pid))
        #expect(first["mem.rss"] ?? 0 > 1_000_000)
        #expect(first["fds.open"] ?? 0 >= 3)
        #expect(first["threads"] ?? 0 >= 1)
        #expect(second["proc.restarts"] == 0)
        #expect(second["proc.start_time"] == first["proc.start_time"])
    }

    @Test("No process is no sample, and not an error.")
    func noProcess() async {
        let probe = ProcessProbe(name: "none", choice: .pid(Int(Int32.max)))
        #expect(!probe.exists)
        #expect(await probe.read() == nil)
    }

    @Test("A page's figures get our names; those it lacks are missing.")
    func mapping() async {
        let mapping = ["pool_busy": "app.db_pool_busy", "gone": "app.shed"]
        let probe = PrometheusProbe(name: "page", mapping: mapping) { "pool_busy 5\nother 1\n" }
        #expect(await probe.read() == ["app.db_pool_busy": 5])
        let silent = PrometheusProbe(name: "page", mapping: mapping) { nil }
        #expect(await silent.read() == nil)
    }

    @Test("The control endpoint's failure is a figure; its latency then is none.")
    func control() async throws {
        #expect(await ControlProbe { false }.read() == ["control.ok": 0])
        let good = try #require(await ControlProbe { true }.read())
        #expect(good["control.ok"] == 1)
        #expect(good["control.ms"] ?? -1 >= 0)
    }

    @Test("A slow source is not asked again, delays nobody, and its late answer is left out.")
    func turns() {
        var turns = ProbeTurns(sources: 2)
        #expect(turns.begin(second: 0) == [0, 1])
        #expect(turns.end(source: 1) == 0)
        #expect(turns.begin(second: 1) == [1])
        #expect(turns.end(source: 0) == nil)
        #expect(turns.end(source: 1) == 1)
        #expect(turns.begin(second: 2) == [0, 1])
        #expect(turns.end(source: 0) == 2)
    }

    @Test("The fastest answer tells the other clock, and how wrong that may be.")
    func clockOffset() throws {
        // The other clock is 5 s ahead; the first answer took a second on its way back only.
        var best = try #require(
            ClockOffset(
                sent: .seconds(10), stamped: .seconds(15), received: .seconds(11), step: .zero))
        #expect(best.error == .milliseconds(500))
        #expect(best.offset == .milliseconds(4_500))
        let faster = try #require(
            ClockOffset(
                sent: .seconds(20), stamped: .milliseconds(25_010),
                received: .milliseconds(20_020), step: .zero))
        best.improve(with: faster)
        #expect(best.offset == .seconds(5))
        #expect(best.error == .milliseconds(10))
        #expect(
            ClockOffset(sent: .seconds(2), stamped: .zero, received: .seconds(1), step: .zero)
                == nil)
    }
}
