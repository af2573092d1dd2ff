package import Primitives

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A run's directory: where each of its files lies.
package struct RunDirectory: Sendable, Hashable {
    /// The files of a run, by their path inside the directory.
    package enum File: String, Sendable, CaseIterable {
        /// What ran, where and with what.
        case manifest = "manifest.json"
        /// The scenario as resolved.
        case scenario = "scenario.yaml"
        /// Counts per second.
        case windows = "journal/windows.ndjson"
        /// Histograms per second.
        case latency = "journal/latency.hlog"
        /// A sample of attempts.
        case attempts = "journal/attempts.ndjson"
        /// The generator's health and the server's figures.
        case samples = "journal/samples.ndjson"
        /// What happened.
        case events = "journal/events.ndjson"
        /// How every intent ended.
        case intents = "journal/intents.bin"
        /// What clients believe against what the server stored.
        case reconciliation = "reconcile.json"
        /// The bundled intake's own log.
        case intakeLog = "intake.log"
        /// The one source of all numbers of the reports.
        case reportJSON = "report.json"
        /// The report for a browser.
        case reportHTML = "report.html"
        /// The report for a terminal or a pull request.
        case reportMarkdown = "report.md"
        /// The thresholds for a CI server.
        case junit = "junit.xml"
    }

    /// The directory's path, as it was given.
    package let path: String

    private init(path: String) {
        self.path = path
    }

    /// The path of one of the run's files; it need not exist.
    package func path(of file: File) -> String {
        self.path + "/" + file.rawValue
    }
}

// MARK: - Making and opening

extension RunDirectory {
    /// Makes `base/scenario/<UTC stamp>` and points `base/scenario/latest` at it.
    ///
    /// Two runs in one second cannot share a directory: the second gets `-2`, and so on.
    ///
    /// - Parameter scenario: one path component: the scenario file's base name.
    /// - Throws: `JournalError.notCreatable`.
    package static func create(
        scenario: String, started: WallTime, base: String = "reports"
    ) throws(JournalError) -> RunDirectory {
        precondition(
            !scenario.isEmpty && !scenario.contains("/") && scenario != ".." && scenario != ".",
            "a scenario's name is one path component")
        let parent = base + "/" + scenario
        try makeParents(parent)
        var name = started.stamp
        var attempt = 1
        while mkdir(parent + "/" + name, 0o777) != 0 {
            let code = errno
            guard code == EEXIST, attempt < 10_000 else {
                throw .notCreatable(path: parent + "/" + name, errno: code)
            }
            attempt += 1
            name = "\(started.stamp)-\(attempt)"
        }
        let directory = RunDirectory(path: parent + "/" + name)
        try directory.makeJournal()
        try pointLatest(in: parent, at: name)
        return directory
    }

    /// Makes exactly `path`, or takes it when it exists and is empty; there is no `latest`.
    ///
    /// - Throws: `JournalError.notEmpty` or `.notCreatable`.
    package static func create(exactly path: String) throws(JournalError) -> RunDirectory {
        precondition(!path.isEmpty, "a directory has a name")
        let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        try makeParents(trimmed)
        guard let entries = names(in: trimmed) else {
            throw .notCreatable(path: trimmed, errno: errno)
        }
        guard entries.isEmpty else { throw .notEmpty(path: trimmed) }
        guard access(trimmed, W_OK | X_OK) == 0 else {
            throw .notCreatable(path: trimmed, errno: errno)
        }
        let directory = RunDirectory(path: trimmed)
        try directory.makeJournal()
        return directory
    }

    /// The directory of a run that exists.
    ///
    /// - Throws: `JournalError.noRun` when there is no `manifest.json`.
    package static func open(_ path: String) throws(JournalError) -> RunDirectory {
        let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        let directory = RunDirectory(path: trimmed)
        guard access(trimmed, F_OK) == 0 else {
            throw .noRun(path: trimmed, reason: JournalError.text(errno))
        }
        guard access(directory.path(of: .manifest), F_OK) == 0 else {
            throw .noRun(path: trimmed, reason: "it has no manifest.json")
        }
        return directory
    }

    private func makeJournal() throws(JournalError) {
        let journal = self.path + "/journal"
        guard mkdir(journal, 0o777) == 0 else {
            throw .notCreatable(path: journal, errno: errno)
        }
    }

    private static func makeParents(_ path: String) throws(JournalError) {
        var built = path.hasPrefix("/") ? "" : "."
        for component in path.split(separator: "/") {
            built += "/" + component
            if mkdir(built, 0o777) == 0 { continue }
            let code = errno
            var facts = stat()
            // Read-only parents that exist answer EROFS or EACCES, not EEXIST, on some systems.
            if stat(built, &facts) == 0 {
                guard facts.st_mode & S_IFMT == S_IFDIR else {
                    throw .notCreatable(path: path, errno: ENOTDIR)
                }
                continue
            }
            throw .notCreatable(path: path, errno: code)
        }
    }

    /// Replaces the symbolic link by renaming a new one over it, so that it always points at a run.
    private static func pointLatest(in parent: String, at name: String) throws(JournalError) {
        let link = parent + "/latest"
        let fresh = parent + "/.latest-" + name
        unlink(fresh)
        guard symlink(name, fresh) == 0 else { throw .notCreatable(path: link, errno: errno) }
        guard rename(fresh, link) == 0 else {
            let code = errno
            unlink(fresh)
            throw .notCreatable(path: link, errno: code)
        }
    }

    private static func names(in path: String) -> [String]? {
        guard let stream = opendir(path) else { return nil }
        defer { closedir(stream) }
        var found: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { found.append(name) }
        }
        return found
    }
}
