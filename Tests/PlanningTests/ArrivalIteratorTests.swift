import Foundation
import Planning
import Primitives
import Scenarios
import Testing

@Suite struct ArrivalIteratorTests {
    private func schedule(
        _ segments: [(seconds: Double, from: Double, to: Double, shape: StageShape)],
        spacing: ArrivalSpacing = .uniform, seed: UInt64 = 1, population: Int = 0
    ) -> ArrivalSchedule {
        var start = Nanoseconds.zero
        let made = segments.map { segment in
            defer { start += Nanoseconds(seconds: segment.seconds) }
            return ArrivalSchedule.Segment(
                start: start, duration: Nanoseconds(seconds: segment.seconds), from: segment.from,
                to: segment.to, shape: segment.shape)
        }
        return ArrivalSchedule(
            segments: made, spacing: spacing, seed: seed, population: population)
    }

    @Test("A constant rate puts the n-th arrival where n and a half have come.")
    func constant() {
        let arrivals = Array(ArrivalIterator(self.schedule([(10, 4, 4, .linear)])))
        #expect(arrivals.count == 40)
        for (index, arrival) in arrivals.enumerated() {
            #expect(arrival.number == index)
            #expect(arrival.at == Nanoseconds(Int64(index) * 250_000_000 + 125_000_000))
        }
    }

    @Test("A step has its target from the stage's first moment.")
    func step() {
        let arrivals = Array(
            ArrivalIterator(self.schedule([(5, 9, 9, .linear), (2, 9, 2, .step)])))
        #expect(arrivals.count == 49)
        #expect(arrivals.suffix(4).map(\.at.seconds) == [5.25, 5.75, 6.25, 6.75])
    }

    @Test("A line from zero has arrivals at the roots of its parabola, to a nanosecond.")
    func linear() {
        // Lambda(t) = t^2 / 2 over 10 s: t = sqrt(2n + 1).
        let rising = Array(ArrivalIterator(self.schedule([(10, 0, 10, .linear)])))
        #expect(rising.count == 50)
        for arrival in rising {
            let exact = Double(2 * arrival.number + 1).squareRoot()
            #expect(abs(arrival.at.seconds - exact) <= 1e-9)
        }
        // Falling is the mirror image.
        let falling = Array(ArrivalIterator(self.schedule([(10, 10, 0, .linear)])))
        #expect(falling.count == 50)
        for (left, right) in zip(rising, falling.reversed()) {
            #expect(abs(left.at.seconds + right.at.seconds - 10) <= 2e-9)
        }
    }

    @Test("An exponential reaches each arrival by a logarithm.")
    func exponential() {
        // 1/s to e^2/s in 10 s: Lambda(t) = 5 (e^(t/5) - 1), in all 5 (e^2 - 1) = 31.945.
        let end = exp(2.0)
        let arrivals = Array(ArrivalIterator(self.schedule([(10, 1, end, .exponential)])))
        #expect(arrivals.count == 32)
        for arrival in arrivals {
            let exact = 5 * log(1 + (Double(arrival.number) + 0.5) / 5)
            #expect(abs(arrival.at.seconds - exact) <= 1e-9)
        }
    }

    @Test(
        "An exponential's zero end counts as 0.1/s, or as the other end if that is less.",
        arguments: [
            // from, to, seconds, arrivals = floor((b - a) d / ln(b / a) + 1/2)
            (0.0, 100.0, 10.0, 145), (100.0, 0.0, 10.0, 145), (0.0, 0.05, 100.0, 5),
            (0.0, 0.0, 100.0, 0), (0.0, 10.0, 60.0, 129), (5.0, 5.0, 10.0, 50),
        ])
    func exponentialFloor(from: Double, to: Double, seconds: Double, count: Int) {
        let schedule = self.schedule([(seconds, from, to, .exponential)])
        #expect(Array(ArrivalIterator(schedule)).count == count)
    }

    @Test("A half cosine is symmetric about its middle, and its integral holds at each arrival.")
    func smooth() {
        let schedule = self.schedule([(20, 0, 50, .smooth)])
        let arrivals = Array(ArrivalIterator(schedule))
        #expect(arrivals.count == 500)
        for arrival in arrivals {
            let time = arrival.at.seconds
            let mass = 25 * (time - 20 / Double.pi * sin(Double.pi * time / 20))
            let rate = 25 * (1 - cos(Double.pi * time / 20))
            // The mass may be off by what a nanosecond brings.
            #expect(abs(mass - (Double(arrival.number) + 0.5)) <= rate * 1e-9 + 1e-10)
        }
        let falling = Array(ArrivalIterator(self.schedule([(20, 50, 0, .smooth)])))
        #expect(falling.count == 500)
        for (left, right) in zip(arrivals, falling.reversed()) {
            #expect(abs(left.at.seconds + right.at.seconds - 20) <= 2e-9)
        }
    }

