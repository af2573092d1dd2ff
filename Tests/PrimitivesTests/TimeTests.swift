import Foundation
import Primitives
import Testing

@Suite struct TimeTests {
    @Test("Spans saturate instead of wrapping.")
    func saturation() {
        #expect(Nanoseconds.max + Nanoseconds(1) == .max)
        #expect(Nanoseconds(.min) - Nanoseconds(1) == Nanoseconds(.min))
        #expect(Nanoseconds(.min) + Nanoseconds(-1) == Nanoseconds(.min))
        #expect(Nanoseconds.max - Nanoseconds(-1) == .max)
        #expect(Nanoseconds.seconds(.max) == .max)
        #expect(Nanoseconds.seconds(.min) == Nanoseconds(.min))
        #expect(Nanoseconds.milliseconds(.max) == .max)
        #expect(Nanoseconds.microseconds(.min) == Nanoseconds(.min))
        #expect(Nanoseconds(seconds: 1e300) == .max)
        #expect(Nanoseconds(seconds: -1e300) == Nanoseconds(.min))
        #expect(Nanoseconds(seconds: .nan) == .zero)
        #expect(Nanoseconds.seconds(1) / 0 == .max)
        #expect(
            MonotonicTime(nanoseconds: .max) + .seconds(1) == MonotonicTime(nanoseconds: .max))
    }

    @Test("Spans convert and divide exactly where they can.")
    func conversion() {
        #expect(Nanoseconds(seconds: 1.5) == .milliseconds(1_500))
        #expect(Nanoseconds.seconds(144_000) / 1_200 == .seconds(120))
        #expect(Nanoseconds(1_999).microseconds == 1)
        #expect(Nanoseconds.milliseconds(20).milliseconds == 20)
        #expect(Nanoseconds.milliseconds(20).seconds == 0.02)
        let earlier = MonotonicTime(nanoseconds: 5)
        #expect(earlier + Nanoseconds(7) - earlier == Nanoseconds(7))
    }

    @Test("Values are coded as bare numbers.")
    func coding() throws {
        let encoder = JSONEncoder()
        #expect(try String(decoding: encoder.encode([Nanoseconds(5)]), as: UTF8.self) == "[5]")
        #expect(try String(decoding: encoder.encode([ByteCount(6)]), as: UTF8.self) == "[6]")
        #expect(
            try String(decoding: encoder.encode([Rate(perSecond: 1.5)]), as: UTF8.self) == "[1.5]")
        let back = try JSONDecoder().decode([Nanoseconds].self, from: Data("[7]".utf8))
        #expect(back == [Nanoseconds(7)])
    }

    @Test(
        "Civil time is UTC, before 1970 too.",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1_590_904_080_123, "2020-05-31T05:48:00.123Z"),
            (-1, "1969-12-31T23:59:59.999Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        ])
    func civilTime(_ milliseconds: Int64, _ text: String) {
        #expect(WallTime(milliseconds: milliseconds).iso8601 == text)
    }

    @Test("A stamp names a directory.")
    func stamp() {
        #expect(WallTime(milliseconds: 1_590_904_080_123).stamp == "20200531T054800Z")
    }

    @Test("The monotonic clock does not go back.")
    func clock() {
        let clock = SystemClock()
        let first = clock.now()
        #expect(clock.now() >= first)
    }
}
