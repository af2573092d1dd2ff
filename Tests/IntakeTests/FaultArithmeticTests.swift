import Primitives
import Testing

@testable import Intake

@Suite struct FaultArithmeticTests {
    private func at(_ milliseconds: Int64) -> MonotonicTime {
        MonotonicTime(nanoseconds: milliseconds * 1_000_000)
    }

    private func active(_ text: String, spoolBytes: Int = 0) throws -> [ActiveFault] {
        try FaultSpec.list(text).enumerated().map { index, spec in
            ActiveFault(index: index, spec: spec, since: self.at(0), spoolBytes: spoolBytes)
        }
    }

    @Test("Faults that are other settings are exactly these, and nothing else.")
    func overlay() throws {
        var base = IntakeSettings()
        base.serviceTime = .milliseconds(10)
        base.cpuCost = .milliseconds(1)
        base.timeScale = 10
        #expect(base.under([]) == base)
        var wanted = base
        wanted.serviceTime = .milliseconds(40)
        wanted.cpuCost = .milliseconds(3)
        wanted.queue = 7
        wanted.maxConnections = 5
        wanted.bodyLimit = ByteCount(1_000)
        wanted.limiter.rate = Rate(perSecond: 0.5)
        wanted.limiter.burst = 3
        wanted.limiter.key = "X-Phone"
        wanted.limiter.status = 503
        wanted.shed.above = 2
        wanted.shed.status = 429
        wanted.review.analysts = 0
        let faults = try self.active(
            """
            cpu at=0s cost=2ms; workers at=0s hold=20ms; queue at=0s length=7 hold=10ms;
            connections at=0s most=5; body-limit at=0s largest=1kB;
            limiter at=0s rate=30/m burst=3 key=X-Phone status=503;
            shed at=0s above=2 status=429; analysts at=0s analysts=0
            """)
        #expect(base.under(faults) == wanted)
        let other = try self.active(
            """
            accept at=0s; descriptors at=0s spare=1; bandwidth at=0s throughput=1B/s;
            pool at=0s size=1; lock at=0s section=1ms; downstream at=0s delay=1s; disk-full at=0s;
            fsync at=0s; leak at=0s; pause at=0s; crash at=0s; switch-off at=0s; instance at=0s;
            cold at=0s factor=2 warmup=1s; release at=0s cost=1ms; poison at=0s share=1; odd at=0s
            """)
        #expect(base.under(other) == base)
    }

    @Test("What a quota leaves is real bytes beyond those that lie there.")
    func quota() throws {
        var base = IntakeSettings()
        base.timeScale = 1_200
        let faults = try self.active("quota at=0s free=2MB", spoolBytes: 3_000_001)
        #expect(base.under(faults).spoolLimit == 5_000_001)
    }

    @Test("The last of two faults of a kind has its way, where they do not add up.")
    func lastWord() throws {
        let faults = try self.active(
            "queue at=0s length=7; queue at=0s length=9; cpu at=0s cost=2ms; cpu at=0s cost=3ms")
        let settings = IntakeSettings().under(faults)
        #expect(settings.queue == 9 && settings.cpuCost == .milliseconds(5))
    }

    @Test("Warming up is a straight line from the factor to one.")
    func warmup() throws {
        let cold = try FaultSpec.list("cold at=0s factor=5 warmup=10s")[0]
        let slowness = [0, 2_500, 5_000, 10_000, 99_000].map {
            cold.slowness(after: .milliseconds($0))
        }
        #expect(slowness == [5, 4, 3, 1, 1])
    }

    @Test("A share of many is hit as evenly as can be.")
    func shares() {
        #expect((0..<8).map { FaultShare.hits($0, share: 0.5) }.filter { $0 }.count == 4)
        #expect((0..<10).filter { FaultShare.hits($0, share: 0.3) } == [3, 6, 9])
        #expect((0..<5).allSatisfy { FaultShare.hits($0, share: 1) })
    }

