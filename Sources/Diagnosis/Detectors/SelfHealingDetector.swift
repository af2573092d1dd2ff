extension Detector {
    /// Whether it became well again by itself, at the load at which it had begun to fail (M23).
    ///
    /// Caches that fill, code that is compiled and instances that join heal a service while the
    /// load stays; a lack of capacity needs the load to go, and a bad release somebody to act.
    static let selfHealing = Detector(
        purpose: "Did it recover by itself while the load stayed?", tests: ["healed_alone"]
    ) { file in
        guard let incident = file.incident, let trouble = file.trouble else { return [] }
        let facts = file.facts
        // Somebody acted, or took the load away: nothing is told.
        guard !facts.interventions.contains(where: { $0 > Double(incident.start) }) else {
            return []
        }
        let atOnset = facts.freshLoad((incident.start - 5)..<incident.start)
        let end = incident.recovered ?? facts.length
        let after =
            incident.recovered.map { facts.freshLoad($0..<($0 + 10)) }
            ?? facts.freshLoad((end - 10)..<end)
        guard atOnset >= 1, incident.start >= 5, end - incident.start >= 10,
            incident.recovered.map({ $0 + 10 <= facts.length }) ?? true,
            after >= 0.8 * atOnset
        else { return [] }
        return [
            Finding(
                "healed_alone", fired: incident.recovered != nil, group: "improving",
                n: end - incident.start, window: trouble,
                ["load_at_onset": atOnset, "load_after": after]
            ).expected
        ]
    }
}
