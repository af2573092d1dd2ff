import Foundation
import Primitives
import Testing

@Suite struct ViralCascadeTests {
    private func cascade(
        audience: Double = 10_000, seeds: Double = 20, reproduction: Double = 3,
        delay: Int64 = 600, halfLife: Int64 = 1_000_000_000, share: Double = 0.1
    ) -> ViralCascade {
        ViralCascade(
            audience: audience, seeds: seeds, reproduction: reproduction, delay: .seconds(delay),
            halfLife: .seconds(halfLife), share: share)
    }

    /// The documented integral equation by the trapezoidal rule, with nothing of the solver's.
    private func renewal(_ cascade: ViralCascade, step: Double, points: Int) -> [Double] {
        let delay = cascade.delay.seconds
        let kernel = (0..<points).map { exp(-Double($0) * step / delay) / delay }
        var exposed: [Double] = []
        var acting: [Double] = []
        var seen = cascade.seeds
        for point in 0..<points {
            var sum = 0.0
            for before in 0..<point {
                sum += exposed[before] * kernel[point - before] * (before == 0 ? 0.5 : 1)
            }
            let known = cascade.seeds * kernel[point] + sum * step
            let fading = pow(2, -Double(point) * step / cascade.halfLife.seconds)
            // e(t) stands on both sides, in the integral's last half step and in S(t): iterate.
            var now = exposed.last ?? 0
            for _ in 0..<50 {
                let last = point == 0 ? 0 : step / 2 * now * kernel[0]
                let more = point == 0 ? 0 : step / 2 * (now + (exposed.last ?? 0))
                let open = cascade.audience - seen - more
                now = cascade.reproduction * open / cascade.audience * fading * (known + last)
            }
            if point > 0 { seen += step / 2 * (now + (exposed.last ?? 0)) }
            acting.append(
                cascade.share * (known + (point == 0 ? 0 : step / 2 * now * kernel[0])))
            exposed.append(now)
        }
        return acting
    }

    @Test(
        "The solution solves the integral equation as the documentation writes it.",
        arguments: [(3.0, 1_000_000_000), (3.0, 4_000), (12.0, 2_000), (0.7, 5_000)]
            as [(
                Double, Int64
            )])
    func solvesRenewalEquation(reproduction: Double, halfLife: Int64) throws {
        let cascade = self.cascade(reproduction: reproduction, halfLife: halfLife)
        let course = try #require(cascade.course(until: .seconds(6_000)))
        let parts = 8
        let fine = self.renewal(
            cascade, step: course.step / Double(parts), points: (course.rates.count - 1) * parts + 1
        )
        let top = try #require(fine.max())
        for (index, rate) in course.rates.enumerated() {
            // The trapezoids' own error is a few times (step / 128)^2.
            #expect(abs(rate - fine[index * parts]) < 3e-4 * top)
        }
    }

    @Test("Without a half-life, as many see it as the final-size equation says.")
    func finalSize() throws {
        for reproduction in [0.5, 1.5, 3, 10] {
            let cascade = self.cascade(reproduction: reproduction)
            let course = try #require(cascade.course(until: .seconds(600_000)))
            // ln(S/S0) = -R (N - S) / N: Kermack and McKendrick's, solved by bisection.
            var (low, high) = (0.0, 10_000.0 - 20)
            for _ in 0..<200 {
                let open = (low + high) / 2
                let side = log(open / 9_980) + reproduction * (10_000 - open) / 10_000
                if side < 0 { low = open } else { high = open }
            }
            #expect(abs(course.seen - (10_000 - low)) < 0.01 * 10)
        }
    }

    @Test("Far from saturation, seeds become seeds / (1 - R).")
    func subcritical() throws {
        let cascade = self.cascade(audience: 1e9, seeds: 100, reproduction: 0.8)
        let course = try #require(cascade.course(until: .seconds(600_000)))
        // It stops when a thousandth of a person would still act.
        #expect(abs(course.seen - 500) < 0.02)
    }

    @Test("R of a doubling time doubles the rate in that time.")
    func doubling() throws {
        let reproduction = ViralCascade.reproduction(doubling: .seconds(900), delay: .seconds(600))
        #expect(abs(reproduction - (1 + 2.0 / 3 * log(2.0))) < 1e-12)
        let cascade = self.cascade(
            audience: 1e12, seeds: 1, reproduction: reproduction, halfLife: 9_000_000_000)
        let course = try #require(cascade.course(until: .seconds(9_000)))
        let growth = try #require(course.rates.last) / course.rates[0]
        // The half-life of 285 years takes 8e-6 of it.
        #expect(abs(growth / 1_024 - 1) < 1e-5)
    }

    @Test("Left alone, it ends when at most one in a thousand is still to act.")
    func fading() throws {
        let cascade = self.cascade(halfLife: 7_200)
        let course = try #require(cascade.course())
        let whole = try #require(cascade.course(until: .seconds(400_000)))
        #expect(course.seen < whole.seen)
        #expect(course.seen > whole.seen * 0.999)
        let acted = zip(course.rates, course.rates.dropFirst()).reduce(0) {
            $0 + ($1.0 + $1.1) / 2 * course.step
        }
        #expect(acted < whole.seen * 0.1)
        #expect(acted > whole.seen * 0.1 * 0.998)
    }

    @Test("The audience is found of which so many see it.", arguments: [nil, 50] as [Double?])
    func reaching(seeds: Double?) throws {
        let fitted = try #require(
            self.cascade(halfLife: 7_200).reaching(40_000, seeds: seeds))
        #expect(fitted.audience >= 40_000)
        #expect(fitted.seeds == seeds ?? (fitted.audience / 1_000).rounded(.down))
        let seen = try #require(fitted.course()?.seen)
        #expect(abs(seen / 40_000 - 1) < 0.002)
    }

    @Test("Where interest is lost first, no audience is large enough.")
    func unreachable() {
        #expect(self.cascade(halfLife: 300).reaching(1_000_000, seeds: 3) == nil)
        #expect(self.cascade().reaching(10, seeds: 11) == nil)
    }

    @Test("A course of too many steps is none; silence after the end costs nothing.")
    func bounds() throws {
        #expect(self.cascade(delay: 1, halfLife: 40_000_000_000).course() != nil)
        #expect(
            self.cascade(audience: 1e9, seeds: 1, reproduction: 1.000_01, delay: 1)
                .course(until: .seconds(10_000_000)) == nil)
        let course = try #require(self.cascade(delay: 1).course(until: .seconds(86_400 * 365)))
        #expect(course.rates.count < 10_000)
        #expect(course.rates.allSatisfy { $0 > 0 })
    }
}