    @Test("Texts lie everywhere between 0 and 1, each always at the same place.")
    func places() {
        let places = (0..<4_000).map { FaultShare.place(of: "key-\($0)") }
        #expect(places == (0..<4_000).map { FaultShare.place(of: "key-\($0)") })
        #expect(places.allSatisfy { (0..<1).contains($0) })
        for part in 0..<4 {
            let count = places.filter { Int($0 * 4) == part }.count
            // A thousand are expected; 27 is the standard deviation.
            #expect((850...1_150).contains(count), "\(part): \(count)")
        }
    }

    @Test("Bytes pass at the rate, after those before them.")
    func pacing() {
        var pacer = BandwidthPacer(rate: 1_000)
        #expect(pacer.wait(for: 500, at: self.at(0)) == .milliseconds(500))
        #expect(pacer.wait(for: 500, at: self.at(100)) == .milliseconds(900))
        #expect(pacer.wait(for: 0, at: self.at(1_000)) == .zero)
        #expect(pacer.wait(for: 250, at: self.at(5_000)) == .milliseconds(250))
    }

    @Test("The last second is the last second, after a pause as well.")
    func window() {
        var window = RateWindow()
        #expect([0, 50, 950].map { window.add(at: self.at($0)) } == [1, 2, 3])
        #expect(window.add(at: self.at(1_000)) == 2)
        #expect(window.add(at: self.at(50_000)) == 1)
        #expect(window.add(at: self.at(50_999)) == 2)
        #expect(window.add(at: self.at(51_000)) == 2)
    }

    @Test("Memory is taken up to its end, and given back.")
    func leak() {
        let leak = MemoryLeak(most: 10_000)
        #expect(
            [4_000, 4_000, 4_000, 2_000, 1].map { leak.take($0) } == [
                true, true, false, true, false,
            ])
        #expect(leak.bytes == 10_000)
        leak.drain()
        #expect(leak.bytes == 0 && leak.take(10_000))
        leak.drain()
    }

    @Test("What does not fit is what the kernel itself refuses.")
    func fullDevice() throws {
        let error = #expect(throws: SpoolError.self) {
            try SpoolError.writeToFullDevice([1, 2, 3])
        }
        #expect(error?.isFull == true)
        #expect(!SpoolError(code: 24).isFull)
    }
}

@Suite struct SupervisionTests {
    private static let line = "{\"port\":8001,\"admin\":8002,\"pid\":77,\"version\":\"1\"}"

    @Test(
        "A child that dies of a fault is started again on its ports; the parent says nothing new.")
    func restart() {
        var parent = Supervision()
        #expect(parent.take(.said(Self.line)) == [.announce(Self.line)])
        for _ in 0..<3 {
            #expect(parent.take(.said(Supervision.farewell(.milliseconds(1_500)))) == [])
            #expect(parent.take(.died(status: 9, bySignal: true)) == [.wait(.milliseconds(1_500))])
            #expect(
                parent.take(.waited)
                    == [.start(["--successor", "--port", "8001", "--admin-port", "8002"])])
            #expect(parent.take(.said(Self.line)) == [])
        }
    }

    @Test("A child that dies of anything else takes its parent with it.")
    func ends() {
        for (status, bySignal, end) in [(9, true, 137), (106, false, 106), (0, false, 0)] {
            var parent = Supervision()
            _ = parent.take(.said(Self.line))
            #expect(
                parent.take(.died(status: Int32(status), bySignal: bySignal))
                    == [.end(Int32(end))])
        }
    }

    @Test("Stopping is an end in order, with a child and without.")
    func stops() {
        var serving = Supervision()
        _ = serving.take(.said(Self.line))
        #expect(serving.take(.stopWanted) == [.tellToStop])
        #expect(serving.take(.said("what is this")) == [])
        #expect(serving.take(.died(status: 9, bySignal: true)) == [.end(0)])
        var down = Supervision()
        _ = down.take(.said(Self.line))
        _ = down.take(.said(Supervision.farewell(.seconds(1))))
        _ = down.take(.died(status: 9, bySignal: true))
        #expect(down.take(.stopWanted) == [.end(0)])
    }
}
