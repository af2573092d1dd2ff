import Primitives
import Scenarios

extension Plan {
    /// The plan as numbers and warnings, judged against a machine's limits.
    ///
    /// - Parameters:
    ///   - machine: the limits of the machine that will run it; nil leaves them out.
    ///   - everyAttempt: true when the journal is to list every attempt, not a sample.
    package func outline(
        machine: MachineLimits? = nil, everyAttempt: Bool = false
    ) -> PlanOutline {
        let populations = self.populations.map(self.outline(of:))
        let totals = PlanOutline.Totals(
            intents: populations.reduce(0) { $0 + ($1.intents ?? 0) },
            requests: zip(populations, self.populations).reduce(0) {
                $0 + ($1.0.intents ?? 0) * $1.1.program.meanRequests
            },
            bytesUp: self.expectedBytesUp, peakArrivals: self.peakArrivalRate,
            peakRequests: self.peakRequestRate,
            sockets: populations.reduce(0) { $0 + $1.sockets },
            portsPerMinute: Int(self.connections(within: 60).rounded(.up)))
        let resources =
            machine.map {
                self.resourceNeeds(totals: totals, machine: $0, everyAttempt: everyAttempt)
            } ?? []
        return PlanOutline(
            name: self.name, seed: self.seed, timeScale: self.timeScale,
            target: self.targetText, seconds: self.duration.seconds, populations: populations,
            phases: self.phases.map {
                PlanOutline.Phase(
                    name: $0.name, kind: $0.kind.rawValue, start: $0.start.seconds,
                    end: $0.end.seconds)
            }, timeline: self.timeline.map(self.outline(of:)),
            thresholds: self.thresholds.map(Plan.text(of:)), probes: self.probes.outline,
            totals: totals, machine: machine,
            resources: resources, realTime: self.realTimeConstants,
            storyScaled: self.storyScaledSettings,
            warnings: self.warnings(resources: resources),
            offered: self.offeredRates(points: 240))
    }

    private var targetText: String {
        switch self.target {
        case .url(let url): url
        case .intake: "the bundled intake"
        }
    }

    private func outline(of population: PopulationPlan) -> PlanOutline.Population {
        PlanOutline.Population(
            name: population.name, trafficClass: population.trafficClass.rawValue,
            executor: population.executor, stages: self.stages(of: population),
            intents: population.expectedIntents,
            requestsPerIntent: population.requestsPerIntent,
            bytesPerIntent: self.bodyBytes(of: population), sockets: population.socketsAtPeak,
            maxInFlight: population.maxInFlight, remark: Plan.remark(on: population),
            flow: population.flowLines,
            uploads: PlanOutline.uploads(of: population),
            network: population.network?.text)
    }

    private static func remark(on population: PopulationPlan) -> String? {
        guard case .open(let schedule) = population.load else { return nil }
        return schedule.remark
    }

    private func stages(of population: PopulationPlan) -> [PlanOutline.Stage] {
        switch population.load {
        case .open(let schedule):
            return schedule.stretches.map { stretch in
                self.stage(
                    stretch.start, stretch.duration, stretch.from, stretch.to, stretch.shape,
                    stretch.intents)
            }
        case .closed(let curve):
            let first = curve.changes.first?.clients ?? 0
            return [
                self.stage(
                    population.start, population.end - population.start, Double(first),
                    Double(curve.changes.last?.clients ?? first), "clients", nil)
            ]
        case .iterations(let vus, _, _):
            return [
                self.stage(
                    population.start, population.end - population.start, Double(vus), Double(vus),
                    "clients", population.expectedIntents)
            ]
        }
    }

    private func stage(
        _ start: Nanoseconds, _ duration: Nanoseconds, _ from: Double, _ to: Double,
        _ shape: String, _ intents: Double?
    ) -> PlanOutline.Stage {
        let end = start + duration
        let names = self.phases.filter { $0.start < end && start < $0.end }.map(\.name)
        return PlanOutline.Stage(
            phase: names.joined(separator: "+"), start: start.seconds, seconds: duration.seconds,
            storySeconds: (duration * self.timeScale).seconds, from: from, to: to, shape: shape,
            intents: intents)
    }

    private func outline(of event: PlannedEvent) -> PlanOutline.Event {
        PlanOutline.Event(
            at: event.at.seconds, story: (event.at * self.timeScale).seconds,
            kind: event.kind.rawValue, label: event.label,
            request: event.request.map {
                "\($0.request.method.rawValue) \($0.request.url.source)"
            })
    }

    private static func text(of rule: ThresholdRule) -> String {
        var text = "\(rule.selector) \(rule.expression)"
        if let window = rule.window { text += " over \(UnitText.format(window))" }
        if let lasting = rule.lasting { text += " for \(UnitText.format(lasting))" }
        if let phase = rule.phase { text += " in \(phase)" }
        if rule.expectsFailure { text += ", expected to fail" }
        if rule.severity == .warning { text += ", a warning" }
        return rule.abortsRun ? text + ", ends the run" : text
    }

    private func offeredRates(points: Int) -> [Double] {
        (0..<points).map { point in
            let time = self.duration * ((Double(point) + 0.5) / Double(points))
            return self.populations.reduce(0) { sum, population in
                guard case .open(let schedule) = population.load else { return sum }
                return sum + schedule.rate(at: time)
            }
        }
    }
}

extension PopulationPlan {
    /// The longest an intent can take when every request meets its deadline, thinking included.
    ///
    /// Steps at the same time and all ways of a pick add up; a loop with a condition sends its
    /// requests once, since the first that is not answered ends it.
    package var longestIntent: Double {
        let once = zip(self.steps, self.program.mostVisits).reduce(self.program.longestThink) {
            sum, visited in
            let tries = 1 + (visited.0.retry?.max ?? 0)
            return sum + visited.1 * visited.0.timeout.seconds * Double(tries)
        }
        return self.longest(once: once)
    }

    /// Sockets held at the peak by Little's law, bounded by `maxInFlight`.
    package var socketsAtPeak: Int {
        switch self.load {
        case .open(let schedule):
            let little = (schedule.peakRate * self.longestIntent).rounded(.up)
            return Int(min(Double(self.maxInFlight), little))
        case .closed(let curve): return curve.peak
        case .iterations(let vus, _, _): return vus
        }
    }
}

extension Template {
    /// The template as its author wrote it, with secrets still unresolved.
    package var source: String {
        self.pieces.map { piece in
            switch piece {
            case .literal(let text): text
            case .expression(.variable(let name)): "{{ \(name) }}"
            case .expression(.column(let feeder, let name)): "{{ \(feeder).\(name) }}"
            case .expression(.environment(let name)): "{{ $env.\(name) }}"
            case .expression(.sequence): "{{ $seq }}"
            case .expression(.uuid): "{{ $uuid }}"
            case .expression(.randomInt(let low, let high)): "{{ $randomInt \(low) \(high) }}"
            case .expression(.admin): "{{ $admin }}"
            case .expression(.key): "{{ $key }}"
            }
        }.joined()
    }
}
