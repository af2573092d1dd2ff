import Foundation

/// Where the truth about the faults is kept: for people to read afterwards, and for a process that
/// takes the place of one that died.
struct TruthFile: Sendable {
    /// The file; nil where nothing is kept.
    var path: String?
    /// Whether only the file is told.
    var isSealed = false

    /// No file.
    init() {}

    /// A file; sealed where only it is told.
    init(path: String?, isSealed: Bool) {
        self.path = path
        self.isSealed = isSealed
    }

    /// Writes the manifest and what another process needs to go on, in one step.
    ///
    /// - Throws: the error of the file system.
    func write(_ manifest: JSONValue, saved: JSONValue) throws {
        guard let path = self.path, case .object(let members) = manifest else { return }
        let document = JSONValue.object(members + [("schedule", saved)])
        try Data((document.text + "\n").utf8).write(
            to: URL(fileURLWithPath: path), options: .atomic)
    }

    /// What an earlier process needs another to know; nil when there is none.
    func saved() -> JSONValue? {
        guard let path = self.path,
            let data = try? Data(contentsOf: URL(fileURLWithPath: path)),
            let json = try? JSONDecoder().decode(JSONValue.self, from: data)
        else { return nil }
        return json["schedule"]
    }
}
