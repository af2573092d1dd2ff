import Measurements
import Primitives

extension Detector {
    /// Connections that come about only when the kernel asks again (research: diagnosis, M05).
    static let connecting = Detector(
        purpose: "Do slow connections come about at the moments of SYN retransmissions?",
        tests: ["syn_comb", "connect_timeouts_only", "reused_suffer"]
    ) { file in
        [
            ConnectionDetectors.comb(file), ConnectionDetectors.timeoutsOnly(file),
            ConnectionDetectors.reused(file),
        ].compactMap { $0 }
    }

    /// Connections that the client has and the server has not accepted: the first byte comes at
    /// the moments at which the request is sent again.
    static let lateFirstByte = Detector(
        purpose: "Do first bytes on new connections come at moments of retransmission?",
        tests: ["accept_queue_comb"]
    ) { file in
        guard let trouble = file.trouble else { return [] }
        let fresh = file.during.filter {
            $0.isLoaded && $0.isReused != true && $0.span(.connect) != nil && $0.status != nil
        }
        guard fresh.count >= 50 else { return [] }
        let quick = file.before.compactMap { $0.isLoaded ? $0.span(.wait) : nil }
        let usual = median(quick) ?? 0
        let comb = RetransmissionComb.unaccepted
        let late = fresh.compactMap { attempt -> (late: Double, weight: Double)? in
            guard let wait = attempt.span(.wait), wait - usual >= 150, wait - usual <= 8_000 else {
                return nil
            }
            return (wait - usual, attempt.weight)
        }
        var teeth: [Int: Double] = [:]
        for (time, weight) in late {
            if let tooth = comb.tooth(of: time) { teeth[tooth, default: 0] += weight }
        }
        let total = late.reduce(0) { $0 + $1.weight }
        let share = total > 0 ? teeth.values.reduce(0, +) / total : 0
        // A server that always takes 200 ms longer hits one tooth; lost requests hit several.
        let hit = teeth.values.filter { $0 >= 0.1 * total }.count
        let chance = comb.coverage(from: 150, to: 8_000)
        let deviate = binomialDeviate(
            share * Double(late.count), of: Double(late.count), probability: chance)
        return [
            Finding(
                "accept_queue_comb",
                fired: late.count >= 20 && share >= 0.6 && hit >= 2 && deviate >= 3.3,
                group: "connecting", n: fresh.count, window: trouble,
                ["share": share, "late": Double(late.count), "teeth": Double(hit)])
        ]
    }

    /// The three steps of a limit on held connections: served, connected and never answered,
    /// not even connected (research: diagnosis, M06).
    static let heldConnections = Detector(
        purpose: "Do new connections fail from a number of held ones on, while old ones work?",
        tests: ["connection_staircase"]
    ) { file in
        guard let trouble = file.trouble else { return [] }
        let fresh = file.during.filter { $0.isReused != true }
        guard fresh.count >= 50, let held = HeldConnections(file.during) else { return [] }
        func levels(_ isMember: (Attempt) -> Bool) -> [(value: Double, weight: Double)] {
            fresh.filter(isMember).map { (held.count(at: $0.started), $0.weight) }
        }
        let served = levels { $0.isGood }
        let silent = levels {
            $0.failure == .firstByteTimeout || $0.failure == .emptyReply
                || $0.failure == .receiveReset
        }
        let unconnected = levels { $0.failure == .connectTimeout || $0.failure == .refused }
        let failed = silent + unconnected
        // Without the third step it is a queue like any other.
        guard silent.count >= 10, unconnected.count >= 10, served.count >= 20,
            let top = weightedQuantile(served, 0.9), let bottom = weightedQuantile(failed, 0.1),
            let quiet = weightedQuantile(silent, 0.5), let none = weightedQuantile(unconnected, 0.5)
        else { return [] }
        let old = file.during.filter { $0.isReused == true }
        let oldGood = old.weight > 0 ? old.filter(\.isGood).weight / old.weight : nil
        // Connected and never answered comes first, not connected at all afterwards.
        let isStaircase = top <= 1.1 * bottom && quiet <= none
        let keepsOld = oldGood.map { old.count < 20 || $0 >= 0.9 } ?? true
        let isPrompt = ConnectionDetectors.wasPrompt(file, fresh)
        var statistic = [
            "served_up_to": top, "failing_from": bottom, "prompt": isPrompt ? 1 : 0,
        ]
        if let oldGood { statistic["reused_good"] = oldGood }
        return [
            Finding(
                "connection_staircase",
                fired: isStaircase && keepsOld && isPrompt && bottom >= 8, group: "held",
                n: fresh.count, window: trouble, statistic)
        ]
    }
}

private enum ConnectionDetectors {
    /// What a connection takes when its SYN was lost, in milliseconds and more.
    static let slow = 900.0

