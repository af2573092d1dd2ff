package import Comparison

extension RunComparison {
    /// What a GitHub workflow shows of a comparison: an annotation, the step's summary, an output.
    package var gitHub: (annotation: String, summary: String, outputs: String) {
        let words = ComparisonWords(self)
        let kind: String?
        switch self.verdict {
        case .pass: kind = nil
        case .regression: kind = "error"
        case .inconclusive, .refused: kind = "warning"
        }
        let annotation = kind.map {
            GitHubText.command($0, [("title", "Spate: \(words.word)")], words.sentence)
        }
        return (
            annotation ?? "", "\n" + self.markdown, "comparison=\(self.verdict.rawValue)\n"
        )
    }
}
