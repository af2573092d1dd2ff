import Primitives
import Testing

@testable import Intake

@Suite struct ReviewQueueTests {
    private func at(_ seconds: Double) -> MonotonicTime {
        MonotonicTime(nanoseconds: Int64(seconds * 1e9))
    }

    private func queue(
        analysts: Int, order: IntakeSettings.ReviewOrder = .arrival
    ) -> ReviewQueue {
        ReviewQueue(analysts: analysts, perItem: .seconds(10), order: order)
    }

    @Test("Two analysts take turns; the rest waits.")
    func arrivalOrder() {
        var queue = self.queue(analysts: 2)
        for number in 0..<5 {
            queue.accepted(key: "k\(number)", priority: 0, at: self.at(1))
        }
        queue.advance(to: self.at(10.9))
        #expect(queue.backlog == 5 && queue.reviewedCount == 0)
        #expect(queue.oldestAge(at: self.at(10.9)) == .milliseconds(9_900))
        queue.advance(to: self.at(25))
        #expect(queue.reviewedCount == 4)
        #expect(queue.oldestAge(at: self.at(25)) == .seconds(24))
        queue.advance(to: self.at(100))
        #expect(queue.backlog == 0 && queue.oldestAge(at: self.at(100)) == nil)
        let ends = queue.records.map { $0.reviewed.map { Double($0.nanoseconds) / 1e9 } }
        #expect(ends == [11, 11, 21, 21, 31])
    }

    @Test("Looking often or once gives the same reviews.")
    func laziness() {
        let random = CounterRandom(seed: 5, population: 0, intent: 0, purpose: .arrival)
        var (eager, lazy) = (self.queue(analysts: 3), self.queue(analysts: 3))
        var now = 0.0
        for number in 0..<500 {
            now += random.uniform(number) * 6
            eager.accepted(key: "\(number)", priority: 0, at: self.at(now))
            lazy.accepted(key: "\(number)", priority: 0, at: self.at(now))
            for tick in 1...5 { eager.advance(to: self.at(now + Double(tick) / 10_000)) }
        }
        eager.advance(to: self.at(1e6))
        lazy.advance(to: self.at(1e6))
        #expect(eager.records == lazy.records)
        #expect(lazy.backlog == 0)
    }

    @Test("By relevance the highest priority goes next, the oldest among equals.")
    func relevance() {
        var queue = self.queue(analysts: 1, order: .relevance)
        for (key, priority) in [("first", 0.0), ("a", 1), ("b", 5), ("c", 1), ("d", 9)] {
            queue.accepted(key: key, priority: priority, at: self.at(0))
        }
        queue.advance(to: self.at(100))
        let order = queue.records.sorted {
            ($0.reviewed ?? $0.enqueued) < ($1.reviewed ?? $1.enqueued)
        }
        #expect(order.map(\.key) == ["first", "d", "b", "a", "c"])
    }

    @Test("A later change of people or order counts from then on.")
    func changes() {
        var queue = self.queue(analysts: 0)
        for (key, priority) in [("a", 1.0), ("b", 2)] {
            queue.accepted(key: key, priority: priority, at: self.at(0))
        }
        queue.advance(to: self.at(1_000))
        #expect(queue.reviewedCount == 0)
        queue.changed(analysts: 1, perItem: .seconds(1), order: .relevance, at: self.at(1_000))
        queue.advance(to: self.at(1_001))
        #expect(queue.records.map(\.reviewed) == [nil, self.at(1_001)])
        queue.changed(analysts: 0, perItem: .seconds(1), order: .relevance, at: self.at(1_001.5))
        queue.advance(to: self.at(2_000))
        // What an analyst had taken is finished all the same.
        #expect(queue.records.map(\.reviewed) == [self.at(1_002), self.at(1_001)])
    }
}
