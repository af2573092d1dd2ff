import Measurements
import Primitives
import Testing

@testable import Targets

@Suite("Reconciliation of clients and store")
struct ReconcilerTests {
    private let populations = [
        PopulationFacts(
            name: "tips", trafficClass: .genuine, executor: "constant-arrival-rate",
            steps: ["POST tip"], writes: true),
        PopulationFacts(
            name: "flood", trafficClass: .noise, executor: "ramping-arrival-rate",
            steps: ["POST video"], writes: true),
        PopulationFacts(
            name: "probe", trafficClass: .probe, executor: "constant-arrival-rate",
            steps: ["GET health"], writes: false),
    ]

    private func end(_ population: Int, _ number: Int, _ ending: IntentEnding) -> IntentEnd {
        IntentEnd(population: population, number: number, ending: ending, arrived: 0, ended: 1)
    }

    @Test("Each intent falls into exactly one of the four cells.")
    func fourCells() throws {
        let listing = try StoreListing(
            ndjson: Array(
                """
                {"key":"0-0","state":"stored","bytes":10,"sha256":"aa","kind":"tip","at":1}
                {"key":"0-2","state":"stored","bytes":10,"sha256":"aa"}
                {"key":"1-0","state":"stored"}
                {"key":"somebody-else","state":"stored"}

                """.utf8))
        var reconciler = Reconciler(populations: populations, listing: listing)
        let ends = [
            end(0, 0, .accepted), end(0, 1, .accepted), end(0, 2, .failed), end(0, 3, .gaveUp),
            end(1, 0, .unfinished), end(1, 1, .dropped), end(2, 0, .accepted),
        ]
        for end in ends { _ = reconciler.add(end, key: "\(end.population)-\(end.number)") }
        let result = reconciler.result
        #expect(result.total.ackedStored == 1)
        #expect(result.total.ackedMissing == 1)
        #expect(result.total.unackedStored == 2)
        #expect(result.total.unackedMissing == 2)
        #expect(result.missing == ["tips/1"])
        #expect(result.foreign == 1)
        #expect(result.classes["genuine"]?.unackedStored == 1)
        #expect(result.classes["noise"]?.unackedMissing == 1)
        #expect(result.classes["probe"] == nil, "a probe stores nothing and loses nothing")
    }

    @Test("A listing that breaks off is no listing.")
    func tornListing() {
        #expect(
            throws: TargetError(.control, "line 2 of the store's listing is no row")
        ) {
            _ = try StoreListing(ndjson: Array("{\"key\":\"a\",\"state\":\"s\"}\n{\"ke".utf8))
        }
    }
}
