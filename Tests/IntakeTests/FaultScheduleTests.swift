import Primitives
import Testing

@testable import Intake

@Suite struct FaultScheduleTests {
    private func at(_ milliseconds: Int64) -> MonotonicTime {
        MonotonicTime(nanoseconds: milliseconds * 1_000_000)
    }

    private func schedule(_ text: String, timeScale: Double = 1) throws -> FaultSchedule {
        FaultSchedule(try FaultSpec.list(text), timeScale: timeScale)
    }

    @Test("Time counts from the first request, and each fault is on once.")
    func time() throws {
        var schedule = try self.schedule("cpu at=2s for=3s cost=1ms")
        #expect(schedule.timePassed(to: self.at(90_000)) == [])
        #expect(schedule.nextWake == nil)
        #expect(schedule.requestCame(at: self.at(100_000)) == [])
        #expect(schedule.nextWake == self.at(102_000))
        #expect(schedule.timePassed(to: self.at(101_999)) == [])
        #expect(schedule.active == [])
        #expect(schedule.timePassed(to: self.at(102_000)) == [.begin(0)])
        #expect(schedule.active == [0])
        #expect(schedule.nextWake == self.at(105_000))
        #expect(schedule.requestCame(at: self.at(104_999)) == [])
        #expect(schedule.requestCame(at: self.at(105_000)) == [.end(0)])
        #expect(schedule.nextWake == nil)
        #expect(schedule.timePassed(to: self.at(999_000)) == [])
    }

    @Test("Spans of the schedule are story time.")
    func timeScale() throws {
        var schedule = try self.schedule("cpu at=2h for=1h cost=1ms", timeScale: 3_600)
        _ = schedule.requestCame(at: self.at(0))
        #expect(schedule.nextWake == self.at(2_000))
        #expect(schedule.timePassed(to: self.at(2_000)) == [.begin(0)])
        #expect(schedule.timePassed(to: self.at(2_999)) == [])
        #expect(schedule.timePassed(to: self.at(3_000)) == [.end(0)])
    }

    @Test("A fault after n requests is on for the one after the n-th.")
    func count() throws {
        var schedule = try self.schedule("crash afterCount=2; release afterCount=0 cost=1ms")
        #expect(schedule.requestCame(at: self.at(0)) == [.begin(1)])
        #expect(schedule.requestCame(at: self.at(1)) == [])
        #expect(schedule.requestCame(at: self.at(2)) == [.begin(0)])
        #expect(schedule.requestCame(at: self.at(3)) == [])
        #expect(schedule.requests == 4)
        #expect(schedule.finish(0) == [.end(0)])
        #expect(schedule.finish(0) == [])
        #expect(schedule.active == [1])
    }

    @Test("Bytes count when they are there.")
    func bytes() throws {
        var schedule = try self.schedule("disk-full afterBytes=10kB")
        #expect(schedule.bytesCame(9_999, at: self.at(5)) == [])
        #expect(schedule.bytesCame(1, at: self.at(6)) == [.begin(0)])
        #expect(schedule.bytesCame(99_999, at: self.at(7)) == [])
        #expect(schedule.bytes == 109_999)
    }

    @Test("A rate is requests within a second, wherever that second begins.")
    func rate() throws {
        var schedule = try self.schedule("shed atRate=5/s above=0")
        // Four a second never are five.
        for number: Int64 in 0..<40 {
            #expect(schedule.requestCame(at: self.at(number * 250)) == [])
        }
        // The fifth since 9,000.
        #expect(schedule.requestCame(at: self.at(9_900)) == [.begin(0)])
    }

    @Test("What ends makes way for what begins at the same moment.")
    func order() throws {
        var schedule = try self.schedule(
            "queue at=1s for=1s length=9; shed at=2s above=1; quota at=0s free=1B")
        #expect(schedule.requestCame(at: self.at(0)) == [.begin(2)])
        #expect(schedule.timePassed(to: self.at(1_000)) == [.begin(0)])
        #expect(schedule.timePassed(to: self.at(2_000)) == [.end(0), .begin(1)])
        #expect(schedule.active == [1, 2])
    }

