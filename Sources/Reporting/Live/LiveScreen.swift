/// What a terminal shows, and the bytes that make it show something else.
///
/// Pure. Only rows that changed are written, in one synchronized update (mode 2026; terminals
/// that do not know it ignore it).
package struct LiveScreen: Sendable, Hashable {
    /// Into the alternate screen, cursor hidden, nothing wraps.
    package static let enter = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l\u{1B}[H\u{1B}[2J"
    /// Back to the normal screen, everything as it was; an update under way ends.
    package static let leave = "\u{1B}[?2026l\u{1B}[0m\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l"

    private var rows: [String] = []
    private var width = 0
    private var height = 0

    /// A screen that shows nothing.
    package init() {}

    /// Forgets what is shown: the next update draws every row.
    package mutating func forget() {
        self.rows = []
        self.width = 0
    }

    /// The bytes that make a terminal of that size show these rows; empty where it does already.
    package mutating func update(_ lines: [String], width: Int, height: Int) -> String {
        let isNew = width != self.width || height != self.height
        var output = ""
        if isNew {
            // After a resize nobody knows what is where.
            self.rows = []
            self.width = width
            self.height = height
            output += "\u{1B}[2J"
        }
        for row in 0..<max(lines.count, self.rows.count) where row < height {
            let line = row < lines.count ? lines[row] : ""
            let shown = row < self.rows.count ? self.rows[row] : ""
            guard line != shown else { continue }
            output += "\u{1B}[\(row + 1);1H\(line)\u{1B}[K"
        }
        self.rows = Array(lines.prefix(height))
        return output.isEmpty ? "" : "\u{1B}[?2026h\(output)\u{1B}[?2026l"
    }
}
