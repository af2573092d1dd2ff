import ArgumentParser
import Engine
import Foundation
import Measurements
import Reporting
import Scenarios
import Targets
import Transport

/// An error as the user meets it: one sentence, perhaps a hint, and an exit code.
struct Failure: Error {
    /// What happened and where.
    var message: String
    /// How to mend it.
    var hint: String?
    /// The exit code.
    var status: ExitStatus

    init(_ message: String, hint: String? = nil, status: ExitStatus) {
        self.message = message
        self.hint = hint
        self.status = status
    }

    /// The one place where errors become text.
    init(_ error: any Error) {
        let hint = Failure.hint(for: error)
        switch error {
        case let failure as Failure:
            self = failure
        case let errors as ScenarioErrors:
            self.init(errors.rendered, status: .invalidScenario)
        case let error as TargetError:
            self.init(error.message, hint: hint, status: Failure.status(of: error.code))
        case let error as TransportError:
            self.init(
                error.message, hint: hint,
                status: error.code == .unsupported ? .inconclusive : .internalError)
        case let error as JournalError:
            self.init("\(error)", hint: hint, status: .internalError)
        case let error as EngineError:
            self.init(error.message, hint: hint, status: .internalError)
        case let error as ReportFileError:
            self.init(error.message, hint: hint, status: .internalError)
        case let error as ReportError:
            self.init(error.message, hint: hint, status: .internalError)
        case let error as CocoaError:
            // As Foundation prints it, nobody reads it.
            self.init(
                "\(error.filePath ?? "a file"): \(error.localizedDescription)",
                hint: "see who may write there (ls -ld), and whether the disk is full (df -h)",
                status: .internalError)
        default:
            self.init("\(error)", hint: hint, status: .internalError)
        }
    }

    private static func status(of code: TargetError.Code) -> ExitStatus {
        switch code {
        case .notAgreed: .notAgreed
        case .badURL, .badSettings: .invalidScenario
        case .cannotBind: .cannotBind
        case .intakeUnavailable, .control: .internalError
        }
    }

    /// Tells the user and ends the command with the failure's code.
    func exit() -> any Error {
        // A scenario's mistakes begin with their place, so that editors can jump there.
        if self.status == .invalidScenario, self.message.contains("\n") {
            Console.note(self.message)
        } else {
            Console.error(self.message)
        }
        if let hint = self.hint { Console.note("hint: \(hint)") }
        return ArgumentParser.ExitCode(self.status.rawValue)
    }
}

/// Runs a command's body and turns every error into a message and an exit code.
func reportingFailures(_ body: () async throws -> ExitStatus) async throws {
    let status: ExitStatus
    do { status = try await body() } catch { throw Failure(error).exit() }
    if status != .success { throw ArgumentParser.ExitCode(status.rawValue) }
}
