import Engine
import Foundation
import Measurements
import Reporting
import Targets
import Transport

extension Failure {
    /// A file that could not be written, by the error that Foundation had for it (exit 1).
    init(cannotWrite path: String, _ error: any Error) {
        self.init(
            "\(path) cannot be written: \(error.localizedDescription)",
            hint: "see who may write there (ls -ld), and whether the disk is full (df -h)",
            status: .internalError)
    }

    /// How to mend what a stage of the pipeline complains about; nil for what says so itself.
    static func hint(for error: any Error) -> String? {
        switch error {
        case let error as TargetError: error.hint ?? self.hint(target: error.code)
        case let error as TransportError: self.hint(transport: error.code)
        case let error as JournalError: self.hint(journal: error)
        case let error as EngineError: self.hint(engine: error.code)
        case let error as ReportFileError:
            "free some room, or see who may write there; then: spate report on the folder of"
                + " \(error.path)"
        case is ReportError:
            "make it again from the run's journal: spate report DIR"
        default: self.ownFault
        }
    }

    /// What to do about a fault of Spate's own.
    private static let ownFault =
        "this is a fault of Spate's own; please report it with the command line and this message"

    private static func hint(target code: TargetError.Code) -> String {
        switch code {
        case .notAgreed: "ask whoever runs it; the README's section Safety says how a host agrees"
        case .badURL: "write it as http://HOST:PORT/PATH"
        case .cannotBind: "see who holds the port: ss -ltnp"
        case .badSettings: "spate intake -- --help lists the intake's settings"
        case .intakeUnavailable: "see that its folder can be written to, and: spate doctor"
        case .control: "see its intake.log in the run's folder"
        }
    }

    private static func hint(transport code: TransportError.Code) -> String {
        switch code {
        case .url: "write it as http://HOST:PORT/PATH"
        case .header: "write it as 'Name: value', without line breaks"
        case .address: "write it as 127.0.0.1 or [::1]"
        case .file: "see that the file is there and can be read: ls -l"
        case .lookup: "see whether this machine knows the name: getent hosts NAME"
        case .unsupported: "spate doctor shows what this libcurl has"
        default: "spate doctor shows what this machine lacks"
        }
    }

    private static func hint(engine code: EngineError.Code) -> String {
        switch code {
        case .capture: "spate check shows where it stands in the scenario"
        case .file: "see that the file is there and can be read: ls -l"
        case .request: "spate check shows where it stands in the scenario"
        default: "spate doctor shows what this machine lacks"
        }
    }

    private static func hint(journal error: JournalError) -> String? {
        switch error {
        case .notEmpty:
            "nothing was started; without --out-dir every run gets a folder of its own"
        case .notCreatable:
            "see who may write there (ls -ld), or write elsewhere: --out-dir DIR"
        case .noRun:
            "a run's folder has manifest.json; the newest is reports/<scenario>/latest"
        case .unreadable:
            "see that the file is there and can be read: ls -l; what else is whole is shown by"
                + " spate explain DIR"
        case .notWritable:
            "free some room; what was written before stays readable: spate report DIR"
        case .tooSlow:
            "write to a faster disk: --out-dir DIR"
        case .ledger: self.ownFault
        }
    }
}
