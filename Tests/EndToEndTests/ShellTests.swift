import Foundation
import Testing

@Suite("What is installed beside the program")
struct ShellTests {
    private static let root = BuiltProgram.root.path

    @Test("Completions load in real shells and offer what fits: bash, and zsh and fish if there.")
    func completions() throws {
        let outcome = try Self.script(
            "check-completions.sh", [BuiltProgram.folder + "/spate"])
        #expect(outcome.status == 0, "\(outcome.output)")
        #expect(outcome.output.contains("bash: 9 lines completed"))
    }

    @Test("The manual's pages and docs/scenario.md are what the program itself makes them.")
    func manualIsUpToDate() throws {
        for maker in ["make-manual.py", "make-scenario-reference.py"] {
            let outcome = try Self.script(
                maker, ["--check", "--program", BuiltProgram.folder + "/spate"])
            #expect(outcome.status == 0, "\(outcome.output)")
        }
    }

    @Test("The manual's pages render without a warning, each with the sections people look for.")
    func manualRenders() throws {
        let folder = Self.root + "/man"
        let pages = try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(".1") }
        #expect(pages.count >= 13)
        #expect(pages.contains("spate.1"))
        for page in pages {
            let path = folder + "/" + page
            let warnings = try BuiltProgram.shell(
                "sh", ["-c", "groff -ww -man -Tutf8 \"$0\" 2>&1 >/dev/null", path])
            #expect(warnings.status == 0)
            #expect(warnings.output.isEmpty, "\(page): \(warnings.output)")
            let text = try String(contentsOfFile: path, encoding: .utf8)
            for section in [
                "NAME", "SYNOPSIS", "EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES", "SEE ALSO",
            ] {
                #expect(text.contains("\n.SH \(section)\n"), "\(page) has no \(section)")
            }
        }
    }

    @Test("'make install' puts programs, pages, completions and schemas below DESTDIR and PREFIX.")
    func install() async throws {
        try await BuiltProgram.withFolder { folder in
            let arguments = [
                "--silent", "-C", Self.root, "PROGRAMS=" + BuiltProgram.folder,
                "DESTDIR=" + folder, "PREFIX=/usr",
            ]
            #expect(try BuiltProgram.shell("make", arguments + ["install"]).status == 0)
            for file in [
                "bin/spate", "share/man/man1/spate.1", "share/man/man1/spate-run.1",
                "share/bash-completion/completions/spate", "share/zsh/site-functions/_spate",
                "share/fish/vendor_completions.d/spate.fish", "share/spate/scenario.schema.json",
                "share/spate/report.schema.json",
            ] {
                let attributes = try FileManager.default.attributesOfItem(
                    atPath: folder + "/usr/" + file)
                #expect((attributes[.size] as? Int ?? 0) > 0, "\(file) is empty")
            }
            #expect(try BuiltProgram.shell("make", arguments + ["uninstall"]).status == 0)
            let left = FileManager.default.enumerator(atPath: folder + "/usr")?.allObjects ?? []
            let files = left.compactMap { $0 as? String }.filter { name in
                var isFolder: ObjCBool = false
                return FileManager.default.fileExists(
                    atPath: folder + "/usr/" + name, isDirectory: &isFolder) && !isFolder.boolValue
            }
            #expect(files.isEmpty, "\(files)")
        }
    }

    /// Runs a script with its errors among its output.
    private static func script(
        _ name: String, _ arguments: [String]
    ) throws -> BuiltProgram.Outcome {
        try BuiltProgram.shell(
            "sh", ["-c", "\"$0\" \"$@\" 2>&1", self.root + "/scripts/" + name] + arguments)
    }
}
