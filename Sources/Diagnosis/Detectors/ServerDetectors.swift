import Measurements

extension Detector {
    /// Whether the server's processors were the limit, or had time (research: diagnosis, M01).
    static let serverProcessor = Detector(
        purpose: "Were the server's processors busy?", tests: ["server_cpu", "server_cpu_pressure"]
    ) { file in
        guard let trouble = file.trouble else { return [] }
        var findings: [Finding] = []
        let use = ServerLoad.processorShare(file, in: trouble)
        let throttled = file.server.increase(.cpuThrottled, in: trouble) ?? 0
        if use.count >= 5, let share = median(use) {
            // Between the two it is neither the limit nor idle.
            if share >= 0.85 || throttled > 0 || share < 0.6 {
                let isBusy = share >= 0.85 || throttled > 0
                let finding = Finding(
                    "server_cpu", fired: isBusy, group: "server processor", n: use.count,
                    window: trouble, ["share": share, "throttled": throttled])
                // Whoever is half idle at the knee does not lack processors.
                findings.append(
                    finding.vetoing(.processors, when: share < 0.5 ? .clear : .notApplicable))
            }
        }
        let waits = ServerLoad.pressure(.pressureCPU, file, in: trouble)
        if waits.count >= 5, let share = median(waits) {
            findings.append(
                Finding(
                    "server_cpu_pressure", fired: share >= 0.4, group: "server processor",
                    n: waits.count, window: trouble, ["share": share]))
        }
        return findings
    }

    /// Whether all workers were taken, and whether anything was going on at the onset (M02, E-i).
    static let serverWorkers = Detector(
        purpose: "Were all workers busy, and did work wait for them?",
        tests: ["server_workers_full", "server_queue", "server_idle_at_onset"]
    ) { file in
        guard let trouble = file.trouble else { return [] }
        var findings: [Finding] = []
        let use = ServerLoad.workerShare(file, in: trouble)
        if use.count >= 5 {
            let full = use.filter { $0 >= 0.99 }.count
            let share = Double(full) / Double(use.count)
            findings.append(
                Finding(
                    "server_workers_full", fired: share >= 0.6, group: "server workers",
                    n: use.count, window: trouble,
                    ["full_share": share, "median": median(use) ?? 0]))
        }
        let depth = file.server.values(.queueDepth, in: trouble)
        if depth.count >= 5, let waiting = median(depth) {
            let before = median(file.server.values(.queueDepth, in: file.quiet ?? 0..<0)) ?? 0
            let slope = LinearFit(
                file.server.points(.queueDepth, in: trouble).map { (Double($0.second), $0.value) })
            findings.append(
                Finding(
                    "server_queue", fired: waiting >= 10 && waiting >= 5 * before,
                    group: "server workers", n: depth.count, window: trouble,
                    ["before": before, "waiting": waiting, "slope": slope?.slope ?? 0]))
        }
        if let idle = ServerLoad.idleAtOnset(file) { findings.append(idle) }
        return findings
    }

    /// Whether requests waited for a connection to the database (M14).
    static let serverPool = Detector(
        purpose: "Was the database pool used up?", tests: ["server_db_pool"]
    ) { file in
        guard let trouble = file.trouble else { return [] }
        let busy = ServerLoad.ratios(.poolBusy, .poolMax, file, in: trouble)
        let waits = file.server.values(.poolWait, in: trouble)
        guard busy.count >= 5 || waits.count >= 5 else { return [] }
        let full = busy.isEmpty ? 0 : Double(busy.filter { $0 >= 0.99 }.count) / Double(busy.count)
        let wait = median(waits) ?? 0
        let before = median(file.server.values(.poolWait, in: file.quiet ?? 0..<0)) ?? 0
        let isWaiting = wait >= 50 && wait >= 5 * before
        return [
            Finding(
                "server_db_pool",
                fired: busy.isEmpty ? isWaiting : full >= 0.6 && (waits.isEmpty || isWaiting),
                group: "server pool", n: max(busy.count, waits.count), window: trouble,
                ["full_share": full, "wait_ms": wait])
        ]
    }