    @Test("Rates at the quarters of each shape are the textbook's.")
    func rates() {
        func quarters(_ from: Double, _ to: Double, _ shape: StageShape) -> [Double] {
            let schedule = self.schedule([(8, from, to, shape)])
            return [0, 2, 4, 6].map { schedule.rate(at: .seconds($0)) }
        }
        #expect(quarters(10, 50, .linear) == [10, 20, 30, 40])
        #expect(quarters(10, 50, .step) == [50, 50, 50, 50])
        let exponential = zip(quarters(1, 16, .exponential), [1.0, 2, 4, 8])
        #expect(exponential.allSatisfy { abs($0 - $1) < 1e-12 })
        let half = 0.5.squareRoot()
        let smooth = zip(quarters(0, 2, .smooth), [0, 1 - half, 1, 1 + half])
        #expect(smooth.allSatisfy { abs($0 - $1) < 1e-12 })
    }

    @Test("Silence between two stages neither loses nor invents an arrival.")
    func silence() {
        // 0.25 arrivals before the silence, so the first comes a quarter of an arrival after it.
        let arrivals = Array(
            ArrivalIterator(
                self.schedule([
                    (1, 0.25, 0.25, .linear), (1_000, 0, 0, .linear), (10, 1, 1, .linear),
                ])))
        #expect(arrivals.count == 10)
        #expect(arrivals.first?.at == Nanoseconds(1_001_250_000_000))
    }

    @Test("Twenty thousand segments drift by no nanosecond.")
    func noDrift() {
        // Each holds 100 arrivals exactly; the last arrival is known in closed form.
        let segments = (0..<20_000).map { index in
            ArrivalSchedule.Segment(
                start: .milliseconds(Int64(index) * 500), duration: .milliseconds(500), from: 200,
                to: 200, shape: .linear)
        }
        var last = Arrival(number: -1, at: .zero)
        let schedule = ArrivalSchedule(
            segments: segments, spacing: .uniform, seed: 1, population: 0)
        for arrival in ArrivalIterator(schedule) { last = arrival }
        #expect(last == Arrival(number: 1_999_999, at: Nanoseconds(9_999_997_500_000)))
    }

    @Test("Years at a low rate stay exact.")
    func longRun() {
        // 1,000 arrivals over 10^8 s.
        let arrivals = Array(ArrivalIterator(self.schedule([(1e8, 1e-5, 1e-5, .linear)])))
        #expect(arrivals.count == 1_000)
        // A double of 10^17 ns is a multiple of 16 ns.
        let last = arrivals.last?.at ?? .zero
        #expect(abs((last - .seconds(99_950_000)).count) <= 16)
    }

    @Test("After the end there is nothing, however often one asks.")
    func end() {
        var iterator = ArrivalIterator(self.schedule([(1, 1, 1, .linear)]))
        #expect(iterator.next()?.number == 0)
        #expect(iterator.next() == nil)
        #expect(iterator.next() == nil)
        var empty = ArrivalIterator(self.schedule([]))
        #expect(empty.next() == nil)
    }

    // MARK: - Poisson

    @Test("A Poisson process has the mean, the variance and the gaps of its rate.")
    func poissonLaws() {
        // 200 windows of 10 s at 20/s, from 200 seeds: mean 200, variance 200.
        let counts = (0..<200).map { seed in
            Double(
                Array(
                    ArrivalIterator(
                        self.schedule(
                            [(10, 20, 20, .linear)], spacing: .poisson, seed: UInt64(seed)))
                ).count)
        }
        let mean = counts.reduce(0, +) / 200
        let variance = counts.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 199
        // Three standard errors: sqrt(200 / 200) = 1, and 200 sqrt(2 / 199) = 20.
        #expect(abs(mean - 200) < 3)
        #expect(abs(variance - 200) < 60)
    }

    @Test("Rescaled by the curve, Poisson gaps are unit exponentials (Kolmogorov and Smirnov).")
    func poissonGaps() {
        let schedule = self.schedule(
            [(60, 5, 100, .linear), (60, 100, 100, .linear), (60, 100, 0, .smooth)],
            spacing: .poisson, seed: 7)
        var gaps: [Double] = []
        var before = Nanoseconds.zero
        for arrival in ArrivalIterator(schedule) {
            gaps.append(schedule.expectedArrivals(from: before, to: arrival.at))
            before = arrival.at
        }
        gaps.sort()
        let count = Double(gaps.count)
        #expect(abs(count - schedule.expectedArrivals) < 4 * schedule.expectedArrivals.squareRoot())
        let distance =
            gaps.enumerated().map { index, gap in
                let law = 1 - exp(-gap)
                return max(abs(law - Double(index) / count), abs(law - Double(index + 1) / count))
            }.max() ?? 1
        // The 1 % critical value is 1.63 / sqrt(n).
        #expect(distance < 1.63 / count.squareRoot())
    }

    @Test("The same seed gives the same arrivals; another seed or population, others.")
    func determinism() {
        func arrivals(_ seed: UInt64, _ population: Int) -> [Arrival] {
            Array(
                ArrivalIterator(
                    self.schedule(
                        [(20, 10, 30, .linear)], spacing: .poisson, seed: seed,
                        population: population)))
        }
        let first = arrivals(3, 0)
        #expect(first == arrivals(3, 0))
        #expect(first != arrivals(4, 0))
        #expect(first != arrivals(3, 1))
        #expect(zip(first, first.dropFirst()).allSatisfy { $0.at <= $1.at })
        #expect(first.map(\.number) == Array(0..<first.count))
    }
}
