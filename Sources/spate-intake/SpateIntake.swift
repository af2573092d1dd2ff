import ArgumentParser
import Foundation
import Intake
import Primitives

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Starts the reference intake and keeps it until it is told to stop.
@main
struct SpateIntake: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spate-intake",
        abstract: "The reference intake endpoint: tips with media, for load tests.",
        usage: "spate-intake [--port N] [--admin-port N] [--data-dir DIR] [settings]",
        discussion: """
            Prints one line of JSON with its ports when it accepts. Ends on SIGTERM, SIGINT, and \
            when its standard input closes.

            SETTINGS (each also as --set path=value):
            \(SettingsTable.help)

            FAULTS, each as --fault 'NAME WHEN [for=SPAN] [parameter=value ...]', any number of \
            them. WHEN is one of at=SPAN (after the first request, story time), afterCount=N \
            (requests), afterBytes=SIZE (of bodies), atRate=N/s (requests within a second). \
            With --truth FILE the truth about them is told to that file only.
            \(SettingsTable.faultHelp)
            """,
        version: SpateVersion.current)

    @Option(help: "The public port; 0 takes a free one.")
    var port = 0

    @Option(help: "The admin port, on loopback; 0 takes a free one.")
    var adminPort = 0

    @Option(help: "The address of the public port.")
    var host = "127.0.0.1"

    @Option(help: "The directory for the database and the spool.")
    var dataDir = "intake-data"

    @Option(help: "The seed of the service jitter.")
    var seed: UInt64 = 1

    @Option(help: "Tell the truth about the faults to this file, and to nobody else.")
    var truth: String?

    @Flag(help: "Stay when standard input closes.")
    var ignoreStdin = false

    @Flag(help: .hidden)
    var supervised = false

    @Flag(help: .hidden)
    var successor = false

    @Argument(parsing: .allUnrecognized, help: .hidden)
    var settings: [String] = []

    mutating func run() async throws {
        let parsed: IntakeSettings
        do {
            parsed = try SettingsTable.parse(arguments: self.settings)
        } catch {
            throw ValidationError(error.message)
        }
        guard (0...65_535).contains(self.port), (0...65_535).contains(self.adminPort) else {
            throw ValidationError("a port is a number from 0 to 65535")
        }
        DescriptorLimit.raise()
        signal(SIGPIPE, SIG_IGN)
        // Before the ports open, so that an early signal still ends the process in order.
        let stopping = self.stopRequests()
        if parsed.faults.contains(where: \.needsProcess), !self.supervised {
            await self.supervise(until: stopping)
            return
        }
        let crash: (@Sendable (Nanoseconds) -> Void)? = self.supervised ? die(for:) : nil
        let server: IntakeServer
        do {
            server = try await IntakeServer(
                IntakeLaunch(
                    host: self.host, port: self.port, adminPort: self.adminPort,
                    dataDirectory: self.dataDir, settings: parsed, seed: self.seed,
                    truthPath: self.truth, isSuccessor: self.successor, crash: crash))
        } catch {
            complain("spate-intake: \(error.description)")
            throw ExitCode(error.isBind ? 106 : 1)
        }
        announce(server.announcement)
        for await _ in stopping { break }
        // A stop that hangs must not leave an orphan behind.
        DispatchQueue.global().asyncAfter(deadline: .now() + 5) { _exit(0) }
        await server.stop()
        _exit(0)
    }

    /// Serves in a child that is started again when a fault kills it.
    private func supervise(until stopping: AsyncStream<Void>) async {
        var arguments = [
            "--supervised", "--host", self.host, "--data-dir", self.dataDir,
            "--seed", "\(self.seed)",
        ]
        if let truth = self.truth { arguments += ["--truth", truth] }
        let supervisor = Supervisor(
            program: Bundle.main.executablePath ?? CommandLine.arguments[0],
            ports: ["--port", "\(self.port)", "--admin-port", "\(self.adminPort)"],
            arguments: arguments + self.settings, announce: { announce($0) }, end: { _exit($0) })
        supervisor.start()
        for await _ in stopping { break }
        supervisor.stop()
        // The supervisor ends the process once its child is gone.
        try? await Task.sleep(for: .seconds(30))
        _exit(1)
    }

    /// Yields once per reason to stop: a signal, or the end of standard input.
    private func stopRequests() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        for number in [SIGTERM, SIGINT] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(
                signal: number, queue: DispatchQueue(label: "signals"))
            source.setEventHandler { continuation.yield() }
            source.activate()
            // A source stops when it is released; these live as long as the process.
            _ = Unmanaged.passRetained(source as AnyObject)
        }
        guard !self.ignoreStdin else { return stream }
        Thread.detachNewThread {
            var buffer = [UInt8](repeating: 0, count: 512)
            while true {
                let count = read(0, &buffer, buffer.count)
                if count > 0 || (count < 0 && errno == EINTR) { continue }
                break
            }
            continuation.yield()
        }
        return stream
    }
}

/// Says that this process will be gone for a span, and kills it as the kernel would.
@Sendable private func die(for span: Nanoseconds) {
    announce(Supervision.farewell(span))
    kill(getpid(), SIGKILL)
}

private func announce(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
}

private func complain(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
}
