import Diagnosis
import Measurements

extension Report.Metastable {
    /// A judgement as the report writes it.
    init(_ judgement: Diagnosis.Metastability) {
        self.state = judgement.state
        self.tFresh = judgement.tFresh?.finite
        self.tStorm = judgement.tStorm?.finite
        self.tRecovered = judgement.tRecovered?.finite
        self.relief = judgement.relief
        self.loop = judgement.loop
        self.amplification = judgement.amplification?.finite
        self.appAmplification = judgement.appAmplification?.finite
        self.personAmplification = judgement.personAmplification?.finite
        self.triggerEnd = judgement.triggerEnd?.finite
        self.load = judgement.load?.finite
        self.capacity = judgement.capacity?.finite
        self.capacityBasis = judgement.basis
        self.hiddenCapacity = judgement.hiddenCapacity?.finite
        self.backlog = judgement.backlog?.finite
    }
}

extension Report.NextRun {
    /// A run to make, with the command that repeats this one with the change.
    init(_ next: Diagnosis.NextRun, of manifest: RunManifest) {
        // A change of a changed run would be a change of the first one.
        let isRun = manifest.command.hasPrefix("spate run ") && manifest.change == nil
        self.init(
            id: next.id, gainBits: next.gainBits.finite, what: next.what,
            refutedBy: next.refutedBy,
            command: isRun && next.isRunnable
                ? "\(Self.withoutFolder(manifest.command)) --experiment \(next.id)" : nil)
    }

    /// A command without `--out-dir`: that folder is taken.
    private static func withoutFolder(_ command: String) -> String {
        var words = command.split(separator: " ", omittingEmptySubsequences: false)
        if let flag = words.firstIndex(of: "--out-dir") {
            words.removeSubrange(flag..<min(words.count, flag + 2))
        }
        return words.filter { !$0.hasPrefix("--out-dir=") }.joined(separator: " ")
    }
}
