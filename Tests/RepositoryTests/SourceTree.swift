import Foundation

/// The repository as files: what the tests of this target look at.
enum SourceTree {
    /// The repository's root.
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// A Swift file, split into lines.
    struct SourceFile: Sendable {
        /// The path from the root.
        var path: String
        /// Its lines.
        var lines: [String]
        /// The target it belongs to.
        var target: String { String(self.path.split(separator: "/")[1]) }
    }

    /// Every Swift file under the given folders, in order of path.
    static func swiftFiles(under folders: [String]) throws -> [SourceFile] {
        var files: [SourceFile] = []
        for folder in folders {
            let base = self.root.appendingPathComponent(folder)
            let walker = FileManager.default.enumerator(atPath: base.path)
            while let name = walker?.nextObject() as? String {
                guard name.hasSuffix(".swift") else { continue }
                let text = try String(
                    contentsOf: base.appendingPathComponent(name), encoding: .utf8)
                files.append(
                    SourceFile(
                        path: folder + "/" + name,
                        lines: text.split(separator: "\n", omittingEmptySubsequences: false)
                            .map(String.init)))
            }
        }
        return files.sorted { $0.path < $1.path }
    }

    /// The rows of a page's tables that begin with some characters.
    static func rows(of page: String, from start: String) throws -> [Substring] {
        try String(contentsOf: self.root.appendingPathComponent(page), encoding: .utf8)
            .split(separator: "\n").filter { $0.hasPrefix(start) }
    }

    /// A line without its comment and without what stands in string literals; good enough to
    /// count braces and to find calls.
    static func code(of line: String) -> String {
        var result = ""
        var inString = false
        var isRaw = false
        var previous: Character = " "
        for character in line {
            // A raw string ends at a quote with a #: its other quotes are text.
            if isRaw {
                if character == "#", previous == "\"" { (isRaw, inString) = (false, false) }
            } else if character == "\"", previous != "\\" {
                isRaw = !inString && previous == "#"
                inString.toggle()
            }
            if !inString {
                if character == "/", previous == "/" {
                    result.removeLast()
                    break
                }
                result.append(character)
            }
            previous = character
        }
        return result
    }
}
