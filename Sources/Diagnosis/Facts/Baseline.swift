import Measurements

/// The quiet beginning against which changes are measured.
struct Baseline: Sendable {
    /// Its seconds.
    let range: Range<Int>
    /// Attempts that ended in it.
    let ended: Int
    /// Whether it is long and rich enough: 10 s and 200 attempts below half the knee.
    let isSufficient: Bool

    /// Finds it: from the start to the first of the trigger, half the knee, and a third of the
    /// run (60 s at most; longer where a light load needs it for its 200 answers).
    init(_ facts: RunFacts, knee: Knee?) {
        var end = min(60, max(10, facts.length / 3), facts.length)
        if let capacity = knee?.capacity {
            let busy = (0..<facts.length).first { facts.load(at: $0) > capacity / 2 }
            end = min(max(end, min(60, facts.length)), busy ?? facts.length)
        }
        let triggers = Baseline.triggers(facts).filter { $0 >= 10 }
        if let first = triggers.last(where: { $0 <= Double(end) }) {
            end = Int(first)
        } else if let first = triggers.first, knee?.capacity == nil {
            end = min(end, Int(first))
        }
        if triggers.isEmpty, knee?.capacity == nil {
            // Nothing tells where the load rose: as much as the 200 answers need, 60 s at most.
            while end < min(60, facts.length), facts.total(0..<end, \.done) < 200 { end += 1 }
        }
        if let maintenance = facts.maintenance.firstIndex(of: true) { end = min(end, maintenance) }
        var range = 0..<max(0, end)
        if !Baseline.isSufficient(range, facts), knee?.capacity != nil {
            // A limiter's allowance or a fault makes a knee next to the quiet load: what is well
            // before anything fails is a baseline however near that knee it is.
            range = 0..<Baseline.endOfGood(facts)
        }
        self.range = range
        self.ended = Int(facts.total(range, \.done))
        self.isSufficient = Baseline.isSufficient(range, facts)
    }

    private static func isSufficient(_ range: Range<Int>, _ facts: RunFacts) -> Bool {
        range.count >= 10 && facts.total(range, \.done) >= 200
    }

    /// The first second after which 5 s had more than two bad answers in a hundred or a trigger
    /// or a maintenance came; 60 s and half the run at most.
    private static func endOfGood(_ facts: RunFacts) -> Int {
        let trigger = Baseline.triggers(facts).first.map { Int($0) } ?? facts.length
        let maintenance = facts.maintenance.firstIndex(of: true) ?? facts.length
        let most = min(60, facts.length / 2, trigger, maintenance)
        let bad = (0..<max(0, most)).first { second in
            let window = second..<min(facts.length, second + 5)
            return (facts.goodShare(window) ?? 1) < 0.98
        }
        return max(0, bad ?? most)
    }

    private static func triggers(_ facts: RunFacts) -> [Double] {
        let manifest = facts.record.manifest
        let planned = manifest.timeline.filter { $0.kind == "trigger" }.map(\.at)
        return planned.sorted()
    }
}
