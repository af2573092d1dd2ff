package import Primitives
import Transport

/// Delivery over HTTP, with a libcurl handle of its own.
package enum CollectorDelivery {
    /// How long a collector may take to answer, and to be connected to.
    package static let timeout = Nanoseconds.seconds(5)
    private static let connectTimeout = Nanoseconds.seconds(2)

    /// A way to a destination; nothing is sent yet.
    ///
    /// - Throws: `.arguments` for headers that cannot be sent.
    package static func over(
        _ destination: CollectorDestination, timeout: Nanoseconds = CollectorDelivery.timeout
    ) throws(TelemetryError) -> CollectorSender.Delivery {
        var headers: [(name: String, value: String)] = []
        for header in destination.ownHeaders + destination.headers {
            headers.append((header.name, header.value))
        }
        let post: BlockingPost
        do {
            post = try BlockingPost(
                url: destination.url, headers: headers, timeout: timeout,
                connectTimeout: min(timeout, Self.connectTimeout))
        } catch {
            throw TelemetryError(
                .arguments, "--telemetry \(destination.kind.rawValue): \(error.message)")
        }
        return { body in Self.read(post.send(body)) }
    }

    /// What an answer means: 2xx took it, 5xx and silence may take it later, others never will.
    static func read(_ answer: BlockingPost.Answer) -> CollectorAnswer {
        guard answer.status != 0 else { return .failed(Self.line(answer.failure)) }
        let words = Self.line(String(decoding: answer.body.prefix(200), as: UTF8.self))
        let text = "HTTP \(answer.status)" + (words.isEmpty ? "" : ": \(words)")
        switch answer.status {
        case 200...299: return .accepted
        case 500...599: return .failed(text)
        default: return .refused(text)
        }
    }

    /// One line without control characters: it ends on somebody's terminal.
    private static func line(_ text: String) -> String {
        let clean = text.unicodeScalars.map { scalar -> Character in
            scalar.value < 32 || scalar.value == 127 ? " " : Character(scalar)
        }
        return String(clean).split(separator: " ").joined(separator: " ")
    }
}
