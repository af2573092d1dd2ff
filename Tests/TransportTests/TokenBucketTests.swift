import Testing

@testable import Transport

@Suite("A token bucket")
struct TokenBucketTests {
    private static let second: Int64 = 1_000_000_000
    private static let millisecond: Int64 = 1_000_000

    @Test("It begins empty and fills at exactly its rate.")
    func fills() {
        var bucket = TokenBucket(rate: 125_000, at: 7)
        #expect(bucket.available == 0)
        bucket.advance(to: 7 + Self.millisecond)
        #expect(bucket.available == 125)
        bucket.advance(to: 7 + 2 * Self.millisecond + 7_999)
        #expect(bucket.available == 250)
        bucket.advance(to: 7 + 2 * Self.millisecond + 8_000)
        #expect(bucket.available == 251)
    }

    @Test("It holds 50 ms of its rate when nobody waits.", arguments: [8_000, 125_000, 12_500_000])
    func depth(rate: Int64) {
        var bucket = TokenBucket(rate: rate, at: 0)
        bucket.advance(to: 49 * Self.millisecond)
        #expect(bucket.available == Int(rate * 49 / 1_000))
        bucket.advance(to: 50 * Self.millisecond)
        #expect(bucket.available == Int(rate / 20))
        bucket.advance(to: 3_600 * Self.second)
        #expect(bucket.available == Int(rate / 20))
    }

    @Test("While somebody waits nothing overflows, for two seconds.")
    func waiting() {
        var bucket = TokenBucket(rate: 8_000, at: 0)
        bucket.waiting = 1
        bucket.advance(to: Self.second)
        #expect(bucket.available == 8_000)
        bucket.advance(to: 2 * Self.second)
        #expect(bucket.available == 16_000)
        bucket.advance(to: 9 * Self.second)
        #expect(bucket.available == 16_000)
        bucket.waiting = 0
        bucket.advance(to: 9 * Self.second + 1)
        #expect(bucket.available == 400)
    }

    @Test("Below a byte a tick it loses nothing: a million ticks give the rate times their time.")
    func slow() {
        // 64 kbit/s looked at every 100 us: 0.8 bytes a tick.
        var bucket = TokenBucket(rate: 8_000, at: 0)
        var sent = 0
        for tick in 1...1_000_000 {
            bucket.advance(to: Int64(tick) * 100_000)
            let packet = bucket.available
            bucket.take(packet)
            sent += packet
        }
        #expect(sent == 800_000)
        // One byte a second, looked at a thousand times a second.
        var slowest = TokenBucket(rate: 1, at: 0)
        slowest.waiting = 1
        var bytes: [Int64] = []
        for tick in 1...5_000 {
            slowest.advance(to: Int64(tick) * Self.millisecond)
            if slowest.available > 0 {
                slowest.take(slowest.available)
                bytes.append(Int64(tick))
            }
        }
        #expect(bytes == [1_000, 2_000, 3_000, 4_000, 5_000])
    }

    @Test("It says when so much may pass, to the nanosecond.")
    func instants() {
        var bucket = TokenBucket(rate: 3, at: 100)
        #expect(bucket.instant(of: 0) == 100)
        #expect(bucket.instant(of: 1) == 100 + 333_333_334)
        #expect(bucket.instant(of: 3) == 100 + Self.second)
        bucket.waiting = 1
        bucket.advance(to: 100 + 333_333_333)
        #expect(bucket.available == 0)
        bucket.advance(to: 100 + 333_333_334)
        #expect(bucket.available == 1)
        #expect(TokenBucket(rate: 1, at: 0).instant(of: 1_000_000_000) == 1_000_000_000_000_000_000)
    }

    @Test("What was taken beyond it is paid back before anything passes.")
    func debt() {
        var bucket = TokenBucket(rate: 1_000, at: 0)
        bucket.take(500)
        #expect(bucket.available == 0)
        #expect(bucket.level == -500 * Self.second)
        #expect(bucket.instant(of: 0) == 500 * Self.millisecond)
        bucket.advance(to: 499 * Self.millisecond)
        #expect(bucket.available == 0)
        bucket.advance(to: 510 * Self.millisecond)
        #expect(bucket.available == 10)
    }

    @Test("Time in which nothing moves adds nothing.")
    func stall() {
        var bucket = TokenBucket(rate: 1_000, at: 0)
        bucket.waiting = 1
        bucket.advance(to: 20 * Self.millisecond)
        bucket.skip(to: 5 * Self.second)
        bucket.advance(to: 5 * Self.second + 10 * Self.millisecond)
        #expect(bucket.available == 30)
        bucket.drain()
        #expect(bucket.available == 0)
    }

    @Test("The fastest link and the longest gap do not overflow.")
    func extremes() {
        var bucket = TokenBucket(rate: 1_250_000_000, at: 0)
        bucket.waiting = 1
        bucket.advance(to: .max / 2)
        bucket.advance(to: .max)
        #expect(bucket.available == 2_500_000_000)
        for _ in 0..<10 { bucket.take(1_000_000_000) }
        #expect(bucket.available == 0)
        #expect(bucket.instant(of: 1) == .max)
    }

    @Test("Its chunk is its rate's share of time, at least a byte.")
    func chunks() {
        #expect(TokenBucket(rate: 125_000, at: 0).bytes(in: TokenBucket.depth) == 6_250)
        #expect(TokenBucket(rate: 1, at: 0).bytes(in: TokenBucket.depth) == 1)
        #expect(TokenBucket(rate: 8_000, at: 0).bytes(in: 600 * Self.millisecond) == 4_800)
    }
}
