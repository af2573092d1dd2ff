import Planning
import Primitives
import Testing

@Suite struct PlanPaceTests {
    @Test("The plan's own pace changes no time, to the nanosecond.")
    func planned() {
        let far = Nanoseconds(9_007_199_254_740_993)
        #expect(PlanPace.planned.time(of: far) == far)
        #expect(PlanPace.planned.plan(at: far) == far)
    }

    @Test("A hold of 12 s makes everything after it come 12 s later, and nothing before it.")
    func hold() {
        var paces = PlanPaces()
        paces.change(to: 0, at: .seconds(10))
        #expect(paces.time(of: .seconds(10)) == .seconds(10))
        #expect(paces.time(of: .seconds(11)) == nil)
        #expect(paces.expected(.seconds(11), now: .seconds(15)) == .seconds(16))
        paces.change(to: 1, at: .seconds(22))
        #expect(paces.time(of: .seconds(4)) == .seconds(4))
        #expect(paces.time(of: .seconds(10)) == .seconds(10))
        #expect(paces.time(of: Nanoseconds(10_000_000_001)) == Nanoseconds(22_000_000_001))
        #expect(paces.time(of: .seconds(40)) == .seconds(52))
    }

    @Test("Twice the rate from 10 s on halves what is left, and back again goes on from there.")
    func rate() {
        var paces = PlanPaces()
        paces.change(to: 2, at: .seconds(10))
        #expect(paces.time(of: .seconds(20)) == .seconds(15))
        #expect(paces.present.plan(at: .seconds(15)) == .seconds(20))
        paces.change(to: 1, at: .seconds(15))
        #expect(paces.time(of: .seconds(14)) == .seconds(12))
        #expect(paces.time(of: .seconds(30)) == .seconds(25))
    }
}
