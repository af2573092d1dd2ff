import Foundation
import Testing

@testable import Targets

@Suite("The bundled intake as a child process")
struct IntakeProcessTests {
    /// A folder with a program of ours that plays the intake; removed afterwards.
    private func withProgram(
        _ script: String, _ body: (_ program: String, _ folder: String) throws -> Void
    ) throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("spate-targets-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let program = folder + "/spate-intake"
        try ("#!/bin/sh\n" + script).write(toFile: program, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: program)
        try body(program, folder)
    }

    @Test("Its announcement is read, and it ends when its stdin closes.")
    func startsAndStops() throws {
        try withProgram(
            #"echo '{"port":1234,"admin":5678,"pid":'$$',"version":"9"}'; cat >/dev/null"#
        ) { program, folder in
            let intake = try IntakeProcess(
                executable: program, settings: [], dataDirectory: folder + "/data",
                logPath: folder + "/intake.log")
            #expect(intake.baseURL == "http://127.0.0.1:1234")
            #expect(intake.adminURL == "http://127.0.0.1:5678")
            #expect(intake.isRunning)
            intake.stop()
            #expect(!intake.isRunning)
        }
    }

    @Test(
        "When it does not start, its own complaint is the message.",
        arguments: [
            (64, TargetError.Code.badSettings), (106, .cannotBind), (1, .intakeUnavailable),
        ])
    func complaint(status: Int, code: TargetError.Code) throws {
        try withProgram("echo 'workers: 0 is too few' >&2; exit \(status)") { program, folder in
            let error = #expect(throws: TargetError.self) {
                _ = try IntakeProcess(
                    executable: program, settings: [("workers", "0")],
                    dataDirectory: folder + "/data", logPath: folder + "/intake.log")
            }
            #expect(error?.code == code)
            #expect(error?.message == "the intake did not start: workers: 0 is too few")
        }
    }

    @Test("It is found beside our binary before PATH, and missing it says how to build it.")
    func location() throws {
        try withProgram("exit 0") { program, folder in
            let beside = try IntakeProcess.locate(besides: folder + "/spate", path: "/nowhere")
            #expect(beside == program)
            let onPath = try IntakeProcess.locate(besides: "/nowhere/spate", path: folder)
            #expect(onPath == program)
            let error = #expect(throws: TargetError.self) {
                _ = try IntakeProcess.locate(besides: "/nowhere/spate", path: "/neither")
            }
            #expect(error?.hint?.contains("swift build") == true)
        }
    }
}
