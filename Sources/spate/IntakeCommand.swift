import ArgumentParser
import Foundation
import Targets

/// `spate intake`: becomes `spate-intake` with the same arguments.
struct IntakeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "intake",
        abstract: "Starts the bundled intake server by itself.",
        discussion: "All arguments are the intake's own: see spate intake -- --help.")

    @Argument(parsing: .captureForPassthrough, help: "Arguments of spate-intake.")
    var arguments: [String] = []

    func run() async throws {
        try await reportingFailures {
            let environment = ProcessInfo.processInfo.environment
            let program = try IntakeProcess.locate(
                besides: Invocation.binary, path: environment["PATH"] ?? "")
            let given =
                self.arguments.first == "--" ? self.arguments.dropFirst() : self.arguments[...]
            var words: [UnsafeMutablePointer<CChar>?] = ([program] + given).map { strdup($0) }
            words.append(nil)
            execv(program, words)
            throw Failure(
                "cannot start \(program): \(String(cString: strerror(errno)))",
                hint: "build it: swift build -c release --product spate-intake",
                status: .internalError)
        }
    }
}
