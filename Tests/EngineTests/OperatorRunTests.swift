import Measurements
import Planning
import TestSupport
import Testing

@testable import Engine

/// What an operator asks of a real run.
extension RunTests {
    @Test("Arrivals held and let go again all come, none is dropped, and both are told.")
    func heldArrivals() async throws {
        let seen = Seen()
        let server = try self.server(seen)
        defer { server.stop() }
        var options = try self.options(
            server, [self.open([self.upload()], rate: 200, milliseconds: 500)])
        options.lanes = 2
        guard case .open(let schedule) = options.plan.populations[0].load else { return }
        let sink = KeepingSink()
        let run = try Run(options: options, sink: sink)
        try run.start()
        for request in [OperatorRequest.toggleHold, .note("lunch"), .toggleHold, .moreLoad] {
            run.request(request)
        }
        let outcome = await run.waitUntilFinished()
        let kept = sink.kept
        self.expectIdentities(kept)
        #expect(kept.counts.offered == ArrivalIterator(schedule).reduce(0) { sum, _ in sum + 1 })
        #expect(kept.counts.drops.isEmpty)
        #expect(kept.events.compactMap(\.action) == [.hold, .note, .resume, .rate])
        #expect(kept.events.filter { $0.kind == "operator" }.count == 4)
        #expect(outcome.stopped == .finished)
        #expect(run.progress.steering.percent == 110)
    }

    @Test("An operator who asks for the end ends the run as a signal does.")
    func operatorStops() async throws {
        let seen = Seen()
        let server = try self.server(seen)
        defer { server.stop() }
        let options = try self.options(
            server, [self.open([self.upload()], rate: 20, milliseconds: 600_000)])
        let sink = KeepingSink()
        let run = try Run(options: options, sink: sink)
        try run.start()
        run.request(.toggleHold)
        run.request(.stop)
        let outcome = await run.waitUntilFinished()
        #expect(outcome.stopped == .signal)
        #expect(sink.kept.events.compactMap(\.action) == [.hold, .stop])
    }
}
