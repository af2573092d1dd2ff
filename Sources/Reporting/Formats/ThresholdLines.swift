/// Where a scenario's file states its thresholds.
package struct ThresholdLines: Sendable {
    private let lines: [Substring]
    private let start: Int

    /// Lines of a scenario's text.
    package init(_ text: String) {
        self.lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        self.start =
            self.lines.firstIndex { Self.key(of: $0) == "thresholds" }.map { $0 + 1 }
            ?? self.lines.count
    }

    /// The line of a rule, from 1: that of its expression, else that of its selector.
    ///
    /// Found by the words themselves, so that YAML's many ways to write a list do not matter.
    ///
    /// - Returns: nil when the text states no such selector.
    package func line(selector: String, expression: String) -> Int? {
        guard
            let head = self.lines.indices.dropFirst(self.start).first(where: { index in
                Self.isKey(self.lines[index], selector)
            })
        else { return nil }
        let wanted = Self.squeezed(expression)
        let depth = Self.depth(self.lines[head])
        for index in self.lines.indices.dropFirst(head) {
            let line = self.lines[index]
            // The next selector of the same depth ends this one's rules.
            if index > head, Self.depth(line) <= depth, !Self.isBlank(line),
                !line.drop(while: { $0 == " " }).hasPrefix("-")
            {
                break
            }
            if Self.squeezed(Self.withoutKey(line, selector)).contains(wanted) {
                return index + 1
            }
        }
        return head + 1
    }

    private static func isBlank(_ line: Substring) -> Bool {
        let rest = line.drop { $0.isWhitespace }
        return rest.isEmpty || rest.hasPrefix("#")
    }

    private static func depth(_ line: Substring) -> Int {
        line.prefix { $0 == " " }.count
    }

    private static func key(of line: Substring) -> Substring? {
        line.firstIndex(of: ":").map { line[..<$0] }
    }

    /// True for `selector:`, plain or in quotes.
    private static func isKey(_ line: Substring, _ selector: String) -> Bool {
        let rest = line.drop { $0 == " " || $0 == "{" }
        return ["\(selector):", "\"\(selector)\":", "'\(selector)':"].contains {
            squeezed(rest).hasPrefix(squeezed(Substring($0)))
        }
    }

    private static func withoutKey(_ line: Substring, _ selector: String) -> Substring {
        guard isKey(line, selector), let range = line.range(of: selector) else { return line }
        return line[range.upperBound...]
    }

    private static func squeezed(_ text: some StringProtocol) -> String {
        String(text.filter { !$0.isWhitespace })
    }
}

extension Substring {
    fileprivate func range(of text: String) -> Range<Index>? {
        var start = self.startIndex
        while start < self.endIndex {
            if self[start...].hasPrefix(text) {
                return start..<self.index(start, offsetBy: text.count)
            }
            start = self.index(after: start)
        }
        return nil
    }
}
