import Primitives
import Testing

@Suite("Rates of links")
struct BitRateTests {
    @Test(
        "Bits and bytes per second are read.",
        arguments: [
            ("1Mbit/s", 125_000), ("64kbit/s", 8_000), ("64 kbit/s", 8_000), ("125kB/s", 125_000),
            ("1.5MB/s", 1_500_000), ("8bit/s", 1), ("1KiB/s", 1_024), ("2Mbps", 250_000),
            ("1Gbit/s", 125_000_000), ("7B/s", 7), ("0kbit/s", 0),
        ] as [(String, Double)])
    func reads(text: String, bytes: Double) throws {
        #expect(try UnitText.bitRate(text) == bytes)
    }

    @Test(
        "Anything else is refused, and says what to write.",
        arguments: [
            ("-1Mbit/s", "-1Mbit/s is negative"),
            ("1000", "1000 has no unit; write for example 1000kbit/s or 1000kB/s"),
            ("fast", "'fast' is no rate of bits; write for example 1Mbit/s or 125kB/s"),
            ("1Mb", "'1Mb' is no rate of bits; write for example 1Mbit/s or 125kB/s"),
            ("1.Mbit/s", "'1.Mbit/s' is no rate of bits; write for example 1Mbit/s or 125kB/s"),
            ("1 Mbit", "'1 Mbit' is no rate of bits; write for example 1Mbit/s or 125kB/s"),
            ("", "'' is no rate of bits; write for example 1Mbit/s or 125kB/s"),
        ])
    func refuses(text: String, message: String) {
        #expect(throws: UnitError(message)) { try UnitText.bitRate(text) }
    }

    @Test("They are shown in bits.")
    func shows() {
        #expect(UnitText.formatBits(bytesPerSecond: 125_000) == "1 Mbit/s")
        #expect(UnitText.formatBits(bytesPerSecond: 8_000) == "64 kbit/s")
        #expect(UnitText.formatBits(bytesPerSecond: 1) == "8 bit/s")
        #expect(UnitText.formatBits(bytesPerSecond: 187_500_000) == "1.5 Gbit/s")
    }
}