    /// Whether the kernel turned connections away, or the process had no descriptor left (M05,
    /// M06).
    static let serverConnections = Detector(
        purpose: "Did the accept queue overflow, or were descriptors used up?",
        tests: ["server_listen_overflow", "server_listen_full", "server_descriptors"]
    ) { file in
        guard let trouble = file.trouble else { return [] }
        var findings: [Finding] = []
        let first = ServerLoad.beginning(file, of: trouble)
        func lost(in range: Range<Int>) -> Double? {
            [ServerSeries.Name.acceptOverflows, .acceptDrops].compactMap {
                file.server.increase($0, in: range)
            }.max()
        }
        let queue = ServerLoad.ratios(.acceptWaiting, .acceptRoom, file, in: trouble)
        // The kernel counts for all servers of the machine: with this one's own queue never half
        // full (a second's reading may miss a burst) they were another's.
        let isOthers = queue.count >= 5 && (queue.max() ?? 0) < 0.5
        // What overflows or fills up only later is a consequence, and says nothing of the cause.
        if let all = lost(in: trouble), let early = lost(in: first),
            all < 10 || (early >= 10 && !isOthers)
        {
            findings.append(
                Finding(
                    "server_listen_overflow", fired: all >= 10, group: "server connections",
                    n: file.server.points(.acceptOverflows, in: trouble).count, window: trouble,
                    ["overflows": all, "at_onset": early]))
        }
        let full = ServerLoad.share(of: queue) { $0 >= 1 }
        let fullAtFirst = ServerLoad.share(
            of: ServerLoad.ratios(.acceptWaiting, .acceptRoom, file, in: first)
        ) { $0 >= 1 }
        if queue.count >= 5, full < 0.3 || fullAtFirst > 0 {
            findings.append(
                Finding(
                    "server_listen_full", fired: full >= 0.3, group: "server connections",
                    n: queue.count, window: trouble, ["full_share": full]))
        }
        let open = ServerLoad.ratios(.descriptors, .descriptorLimit, file, in: trouble)
        if open.count >= 5, let most = open.max() {
            let mostAtFirst =
                ServerLoad.ratios(.descriptors, .descriptorLimit, file, in: first).max() ?? 0
            // Between the two it came near the limit, which proves nothing.
            if mostAtFirst >= 0.98 || most < 0.8 {
                findings.append(
                    Finding(
                        "server_descriptors", fired: most >= 0.98, group: "server descriptors",
                        n: open.count, window: trouble, ["most": most]))
            }
        }
        return findings
    }
}

/// Shares and ratios of the server's figures, second by second.
enum ServerLoad {
    /// The first ten seconds of a trouble that has an onset, and three before it.
    static func beginning(_ file: CaseFile, of trouble: Range<Int>) -> Range<Int> {
        guard file.incident != nil else { return trouble }
        let first = max(0, trouble.lowerBound - 3)
        return first..<min(trouble.upperBound, trouble.lowerBound + 10)
    }

    /// The share of figures of a kind; 0 of none.
    static func share(of figures: [Double], where isOne: (Double) -> Bool) -> Double {
        Double(figures.filter(isOne).count) / Double(max(1, figures.count))
    }

    /// One figure over another where both were read in the same second.
    static func ratios(
        _ part: ServerSeries.Name, _ whole: ServerSeries.Name, _ file: CaseFile,
        in range: Range<Int>
    ) -> [Double] {
        var limits: [Int: Double] = [:]
        for point in file.server.points(whole) { limits[point.second] = point.value }
        // A limit that is told once holds for all.
        let last = file.server.points(whole).last?.value
        return file.server.points(part, in: range).compactMap { point in
            guard let limit = limits[point.second] ?? last, limit > 0 else { return nil }
            return point.value / limit
        }
    }

