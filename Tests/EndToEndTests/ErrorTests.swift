import Foundation
import Testing

/// Every error that a user can meet says where, what and how to mend it, and exits as promised.
@Suite("Errors, as their user meets them")
struct ErrorTests {
    /// A command line that fails, and what it must say.
    struct Mistake: Sendable, CustomTestStringConvertible {
        /// The command line.
        var words: [String]
        /// The exit code.
        var status: Int32
        /// Where and what: the beginning of stderr.
        var what: String
        /// How to mend it: a part of stderr.
        var mend: String
        var testDescription: String { self.words.joined(separator: " ") }

        init(_ words: String, _ status: Int32, _ what: String, mend: String) {
            self.words = words.split(separator: " ").map(String.init)
            self.status = status
            self.what = what
            self.mend = mend
        }
    }

    private static let commandLine: [Mistake] = [
        Mistake("fly", 64, "spate: there is no verb 'fly'; there are run, ", mend: "spate --help"),
        Mistake("runn x", 64, "spate: there is no verb 'runn'; did you mean 'run'?", mend: "help"),
        Mistake("good.yaml", 64, "spate: 'good.yaml' is no verb", mend: "spate run good.yaml"),
        Mistake(
            "run good.yaml --targt x", 64, "spate: run: unknown option '--targt'",
            mend: "did you mean '--target'?"),
        Mistake(
            "run", 64, "spate: run: missing expected argument '<file>'", mend: "spate help run"),
        Mistake("run good.yaml --seed many", 64, "spate: run: the value 'many'", mend: "--seed"),
        Mistake(
            "run good.yaml --live bar", 64, "spate: run: the value 'bar'", mend: "choose one of"),
        Mistake(
            "run good.yaml --set x", 64, "spate: run: 'x' is not of the form", mend: "name=value"),
        Mistake("run good.yaml --lanes 0", 64, "spate: run: --lanes", mend: "at least 1"),
        Mistake("run good.yaml --rate-factor 0", 64, "spate: run: --rate-factor", mend: "above 0"),
        Mistake(
            "run good.yaml -o jason=x", 64, "spate: run: 'jason' is no kind of output",
            mend: "did you mean 'json'?"),
        Mistake(
            "run good.yaml -o json=", 64, "spate: run: 'json=' names no destination",
            mend: "json=FILE"),
        Mistake(
            "run good.yaml -o json=no/such/x", 64, "spate: no/such/x cannot be written",
            mend: "hint: mkdir -p"),
        Mistake("run good.yaml --source x", 64, "spate: --source: ", mend: "127.0.0.2"),
        Mistake("run good.yaml --key k", 64, "spate: run: --key", mend: "need --cert"),
        Mistake("run good.yaml --experiment E99", 64, "spate: E99", mend: "docs/investigate.md"),
        Mistake("run good.yaml --remedy x", 64, "spate: x", mend: "docs/investigate.md"),
        Mistake(
            "investigate good.yaml --budget long", 64, "spate: investigate: --budget", mend: "30m"),
        Mistake("hit http://127.0.0.1:1/ -c 0", 64, "spate: hit: -c", mend: "at least 1"),
        Mistake(
            "hit http://127.0.0.1:1/ -m FETCH", 64, "spate: -m: 'FETCH'", mend: "choose one of GET"),
        Mistake("hit http://127.0.0.1:1/ -H x", 64, "spate: -H: 'x'", mend: "'Accept: text/plain'"),
        Mistake("hit http://127.0.0.1:1/ -F x", 64, "spate: -F: 'x'", mend: "name=@file"),
        Mistake("hit http://127.0.0.1:1/ -D gone", 64, "spate: -D: gone is no file", mend: "ls -l"),
        Mistake("hit http://127.0.0.1:1/ -z 60", 64, "spate: -z: 60 has no unit", mend: "60s"),
        Mistake("hit ftp://127.0.0.1/", 104, "spate: ftp://127.0.0.1/", mend: "http://HOST:PORT"),
        Mistake(
            "new retri-storm", 64, "spate: there is no template 'retri-storm'",
            mend: "did you mean 'retry-storm'?"),
    ]

