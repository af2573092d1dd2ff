#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Why a run's directory or journal could not be made, written or read.
package enum JournalError: Error, Sendable, Hashable {
    /// The directory exists and holds something already.
    case notEmpty(path: String)
    /// The directory or a file in it cannot be created.
    case notCreatable(path: String, errno: Int32)
    /// There is no run in the directory.
    case noRun(path: String, reason: String)
    /// A file that is needed cannot be read.
    case unreadable(path: String, reason: String)
    /// A write failed; what was written before stays readable.
    case notWritable(path: String, errno: Int32)
    /// The disk took so little for so long that memory would have grown without bound.
    case tooSlow(path: String, seconds: Int)
    /// The sums do not add up: a bug of the generator, not of the server.
    case ledger([String])
}

extension JournalError: CustomStringConvertible {
    /// One sentence for people.
    package var description: String {
        switch self {
        case .notEmpty(let path):
            "\(path) exists and is not empty; choose another directory or empty it"
        case .notCreatable(let path, let code):
            "cannot create \(path): \(JournalError.text(code))"
        case .noRun(let path, let reason):
            "\(path) holds no run: \(reason)"
        case .unreadable(let path, let reason):
            "cannot read \(path): \(reason)"
        case .notWritable(let path, let code):
            "cannot write \(path): \(JournalError.text(code))"
        case .tooSlow(let path, let seconds):
            "the disk of \(path) is too slow: \(seconds) s of the run wait to be written"
        case .ledger(let violations):
            "the ledger does not add up: \(violations.joined(separator: "; "))"
        }
    }

    /// The system's own words for an errno.
    static func text(_ code: Int32) -> String {
        guard let words = strerror(code) else { return "errno \(code)" }
        return String(cString: words)
    }
}
