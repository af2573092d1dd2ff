/// Which exit code a program ends with when several apply; scripts rely on the order.
package enum ExitPrecedence {
    /// The codes of a run, the one that comes first first.
    ///
    /// An invalid scenario or a host that has not agreed means that nothing ran; a doubt about the
    /// measurement (95) outranks what was measured (99, 96).
    package static let order: [Int32] = [104, 107, 106, 105, 102, 95, 99, 96]

    /// The code that comes first of those that apply; 0 when none does.
    ///
    /// Wrong arguments (64) and internal errors (1) end a program before there is a choice; they
    /// come before everything else, the error first.
    package static func first(of codes: [Int32]) -> Int32 {
        codes.max { self.rank($0) < self.rank($1) } ?? 0
    }

    /// How far in front a code stands: 0 for success, higher for those that come first.
    package static func rank(_ code: Int32) -> Int {
        if code == 0 { return 0 }
        guard let place = self.order.firstIndex(of: code) else {
            return self.order.count + (code == 1 ? 2 : 1)
        }
        return self.order.count - place
    }

    /// The codes that say why a run came to its end, from `closing.stopped`.
    ///
    /// - Parameter stopped: nil when the journal was cut off.
    package static func codes(stopped: String?) -> [Int32] {
        switch stopped {
        case "signal": [105]
        case "time-limit": [102]
        case "threshold": [99]
        case "journal-full", nil: [95]
        default: []
        }
    }

    /// The codes of what a run finds, which a job may pass all the same; what kept it from
    /// running, or stopped it, is none of them.
    package static let findings: [Int32] = [102, 95, 99, 96]
}
