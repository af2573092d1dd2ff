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

/// Starts this program again as a child, and again whenever a fault killed the child.
///
/// The child listens on the ports; the parent has none, so that clients are refused in between. The
/// child's stdin ends with the parent, however that ends, and with it the child.
final class Supervisor: @unchecked Sendable {
    // `@unchecked`: what can change is only touched on the queue.

    /// How long a child may take to stop before it is killed.
    private static let patience = DispatchTimeInterval.seconds(7)

    private let queue = DispatchQueue(label: "supervisor")
    private let program: String
    private let ports: [String]
    private let arguments: [String]
    private let announce: @Sendable (String) -> Void
    private let end: @Sendable (Int32) -> Void
    private var state = Supervision()
    private var child: Process?
    private var input: Pipe?

    /// A parent that has not started anything.
    ///
    /// - Parameters:
    ///   - ports: the arguments that name the ports, for the first child only.
    ///   - arguments: the arguments of every child.
    ///   - announce: passes the child's announcement on.
    ///   - end: called once, with the exit status.
    init(
        program: String, ports: [String], arguments: [String],
        announce: @escaping @Sendable (String) -> Void, end: @escaping @Sendable (Int32) -> Void
    ) {
        self.program = program
        self.ports = ports
        self.arguments = arguments
        self.announce = announce
        self.end = end
    }

    /// Starts the first child.
    func start() { self.queue.async { self.perform([.start(self.ports)]) } }

    /// Ends the child, and then itself.
    func stop() { self.queue.async { self.take(.stopWanted) } }

    private func take(_ event: Supervision.Event) { self.perform(self.state.take(event)) }

    private func perform(_ actions: [Supervision.Action]) {
        for action in actions {
            switch action {
            case .announce(let line): self.announce(line)
            case .start(let more): self.launch(self.arguments + more)
            case .wait(let span):
                self.queue.asyncAfter(deadline: .now() + span.seconds) { self.take(.waited) }
            case .tellToStop:
                try? self.input?.fileHandleForWriting.close()
                self.queue.asyncAfter(deadline: .now() + Supervisor.patience) {
                    if let child = self.child { kill(child.processIdentifier, SIGKILL) }
                }
            case .end(let status): self.end(status)
            }
        }
    }

    private func launch(_ arguments: [String]) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: self.program)
        process.arguments = arguments
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        do {
            try process.run()
        } catch {
            self.take(.died(status: 1, bySignal: false))
            return
        }
        self.child = process
        self.input = input
        let lines = output.fileHandleForReading
        Thread.detachNewThread {
            self.follow(lines)
            process.waitUntilExit()
            let event = Supervision.Event.died(
                status: process.terminationStatus,
                bySignal: process.terminationReason == .uncaughtSignal)
            self.queue.async {
                self.child = nil
                self.take(event)
            }
        }
    }

    /// Reads lines until the child has none any more.
    private func follow(_ handle: FileHandle) {
        var bytes: [UInt8] = []
        while true {
            let chunk = handle.availableData
            if chunk.isEmpty { return }
            bytes += chunk
            while let end = bytes.firstIndex(of: 0x0A) {
                let line = String(decoding: bytes[..<end], as: UTF8.self)
                bytes.removeFirst(end + 1)
                self.queue.async { self.take(.said(line)) }
            }
        }
    }
}
