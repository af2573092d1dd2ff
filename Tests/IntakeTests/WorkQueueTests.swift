import Primitives
import Testing

@testable import Intake

@Suite struct WorkQueueTests {
    @Test("Workers are taken first, then places in the queue, then nothing.")
    func admission() {
        var queue = WorkQueue(workers: 2, limit: 1)
        #expect(queue.arrived(1) == .start)
        #expect(queue.arrived(2) == .start)
        #expect(queue.arrived(3) == .wait)
        #expect(queue.arrived(4) == .refuse)
        #expect(queue.depth == 1)
        #expect(queue.isSaturated)
        #expect(queue.finished() == 3)
        #expect(queue.isSaturated)
        #expect(queue.finished() == nil)
        #expect(queue.finished() == nil)
        #expect(queue.busy == 0)
    }

    @Test("Fifo serves the oldest, lifo the newest.")
    func order() {
        for (order, expected) in [
            (IntakeSettings.QueueOrder.fifo, [2, 3, 4]), (.lifo, [4, 3, 2]),
        ] {
            var queue = WorkQueue(workers: 1, limit: 10, order: order)
            _ = queue.arrived(1)
            for ticket in 2...4 { #expect(queue.arrived(ticket) == .wait) }
            let served = (0..<3).compactMap { _ in queue.finished() }
            #expect(served == expected)
        }
    }

    @Test("Who leaves the queue is not served, and frees the place.")
    func leaving() {
        var queue = WorkQueue(workers: 1, limit: 2)
        _ = queue.arrived(1)
        _ = queue.arrived(2)
        _ = queue.arrived(3)
        let left = [queue.left(2), queue.left(2), queue.left(1)]
        #expect(left == [true, false, false])
        #expect(queue.arrived(4) == .wait)
        #expect(queue.finished() == 3)
        #expect(queue.finished() == 4)
    }

    @Test("More workers start what waits; fewer let what is served end.")
    func resizing() {
        var queue = WorkQueue(workers: 1, limit: 5)
        for ticket in 1...4 { _ = queue.arrived(ticket) }
        #expect(queue.resized(workers: 3, limit: 5) == [2, 3])
        #expect(queue.resized(workers: 1, limit: 0) == [])
        #expect(queue.busy == 3)
        #expect(queue.finished() == nil)
        #expect(queue.finished() == nil)
        #expect(queue.finished() == 4)
        #expect(queue.arrived(5) == .refuse)
    }

    @Test("A closed queue names everything that waited and takes nothing more.")
    func closing() {
        var queue = WorkQueue(workers: 1, limit: 5)
        for ticket in 1...3 { _ = queue.arrived(ticket) }
        #expect(queue.closed() == [2, 3])
        #expect(queue.arrived(4) == .refuse)
        #expect(queue.finished() == nil)
    }

    @Test("Units are conserved under any sequence of events.")
    func conservation() {
        let random = CounterRandom(seed: 7, population: 0, intent: 0, purpose: .arrival)
        var queue = WorkQueue(workers: 3, limit: 4)
        var (waiting, started, refused, gone, done) = (Set<Int>(), 0, 0, 0, 0)
        for step in 0..<20_000 {
            switch random.integer(step, in: 0...5) {
            case 0...2:
                switch queue.arrived(step) {
                case .start: started += 1
                case .wait: waiting.insert(step)
                case .refuse: refused += 1
                }
            case 3:
                if let ticket = waiting.min(), queue.left(ticket) {
                    waiting.remove(ticket)
                    gone += 1
                }
            default:
                guard queue.busy > 0 else { continue }
                done += 1
                if let ticket = queue.finished() {
                    #expect(waiting.remove(ticket) != nil)
                    started += 1
                }
            }
            #expect(queue.depth == waiting.count && queue.depth <= 4)
            #expect(queue.busy == started - done && queue.busy <= 3)
            #expect(queue.depth == 0 || queue.busy == 3)
        }
        #expect(refused > 0 && gone > 0 && done > 0)
    }
}

@Suite struct CapacityMeterTests {
    private func at(_ milliseconds: Int64) -> MonotonicTime {
        MonotonicTime(nanoseconds: milliseconds * 1_000_000)
    }

    @Test("Only stretches of a second and more with every worker busy count.")
    func windows() {
        var meter = CapacityMeter()
        meter.saturated(true, at: self.at(0))
        for _ in 0..<90 { meter.completed() }
        meter.saturated(false, at: self.at(900))
        #expect(meter.perSecond(at: self.at(5_000)) == nil)
        for _ in 0..<50 { meter.completed() }
        meter.saturated(true, at: self.at(5_000))
        for _ in 0..<400 { meter.completed() }
        #expect(meter.perSecond(at: self.at(7_000)) == 200)
        meter.saturated(false, at: self.at(7_000))
        meter.saturated(true, at: self.at(8_000))
        for _ in 0..<100 { meter.completed() }
        meter.saturated(true, at: self.at(8_500))
        #expect(meter.perSecond(at: self.at(10_000)) == 125)
        meter.reset()
        #expect(meter.perSecond(at: self.at(20_000)) == nil)
    }
}

@Suite struct TokenBucketTests {
    private func at(_ milliseconds: Int64) -> MonotonicTime {
        MonotonicTime(nanoseconds: milliseconds * 1_000_000)
    }

    @Test("A burst passes, then one per refill.")
    func refill() {
        var bucket = TokenBucket(burst: 3, at: self.at(0))
        let take = { (time: Int64) in
            bucket.take(perSecond: 2, burst: 3, at: self.at(time))
        }
        #expect([take(0), take(0), take(0), take(0)] == [true, true, true, false])
        #expect(!take(499))
        #expect(take(500))
        #expect(!take(900))
        #expect(take(1_000))
        #expect([take(9_000), take(9_000), take(9_000), take(9_000)] == [true, true, true, false])
        // A clock that seems to go back gives nothing.
        #expect(!take(8_000))
    }

    @Test("Each client has its own bucket.")
    func clients() {
        let limiter = Limiter()
        let admits = { (client: String) in
            limiter.admits(client, perSecond: 1, burst: 1, at: self.at(0))
        }
        #expect(admits("a"))
        #expect(!admits("a"))
        #expect(admits("b"))
        #expect(limiter.clients == 2)
    }
}

@Suite struct WorkerPoolTests {
    @Test(
        "A cancelled wait leaves the queue; a closed pool turns the rest away.",
        .timeLimit(.minutes(1)))
    func cancellation() async {
        let pool = WorkerPool(workers: 1, queue: 2, order: .fifo)
        #expect(await self.isGranted(pool.acquire()))
        let first = Task { await pool.acquire() }
        let second = Task { await pool.acquire() }
        while pool.load.depth < 2 { await Task.yield() }
        guard case .refused = await pool.acquire() else {
            Issue.record("a third may not wait")
            return
        }
        first.cancel()
        guard case .left = await first.value else {
            Issue.record("the cancelled one must leave")
            return
        }
        #expect(pool.load.depth == 1)
        pool.close()
        guard case .closed = await second.value else {
            Issue.record("the waiting one must be turned away")
            return
        }
        pool.release(completed: true)
        #expect(pool.load.busy == 0)
        guard case .closed = await pool.acquire() else {
            Issue.record("a closed pool takes nothing")
            return
        }
    }

    private func isGranted(_ turn: WorkerPool.Turn) -> Bool {
        if case .granted = turn { true } else { false }
    }
}
