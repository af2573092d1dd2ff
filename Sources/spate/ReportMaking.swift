import Diagnosis
import Foundation
import Measurements
import Reporting

/// From a run's directory to its reports; the same for a fresh run and for one read back.
enum ReportMaking {
    /// What came of it.
    struct Made {
        var report: Report
        var status: ExitStatus
        var damage: [String]
    }

    /// Reads the journal, explains it and writes every report into the directory.
    static func make(directory: RunDirectory) throws -> Made {
        let made = try self.explain(directory: directory)
        try ReportFiles.write(made.report, to: directory.path)
        return made
    }

    /// Reads the journal and explains it, on request from the clients' side alone; writes nothing.
    static func explain(directory: RunDirectory, clientOnly: Bool = false) throws -> Made {
        var record = try JournalReader.read(directory, attempts: true)
        if clientOnly { record = record.clientOnly }
        let thresholds = try ThresholdFile.read(from: directory.path)
        let explanation = Explanation.explain(record, thresholds: thresholds)
        let report = Report(
            record: record, summary: RunSummary(record), explanation: explanation)
        return Made(
            report: report, status: status(record: record, explanation: explanation),
            damage: record.damage)
    }

    /// The exit code: of all that apply, the one that comes first in the contract's order.
    static func status(record: RunRecord, explanation: Explanation) -> ExitStatus {
        var codes: [ExitStatus] = [.success]
        switch record.closing?.stopped {
        case "signal": codes.append(.stoppedBySignal)
        case "time-limit": codes.append(.timeLimit)
        case "journal-full", nil: codes.append(.inconclusive)
        default: break
        }
        if explanation.inconclusive { codes.append(.inconclusive) }
        if explanation.anyThresholdCrossed { codes.append(.thresholdCrossed) }
        return codes.max() ?? .success
    }
}

/// The run's rules, kept beside its journal so that reports can be made again.
enum ThresholdFile {
    static let name = "thresholds.json"

    static func read(from directory: String) throws -> [ThresholdCheck] {
        let path = directory + "/" + self.name
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        do {
            return try JSONDecoder().decode([ThresholdCheck].self, from: data)
        } catch {
            throw Failure("\(path) is damaged: \(error)", status: .internalError)
        }
    }
}
