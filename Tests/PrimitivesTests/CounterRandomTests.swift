import Primitives
import Testing

@Suite struct CounterRandomTests {
    @Test("The mixing function is SplitMix64's: seed 0 begins with its published first output.")
    func splitMix64() {
        #expect(CounterRandom.mix(0x9E37_79B9_7F4A_7C15) == 0xE220_A839_7B1D_CDAF)
    }

    @Test("Draws are what an independent calculation gives, for ever.")
    func knownValues() {
        let first = CounterRandom(seed: 0, population: 0, intent: 0, purpose: .arrival)
        #expect(first.bits(0) == 0xA801_F4A6_823A_D2F1)
        #expect(first.uniform(0) == 0.656_279_841_090_717_8)
        let second = CounterRandom(seed: 1, population: 0, intent: 0, purpose: .arrival)
        #expect(second.bits(0) == 0x4E6D_1F97_A574_3194)
        let retry = CounterRandom(seed: 1, population: 2, intent: 3, purpose: .retry)
        #expect(retry.bits(5) == 0xF699_1EF0_5E10_9C77)
        let size = CounterRandom(seed: 20_200_531, population: 1, intent: 99, purpose: .size)
        #expect(size.bits(7) == 0xBAFF_E8BF_4818_B177)
        #expect((0..<8).map { size.integer($0, in: 0...9) } == [6, 7, 7, 4, 2, 5, 0, 7])
        let last = CounterRandom(
            seed: .max, population: 3, intent: 1_000_000, purpose: .patience)
        #expect(last.bits(1) == 0xD98E_8B08_E3D8_BC29)
    }

    @Test("Every part of the key matters.")
    func independence() {
        var seen: Set<UInt64> = []
        for seed in 0..<4 as Range<UInt64> {
            for population in 0..<4 {
                for intent in 0..<16 {
                    for purpose in DrawPurpose.allCases {
                        let draws = CounterRandom(
                            seed: seed, population: population, intent: intent, purpose: purpose)
                        for n in 0..<4 { seen.insert(draws.bits(n)) }
                    }
                }
            }
        }
        #expect(seen.count == 4 * 4 * 16 * DrawPurpose.allCases.count * 4)
    }

    @Test("Uniform draws fill [0, 1) evenly: chi-squared over 100 cells below its 99.9 % quantile.")
    func uniformity() {
        var cells = Array(repeating: 0, count: 100)
        for intent in 0..<100_000 {
            let draws = CounterRandom(seed: 5, population: 0, intent: intent, purpose: .think)
            let value = draws.uniform(0)
            // Outside of [0, 1) this traps.
            cells[Int((value * 100).rounded(.down))] += 1
        }
        let chiSquared = cells.reduce(0.0) {
            $0 + (Double($1) - 1_000) * (Double($1) - 1_000) / 1_000
        }
        #expect(chiSquared < 148.23)
    }

    @Test("Integers stay in their range, also in the widest.")
    func ranges() {
        let draws = CounterRandom(seed: 9, population: 0, intent: 0, purpose: .expression)
        for n in 0..<1_000 {
            #expect((-3...3).contains(draws.integer(n, in: -3...3)))
            #expect(draws.integer(n, in: 7...7) == 7)
            #expect(draws.integer(n, in: (Int.min + 1)...Int.max) > Int.min)
        }
        #expect(Set((0..<1_000).map { draws.integer($0, in: -3...3) }).count == 7)
        #expect(Set((0..<100).map { draws.integer($0, in: Int.min...Int.max) }).count == 100)
    }
}
