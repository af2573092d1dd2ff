import Foundation
import Primitives
import Testing

@testable import Intake

/// A running intake of its own for one test, in a directory that is removed afterwards.
struct IntakeFixture: Sendable {
    /// The server.
    let server: IntakeServer
    /// Its data directory.
    let directory: String

    /// The names in the spool.
    var spooled: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: self.directory + "/spool")) ?? []
    }

    /// The lines of the store's listing.
    func stored() async -> [Substring] {
        await RawClient.send("GET", "/admin/store", to: self.server.adminPort).lines
    }

    /// Sends a tip as JSON.
    func tip(
        _ json: String = "{\"text\":\"seen\"}", key: String? = nil,
        _ manner: RawClient.Manner = .patient
    ) async -> RawAnswer {
        await RawClient.send(
            "POST", "/v1/tips", to: self.server.port,
            headers: key.map { ["Idempotency-Key: \($0)"] } ?? [], body: Array(json.utf8), manner)
    }

    /// Sends a browser's form with a text and a file.
    func form(_ file: [UInt8], key: String, text: String = "seen") async -> RawAnswer {
        let head =
            "--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n\(text)\r\n--b\r\n"
            + "Content-Disposition: form-data; name=\"video\"; filename=\"v.mp4\"\r\n\r\n"
        return await RawClient.send(
            "POST", "/v1/tips", to: self.server.port,
            headers: [
                "Idempotency-Key: \(key)", "Content-Type: multipart/form-data; boundary=b",
            ], body: Array(head.utf8) + file + Array("\r\n--b--\r\n".utf8))
    }

    /// Sends a request to the admin port.
    func admin(_ method: String, _ path: String, _ json: String = "") async -> RawAnswer {
        await RawClient.send(method, path, to: self.server.adminPort, body: Array(json.utf8))
    }

    /// A fault of the manifest, as a dictionary.
    func fault(_ index: Int = 0) async -> [String: Any] {
        let text = await self.admin("GET", "/admin/manifest").body
        let json = try? JSONSerialization.jsonObject(with: Data(text.utf8))
        let faults = (json as? [String: Any])?["faults"] as? [[String: Any]] ?? []
        return faults.indices.contains(index) ? faults[index] : [:]
    }

    /// Asks for the app's start, which counts as a request and needs nothing.
    func open() async -> RawAnswer {
        await RawClient.send("GET", "/v1/app", to: self.server.port)
    }

    /// Sends a first request and waits until the first fault is in force.
    func untilFaultBegan() async throws {
        _ = await self.open()
        try await self.eventually { await self.fault()["began"] is [String: Any] }
    }

    /// Waits until a condition holds.
    func eventually(_ condition: () async -> Bool) async throws {
        let clock = SystemClock()
        let end = clock.now() + .seconds(20)
        while await !condition() {
            try #require(clock.now() < end, "the condition never held")
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    /// An MP4 file's beginning and as many bytes as wanted.
    static func video(_ count: Int, salt: UInt8 = 7) -> [UInt8] {
        [0, 0, 0, 24] + Array("ftypmp42".utf8)
            + (0..<max(0, count - 12)).map { UInt8(truncatingIfNeeded: $0 &* 31) ^ salt }
    }
}

/// Runs a test against an intake with these settings on top of a fast server's.
func withIntake(
    _ settings: [String: String] = [:], launched: (inout IntakeLaunch) -> Void = { _ in },
    _ test: (IntakeFixture) async throws -> Void
) async throws {
    let directory =
        FileManager.default.temporaryDirectory.path + "/intake-test-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: directory) }
    var values = IntakeSettings()
    try SettingsTable.set("serviceTime", to: "1ms", in: &values)
    for (path, value) in settings { try SettingsTable.set(path, to: value, in: &values) }
    var launch = IntakeLaunch(dataDirectory: directory, settings: values)
    launched(&launch)
    let server = try await IntakeServer(launch)
    do {
        try await test(IntakeFixture(server: server, directory: directory))
    } catch {
        await server.stop()
        throw error
    }
    await server.stop()
}
