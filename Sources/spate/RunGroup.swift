import Comparison
import Foundation
import Measurements
import Reporting

/// Reads what a command line names as runs: folders of runs, reports, saved baselines.
enum RunGroup {
    private static let hint =
        "give a run's folder, a folder of runs, a report.json, or a file of spate compare --save"

    /// The runs that texts name, each of them one path or several with commas.
    ///
    /// - Throws: `Failure` with the path and what is wrong with it (exit 64).
    static func read(_ texts: [String]) throws -> [RunEvidence] {
        var seen: Set<String> = []
        return try texts.flatMap { text in
            // A path that has a comma in its name is still a path.
            let paths =
                FileManager.default.fileExists(atPath: text)
                ? [text] : text.split(separator: ",").map(String.init)
            return try paths.flatMap { try self.runs(at: $0) }
        }.filter { seen.insert($0.id.isEmpty ? $0.place : $0.id).inserted }
    }

    private static func runs(at path: String) throws -> [RunEvidence] {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw Failure("\(path): no such file or folder", hint: self.hint, status: .usage)
        }
        guard isDirectory.boolValue else { return try self.runs(inFile: path) }
        if let run = try self.run(inFolder: path) { return [run] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        // What --baseline-target left: runs of two servers, which are no one group.
        guard !names.contains("base-1") || !names.contains("new-1") else {
            throw Failure(
                "\(path) holds both groups of a comparison, base-1 and new-1",
                hint: "name one of them, such as \(path)/new-*", status: .usage)
        }
        let found = try names.sorted().compactMap { name -> RunEvidence? in
            let inner = path + "/" + name
            // `latest` points at a run that is there under its own name.
            let isLink = (try? FileManager.default.destinationOfSymbolicLink(atPath: inner)) != nil
            return isLink ? nil : try self.run(inFolder: inner)
        }
        guard !found.isEmpty else {
            throw Failure(
                "\(path) is neither a run's folder nor a folder of runs", hint: self.hint,
                status: .usage)
        }
        return found
    }

    /// The run in a folder, a killed one from its journal; nil where there is none.
    private static func run(inFolder path: String) throws -> RunEvidence? {
        let report = path + "/report.json"
        if FileManager.default.fileExists(atPath: report) {
            return try self.runs(inFile: report).first
        }
        guard FileManager.default.fileExists(atPath: path + "/manifest.json") else { return nil }
        let made = try ReportMaking.explain(directory: try RunDirectory.open(path))
        return RunEvidence(
            made.report, place: path, load: LoadDigest.of(folder: path, made.report))
    }

    private struct Header: Decodable {
        var schema: String?
    }

    private static func runs(inFile path: String) throws -> [RunEvidence] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure("\(path) cannot be read", hint: self.hint, status: .usage)
        }
        guard let header = try? JSONDecoder().decode(Header.self, from: data) else {
            throw Failure(
                "\(path) is no JSON object: it is damaged, cut off or something else",
                hint: self.hint, status: .usage)
        }
        switch header.schema {
        case "spate/report/1":
            let report: Report
            do { report = try JSONDecoder().decode(Report.self, from: data) } catch {
                throw self.damaged(path, error)
            }
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            let place = path.hasSuffix("/report.json") ? String(path.dropLast(12)) : path
            return [
                RunEvidence(report, place: place, load: LoadDigest.of(folder: folder, report))
            ]
        case SavedBaseline.schema:
            do { return try JSONDecoder().decode(SavedBaseline.self, from: data).runs } catch {
                throw self.damaged(path, error)
            }
        case let other:
            let found = other.map { "its schema is '\($0)'" } ?? "it names no schema"
            throw Failure(
                "\(path) is neither a report nor a saved baseline: \(found)", hint: self.hint,
                status: .usage)
        }
    }

    private static func damaged(_ path: String, _ error: any Error) -> Failure {
        let place: String
        switch error as? DecodingError {
        case .keyNotFound(let key, let context):
            place = (context.codingPath + [key]).map(\.stringValue).joined(separator: ".")
        case .typeMismatch(_, let context), .valueNotFound(_, let context),
            .dataCorrupted(let context):
            place = context.codingPath.map(\.stringValue).joined(separator: ".")
        default: place = ""
        }
        return Failure(
            "\(path) is damaged" + (place.isEmpty ? "" : " at '\(place)'"),
            hint: "make it again: spate report DIR, or spate compare --save FILE", status: .usage)
    }
}

/// Runs kept in one file, to compare later ones with: schema `spate/baseline/1`.
struct SavedBaseline: Codable {
    static let schema = "spate/baseline/1"
    /// The schema's name.
    var schema = SavedBaseline.schema
    /// The runs.
    var runs: [RunEvidence]

    /// The text: a line for each run, so that differences can be read.
    func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let lines = try self.runs.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
        return "{\"schema\":\"\(self.schema)\",\"runs\":[\n" + lines.joined(separator: ",\n")
            + "\n]}\n"
    }

    /// Writes the file, all or nothing.
    func write(to path: String) throws {
        do {
            try Data(try self.text().utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw Failure(cannotWrite: path, error)
        }
    }
}
