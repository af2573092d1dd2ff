import Foundation
import Testing

@Suite("The repository keeps its own rules")
struct LayoutTests {
    /// A target as Package.swift declares it.
    private struct DeclaredTarget: Decodable {
        struct Dependency: Decodable {
            let byName: [String?]?
            let product: [ProductPart?]?
        }
        enum ProductPart: Decodable {
            case name(String)
            case other
            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                self = (try? container.decode(String.self)).map(ProductPart.name) ?? .other
            }
        }
        let name: String
        let type: String
        let dependencies: [Dependency]

        var imports: Set<String> {
            var names: Set<String> = []
            for dependency in self.dependencies {
                if let name = dependency.byName?.first ?? nil { names.insert(name) }
                if case .name(let name)?? = dependency.product?.first { names.insert(name) }
            }
            return names
        }
    }

    private struct DumpedPackage: Decodable {
        let targets: [DeclaredTarget]
    }

    private static let platform: Set<String> = [
        "Foundation", "FoundationEssentials", "FoundationXML", "FoundationNetworking", "Glibc",
        "Musl", "Darwin", "Dispatch", "Synchronization", "Testing", "XCTest",
    ]

    private func declaredTargets() throws -> [DeclaredTarget] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        // Without --ignore-lock this waits for ever for the lock that `swift test` holds.
        process.arguments = ["swift", "package", "--ignore-lock", "dump-package"]
        process.currentDirectoryURL = SourceTree.root
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return try JSONDecoder().decode(DumpedPackage.self, from: data).targets
    }

    @Test("A file imports only what its target declares.")
    func importsAreDeclared() throws {
        let targets = try declaredTargets()
        #expect(targets.count > 15)
        let allowed = Dictionary(uniqueKeysWithValues: targets.map { ($0.name, $0.imports) })
        var checked = 0
        for file in try SourceTree.swiftFiles(under: ["Sources", "Tests"]) {
            let names = try #require(allowed[file.target], "\(file.path) is in no target")
            // Further in stands another language's text.
            for line in file.lines where !line.hasPrefix("        ") {
                let words = line.split(separator: " ")
                guard let position = words.firstIndex(of: "import"), position <= 2,
                    words[..<position].allSatisfy({ $0.hasPrefix("@") || isAccess($0) }),
                    position + 1 < words.count
                else { continue }
                checked += 1
                let module = String(words[position + 1].split(separator: ".")[0])
                #expect(
                    names.contains(module) || Self.platform.contains(module),
                    "\(file.path) imports \(module), which its target does not declare")
            }
        }
        #expect(checked > 100)
    }

    private func isAccess(_ word: Substring) -> Bool {
        ["public", "package", "internal", "fileprivate", "private"].contains(word)
    }

    @Test("The bundled intake's server is no part of the command line.")
    func spateDoesNotBuildHummingbird() throws {
        let targets = Dictionary(
            uniqueKeysWithValues: try declaredTargets().map { ($0.name, $0.imports) })
        var reached: Set<String> = ["spate"]
        var waiting = ["spate"]
        while let name = waiting.popLast() {
            for next in targets[name] ?? [] where reached.insert(next).inserted {
                waiting.append(next)
            }
        }
        #expect(reached.contains("Engine"))
        #expect(!reached.contains("HummingbirdCore"))
        #expect(!reached.contains("GRDB"))
    }

    @Test("Only one module sees each C library.")
    func librariesHaveOneOwner() throws {
        let owners = [
            "CCurl": ["Transport"], "CEpoll": ["Transport", "Engine"], "Yams": ["Scenarios"],
            "CZlib": ["Measurements"], "GRDB": ["Intake"], "HummingbirdCore": ["Intake"],
        ]
        for target in try declaredTargets() where target.type != "test" {
            for (library, allowed) in owners where target.imports.contains(library) {
                #expect(allowed.contains(target.name), "\(target.name) imports \(library)")
            }
        }
    }

    @Test("Files stay under 400 lines and lines under 100 columns.")
    func lengths() throws {
        for file in try SourceTree.swiftFiles(under: ["Sources", "Tests"]) {
            #expect(file.lines.count <= 401, "\(file.path) has \(file.lines.count) lines")
            // Tests quote other people's texts; the formatter keeps their code in bounds.
            guard file.path.hasPrefix("Sources") else { continue }
            for (index, line) in file.lines.enumerated() where line.count > 100 {
                Issue.record("\(file.path):\(index + 1) has \(line.count) columns")
            }
        }
    }

    @Test("Functions stay under 70 lines.")
    func functionLengths() throws {
        for file in try SourceTree.swiftFiles(under: ["Sources"]) {
            for (name, start, length) in functions(in: file.lines) where length > 70 {
                Issue.record("\(file.path):\(start) \(name) has \(length) lines")
            }
        }
    }

    @Test("The function counter sees a function's first and last line.")
    func functionCounterWorks() {
        let lines = ["struct A {", "    func b() {", "        if x {", "        }", "    }", "}"]
        let found = functions(in: lines)
        #expect(found.count == 1)
        #expect(found.first?.start == 2)
        #expect(found.first?.length == 4)
    }

    /// Functions and initialisers with their first line (from 1) and number of lines.
    private func functions(
        in lines: [String]
    ) -> [(name: String, start: Int, length: Int)] {
        var result: [(name: String, start: Int, length: Int)] = []
        var depth = 0
        var pending: (name: String, start: Int)?
        var open: [(name: String, start: Int, depth: Int)] = []
        var inText = false
        for (index, line) in lines.enumerated() {
            if line.components(separatedBy: "\"\"\"").count % 2 == 0 {
                inText.toggle()
                continue
            }
            if inText { continue }
            let code = SourceTree.code(of: line)
            let words = code.split { !$0.isLetter }
            if words.contains("func")
                || (words.contains("init") && code.contains("(")
                    && !code.contains(".init"))
            {
                pending = (code.trimmingCharacters(in: .whitespaces), index + 1)
            }
            for character in code {
                if character == "{" {
                    depth += 1
                    if let begun = pending {
                        open.append((begun.name, begun.start, depth))
                        pending = nil
                    }
                } else if character == "}" {
                    // A protocol's requirement has no body: its end is the protocol's.
                    pending = nil
                    if let last = open.last, last.depth == depth {
                        result.append((last.name, last.start, index + 2 - last.start))
                        open.removeLast()
                    }
                    depth -= 1
                }
            }
        }
        return result
    }

    @Test(
        "Nothing banned is called.",
        arguments: [
            ("print(", ["Sources/spate/", "Sources/spate-intake/"]),
            ("try!", []), ("fatalError(", []), ("FIXME", []), ("TODO", []),
            (" Date()", []), ("Thread.sleep", []), ("usleep(", []),
        ])
    func bannedCalls(call: String, exceptions: [String]) throws {
        for file in try SourceTree.swiftFiles(under: ["Sources"]) {
            if exceptions.contains(where: file.path.hasPrefix) { continue }
            for (index, line) in file.lines.enumerated() {
                let code = SourceTree.code(of: line)
                // Not what only ends like it, as `fingerprint(` does.
                let isCalled = code.ranges(of: call).contains { found in
                    found.lowerBound == code.startIndex || call.first?.isLetter == false
                        || !code[code.index(before: found.lowerBound)].isLetter
                }
                if isCalled {
                    Issue.record("\(file.path):\(index + 1) has \(call)")
                }
            }
        }
    }

    @Test("No type is named like its module: its members could not be named from outside.")
    func moduleNamesAreFree() throws {
        let modules = Set(try declaredTargets().map(\.name))
        let kinds: Set<Substring> = ["struct", "class", "enum", "actor", "protocol"]
        for file in try SourceTree.swiftFiles(under: ["Sources"]) {
            for line in file.lines {
                let words = SourceTree.code(of: line).split { !$0.isLetter && !$0.isNumber }
                for (kind, name) in zip(words, words.dropFirst()) where kinds.contains(kind) {
                    #expect(!modules.contains(String(name)), "\(file.path): type \(name)")
                }
            }
        }
    }
}
