/// All that applies at the end of a command, not only what its exit code says first.
struct Findings: Sendable {
    /// What applies; empty when everything is as expected.
    let all: Set<ExitStatus>

    init(_ all: some Sequence<ExitStatus> = []) {
        self.all = Set(all).subtracting([.success])
    }

    /// What comes first in the order of `ExitPrecedence`.
    var first: ExitStatus { self.all.max() ?? .success }

    /// The same without some, and which of those were there, the one that comes first first.
    func forgiving(_ some: Set<ExitStatus>) -> (rest: Findings, forgiven: [ExitStatus]) {
        (
            Findings(self.all.subtracting(some)),
            self.all.intersection(some).sorted(by: >)
        )
    }
}
