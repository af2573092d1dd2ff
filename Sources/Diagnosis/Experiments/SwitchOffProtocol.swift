#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// "Overwhelmed, or switched off?": ten questions whose answers weigh (research: diagnosis, 3.16).
package struct SwitchOffProtocol: Sendable, Hashable, Codable {
    /// One question.
    package struct Item: Sendable, Hashable, Codable {
        /// Its name, as an incident file writes it.
        package let id: String
        /// What an overwhelmed server shows.
        package let overwhelmed: String
        /// What a server that was switched off shows.
        package let switchedOff: String
        /// log10 of how many times as likely the one is as the other when it was seen.
        package let weight: Double
        /// The record that would answer it.
        package let record: String
    }
    /// The questions, in the order of the protocol.
    package static let items = [
        Item(
            id: "precursor", overwhelmed: "delays or errors rise in the minute before",
            switchedOff: "nothing precedes it", weight: 1,
            record: "response times and errors per second around the beginning"),
        Item(
            id: "transition", overwhelmed: "it takes as long as a queue takes to fill",
            switchedOff: "within two seconds, for all alike", weight: 0.5,
            record: "accepted submissions per second around the beginning"),
        Item(
            id: "residual", overwhelmed: "some are still accepted, at about the capacity",
            switchedOff: "none is", weight: 1,
            record: "accepted submissions per minute while it was down"),
        Item(
            id: "latency", overwhelmed: "answers are slow or stay away",
            switchedOff: "answers are fast and alike", weight: 1,
            record: "the load balancer's response times and 5xx counts"),
        Item(
            id: "fingerprint", overwhelmed: "the same headers, mixed errors",
            switchedOff: "one new page, header, redirect or name", weight: 1,
            record: "an answer as it was sent while it was down, headers included"),
        Item(
            id: "siblings", overwhelmed: "what shares its workers suffers, too",
            switchedOff: "just the one route is gone", weight: 0.5,
            record: "whether other pages of the same host answered"),
        Item(
            id: "relief", overwhelmed: "it comes back when the load is taken away",
            switchedOff: "nothing changes", weight: 2,
            record: "requests per minute against answers when the crowd had gone"),
        Item(
            id: "ramps", overwhelmed: "it begins at a rate", switchedOff: "it begins at a time",
            weight: 2, record: "a second occasion of the same crowd, or a replay"),
        Item(
            id: "server", overwhelmed: "processors or queues are at their limit",
            switchedOff: "the server idles", weight: 2,
            record: "server metrics and the log of deployments and settings"),
        Item(
            id: "recovery", overwhelmed: "it follows the load",
            switchedOff: "at a round time, announced", weight: 0.5,
            record: "when and by whom it was brought back"),
    ]
    /// The grade: `LEADING` at most, since an account is no measurement.
    package let grade: Verdict.Grade
    /// The probability that it was switched off, both alike beforehand.
    package let switchedOff: Double
    /// The items that speak, by name, with the log10 weight; positive for switched off.
    package let weights: [String: Double]
    /// The items that nobody answered, whose records would settle it, the weightiest first.
    package let missing: [Item]

    /// Weighs findings: 1 for switched off, -1 for overwhelmed, 0 for both; unknown ones are left
    /// out.
    package init(_ findings: [String: Int]) {
        var weights: [String: Double] = [:]
        for item in SwitchOffProtocol.items {
            if let sign = findings[item.id] { weights[item.id] = Double(sign) * item.weight }
        }
        let sum = weights.values.reduce(0, +)
        let odds = pow(10, min(6, max(-6, sum)))
        self.switchedOff = odds / (1 + odds)
        self.weights = weights
        self.missing = SwitchOffProtocol.items.filter { findings[$0.id] == nil }
            .enumerated().sorted { ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset) }
            .map(\.element)
        // Two weighty answers that agree; less is the prior with a lean.
        let speaking = weights.values.filter { $0 != 0 }.count
        self.grade = abs(sum) >= 1.5 && speaking >= 2 ? .leading : .notEnoughEvidence
    }
}
