import Diagnosis
import Foundation
import Measurements
import Primitives
import Reporting

/// From a run's directory to its reports; the same for a fresh run and for one read back.
enum ReportMaking {
    /// What came of it.
    struct Made {
        var report: Report
        var findings: Findings
        var damage: [String]
        var record: RunRecord
    }

    /// The longest scenario that reports carry, in bytes.
    private static let scenarioLimit = 64_000

    /// Reads the journal, explains it and writes every report into the directory.
    ///
    /// - Parameter baseline: an earlier run whose figures stand beside this one's.
    static func make(directory: RunDirectory, baseline: Report? = nil) throws -> Made {
        let made = try self.explain(directory: directory)
        try ReportFiles.write(made.report, to: directory.path, baseline: baseline)
        return made
    }

    /// Reads the journal and explains it, on request from the clients' side alone; writes nothing.
    static func explain(directory: RunDirectory, clientOnly: Bool = false) throws -> Made {
        var record = try JournalReader.read(directory, attempts: true)
        if clientOnly { record = record.clientOnly }
        let thresholds = try ThresholdFile.read(from: directory.path)
        let explanation = Explanation.explain(record, thresholds: thresholds)
        var report = Report(
            record: record, summary: RunSummary(record), explanation: explanation)
        if !clientOnly { report.run.scenarioText = self.scenarioText(directory) }
        return Made(
            report: report, findings: findings(record: record, explanation: explanation),
            damage: record.damage, record: record)
    }

    /// The scenario as the run resolved it; nil where it is gone or too long for a page.
    private static func scenarioText(_ directory: RunDirectory) -> String? {
        let path = directory.path(of: .scenario)
        guard let data = FileManager.default.contents(atPath: path), !data.isEmpty,
            data.count <= self.scenarioLimit
        else { return nil }
        return String(decoding: data, as: UTF8.self)
    }

    /// All that applies at the run's end.
    static func findings(record: RunRecord, explanation: Explanation) -> Findings {
        var all = ExitPrecedence.codes(stopped: record.closing?.stopped)
            .map { ExitStatus(rawValue: $0) ?? .internalError }
        if explanation.inconclusive { all.append(.inconclusive) }
        // A figure that is not to be believed crosses nothing.
        if explanation.anyThresholdCrossed, explanation.validity.state != .invalid {
            all.append(.thresholdCrossed)
        }
        return Findings(all)
    }
}

/// The run's rules, kept beside its journal so that reports can be made again.
enum ThresholdFile {
    static let name = "thresholds.json"

    static func read(from directory: String) throws -> [ThresholdRule] {
        let path = directory + "/" + self.name
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        do {
            return try JSONDecoder().decode([ThresholdRule].self, from: data)
        } catch {
            throw Failure(
                "\(path) is damaged: \(error)",
                hint: "remove it: the reports are then made without thresholds",
                status: .internalError)
        }
    }
}
