import Foundation
package import Primitives

/// A parent whose child is killed now and then: events in, actions out, no processes of its own.
package struct Supervision: Sendable, Equatable {
    /// What happened.
    package enum Event: Sendable, Equatable {
        /// The child wrote a line to its stdout.
        case said(String)
        /// The child is gone: its exit code, or the signal that killed it.
        case died(status: Int32, bySignal: Bool)
        /// The time asked for with `wait` is over.
        case waited
        /// The parent is to end.
        case stopWanted
    }

    /// What has to be done.
    package enum Action: Sendable, Equatable {
        /// Pass a line on.
        case announce(String)
        /// Start a child with these arguments besides its own.
        case start([String])
        /// Say `waited` after this span.
        case wait(Nanoseconds)
        /// Close the child's stdin, which ends it in order.
        case tellToStop
        /// End with this status.
        case end(Int32)
    }

    private enum Phase: Sendable, Equatable {
        case serving
        case down
        case stopping
    }

    private var phase = Phase.serving
    private var announcement: (port: Int, admin: Int)?
    private var down: Nanoseconds?

    /// A parent whose first child is just being started.
    package init() {}

    /// Compares two states.
    package static func == (left: Supervision, right: Supervision) -> Bool {
        left.phase == right.phase && left.down == right.down
            && left.announcement?.port == right.announcement?.port
            && left.announcement?.admin == right.announcement?.admin
    }

    /// The line with which a child says that it will be gone for a span.
    package static func farewell(_ span: Nanoseconds) -> String {
        JSONValue.object([("down", .integer(Int(span.count)))]).text
    }

    /// Takes what happened.
    package mutating func take(_ event: Event) -> [Action] {
        switch event {
        case .said(let line): return self.heard(line)
        case .died(let status, let bySignal):
            if self.phase == .stopping { return [.end(0)] }
            guard let down = self.down else {
                // Nobody meant this to happen: it shall not go unnoticed.
                return [.end(bySignal ? 128 + status : status)]
            }
            self.down = nil
            self.phase = .down
            return [.wait(down)]
        case .waited:
            guard self.phase == .down, let ports = self.announcement else { return [] }
            self.phase = .serving
            return [
                .start([
                    "--successor", "--port", "\(ports.port)", "--admin-port", "\(ports.admin)",
                ])
            ]
        case .stopWanted:
            if self.phase == .down { return [.end(0)] }
            self.phase = .stopping
            return [.tellToStop]
        }
    }

    private mutating func heard(_ line: String) -> [Action] {
        guard let json = try? JSONDecoder().decode(JSONValue.self, from: Data(line.utf8)) else {
            return []
        }
        if case .integer(let span)? = json["down"] {
            self.down = Nanoseconds(Int64(span))
            return []
        }
        guard self.announcement == nil, case .integer(let port)? = json["port"],
            case .integer(let admin)? = json["admin"]
        else { return [] }
        self.announcement = (port, admin)
        return [.announce(line)]
    }
}
