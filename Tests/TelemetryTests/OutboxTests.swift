import Measurements
import Primitives
import Testing

@testable import Telemetry

@Suite("What waits for a collector, in virtual time")
struct OutboxTests {
    private static func box(frames: Int = 300, points: Int = 200_000) -> Outbox {
        Outbox(kind: "otlp", url: "http://h/", frameLimit: frames, pointLimit: points)
    }

    private static func at(_ milliseconds: Int64) -> MonotonicTime {
        MonotonicTime(nanoseconds: milliseconds * 1_000_000)
    }

    /// The seconds that a step sends; nil when it sends nothing.
    private static func sent(_ step: Outbox.Step) -> [Int]? {
        guard case .send(let frames) = step else { return nil }
        return frames.map { frame in
            Int(frame.time.milliseconds - FrameSamples.start.milliseconds) / 1_000 - 1
        }
    }

    private static func isDone(_ step: Outbox.Step) -> Bool {
        if case .done = step { true } else { false }
    }

    private static func isIdle(_ step: Outbox.Step) -> Bool {
        if case .idle = step { true } else { false }
    }

    @Test("A second is sent as it comes; what comes meanwhile goes together.")
    func batches() {
        var box = Self.box()
        #expect(Self.isIdle(box.next(now: Self.at(0))))
        box.add(FrameSamples.frame(second: 0))
        #expect(Self.sent(box.next(now: Self.at(0))) == [0])
        for second in 1...40 { box.add(FrameSamples.frame(second: second)) }
        #expect(Self.isIdle(box.next(now: Self.at(1))), "one request at a time")
        box.ended(.accepted, now: Self.at(2))
        #expect(Self.sent(box.next(now: Self.at(2))) == Array(1...30))
        box.ended(.accepted, now: Self.at(3))
        #expect(Self.sent(box.next(now: Self.at(3))) == Array(31...40))
        box.ended(.accepted, now: Self.at(4))
        box.close()
        #expect(Self.isDone(box.next(now: Self.at(5))))
        #expect(box.tally.sent == 41)
        #expect(box.tally.lost == 0)
        #expect(box.tally.requests == 3)
        #expect(box.tally.failures == 0)
        #expect(box.tally.trouble == nil)
    }

    @Test("5xx and silence: the same seconds again, after pauses that double up to 8 s.")
    func retries() {
        var box = Self.box()
        box.add(FrameSamples.frame(second: 0))
        var now: Int64 = 0
        for pause: Int64 in [500, 1_000, 2_000, 4_000, 8_000, 8_000] {
            #expect(Self.sent(box.next(now: Self.at(now))) == [0])
            box.ended(.failed("HTTP 503"), now: Self.at(now))
            guard case .wait(let until) = box.next(now: Self.at(now)) else {
                Issue.record("no pause")
                return
            }
            #expect(until == Self.at(now + pause))
            #expect(Self.sent(box.next(now: Self.at(now + pause - 1))) == nil)
            now += pause
        }
        box.add(FrameSamples.frame(second: 1))
        #expect(Self.sent(box.next(now: Self.at(now))) == [0, 1], "in order")
        box.ended(.accepted, now: Self.at(now))
        #expect(box.tally.sent == 2)
        #expect(box.tally.lost == 0)
        #expect(box.tally.failures == 6)
        #expect(box.tally.trouble == "HTTP 503")
        // The next trouble begins with a short pause again.
        box.add(FrameSamples.frame(second: 2))
        _ = box.next(now: Self.at(now))
        box.ended(.failed("HTTP 500"), now: Self.at(now))
        guard case .wait(let until) = box.next(now: Self.at(now)) else {
            Issue.record("no pause")
            return
        }
        #expect(until == Self.at(now + 500))
    }

    @Test("What is refused is lost, and the next seconds go at once.")
    func refusals() {
        var box = Self.box()
        box.add(FrameSamples.frame(second: 0))
        _ = box.next(now: Self.at(0))
        box.add(FrameSamples.frame(second: 1))
        box.ended(.refused("HTTP 404"), now: Self.at(1))
        #expect(box.tally.lost == 1)
        #expect(Self.sent(box.next(now: Self.at(1))) == [1])
        #expect(box.tally.trouble == "HTTP 404")
    }

    @Test("A full box loses its oldest seconds, never those under way, and counts them.")
    func overflow() {
        var box = Self.box(frames: 3)
        box.add(FrameSamples.frame(second: 0))
        #expect(Self.sent(box.next(now: Self.at(0))) == [0])
        for second in 1...5 { box.add(FrameSamples.frame(second: second)) }
        #expect(box.tally.lost == 3)
        box.ended(.failed("HTTP 500"), now: Self.at(0))
        #expect(Self.sent(box.next(now: Self.at(500))) == [0, 4, 5])
        box.ended(.accepted, now: Self.at(500))
        #expect(box.tally.sent + box.tally.lost == 6)
        // Three points each: 7 hold two of them.
        var small = Self.box(points: 7)
        for second in 0...4 { small.add(FrameSamples.frame(second: second)) }
        #expect(small.tally.lost == 3)
        #expect(Self.sent(small.next(now: Self.at(0))) == [3, 4])
        small.ended(.accepted, now: Self.at(0))
        for second in 5...6 { small.add(FrameSamples.frame(second: second)) }
        #expect(small.tally.lost == 3, "what was taken makes room")
        #expect(small.tally.trouble == "the collector is too slow")
    }

    @Test("At the end the pause is over, and what cannot be sent is lost.")
    func ending() {
        var box = Self.box()
        box.add(FrameSamples.frame(second: 0))
        _ = box.next(now: Self.at(0))
        box.ended(.failed("HTTP 500"), now: Self.at(0))
        #expect(Self.sent(box.next(now: Self.at(1))) == nil)
        box.close()
        #expect(Self.sent(box.next(now: Self.at(1))) == [0])
        box.add(FrameSamples.frame(second: 1))
        #expect(box.tally.lost == 1, "too late")
        box.abandon()
        #expect(box.tally.lost == 2)
        box.ended(.accepted, now: Self.at(9))
        box.abandon()
        #expect(box.tally.sent == 0)
        #expect(box.tally.lost == 2, "counted once")
        #expect(Self.isDone(box.next(now: Self.at(9))))
    }
}
