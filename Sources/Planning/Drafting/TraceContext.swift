package import Primitives

/// The ids of one attempt for W3C Trace Context: a trace per intent, a span per attempt.
///
/// So one trace holds all that happened to a person, retries included. Ids are a function of the
/// run and the attempt: the journal finds them again without the lanes keeping any.
package struct TraceContext: Sendable, Hashable {
    private let high: UInt64
    private let low: UInt64
    private let parent: UInt64

    /// The ids of an attempt; neither is zero, which would mean nothing.
    init(key: CounterRandom, step: Int, attempt: Int, intendedStart: MonotonicTime) {
        self.high = key.bits(2)
        self.low = key.bits(3) | 1
        // The intended start tells the turns of a loop apart, the step what starts at once.
        let place = UInt64(truncatingIfNeeded: step) << 32 ^ UInt64(truncatingIfNeeded: attempt)
        let time = UInt64(bitPattern: intendedStart.nanoseconds)
        self.parent = CounterRandom.mix(CounterRandom.mix(self.high ^ time) ^ place) | 1
    }

    /// The trace's id: 32 hex digits.
    package var trace: String { Hexadecimal.text(self.high) + Hexadecimal.text(self.low) }

    /// The attempt's own id: 16 hex digits.
    package var span: String { Hexadecimal.text(self.parent) }

    /// The value of `traceparent`: version 00, the ids, and the flag that says sampled.
    ///
    /// 55 bytes, made in one allocation.
    package var header: String {
        String(unsafeUninitializedCapacity: 55) { buffer in
            func put(_ number: UInt64, at place: Int) {
                for digit in 0..<16 {
                    let value = UInt8(truncatingIfNeeded: number >> UInt64(60 - 4 * digit)) & 15
                    buffer[place + digit] = value < 10 ? 48 + value : 87 + value
                }
            }
            // 00-TRACE-SPAN-01
            buffer[0] = UInt8(ascii: "0")
            buffer[1] = UInt8(ascii: "0")
            buffer[2] = UInt8(ascii: "-")
            put(self.high, at: 3)
            put(self.low, at: 19)
            buffer[35] = UInt8(ascii: "-")
            put(self.parent, at: 36)
            buffer[52] = UInt8(ascii: "-")
            buffer[53] = UInt8(ascii: "0")
            buffer[54] = UInt8(ascii: "1")
            return 55
        }
    }
}

extension RequestDrafter {
    /// The ids that an attempt's `traceparent` carries; nil where the scenario asks for none, and
    /// where the step has such a header of its own.
    package func trace(
        population: Int, intent: Int, step: Int, attempt: Int, intendedStart: MonotonicTime
    ) -> TraceContext? {
        guard self.compiled[population][step].isTraced else { return nil }
        let key = CounterRandom(
            seed: self.runKey, population: population, intent: intent, purpose: .key)
        return TraceContext(
            key: key, step: step, attempt: attempt, intendedStart: intendedStart)
    }
}