    @Test("A moment that was slept through is not missed, and lasts as long as it should.")
    func late() throws {
        var schedule = try self.schedule("pause at=1s for=2s")
        _ = schedule.requestCame(at: self.at(0))
        #expect(schedule.timePassed(to: self.at(10_000)) == [.begin(0)])
        #expect(schedule.timePassed(to: self.at(11_999)) == [])
        #expect(schedule.timePassed(to: self.at(12_000)) == [.end(0)])
    }

    @Test("Another process goes on where one was killed.")
    func succession() throws {
        let faults = "cpu at=2s for=3s cost=1ms; crash afterCount=5; shed at=9s above=0"
        var first = try self.schedule(faults)
        for number in 0..<3 { _ = first.requestCame(at: self.at(Int64(number) * 1_000)) }
        _ = first.bytesCame(77, at: self.at(2_100))
        let board = FaultBoard(try FaultSpec.list(faults), timeScale: 1)
        for number in 0..<3 {
            _ = board.change(at: self.at(Int64(number) * 1_000), around: { (5, 40) }) {
                $0.requestCame(at: self.at(Int64(number) * 1_000))
            }
        }
        _ = board.change(at: self.at(2_100), around: { (5, 40) }) {
            $0.bytesCame(77, at: self.at(2_100))
        }
        board.began(0, at: self.at(2_001))
        board.occurred(1, at: self.at(2_200))
        let heir = FaultBoard(try FaultSpec.list(faults), timeScale: 1)
        #expect(heir.restore(board.saved))
        #expect(heir.saved["phases"] == board.saved["phases"])
        #expect(heir.saved["records"] == board.saved["records"])
        #expect(heir.saved["origin"] == .integer(0))
        #expect(heir.saved["bytes"] == .integer(77))
        #expect(heir.restarts == 1 && board.restarts == 0)
        #expect(heir.active == board.active)
        #expect(heir.active.map(\.spoolBytes) == [5])
        #expect(heir.nextWake == first.nextWake && heir.requests == 3)
        let stranger = FaultBoard(try FaultSpec.list("pause at=1s"), timeScale: 1)
        #expect(!stranger.restore(board.saved))
    }

    @Test("The truth tells what was asked for and what came of it.")
    func truth() throws {
        let board = FaultBoard(
            try FaultSpec.list("cpu afterCount=1 cost=2ms; odd at=9s"), timeScale: 1)
        for time: Int64 in [1_000, 3_500] {
            _ = board.change(at: self.at(time), around: { (0, 12.5) }) {
                $0.requestCame(at: self.at(time))
            }
        }
        board.began(0, at: self.at(3_600))
        board.began(0, at: self.at(3_700))
        board.ended(0, at: self.at(4_000))
        board.failed(1, "never tried")
        guard case .array(let faults) = board.truth else {
            Issue.record("no list")
            return
        }
        #expect(faults[0]["id"] == .string("cpu") && faults[0]["mechanism"] == .string("M01"))
        #expect(faults[0]["asked"]?["cost"] == .string("2ms"))
        #expect(faults[0]["triggered"]?["t"] == .number(2.5))
        #expect(faults[0]["began"]?["t"] == .number(2.6))
        #expect(faults[0]["ended"]?["t"] == .number(3))
        #expect(faults[0]["at_trigger"]?["requests"] == .integer(2))
        #expect(faults[0]["capacity_before"] == .number(12.5))
        #expect(faults[0]["capacity_during"] == .null && board.lastCapacity == 12.5)
        #expect(faults[1]["mechanism"] == .null && faults[1]["triggered"] == .null)
        #expect(faults[1]["failure"] == .string("never tried"))
    }
}