    /// True when those that were served before the first failure got their first byte as promptly
    /// as in the baseline: a limit that is reached at once, and not a queue that grows.
    static func wasPrompt(_ file: CaseFile, _ fresh: [Attempt]) -> Bool {
        let first = fresh.first { !$0.isGood }?.started ?? 0
        let waits = fresh.filter { $0.isGood && $0.started < first }.compactMap { $0.span(.wait) }
        let usual = median(file.before.compactMap { $0.span(.wait) }) ?? 0
        guard waits.count >= 5, let wait = quantile(waits.sorted(), 0.75) else { return false }
        return wait <= max(3 * usual, usual + 100)
    }

    static func comb(_ file: CaseFile) -> Finding? {
        guard let trouble = file.trouble else { return nil }
        let connects = file.during.filter { $0.isReused != true && $0.failure != .connectTimeout }
            .compactMap { attempt in
                attempt.span(.connect).map { (took: $0, started: attempt.started) }
            }
        guard connects.count >= 50 else { return nil }
        let slowOnes = connects.filter { $0.took >= slow }
        // Whoever is overwhelmed lets its accept queue overflow in the end: that is a consequence.
        if let incident = file.incident, slowOnes.count >= 20,
            slowOnes[4].started > Double(incident.start + 10)
        {
            return nil
        }
        let late = slowOnes.map(\.took)
        let comb = RetransmissionComb.syn(file.facts.record.manifest.host)
        let hits = late.filter { comb.tooth(of: $0) != nil }.count
        let share = late.isEmpty ? 0 : Double(hits) / Double(late.count)
        let chance = comb.coverage(from: slow, to: max(2_000, late.max() ?? 0))
        let deviate = binomialDeviate(
            Double(hits), of: Double(late.count), probability: chance)
        return Finding(
            "syn_comb", fired: late.count >= 20 && share >= 0.7 && deviate >= 3.3,
            group: "connecting", n: connects.count, window: trouble,
            [
                "share": share, "slow": Double(late.count), "chance": chance,
                "first_tooth_ms": comb.teeth.first ?? 0, "teeth": Double(comb.teeth.count),
            ])
    }

    /// Connections that never come about although the kernel asked again: nobody is there (M07).
    ///
    /// A full accept queue lets some of the repeated ones in.
    static func timeoutsOnly(_ file: CaseFile) -> Finding? {
        guard let trouble = file.trouble else { return nil }
        let lost = file.during.filter {
            $0.failure == .connectTimeout || $0.failure == .unreachable
        }
        // Whoever gives up before the second SYN cannot tell.
        let patient = lost.filter { $0.service >= 2_000 || $0.failure == .unreachable }
        guard patient.count >= 20 else { return nil }
        let late = file.during.filter { ($0.span(.connect) ?? 0) >= slow && $0.status != nil }
        let ratio = late.weight / patient.weight
        return Finding(
            "connect_timeouts_only", fired: ratio < 0.02, group: "connecting",
            n: patient.count + late.count, window: trouble,
            ["lost": patient.weight, "late": late.weight])
    }

    /// Connections that exist need no SYN: when they suffer alike, connecting is not the trouble.
    static func reused(_ file: CaseFile) -> Finding? {
        guard let trouble = file.trouble else { return nil }
        let old = file.during.filter { $0.isLoaded && $0.isReused == true }
        let new = file.during.filter { $0.isLoaded && $0.isReused == false }
        guard old.count >= 20, new.count >= 20 else { return nil }
        func level(_ rows: [Attempt]) -> Double? {
            // What failed took longer than anybody waits.
            weightedQuantile(
                rows.map { ($0.isGood ? $0.service : .greatestFiniteMagnitude, $0.weight) }, 0.75)
        }
        guard let slowOld = level(old), let slowNew = level(new) else { return nil }
        let isTroubled = slowNew >= slow
        return Finding(
            "reused_suffer", fired: isTroubled && slowOld >= 0.5 * slowNew, group: "reuse",
            n: old.count + new.count, window: trouble,
            [
                "old_good": old.filter(\.isGood).weight / old.weight,
                "new_good": new.filter(\.isGood).weight / new.weight,
            ]
        ).expected.vetoing(.acceptQueue, when: isTroubled ? .fired : .notApplicable)
    }
}

/// How many attempts were under way at a moment, on a grid of a tenth of a second.
private struct HeldConnections {
    private let counts: [Double]
    private let start: Double

    /// Counts; nil without attempts.
    init?(_ attempts: [Attempt]) {
        guard let first = attempts.first?.started, let last = attempts.map(\.ended).max() else {
            return nil
        }
        var changes = Array(repeating: 0.0, count: max(1, Int((last - first) * 10)) + 2)
        for attempt in attempts {
            // What never came to be connected holds nothing.
            guard attempt.failure?.isBeforeConnection != true else { continue }
            changes[max(0, Int((attempt.started - first) * 10))] += attempt.weight
            changes[min(changes.count - 1, Int((attempt.ended - first) * 10) + 1)] -= attempt.weight
        }
        var level = 0.0
        self.counts = changes.map { change in
            level += change
            return level
        }
        self.start = first
    }

    /// Attempts under way when that moment came.
    func count(at moment: Double) -> Double {
        let place = Int((moment - self.start) * 10)
        return self.counts[min(self.counts.count - 1, max(0, place))]
    }
}
