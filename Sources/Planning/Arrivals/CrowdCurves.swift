import Primitives
import Scenarios

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension PopulationPlanning {
    /// A cascade as a rate curve: exponentials between the points of its solution.
    ///
    /// People are people: compression makes them come faster, not fewer.
    func viral(
        _ cascade: ViralCascade, duration: Nanoseconds, _ spacing: ArrivalSpacing,
        start: Nanoseconds, _ mistakes: inout MistakeList
    ) -> ArrivalSchedule {
        guard let course = cascade.course(until: duration) else {
            // The decoder refuses this; a scenario built in code gets here.
            mistakes.add("the cascade takes too many steps to compute", at: self.spec.location)
            return self.schedule([], spacing.process, listing: .curve("viral"))
        }
        let factor = self.scale.factor * self.rateFactor
        var segments: [ArrivalSchedule.Segment] = []
        var begin = start
        for (index, pair) in zip(course.rates, course.rates.dropFirst()).enumerated() {
            let end =
                start
                + min(
                    self.scale.wall(Nanoseconds(seconds: course.step * Double(index + 1))),
                    self.scale.wall(duration))
            segments.append(
                ArrivalSchedule.Segment(
                    start: begin, duration: end - begin, from: pair.0 * factor,
                    to: pair.1 * factor, shape: .exponential))
            begin = end
        }
        let rest = start + self.scale.wall(duration) - begin
        if rest > .zero {
            segments.append(
                ArrivalSchedule.Segment(
                    start: begin, duration: rest, from: 0, to: 0, shape: .linear))
        }
        let people =
            "\(UnitText.fixed(course.seen, 0)) of \(UnitText.fixed(cascade.audience, 0)) people "
            + "see it, \(UnitText.trimmed(cascade.share * 100)) % of them act; each brings "
            + "\(UnitText.trimmed(cascade.reproduction)) others to see it at first"
        return self.schedule(
            segments, spacing.process, listing: .curve("viral"), remark: people)
    }

    /// A day's course as lines between points every 144th of a period, within 0.03 % of the mean.
    func diurnal(
        _ spec: DiurnalSpec, duration: Nanoseconds, _ spacing: ArrivalSpacing, start: Nanoseconds
    ) -> ArrivalSchedule {
        let swing = (1 - spec.trough) / (1 + spec.trough)
        let period = spec.period.seconds
        // The first peak from the population's start; before it if it begins after one.
        let peak = (spec.peakAt - self.spec.startTime).seconds
            .truncatingRemainder(dividingBy: period)
        func rate(_ time: Double) -> Double {
            let turn = 2 * Double.pi * (time - peak) / period
            return spec.mean.perSecond * self.rateFactor * max(0, 1 + swing * cos(turn))
        }
        // Points count from the peak, so that peak and trough are among them.
        let step = period / 144
        var lead = peak.truncatingRemainder(dividingBy: step)
        if lead <= 0 { lead += step }
        var segments: [ArrivalSchedule.Segment] = []
        var (time, point) = (0.0, 0)
        while time < duration.seconds {
            let next = min(duration.seconds, lead + Double(point) * step)
            let begin = start + self.scale.wall(Nanoseconds(seconds: time))
            let end = start + self.scale.wall(Nanoseconds(seconds: next))
            segments.append(
                ArrivalSchedule.Segment(
                    start: begin, duration: end - begin, from: rate(time), to: rate(next),
                    shape: .linear))
            time = next
            point += 1
        }
        return self.schedule(segments, spacing.process, listing: .curve("diurnal"))
    }

    /// A self-exciting process with its expected rate as the curve.
    func hawkes(
        _ rate: Rate, branching: Double, decay: Nanoseconds, duration: Nanoseconds,
        start: Nanoseconds
    ) -> ArrivalSchedule {
        let process = SelfExcitingProcess(
            base: rate.perSecond * self.rateFactor, branching: branching,
            decay: decay.seconds / self.scale.factor, length: self.scale.wall(duration))
        let spread = 1 / (1 - branching)
        return self.schedule(
            process.segments(start: start), .selfExciting(process), listing: .curve("hawkes"),
            remark: "comes in bursts of \(UnitText.trimmed(spread)) on average; counts vary "
                + "\(UnitText.trimmed(spread * spread)) times as much as those of poisson")
    }

    /// A recording with its rate as the curve, and how long it lasts in wall time.
    func trace(
        _ spec: TraceSpec, start: Nanoseconds, _ mistakes: inout MistakeList
    ) -> (ArrivalSchedule, Nanoseconds)? {
        guard let times = self.materials.traces[spec.source] else {
            mistakes.add("\(spec.source.path) was not read", at: spec.location)
            return nil
        }
        let recording = Recording(
            times, spec: spec, scale: 1 / (spec.speed * self.scale.factor),
            copies: spec.amplify * self.rateFactor)
        guard !recording.range.isEmpty else {
            mistakes.add(
                "\(spec.source.path) has no arrival in the cut from \(UnitText.format(spec.from))"
                    + (spec.to.map { " to \(UnitText.format($0))" } ?? ""), at: spec.location)
            return nil
        }
        let length = spec.length.map(self.scale.wall) ?? recording.length
        let segments = recording.segments(start: start, length: length)
        let peak = segments.map(\.from).max() ?? 0
        let schedule = self.schedule(
            segments, .recorded(recording), listing: .mean("trace"),
            remark: "\(recording.range.count) arrivals of \(spec.source.path), at most "
                + "\(UnitText.trimmed(peak))/s")
        return (schedule, length)
    }

    private func schedule(
        _ segments: [ArrivalSchedule.Segment], _ process: ArrivalProcess,
        listing: ArrivalSchedule.Listing, remark: String? = nil
    ) -> ArrivalSchedule {
        ArrivalSchedule(
            segments: segments, process: process, seed: self.scenario.seed,
            population: self.index, listing: listing, remark: remark)
    }
}
