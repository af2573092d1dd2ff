import Measurements
import Planning
import Primitives
import Testing

@testable import Engine

@Suite struct OperatorSteeringTests {
    @Test("A hold and its end are two events, and the second says how much later the plan comes.")
    func hold() throws {
        var steering = OperatorSteering()
        let held = steering.take(.toggleHold, at: .seconds(10))
        let hold = try #require(held)
        #expect(hold.event.kind == "operator" && hold.event.action == .hold && hold.event.t == 10)
        #expect(hold.pace?.speed == 0 && steering.isHeld)
        let resumed = steering.take(.toggleHold, at: .seconds(22))
        let resume = try #require(resumed)
        #expect(resume.event.action == .resume)
        #expect(resume.event.label.contains("12 s later"))
        #expect(steering.paces.time(of: .seconds(20)) == .seconds(32))
    }

    @Test("The rate goes in tenths of the plan's, from 10 % to 200 %, and stays there.")
    func rates() {
        var steering = OperatorSteering()
        for _ in 0..<30 { _ = steering.take(.moreLoad, at: .seconds(1)) }
        #expect(steering.percent == 200)
        let more = steering.take(.moreLoad, at: .seconds(2))
        #expect(more == nil)
        for _ in 0..<30 { _ = steering.take(.lessLoad, at: .seconds(3)) }
        #expect(steering.percent == 10)
        let less = steering.take(.lessLoad, at: .seconds(4))
        #expect(less == nil)
    }

    @Test("The scenario's own limit on rates is the operator's, too.")
    func limit() {
        var steering = OperatorSteering(headroom: 1.25)
        for _ in 0..<9 { _ = steering.take(.moreLoad, at: .seconds(1)) }
        #expect(steering.percent == 120)
        var none = OperatorSteering(headroom: 1)
        let refused = none.take(.moreLoad, at: .seconds(1))
        #expect(refused == nil)
    }

    @Test("A rate chosen while arrivals are held holds when they come again.")
    func rateWhileHeld() {
        var steering = OperatorSteering()
        _ = steering.take(.toggleHold, at: .seconds(10))
        let outcome = steering.take(.lessLoad, at: .seconds(11))
        #expect(outcome?.pace?.speed == 0)
        _ = steering.take(.toggleHold, at: .seconds(12))
        #expect(steering.paces.present.speed == 0.9)
    }

    @Test("A remark is one line, changes nothing, and is told before the start as at 0.")
    func note() {
        var steering = OperatorSteering()
        let outcome = steering.take(.note("pods\nrestarted\u{1B}[2J"), at: .seconds(-1))
        #expect(outcome?.event.label == "Note: pods restarted [2J")
        #expect(outcome?.event.action == .note && outcome?.event.t == 0 && outcome?.pace == nil)
    }
}