    private static let places: [Mistake] = [
        Mistake(
            "run gone.yaml", 104, "spate: gone.yaml: no such file", mend: "spate new -o gone.yaml"),
        Mistake("run .", 104, "spate: . is a folder", mend: "hint: name one of its files"),
        Mistake("run binary.yaml", 104, "spate: binary.yaml is not UTF-8", mend: "iconv"),
        Mistake(
            "check bad.yaml", 104, "bad.yaml:7:15: duration: 60 has no unit",
            mend: "write 60s or 60ms"),
        Mistake("check bad.yaml", 104, "bad.yaml:7:15: ", mend: "did you mean 'timeout'?"),
        Mistake("check bad.yaml", 104, "bad.yaml:", mend: "2 mistakes in bad.yaml"),
        Mistake("report gone", 1, "spate: gone holds no run", mend: "reports/<scenario>/latest"),
        Mistake("explain used", 1, "spate: used holds no run: it has no manifest", mend: "latest"),
        Mistake(
            "run good.yaml --out-dir used", 1, "spate: used exists and is not empty",
            mend: "hint: nothing was started"),
        Mistake(
            "run good.yaml --out-dir good.yaml/x", 1, "spate: cannot create", mend: "--out-dir DIR"),
        Mistake(
            "new smoke -o good.yaml", 1, "spate: good.yaml cannot be written", mend: "another name"),
        Mistake("new smoke -o no/such.yaml", 1, "spate: no/such.yaml cannot", mend: "ls -ld"),
        Mistake(
            "hit http://127.0.0.1:1/ --save good.yaml", 1, "spate: --save: good.yaml exists",
            mend: "choose another name"),
        Mistake(
            "run good.yaml --target http://192.0.2.1/", 107, "spate: 192.0.2.1 is not this machine",
            mend: "--allow-host 192.0.2.1"),
        Mistake(
            "hit http://192.0.2.1/", 107, "spate: 192.0.2.1 is not this machine",
            mend: "--allow-host 192.0.2.1"),
    ]

    @Test("Each says where, what and how to mend it.", arguments: commandLine + places)
    func says(mistake: Mistake) async throws {
        try await BuiltProgram.withFolder { folder in
            try Self.fill(folder)
            let outcome = try BuiltProgram.run(mistake.words, in: folder)
            #expect(outcome.status == mistake.status, "\(outcome.errors)")
            #expect(outcome.output.isEmpty, "data goes to stdout, errors do not")
            #expect(outcome.errors.hasPrefix(mistake.what), "\(outcome.errors)")
            #expect(outcome.errors.contains(mistake.mend), "\(outcome.errors)")
            // One voice: nothing of the parser's, of Foundation's, of Swift's.
            for foreign in ["Error:", "Error Domain", "Usage:", "Optional(", "Code="] {
                #expect(!outcome.errors.contains(foreign), "\(outcome.errors)")
            }
            #expect(!FileManager.default.fileExists(atPath: folder + "/reports"))
        }
    }

    private static func fill(_ folder: String) throws {
        func scenario(duration: String, key: String) -> String {
            """
            version: 1
            target: http://127.0.0.1:1
            scenarios:
              a:
                executor: constant-arrival-rate
                rate: 5/s
                duration: \(duration)
                flow:
                  - get: { url: /, \(key): 1s }
            """
        }
        try BuiltProgram.write(scenario(duration: "60", key: "timeuot"), to: "bad.yaml", in: folder)
        try BuiltProgram.write(
            scenario(duration: "1s", key: "timeout"), to: "good.yaml", in: folder)
        try Data([0xFF, 0xFE, 0x00, 0x80]).write(
            to: URL(fileURLWithPath: folder + "/binary.yaml"))
        try FileManager.default.createDirectory(
            atPath: folder + "/used", withIntermediateDirectories: true)
        try BuiltProgram.write("mine", to: "used/file", in: folder)
    }
}
