extension Detector {
    /// Whether memory grew without end, was used up time and again, was short, or was collected in
    /// pauses (M19).
    static let serverMemory = Detector(
        purpose: "Did memory grow, run out, run short, or stop the process for collection?",
        tests: ["server_memory_growth", "server_memory_used_up", "server_memory_short"]
    ) { file in
        guard let trouble = file.trouble else { return [] }
        let lives = ServerMemory.lives(file.server, until: trouble.upperBound)
        return [
            ServerMemory.growth(lives, file, in: trouble),
            ServerMemory.usedUp(lives, before: trouble.upperBound),
            ServerMemory.short(file, in: trouble),
        ].compactMap { $0 }
    }
}

/// What a process's resident memory tells.
private enum ServerMemory {
    typealias Point = ServerSeries.Point

    /// The readings of each process that ran, one after the other.
    static func lives(_ server: ServerSeries, until end: Int) -> [[Point]] {
        let processes =
            [ServerSeries.Name.processID, .processStart, .restarts]
            .map { server.points($0) }.first { !$0.isEmpty } ?? []
        let process = Dictionary(
            processes.map { ($0.second, $0.value) }, uniquingKeysWith: { first, _ in first })
        var lives: [[Point]] = []
        var current: Double?
        for point in server.points(.memory, in: 0..<end) {
            let here = process[point.second] ?? current
            if lives.isEmpty || here != current { lives.append([]) }
            current = here
            lives[lives.count - 1].append(point)
        }
        return lives
    }

    /// A line that rises from one half or less of its end, by 50 MB or more.
    private static func rise(_ points: [Point]) -> (ratio: Double, explained: Double)? {
        guard let first = points.first?.value, let last = points.last?.value, first > 0,
            let fit = LinearFit(points.map { (Double($0.second), $0.value) })
        else { return nil }
        return last - first >= 50e6 ? (last / first, fit.explained) : (1, fit.explained)
    }

    private static func isLeak(_ rise: (ratio: Double, explained: Double)) -> Bool {
        rise.ratio >= 2 && rise.explained >= 0.8
    }

    /// Growth within one life of the process, from its start or from the onset on.
    static func growth(
        _ lives: [[Point]], _ file: CaseFile, in trouble: Range<Int>
    ) -> Finding? {
        let spans = lives + lives.map { $0.filter { trouble.contains($0.second) } }
        let rises = spans.filter { $0.count >= 20 }.compactMap { span in
            ServerMemory.rise(span).map { (rise: $0, span: span) }
        }
        // Buffers of a crowd grow with it; a leak goes on growing.
        let leaks = rises.filter { isLeak($0.rise) && !ServerMemory.isCrowd($0.span, file) }
        guard let shown = leaks.first ?? rises.max(by: { $0.rise.ratio < $1.rise.ratio }) else {
            return nil
        }
        return Finding(
            "server_memory_growth", fired: !leaks.isEmpty, group: "server memory",
            n: shown.span.count, window: 0..<trouble.upperBound,
            ["ratio": shown.rise.ratio, "explained": shown.rise.explained])
    }

    /// Whether a crowd that waits explains the growth: five times as many under way in the last
    /// third as in the baseline, and less than a quarter of the growth before the onset.
    private static func isCrowd(_ span: [Point], _ file: CaseFile) -> Bool {
        guard let first = span.first, let last = span.last, let quiet = file.quiet,
            let start = file.incident?.start
        else { return false }
        func underWay(_ range: Range<Int>) -> Double {
            file.facts.total(range, \.inFlight) / Double(max(1, range.count))
        }
        let third = max(1, (last.second - first.second) / 3)
        let early = span.last { $0.second <= start }.map { $0.value - first.value } ?? 0
        return underWay((last.second - third)..<last.second) >= max(20, 5 * underWay(quiet))
            && early < 0.25 * (last.value - first.value)
    }

    /// Whether each process that ended had grown to about the same size first: memory was used up,
    /// and the restart is the consequence.
    static func usedUp(_ lives: [[Point]], before end: Int) -> Finding? {
        let ended = lives.dropLast().filter { $0.count >= 10 }
        guard !ended.isEmpty else { return nil }
        let rises = ended.compactMap { ServerMemory.rise($0) }
        let tops = ended.compactMap { $0.last?.value }
        let spread = (tops.max() ?? 0) / max(1, tops.min() ?? 1)
        return Finding(
            "server_memory_used_up",
            fired: rises.count == ended.count && rises.allSatisfy(isLeak) && spread <= 1.25,
            group: "server memory", n: ended.reduce(0) { $0 + $1.count }, window: 0..<end,
            ["ends": Double(ended.count), "largest_bytes": tops.max() ?? 0, "spread": spread])
    }

    /// Whether the machine or the process itself says that memory was short.
    static func short(_ file: CaseFile, in trouble: Range<Int>) -> Finding? {
        let waits = ServerLoad.pressure(.pressureMemory, file, in: trouble)
        let kills = file.server.increase(.outOfMemory, in: trouble)
        let swapped = file.server.increase(.swapIn, in: trouble)
        let pauses = file.server.values(.collection, in: trouble)
        guard waits.count >= 5 || kills != nil || swapped != nil || pauses.count >= 5 else {
            return nil
        }
        let share = mean(waits) ?? 0
        let isShort =
            share >= 0.05 || (kills ?? 0) >= 1 || (swapped ?? 0) >= 1_000
            || (pauses.max() ?? 0) >= 500
        return Finding(
            "server_memory_short", fired: isShort, group: "server memory",
            n: max(waits.count, pauses.count, 2), window: trouble,
            [
                "waiting": share, "kills": kills ?? 0, "swapped": swapped ?? 0,
                "longest_pause_ms": pauses.max() ?? 0,
            ])
    }
}
