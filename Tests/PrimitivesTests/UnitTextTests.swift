import Primitives
import Testing

@Suite struct UnitTextTests {
    @Test(
        "Durations are read to the nanosecond.",
        arguments: [
            ("0", 0), ("1ns", 1), ("2us", 2_000), ("2µs", 2_000), ("3ms", 3_000_000),
            ("1.5s", 1_500_000_000), ("1h30m", 5_400_000_000_000), ("2d", 172_800_000_000_000),
            ("5h30m0.5s", 19_800_500_000_000), ("0s", 0), ("05m", 300_000_000_000),
            ("10 s", 10_000_000_000),
        ])
    func durations(_ text: String, _ nanoseconds: Int64) throws {
        #expect(try UnitText.duration(text) == Nanoseconds(nanoseconds))
    }

    @Test(
        "What is no duration says why.",
        arguments: [
            ("60", "60 has no unit; write 60s or 60ms"),
            ("1.5", "1.5 has no unit; write 1.5s or 1.5ms"),
            ("1:30", "'1:30' is not a duration; write for example 30s, 200ms or 1h30m"),
            ("-5s", "'-5s' is not a duration; write for example 30s, 200ms or 1h30m"),
            ("5", "5 has no unit; write 5s or 5ms"),
            ("inf", "'inf' is not a duration; write for example 30s, 200ms or 1h30m"),
            ("1e3s", "'1e3s' is not a duration; write for example 30s, 200ms or 1h30m"),
            (".5s", "'.5s' is not a duration; write for example 30s, 200ms or 1h30m"),
            ("1m30", "'1m30' is not a duration; write for example 30s, 200ms or 1h30m"),
            ("ten s", "'ten s' is not a duration; write for example 30s, 200ms or 1h30m"),
            ("", "an empty text is not a duration; write for example 30s or 1h30m"),
            ("200000d", "'200000d' is longer than 292 years"),
        ])
    func refusedDurations(_ text: String, _ message: String) {
        #expect(throws: UnitError(message)) { try UnitText.duration(text) }
    }

    @Test(
        "Sizes are decimal or binary as written.",
        arguments: [
            ("0", 0), ("512", 512), ("512B", 512), ("25MB", 25_000_000), ("8MiB", 8_388_608),
            ("1.5 kB", 1_500), ("1KB", 1_000), ("2GiB", 2_147_483_648), ("1TB", 1_000_000_000_000),
        ])
    func sizes(_ text: String, _ bytes: Int64) throws {
        #expect(try UnitText.size(text) == ByteCount(bytes))
    }

    @Test(
        "What is no size is refused.",
        arguments: [
            "", "-1", "+5", "1.5", "5 mb", "8MiBs", "9999999999TB", "many", "99999999999999999999",
        ])
    func refusedSizes(_ text: String) {
        #expect(
            throws: UnitError("'\(text)' is not a size; write for example 512B, 25MB or 8MiB")
        ) { try UnitText.size(text) }
    }

    @Test(
        "Rates are per second of whatever they are per.",
        arguments: [
            ("50/s", 50.0), ("24000/h", 24_000.0 / 3_600), ("3/500ms", 6.0), ("0/s", 0.0),
            ("1.5 / 1m30s", 1.5 / 90), ("120/m", 2.0),
        ])
    func rates(_ text: String, _ perSecond: Double) throws {
        #expect(try UnitText.rate(text) == Rate(perSecond: perSecond))
    }

    @Test(
        "What is no rate is refused.",
        arguments: ["50", "50/", "/s", "50/s/s", "-1/s", "1e3/s", "nan/s", "5/0s", "5/0", "5/60"])
    func refusedRates(_ text: String) {
        #expect(
            throws: UnitError("'\(text)' is not a rate; write for example 50/s or 24000/h")
        ) { try UnitText.rate(text) }
    }

    @Test(
        "Spans are written for people.",
        arguments: [
            (0, "0 s"), (340_000_000, "340 ms"), (2_500_000_000, "2.5 s"), (1_500, "1.5 us"),
            (120_000_000_000, "2m"), (150_000_000_000, "2m 30s"), (5_400_000_000_000, "1h 30m"),
            (3_600_000_000_000, "1h"), (-2_500_000_000, "-2.5 s"),
        ])
    func formatsSpans(_ nanoseconds: Int64, _ text: String) {
        #expect(UnitText.format(Nanoseconds(nanoseconds)) == text)
    }

    @Test(
        "Sizes are written for people.",
        arguments: [(0, "0 B"), (999, "999 B"), (1_200_000, "1.2 MB"), (2_000_000_000_000, "2 TB")])
    func formatsSizes(_ bytes: Int64, _ text: String) {
        #expect(UnitText.format(ByteCount(bytes)) == text)
    }

    @Test("Numbers keep their digits, and the largest do not trap.")
    func numbers() {
        #expect(UnitText.fixed(1.005, 2) == "1.00")
        #expect(UnitText.fixed(-0.001, 2) == "0.00")
        #expect(UnitText.fixed(-1.25, 1) == "-1.3")
        #expect(UnitText.fixed(8e15, 6) == "8000000000000000")
        #expect(UnitText.fixed(.infinity, 2) == "-")
        #expect(UnitText.trimmed(12.0) == "12")
        #expect(UnitText.trimmed(1234.5) == "1235")
    }
}