    /// Busy workers over all workers.
    static func workerShare(_ file: CaseFile, in range: Range<Int>) -> [Double] {
        ratios(.workersBusy, .workersMax, file, in: range)
    }

    /// The share of the server's processors in use.
    ///
    /// Seconds of processor time as counters, or cores in use as gauges. Without the number of
    /// cores a target on this machine has this machine's; another one cannot be judged.
    static func processorShare(_ file: CaseFile, in range: Range<Int>) -> [Double] {
        let manifest = file.facts.record.manifest
        let told = file.server.values(.cpuCores, in: 0..<max(1, file.facts.length)).last
        let own = GeneratorFacts.isLoopback(manifest.target) ? Double(manifest.host.cores) : nil
        guard let cores = told ?? own, cores > 0 else { return [] }
        let user = perSecond(.cpuUser, file, in: range, most: cores)
        let system = perSecond(.cpuSystem, file, in: range, most: cores)
        return user.indices.map { index in
            (user[index] + (index < system.count ? system[index] : 0)) / cores
        }
    }

    /// Shares of time lost by waiting, from pressure stall counters (microseconds) or gauges.
    static func pressure(
        _ name: ServerSeries.Name, _ file: CaseFile, in range: Range<Int>
    ) -> [Double] {
        let values = file.server.values(name, in: range)
        let largest = values.max() ?? 0
        if largest <= 1 { return values }
        if isCounter(file.server.points(name), above: 100) {
            return file.server.rates(name, in: range).map { $0 / 1e6 }
        }
        return values.map { $0 / 100 }
    }

    /// Nothing was going on when it began (E-i): somebody switched it off, or turned it away.
    ///
    /// A sleeping processor is no proof of an idle server: workers that wait for a database or for
    /// another server use none. So processors alone can show that it was busy, never that it was
    /// idle.
    static func idleAtOnset(_ file: CaseFile) -> Finding? {
        guard let incident = file.incident else { return nil }
        // Just before, a crowd may still have been at work.
        let window = (incident.start + 1..<incident.start + 7)
            .clamped(to: 0..<file.facts.length)
        let taken = [
            workerShare(file, in: window), ratios(.poolBusy, .poolMax, file, in: window),
        ].filter { $0.count >= 2 }
        let processors = processorShare(file, in: window)
        guard !taken.isEmpty || processors.count >= 2 else { return nil }
        let busiest = (taken + [processors]).compactMap { median($0) }.max() ?? 0
        let waiting =
            [ServerSeries.Name.queueDepth, .acceptWaiting].flatMap {
                file.server.values($0, in: window)
            }.max() ?? 0
        let isIdle = busiest < 0.3 && waiting < 10
        if isIdle && taken.isEmpty { return nil }
        return Finding(
            "server_idle_at_onset", fired: isIdle, group: "server onset",
            n: (taken + [processors]).map(\.count).max() ?? 0, window: window,
            ["busiest": busiest, "waiting": waiting]
        ).expected
    }

    private static func perSecond(
        _ name: ServerSeries.Name, _ file: CaseFile, in range: Range<Int>, most: Double
    ) -> [Double] {
        isCounter(file.server.points(name), above: 1.1 * most)
            ? file.server.rates(name, in: range) : file.server.values(name, in: range)
    }

    /// True for a counter: it passes what a gauge can be, or it does not fall.
    ///
    /// What never moves is a counter of which nothing was used: a measured share is not the same
    /// to the last digit for a whole run. A disk that nobody waited for once had 144 seconds of
    /// pressure behind it and was read as a pressure of 144,634,093 %.
    private static func isCounter(_ points: [ServerSeries.Point], above most: Double) -> Bool {
        guard points.count >= 5 else { return false }
        if points.contains(where: { $0.value > most }) { return true }
        let falls = zip(points, points.dropFirst()).filter { $1.value < $0.value }.count
        // A restart takes a counter back once or twice.
        return Double(falls) <= 0.02 * Double(points.count) + 1
            && (falls == 0 || points[points.count - 1].value > points[0].value)
    }
}
