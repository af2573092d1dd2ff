extension Detector {
    /// Doubts the generator first: what it did not send, no server failed to answer.
    static let generator = Detector(
        purpose: "Did the generator limit the run?", tests: ["schedule_and_resources"]
    ) { file in
        let isGuilty = file.gates.limit != nil
        var finding = Finding(
            "schedule_and_resources", fired: isGuilty, group: "generator", n: file.gates.seconds,
            window: 0..<file.facts.length,
            [
                "late_by_generator": Double(file.gates.generatorLate),
                "late_by_machine": Double(file.gates.machineLate),
            ])
        if isGuilty { finding.vetoes = Rival.all.filter { $0.family != .harness } }
        return [finding]
    }
}
