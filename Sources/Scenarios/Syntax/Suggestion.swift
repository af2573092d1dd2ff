/// Finds what somebody probably meant.
package enum Suggestion {
    /// The nearest of some words within two edits, if the word is not shorter than the edits.
    package static func nearest(to word: String, among words: [String]) -> String? {
        let typed = Array(word.lowercased().unicodeScalars)
        guard typed.count <= 64 else { return nil }
        var best: (word: String, distance: Int)?
        for candidate in words {
            let distance = Suggestion.distance(typed, Array(candidate.lowercased().unicodeScalars))
            guard distance <= 2, distance < typed.count else { continue }
            if distance < best?.distance ?? 3 { best = (candidate, distance) }
        }
        return best?.word
    }

    /// `; did you mean 'x'?`, or else `; <otherwise>`.
    package static func phrase(for word: String, among words: [String], otherwise: String) -> String
    {
        if let near = Suggestion.nearest(to: word, among: words) {
            return "; did you mean '\(near)'?"
        }
        return "; \(otherwise)"
    }

    /// The optimal string alignment distance: insertions, deletions, changes, swaps of neighbours.
    static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        if abs(left.count - right.count) > 2 { return 3 }
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in 1...max(1, left.count) where row <= left.count {
            var current = [row] + Array(repeating: 0, count: right.count)
            for column in 1...max(1, right.count) where column <= right.count {
                let same = left[row - 1] == right[column - 1]
                var cost = min(
                    last[column] + 1, current[column - 1] + 1, last[column - 1] + (same ? 0 : 1))
                if row > 1, column > 1, left[row - 1] == right[column - 2],
                    left[row - 2] == right[column - 1]
                {
                    cost = min(cost, beforeLast[column - 2] + 1)
                }
                current[column] = cost
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
