import Foundation
import HummingbirdCore
import NIOCore
import NIOPosix
package import Primitives

/// How an intake is launched.
package struct IntakeLaunch: Sendable {
    /// The address of the public port.
    package var host: String
    /// The public port; 0 takes a free one.
    package var port: Int
    /// The admin port, on loopback always; 0 takes a free one.
    package var adminPort: Int
    /// The directory of the database and the spool; made when it does not exist.
    package var dataDirectory: String
    /// Capacities and habits.
    package var settings: IntakeSettings
    /// The seed of the service jitter.
    package var seed: UInt64
    /// The file to which alone the truth about the faults is told; nil to tell it to everybody.
    package var truthPath: String?
    /// Whether this process takes the place of one that a fault killed.
    package var isSuccessor: Bool
    /// Kills this process, to be started again after the span; nil where nobody would.
    package var crash: (@Sendable (Nanoseconds) -> Void)?

    /// A launch; loopback and free ports unless said otherwise.
    package init(
        host: String = "127.0.0.1", port: Int = 0, adminPort: Int = 0, dataDirectory: String,
        settings: IntakeSettings = IntakeSettings(), seed: UInt64 = 1,
        truthPath: String? = nil, isSuccessor: Bool = false,
        crash: (@Sendable (Nanoseconds) -> Void)? = nil
    ) {
        self.host = host
        self.port = port
        self.adminPort = adminPort
        self.dataDirectory = dataDirectory
        self.settings = settings
        self.seed = seed
        self.truthPath = truthPath
        self.isSuccessor = isSuccessor
        self.crash = crash
    }

    /// Where the truth is kept; without a file of its own only where another process needs it.
    var truth: TruthFile {
        if let path = self.truthPath { return TruthFile(path: path, isSealed: true) }
        guard self.settings.faults.contains(where: \.needsProcess) else { return TruthFile() }
        return TruthFile(path: self.dataDirectory + "/faults.json", isSealed: false)
    }
}

/// Why an intake could not be started: one sentence.
package struct LaunchError: Error, Sendable, CustomStringConvertible {
    /// The sentence.
    package var description: String
    /// Whether a port could not be bound, as against the data directory.
    package var isBind: Bool
}

/// A running intake: the public port, the admin port, the store and the spool.
package final class IntakeServer: Sendable {
    /// The public port.
    package let port: Int
    /// The admin port.
    package let adminPort: Int

    let services: Services
    private let desk: OperatorDesk
    private let faultDesk: FaultDesk
    private let listener: Listener
    private let admin: Listener
    private let adminGroup: MultiThreadedEventLoopGroup

    /// The line a parent process waits for, without its line break.
    package var announcement: String {
        JSONValue.object([
            ("port", .integer(self.port)), ("admin", .integer(self.adminPort)),
            ("pid", .integer(Int(ProcessInfo.processInfo.processIdentifier))),
            ("version", .string(SpateVersion.current)),
        ]).text
    }

    /// Opens the store and both ports.
    ///
    /// - Throws: `LaunchError` when the directory cannot be used or a port cannot be bound.
    package init(_ launch: IntakeLaunch) async throws(LaunchError) {
        self.services = try IntakeServer.makeServices(launch)
        let services = self.services
        let settings = launch.settings
        self.listener = Listener(
            host: launch.host, port: launch.port, backlog: settings.backlog,
            group: MultiThreadedEventLoopGroup.singleton, presence: services.presence,
            limit: { services.settings.maxConnections },
            responder: { request, writer, channel in
                try await PublicPort(services: services).respond(request, writer, channel)
            })
        self.desk = OperatorDesk(services: services, listener: self.listener)
        let desk = self.desk
        self.faultDesk = FaultDesk(
            services: services, listener: self.listener, operatorDesk: desk,
            directory: launch.dataDirectory)
        // Its own thread, so that the admin port answers while the public one is flooded.
        self.adminGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        self.admin = Listener(
            host: "127.0.0.1", port: launch.adminPort, backlog: 256, group: self.adminGroup,
            responder: { request, writer, _ in
                try await AdminPort(services: services, desk: desk).respond(request, writer)
            })
        self.adminPort = try await IntakeServer.bind(self.admin, "127.0.0.1", launch.adminPort)
        do throws(LaunchError) {
            self.port = try await IntakeServer.bind(self.listener, launch.host, launch.port)
        } catch {
            await self.admin.close()
            throw error
        }
        if launch.isSuccessor { services.takeOver() }
        await self.faultDesk.start()
        services.writeTruth()
        services.log.line("listening on \(launch.host):\(self.port), admin \(self.adminPort)")
    }

    /// Refuses what waits, lets what is being served end, and closes everything; a second at most
    /// for the requests.
    package func stop() async {
        await self.desk.stop()
        await self.faultDesk.stop()
        // Afterwards, because a fault may leave no descriptor to write it with.
        self.services.writeTruth()
        self.services.workers.close()
        await self.listener.close()
        for _ in 0..<100 where !self.services.isQuiet {
            try? await Task.sleep(for: .milliseconds(10))
        }
        await self.admin.close()
        await self.services.work.stop()
        await self.services.spool.stop()
        try? self.services.store.close()
        try? await self.adminGroup.shutdownGracefully()
        self.services.log.line("stopped")
    }

    /// Writes the truth's file a first time, unless it holds what another process left.
    private static func beginTruth(
        of services: Services, _ launch: IntakeLaunch
    ) throws(LaunchError) {
        guard !launch.isSuccessor, let path = services.truth.path else { return }
        do {
            try services.truth.write(services.wholeManifest(), saved: services.faults.saved)
        } catch {
            throw LaunchError(
                description: "--truth: cannot write '\(path)'; its folder must exist and allow it",
                isBind: false)
        }
    }

    private static func bind(
        _ listener: Listener, _ host: String, _ port: Int
    ) async throws(LaunchError) -> Int {
        do {
            return try await listener.open()
        } catch {
            throw LaunchError(description: "cannot bind \(host):\(port): \(error)", isBind: true)
        }
    }

    private static func makeServices(_ launch: IntakeLaunch) throws(LaunchError) -> Services {
        do {
            let directory = launch.dataDirectory
            let spoolPath = directory + "/spool"
            try FileManager.default.createDirectory(
                atPath: spoolPath, withIntermediateDirectories: true)
            // What an earlier process was still receiving belongs to nobody.
            for name in try FileManager.default.contentsOfDirectory(atPath: spoolPath)
            where name.hasSuffix(".part") {
                try FileManager.default.removeItem(atPath: spoolPath + "/" + name)
            }
            let store = try IntakeStore(
                path: directory + "/intake.sqlite", durability: launch.settings.durability,
                connections: launch.settings.databasePool)
            let services = Services(
                settings: launch.settings, store: store,
                spool: Spool(directory: spoolPath, used: try store.mediaBytes()),
                log: IntakeLog(), seed: launch.seed, truth: launch.truth, crash: launch.crash)
            try IntakeServer.beginTruth(of: services, launch)
            return services
        } catch let error as LaunchError {
            throw error
        } catch {
            throw LaunchError(
                description: "cannot use the data directory '\(launch.dataDirectory)': \(error)",
                isBind: false)
        }
    }
}
