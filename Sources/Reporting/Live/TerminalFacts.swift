/// When colour is wanted.
package enum ColourChoice: String, Sendable, Hashable, CaseIterable {
    /// On a terminal, unless the environment says otherwise.
    case auto
    /// Whatever is there.
    case always
    /// Nowhere.
    case never
}

/// What a terminal is told to be able to, by its environment and the command line.
///
/// Pure.
package struct TerminalFacts: Sendable, Hashable {
    /// True where more than ASCII may be written.
    package var usesUnicode: Bool
    /// True where colour is welcome.
    package var usesColour: Bool
    /// True where the cursor may be moved: a terminal that is not `dumb`.
    package var canMove: Bool
    /// True under continuous integration, where nobody watches.
    package var isUnattended: Bool

    /// Facts.
    ///
    /// UTF-8 is what the first of LC_ALL, LC_CTYPE and LANG that is set says (POSIX, XBD 8.2).
    /// Colour: the command line, then FORCE_COLOR, then NO_COLOR (no-color.org), then whether it
    /// is a terminal.
    ///
    /// - Parameters:
    ///   - isTerminal: true when the output is a terminal.
    ///   - isASCII: true for `--ascii`.
    ///   - colour: what the command line asks for.
    package init(
        environment: [String: String], isTerminal: Bool, isASCII: Bool = false,
        colour: ColourChoice = .auto
    ) {
        func value(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        let locale = value("LC_ALL") ?? value("LC_CTYPE") ?? value("LANG") ?? "C"
        let charset = locale.uppercased()
        let isUTF8 = charset.contains("UTF-8") || charset.contains("UTF8")
        let isDumb = value("TERM") == "dumb"
        self.usesUnicode = isUTF8 && !isASCII
        self.canMove = isTerminal && !isDumb
        self.isUnattended = value("CI") != nil
        switch colour {
        case .always: self.usesColour = true
        case .never: self.usesColour = false
        case .auto:
            if let forced = value("FORCE_COLOR") {
                self.usesColour = forced != "0"
            } else {
                self.usesColour = value("NO_COLOR") == nil && isTerminal && !isDumb
            }
        }
    }
}
