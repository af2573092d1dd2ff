/// Text for terminals that have no UTF-8.
enum TerminalText {
    /// The text in ASCII, each character one column wide as before, so that tables stay tables.
    static func ascii(_ text: String) -> String {
        guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
        return String(
            text.map { character in
                character.isASCII ? character : (self.substitutes[character] ?? "?")
            })
    }

    private static let substitutes: [Character: Character] = [
        "·": "-", "–": "-", "—": "-", "−": "-", "…": ".", "→": ">", "←": "<", "↑": "^", "↓": "v",
        "×": "x", "±": "~", "µ": "u", "≥": ">", "≤": "<", "≈": "~", "✓": "v", "✗": "x", "✔": "v",
        "✘": "x", "■": "#", "●": "*", "○": "o", "▲": "^", "▼": "v", "│": "|", "─": "-", "┌": "+",
        "┐": "+", "└": "+", "┘": "+", "├": "+", "┤": "+", "┬": "+", "┴": "+", "┼": "+", "▁": "_",
        "▂": ".", "▃": "-", "▄": "=", "▅": "+", "▆": "*", "▇": "%", "█": "#", "░": ".", "▒": ":",
        "▓": "%", "“": "\"", "”": "\"", "‘": "'", "’": "'", "⚠": "!", "σ": "s", "Δ": "D",
        "\u{A0}": " ", "\u{202F}": " ",
    ]
}
