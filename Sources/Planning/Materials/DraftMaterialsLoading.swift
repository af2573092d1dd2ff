import Foundation
import Primitives
package import Scenarios

extension DraftMaterials {
    /// Reads what a scenario's drafts need: the module's only input from outside.
    ///
    /// Feeders, the times of traces and recorded values are held in memory; of the files that
    /// bodies send only the sizes are read.
    ///
    /// - Parameters:
    ///   - scenario: the scenario; relative paths start from its `directory`.
    ///   - environment: the environment; only what templates name is kept.
    /// - Throws: `ScenarioErrors` with every missing file, bad row, missing column and missing
    ///   environment variable.
    package static func load(
        scenario: Scenario, environment: [String: String]
    ) throws(ScenarioErrors) -> DraftMaterials {
        var loader = MaterialsLoader(scenario: scenario, environment: environment)
        loader.loadFeeders()
        loader.loadTraces()
        loader.loadUses()
        loader.expandVariables()
        try loader.mistakes.throwIfAny()
        return loader.materials
    }
}

private struct MaterialsLoader {
    let scenario: Scenario
    let environment: [String: String]
    var mistakes: MistakeList
    var materials = DraftMaterials()

    init(scenario: Scenario, environment: [String: String]) {
        self.scenario = scenario
        self.environment = environment
        self.mistakes = MistakeList(scenario)
    }

    // MARK: - Feeders

    mutating func loadFeeders() {
        for spec in self.scenario.feeders {
            guard let (columns, rows) = self.table(of: spec) else { continue }
            if rows.isEmpty {
                self.mistakes.add(
                    "the feeder '\(spec.name)' has no rows", at: spec.location)
            }
            self.materials.feeders[spec.name] = FeederRows(
                columns: columns, rows: rows, order: spec.order)
        }
    }

    private mutating func table(of spec: FeederSpec) -> (columns: [String], rows: [[String]])? {
        switch spec.source {
        case .inline(let rows):
            return self.inlineTable(rows, spec)
        case .csv(let path):
            guard let bytes = self.contents(of: path, at: spec.location) else { return nil }
            do throws(CSVTable.Mistake) {
                let table = try CSVTable(bytes)
                return (table.columns, table.rows)
            } catch {
                self.mistakes.add("\(path):\(error.line): \(error.message)", at: spec.location)
                return nil
            }
        case .json(let path):
            guard let bytes = self.contents(of: path, at: spec.location) else { return nil }
            do throws(JSONTable.Mistake) {
                let table = try JSONTable(bytes)
                return (table.columns, table.rows)
            } catch {
                self.mistakes.add("\(path): \(error.message)", at: spec.location)
                return nil
            }
        }
    }

    private mutating func inlineTable(
        _ rows: [[String: String]], _ spec: FeederSpec
    ) -> (columns: [String], rows: [[String]]) {
        let columns = Set(rows.flatMap(\.keys)).sorted()
        for (index, row) in rows.enumerated() {
            for column in columns where row[column] == nil {
                self.mistakes.add(
                    "row \(index + 1) of '\(spec.name)' has no '\(column)'", at: spec.location)
            }
        }
        return (columns, rows.map { row in columns.map { row[$0] ?? "" } })
    }

    // MARK: - Traces

    mutating func loadTraces() {
        for population in self.scenario.populations {
            guard case .trace(let spec) = population.load,
                self.materials.traces[spec.source] == nil
            else { continue }
            self.materials.traces[spec.source] = self.times(of: spec)
        }
    }

    private mutating func times(of spec: TraceSpec) -> TraceTimes? {
        let path = spec.source.path
        guard self.fileSize(path, at: spec.location) != nil else { return nil }
        guard let file = FileHandle(forReadingAtPath: self.resolved(path)) else {
            self.mistakes.add("\(path) cannot be read", at: spec.location)
            return nil
        }
        defer { try? file.close() }
        var reader = TraceReader(column: spec.source.column)
        do {
            while let chunk = try file.read(upToCount: 1 << 20), !chunk.isEmpty {
                try reader.read(Array(chunk))
            }
            return try reader.finish()
        } catch let mistake as TraceReader.Mistake {
            self.mistakes.add("\(path):\(mistake.line): \(mistake.message)", at: spec.location)
        } catch {
            self.mistakes.add("\(path) cannot be read", at: spec.location)
        }
        return nil
    }

