import Primitives
import Scenarios
import Testing

@testable import Planning

@Suite("The ids of traceparent")
struct TraceContextTests {
    private func drafter(
        tracing: Bool = true, runID: String = "run", headers: [HeaderSpec] = []
    ) throws -> RequestDrafter {
        var get = Sample.get("/")
        get.headers = headers
        var scenario = Sample.scenario([
            Sample.population(
                Sample.constant(1, seconds: 10),
                flow: [.request(get), .request(Sample.get("/b"))])
        ])
        scenario.http.tracing = tracing
        let plan = try Plan.make(scenario, materials: DraftMaterials())
        return RequestDrafter(
            plan: plan, runID: runID, baseURL: "http://127.0.0.1:1", adminURL: nil)
    }

    private func ids(
        _ drafter: RequestDrafter, intent: Int = 0, step: Int = 0, attempt: Int = 0, at: Int64 = 0
    ) -> TraceContext? {
        drafter.trace(
            population: 0, intent: intent, step: step, attempt: attempt,
            intendedStart: MonotonicTime(nanoseconds: at))
    }

    @Test("The header is version 00, two ids in lower-case hex, and the flag for sampled.")
    func form() throws {
        let ids = try #require(self.ids(try self.drafter()))
        #expect(ids.header == "00-\(ids.trace)-\(ids.span)-01")
        #expect(ids.header.utf8.count == 55)
        #expect(ids.trace.count == 32)
        #expect(ids.span.count == 16)
        #expect((ids.trace + ids.span).allSatisfy { "0123456789abcdef".contains($0) })
    }

    @Test("A trace per intent and run, a span per attempt.")
    func identity() throws {
        let drafter = try self.drafter()
        var spans: Set<String> = []
        var traces: Set<String> = []
        for intent in 0..<50 {
            for step in 0...1 {
                for attempt in 0..<5 {
                    for turn: Int64 in 0..<3 {
                        let ids = try #require(
                            self.ids(
                                drafter, intent: intent, step: step, attempt: attempt,
                                at: turn * 1_000))
                        spans.insert(ids.span)
                        traces.insert(ids.trace)
                    }
                }
            }
        }
        #expect(traces.count == 50)
        #expect(spans.count == 50 * 2 * 5 * 3)
        #expect(self.ids(drafter) == self.ids(try self.drafter()))
        let other = self.ids(try self.drafter(runID: "another"))
        #expect(other?.trace != self.ids(drafter)?.trace)
        let key = drafter.idempotencyKey(population: 0, intent: 0)
        #expect(self.ids(drafter)?.trace != key)
    }

    @Test("None where nobody asks, and none beside a header of the scenario's own.")
    func absent() throws {
        #expect(self.ids(try self.drafter(tracing: false)) == nil)
        let own = HeaderSpec(name: "TraceParent", value: Template(literal: "00-1-2-00"))
        let drafter = try self.drafter(headers: [own])
        #expect(self.ids(drafter) == nil)
        #expect(self.ids(drafter, step: 1) != nil)
    }
}
