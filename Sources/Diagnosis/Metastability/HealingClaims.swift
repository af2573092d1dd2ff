import Measurements

extension ClaimWriter {
    /// Whether it healed by itself, predicted beside observed.
    var healing: Claim? {
        guard let judged = Metastability(self.file), let load = judged.load,
            let capacity = judged.capacity, let end = judged.triggerEnd
        else { return nil }
        let ids = self.ledger.ids("stays_down") + self.ledger.ids("down_in_relief")
        let under = "\(decimal(load, 0))/s, under its capacity of \(decimal(capacity, 0))/s"
        let fresh = judged.tFresh.map { "\(decimal($0, 0)) s" } ?? "never"
        let storm = judged.tStorm.map { "in \(decimal($0, 0)) s" } ?? "never"
        let amplified = decimal(judged.amplification ?? 1, 1)
        let text: String
        switch judged.state {
        case "METASTABLE":
            let loop = judged.loop == "unknown" ? "a loop that is not known" : judged.loop ?? ""
            text =
                "It is metastable: after the trigger ended at \(clock(end)) it stayed down at "
                + "\(under), and came back for good when the load was taken away for a while; "
                + "what kept it down is \(loop) (\(amplified) attempts for one)."
        case "SUSTAINED":
            text =
                "After the trigger ended at \(clock(end)) it stayed down at \(under); without "
                + "a relief phase it is open what kept it down (\(amplified) attempts for one)."
        case "RECOVERED":
            text =
                "It healed by itself in \(decimal(judged.tRecovered ?? 0, 0)) s after the "
                + "trigger; predicted: \(fresh)."
        case "RECOVERED_SLOWLY":
            text =
                "It healed by itself, slowly: in \(decimal(judged.tRecovered ?? 0, 0)) s after "
                + "the trigger; predicted: \(fresh) without retries, \(storm) with "
                + "\(amplified) attempts for one."
        case "PERSISTENT":
            text =
                "It stayed down at \(under), even after the load was taken away: not its own "
                + "clients keep it down."
        default: return nil
        }
        return self.claim(text, on: ids)
    }

    /// Whether the people behind the endpoint keep up.
    var review: Claim? {
        guard self.ledger.isFired("review_backlog_grows"),
            let reading = ReviewReading(self.file.facts.record.server),
            let last = reading.backlog.last
        else { return nil }
        let flows =
            reading.accepted.map {
                " at \(decimal($0, 1)) accepted/s and \(decimal(reading.reviewed ?? 0, 1)) "
                    + "reviewed/s"
            } ?? ""
        return self.claim(
            "People review more slowly than submissions come: \(decimal(last.value, 0)) wait at "
                + "the end, \(decimal(reading.slope, 1)) more every second\(flows).",
            on: self.ledger.ids("review_backlog_grows"))
    }
}
