import Comparison
import Foundation
import Measurements
import Reporting
import Scenarios

/// What outputs are made of, once a run has been reported.
struct OutputSource {
    var report: Report
    var record: RunRecord
    var directory: FinishedDirectory
    /// The scenario's path as the user wrote it; nil when a stored run is rendered again.
    var scenarioFile: String?
    /// True when stdout belongs to another output or to `--json`.
    var isOutputTaken: Bool
}

extension RunOutput {
    /// Writes it where it is wanted.
    ///
    /// - Throws: `Failure` when the disk refuses.
    func write(_ source: OutputSource) throws {
        if self.kind == .github { return try self.annotate(source) }
        guard let name = self.kind.fileName else { return }
        switch self.destination {
        case .directory:
            guard !self.kind.isOfEveryRun else { return }
            try Self.put(self.text(source), at: source.directory.path + "/" + name)
        case .output: Console.raw(try self.text(source))
        case .file(let path):
            guard self.kind == .attempts, Self.isRegularOrNew(path) else {
                return try Self.put(self.text(source), at: path)
            }
            // May be larger than memory.
            do { try source.directory.copy(name, to: path) } catch {
                throw Failure(cannotWrite: path, error)
            }
        }
    }

    private func text(_ source: OutputSource) throws -> String {
        let formats = ReportFormats(source.report, record: source.record)
        switch self.kind {
        case .json, .html, .markdown, .junit, .attempts:
            return try source.directory.read(self.kind.fileName ?? "")
        case .github:
            return formats.gitHub.annotations(file: nil)
        case .k6Summary: return formats.k6Summary
        case .openmetrics: return formats.openMetrics
        case .benchmarkAction: return formats.benchmarkAction
        case .k6JSON: return formats.k6Points
        case .ndjson: return formats.seconds
        case .csv: return formats.csv
        case .hlog: return formats.histogramLog
        case .hdrplot: return formats.percentileText
        }
    }

    // MARK: - GitHub

    /// Annotations go where the runner reads them, summary and outputs into the files it names.
    private func annotate(_ source: OutputSource) throws {
        let text = ReportFormats(source.report, record: source.record).gitHub
        let environment = ProcessInfo.processInfo.environment
        let annotations = text.annotations(
            file: source.scenarioFile.map {
                Self.place(of: $0, in: environment["GITHUB_WORKSPACE"] ?? "")
            })
        if case .file(let path) = self.destination {
            try Self.put(annotations, at: path)
        } else {
            self.command(annotations, isOutputTaken: source.isOutputTaken)
        }
        let report = source.directory.path + "/report.html"
        Self.tellRunner(summary: text.summary, outputs: text.outputs(reportPath: report))
    }

    /// Shows a comparison in the workflow, after the runs it is of.
    ///
    /// - Throws: what keeps the file from being written that the annotations go to.
    func annotate(_ comparison: RunComparison, isOutputTaken: Bool) throws {
        let text = comparison.gitHub
        if case .file(let path) = self.destination {
            try Self.append(text.annotation, to: path)
        } else {
            self.command(text.annotation, isOutputTaken: isOutputTaken)
        }
        Self.tellRunner(summary: text.summary, outputs: text.outputs)
    }

    private func command(_ annotations: String, isOutputTaken: Bool) {
        // The runner reads commands from stderr as well.
        if self.destination == .directory, isOutputTaken {
            Console.status(annotations)
        } else {
            Console.raw(annotations)
        }
    }

    /// Adds to the files that the runner names.
    private static func tellRunner(summary: String, outputs: String) {
        let environment = ProcessInfo.processInfo.environment
        for (name, contents) in [("GITHUB_STEP_SUMMARY", summary), ("GITHUB_OUTPUT", outputs)] {
            guard let path = environment[name], !path.isEmpty else { continue }
            // What the workflow shows is not what the run answers: a run that is as expected does
            // not fail because its summary had no room.
            do { try Self.append(contents, to: path) } catch {
                Console.note("$\(name) \(path) cannot be written: \(error.localizedDescription)")
            }
        }
    }

    /// The path as the repository has it, wherever in it the command was called.
    private static func place(of file: String, in workspace: String) -> String {
        let path = URL(fileURLWithPath: file).standardized.path
        let root = URL(fileURLWithPath: workspace).standardized.path + "/"
        guard !workspace.isEmpty, path.hasPrefix(root) else { return file }
        return String(path.dropFirst(root.count))
    }

    /// Other steps' lines stay.
    private static func append(_ text: String, to path: String) throws {
        guard let handle = FileHandle(forWritingAtPath: path) else {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            return
        }
        defer { try? handle.close() }
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(text.utf8))
    }

    // MARK: - Files

    private static func isRegularOrNew(_ path: String) -> Bool {
        self.isRegular(path) || !FileManager.default.fileExists(atPath: path)
    }

    /// Puts a text into a file, all or nothing; into a pipe or a device in place.
    private static func put(_ text: String, at path: String) throws {
        do {
            if self.isRegularOrNew(path) {
                try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
            } else {
                let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
                defer { try? handle.close() }
                try handle.write(contentsOf: Data(text.utf8))
            }
        } catch {
            throw Failure(cannotWrite: path, error)
        }
    }
}
