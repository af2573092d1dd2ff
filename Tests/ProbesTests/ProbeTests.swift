import Foundation
import Measurements
import Primitives
import Testing

@testable import Probes

@Suite("Probes")
struct ProbeTests {
    private static func page(_ text: String) -> PrometheusProbe {
        let figures = [("pool_busy", "app.db_pool_busy", 1), ("gone", "app.shed", 1)]
            .compactMap { theirs, ours, factor in
                MetricSelector(theirs).map {
                    PrometheusProbe.Figure(selector: $0, name: ours, factor: Double(factor))
                }
            }
        return PrometheusProbe(name: "page", figures: figures) { () async throws(PageError) in
            if text.isEmpty { throw PageError("nobody answers") }
            return FetchedPage(text: text)
        }
    }

    @Test("A page's figures get our names; those it lacks are missing.")
    func mapping() async {
        let reading = await Self.page("pool_busy 5\nother 1\n").read()
        #expect(reading == ProbeReading(["app.db_pool_busy": 5]))
        let strange = await Self.page("other 1\n").read()
        #expect(strange.values.isEmpty)
        #expect(strange.problem?.hasPrefix("the page has none of the metrics asked for") == true)
        #expect(await Self.page("").read() == ProbeReading(problem: "nobody answers"))
    }

    @Test("A page's numbers are multiplied by the author's factor.")
    func factor() async throws {
        let figure = PrometheusProbe.Figure(
            selector: try #require(MetricSelector("wait_seconds")), name: "app.db_pool_wait_ms",
            factor: 1000)
        let probe = PrometheusProbe(name: "page", figures: [figure]) {
            () async throws(PageError) in FetchedPage(text: "wait_seconds 0.25\n")
        }
        #expect(await probe.read().values == ["app.db_pool_wait_ms": 250])
    }

    @Test("The control endpoint's failure is a figure; its latency then is none.")
    func control() async throws {
        #expect(await ControlProbe { false }.read().values == ["control.ok": 0])
        let good = await ControlProbe { true }.read().values
        #expect(good["control.ok"] == 1)
        #expect(good["control.ms"] ?? -1 >= 0)
    }

    @Test("The machine tells of its pressure and of a file system's room.")
    func host() async {
        let probe = HostProbe(disk: "/")
        let values = await probe.read().values
        #expect(Set(values.keys).isSubset(of: probe.figures))
        #expect(values["cpu.cores"] ?? 0 >= 1)
        #expect(values["disk.free_bytes"] ?? -1 >= 0)
        #expect(values["mem.avail"] ?? 0 > 1_000_000)
        #expect(values["tcpext.RetransSegs"] ?? -1 >= 0)
        let lost = await HostProbe(disk: "/no/such/place").read()
        #expect(lost.problem == "/no/such/place is on no file system")
        #expect(lost.values["disk.free_bytes"] == nil)
    }

    @Test("Every figure of every source is one of the schema's.")
    func names() {
        let sources: [any ProbeSource] = [
            HostProbe(), ProcessProbe(name: "a", choice: .pid(1)), ControlProbe { true },
            PrometheusProbe(name: "b", figures: PrometheusProbe.usual) {
                () async throws(PageError) in FetchedPage(text: "")
            },
        ]
        for name in sources.flatMap(\.figures) { #expect(ServerFigure.named(name) != nil) }
    }

    @Test("A figure that two sources have comes from the first; names keep sources apart.")
    func sharing() async {
        struct Fixed: ProbeSource {
            var name: String
            var values: [String: Double]
            var figures: Set<String> { Set(self.values.keys) }
            func read() async -> ProbeReading { ProbeReading(self.values) }
        }
        let shared = NamedSource.sharing([
            (Fixed(name: "page", values: ["disk.free_bytes": 1]), nil),
            (Fixed(name: "other", values: ["disk.free_bytes": 2]), "db"),
            (Fixed(name: "host", values: ["disk.free_bytes": 3, "mem.avail": 4]), nil),
        ])
        #expect(await shared[0].read().values == ["disk.free_bytes": 1])
        #expect(await shared[1].read().values == ["db/disk.free_bytes": 2])
        #expect(await shared[2].read().values == ["mem.avail": 4])
        #expect(shared[2].figures == ["mem.avail"])
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

    @Test("A warning is told once; readings, misses and delays are counted.")
    func tallies() {
        var tally = ProbeTallying(name: "db")
        #expect(tally.add(ProbeReading(["a": 1], clock: .sameHost), delay: .milliseconds(4)) == nil)
        #expect(tally.add(ProbeReading(problem: "gone"), delay: .milliseconds(1)) == "db: gone")
        #expect(tally.add(ProbeReading(problem: "gone"), delay: .milliseconds(1)) == nil)
        #expect(
            tally.add(ProbeReading(["a": 1]), delay: nil)
                == "db: an answer took longer than its second")
        #expect(tally.add(ProbeReading(["a": 1]), delay: .milliseconds(8)) == nil)
        #expect(
            tally.tally
                == ProbeTally(
                    name: "db", readings: 2, missed: 3, delayMean: 0.006, delayWorst: 0.008,
                    clockOffset: 0, clockError: 0))
        for number in 0..<10 {
            _ = tally.add(ProbeReading(problem: "\(number)"), delay: .zero)
        }
        #expect(tally.add(ProbeReading(problem: "one more"), delay: .zero) == nil)
    }

    @Test("The fastest answer tells the other clock, and how wrong that may be.")
    func clockOffset() throws {
        // The other clock is 5 s ahead; the first answer took a second on its way back only.
        let slow = try #require(
            ClockOffset(
                sent: .seconds(10), stamped: .seconds(15), received: .seconds(11), step: .zero))
        #expect(slow.error == .milliseconds(500))
        #expect(slow.offset == .milliseconds(4_500))
        let faster = try #require(
            ClockOffset(
                sent: .seconds(20), stamped: .milliseconds(25_010),
                received: .milliseconds(20_020), step: .zero))
        let best = slow.improved(with: faster)
        #expect(best.offset == .seconds(5))
        #expect(best.error == .milliseconds(10))
        #expect(faster.improved(with: slow) == best)
        #expect(
            ClockOffset(sent: .seconds(2), stamped: .zero, received: .seconds(1), step: .zero)
                == nil)
    }
}
