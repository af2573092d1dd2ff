import Primitives
import Testing

@testable import Engine

@Suite struct TimerHeapTests {
    @Test("Timers come out in order of time, and only when they are due.")
    func order() {
        let random = CounterRandom(seed: 5, population: 0, intent: 0, purpose: .arrival)
        var heap = TimerHeap()
        var times: [Int64] = []
        for index in 0..<500 {
            let time = Int64(random.integer(index, in: 0...200))
            times.append(time)
            heap.insert(LaneTimer(at: at(time), kind: .seat, index: Int32(index), detail: 0))
        }
        #expect(heap.popDue(now: at(-1)) == nil)
        var out: [MonotonicTime] = []
        while let timer = heap.popDue(now: at(100)) { out.append(timer.at) }
        #expect(out == times.filter { $0 <= 100 }.sorted().map { at($0) })
        #expect(heap.next == times.filter { $0 > 100 }.min().map { at($0) })
    }
}