    // MARK: - Recorded values

    private mutating func values(of source: RecordedValues) -> WeightedValues? {
        let location = SourceLocation(line: source.line, column: source.offset)
        guard let size = self.fileSize(source.path, at: location) else { return nil }
        guard size <= ValueFile.mostBytes else {
            self.mistakes.add("\(source.path) is larger than 64 MiB", at: location)
            return nil
        }
        guard let bytes = self.contents(of: source.path, at: location) else { return nil }
        do throws(CSVTable.Mistake) {
            return WeightedValues(
                try ValueFile.values(bytes, column: source.column, unit: source.unit))
        } catch {
            self.mistakes.add("\(source.path):\(error.line): \(error.message)", at: location)
            return nil
        }
    }

    // MARK: - Uses

    mutating func loadUses() {
        let uses = TemplateUses(self.scenario)
        for (expression, location) in uses.expressions {
            self.check(expression, at: location)
        }
        for (path, location) in uses.files where self.materials.files[path] == nil {
            if let size = self.fileSize(path, at: location) {
                self.materials.files[path] = FileFacts(path: self.resolved(path), size: size)
            }
        }
        for values in uses.recorded where self.materials.recorded[values] == nil {
            self.materials.recorded[values] = self.values(of: values)
        }
        for path in self.scenario.http.files { _ = self.fileSize(path, at: TemplateUses.head) }
    }

    private mutating func check(
        _ expression: Template.Expression, at location: SourceLocation
    ) {
        switch expression {
        case .environment(let name):
            if let value = self.environment[name] {
                self.materials.environment[name] = value
            } else {
                self.mistakes.add(
                    "the environment has no \(name); set it or pass -e \(name)=value", at: location)
            }
        case .column(let feeder, let column):
            guard let rows = self.materials.feeders[feeder] else {
                // A feeder that could not be read is one mistake, not two.
                if !self.scenario.feeders.contains(where: { $0.name == feeder }) {
                    self.mistakes.add("no feeder is called '\(feeder)'", at: location)
                }
                return
            }
            if !rows.columns.contains(column) {
                let known = rows.columns.joined(separator: ", ")
                self.mistakes.add(
                    "the feeder '\(feeder)' has no column '\(column)'; its columns are \(known)",
                    at: location)
            }
        case .admin:
            if case .url = self.scenario.target {
                self.mistakes.add(
                    "$admin needs the bundled intake; write target: {intake: {}}", at: location)
            }
        case .variable, .sequence, .uuid, .randomInt, .key:
            break
        }
    }

    /// Variables hold text and `$env` only; what else stood there is the decoder's to refuse.
    mutating func expandVariables() {
        for variable in self.scenario.variables {
            var value = ""
            for piece in variable.value.pieces {
                switch piece {
                case .literal(let text): value += text
                case .expression(.environment(let name)): value += self.environment[name] ?? ""
                case .expression:
                    self.mistakes.add(
                        "the variable '\(variable.name)' may only use $env", at: TemplateUses.head)
                }
            }
            self.materials.variables[variable.name] = value
        }
    }

    // MARK: - Files

    private func resolved(_ path: String) -> String {
        path.hasPrefix("/") ? path : self.scenario.directory + "/" + path
    }

    private mutating func contents(of path: String, at location: SourceLocation) -> [UInt8]? {
        guard self.fileSize(path, at: location) != nil else { return nil }
        guard let data = FileManager.default.contents(atPath: self.resolved(path)) else {
            self.mistakes.add("\(path) cannot be read", at: location)
            return nil
        }
        return Array(data)
    }

    private mutating func fileSize(_ path: String, at location: SourceLocation) -> Int64? {
        let manager = FileManager.default
        var isDirectory: ObjCBool = false
        let full = self.resolved(path)
        guard manager.fileExists(atPath: full, isDirectory: &isDirectory) else {
            self.mistakes.add(
                "there is no file \(path) in \(self.scenario.directory)", at: location)
            return nil
        }
        guard !isDirectory.boolValue else {
            self.mistakes.add("\(path) is a directory", at: location)
            return nil
        }
        guard manager.isReadableFile(atPath: full),
            let size = try? manager.attributesOfItem(atPath: full)[.size] as? NSNumber
        else {
            self.mistakes.add("\(path) cannot be read", at: location)
            return nil
        }
        return size.int64Value
    }
}
