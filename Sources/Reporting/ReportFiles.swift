import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Why a file of the report could not be written.
package struct ReportFileError: Error, Sendable, Hashable {
    /// The file.
    package var path: String
    /// The system's reason.
    package var reason: String
    /// One sentence with both.
    package var message: String { "cannot write \(self.path): \(self.reason)" }
}

/// The files a report consists of.
package enum ReportFiles {
    /// The names, in the order they are written: the source of all numbers first.
    package static let names = ["report.json", "report.html", "report.md", "junit.xml"]

    /// Writes all files of the report into a directory that exists.
    ///
    /// Each file is written beside its final name and then renamed, so that a reader sees the old
    /// one or the new one, never half of it.
    ///
    /// - Parameters:
    ///   - names: picks some of the files.
    ///   - baseline: an earlier run whose figures stand beside this one's, on the page and in the
    ///     Markdown.
    /// - Throws: `ReportFileError` when the disk is full, the directory is missing or not ours.
    package static func write(
        _ report: Report, to directory: String, names: [String] = ReportFiles.names,
        baseline: Report? = nil
    ) throws(ReportFileError) {
        for name in ReportFiles.names where names.contains(name) {
            let path = directory.hasSuffix("/") ? directory + name : directory + "/" + name
            let bytes: [UInt8]
            switch name {
            case "report.json":
                do {
                    bytes = Array(try ReportCoding.encode(report))
                } catch {
                    throw ReportFileError(path: path, reason: error.message)
                }
            case "report.html": bytes = Array(report.html(baseline: baseline).utf8)
            case "report.md": bytes = Array(report.markdown(baseline: baseline).utf8)
            default: bytes = Array(report.junit.utf8)
            }
            try replace(path, with: bytes)
        }
    }

    /// Puts the bytes where `path` says, all or nothing.
    static func replace(_ path: String, with bytes: [UInt8]) throws(ReportFileError) {
        let temporary = "\(path).\(getpid()).tmp"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure(path) }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { slice in
                systemWrite(descriptor, slice.baseAddress, slice.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let error = failure(path)
                close(descriptor)
                unlink(temporary)
                throw error
            }
            written += count
        }
        // Without this a crash of the machine after the rename can leave an empty file.
        guard fsync(descriptor) == 0 else {
            let error = failure(path)
            close(descriptor)
            unlink(temporary)
            throw error
        }
        close(descriptor)
        guard rename(temporary, path) == 0 else {
            let error = failure(path)
            unlink(temporary)
            throw error
        }
    }

    private static func failure(_ path: String) -> ReportFileError {
        ReportFileError(path: path, reason: String(cString: strerror(errno)))
    }
}

/// `write(2)`, which the static function of the same name hides.
private func systemWrite(_ descriptor: Int32, _ base: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, base, count)
}
