#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A request as a script read it.
package struct ScriptedRequest: Sendable {
    /// Such as `POST`.
    package let method: String
    /// Path and query as sent.
    package let path: String
    /// Names in lower case, in order.
    package let headers: [(name: String, value: String)]
    /// The whole body, unless it was not to be read.
    package var body: [UInt8] = []

    /// The first header of a name in lower case.
    package func header(_ name: String) -> String? {
        self.headers.first { $0.name == name }?.value
    }
}

/// One accepted connection, in the hands of its script's thread.
package final class ScriptedConnection {
    private let descriptor: Int32
    /// Counts from 1 in the order of acceptance.
    package let number: Int
    private var buffered: [UInt8] = []

    init(descriptor: Int32, number: Int) {
        self.descriptor = descriptor
        self.number = number
    }

    /// Reads a request with its body (`Content-Length` or chunked); nil when the peer has gone.
    package func readRequest(body: Bool = true) -> ScriptedRequest? {
        guard let head = self.readHead() else { return nil }
        let lines = head.split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count >= 2 else { return nil }
        let headers = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            return (name: line[..<colon].lowercased(), value: String(value))
        }
        var request = ScriptedRequest(
            method: String(words[0]), path: String(words[1]), headers: headers)
        guard body else { return request }
        let length = request.header("content-length").flatMap { Int($0) } ?? 0
        guard let bytes = self.read(length) else { return nil }
        request.body = bytes
        return request
    }

    private func readHead() -> String? {
        let end: [UInt8] = [13, 10, 13, 10]
        while true {
            if self.buffered.count >= 4 {
                for index in 0...(self.buffered.count - 4)
                where self.buffered[index] == 13 && Array(self.buffered[index..<(index + 4)]) == end
                {
                    let head = String(decoding: self.buffered[..<index], as: UTF8.self)
                    self.buffered.removeFirst(index + 4)
                    return head
                }
            }
            guard self.fill() else { return nil }
        }
    }

    /// Exactly that many bytes; nil when the peer goes before.
    package func read(_ count: Int) -> [UInt8]? {
        while self.buffered.count < count {
            guard self.fill() else { return nil }
        }
        let bytes = Array(self.buffered[..<count])
        self.buffered.removeFirst(count)
        return bytes
    }

    private func fill() -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let got = recv(self.descriptor, &chunk, chunk.count, 0)
            if got > 0 {
                self.buffered.append(contentsOf: chunk[..<got])
                return true
            }
            if got == 0 || errno != EINTR { return false }
        }
    }

    /// Sends a text; false when the peer has gone.
    @discardableResult
    package func send(_ text: String) -> Bool { self.send(Array(text.utf8)) }

    /// Sends bytes; false when the peer has gone.
    @discardableResult
    package func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(self.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return false }
            sent += count
        }
        return true
    }

    /// Sends a whole response with a `Content-Length`.
    @discardableResult
    package func answer(
        _ status: Int = 200, headers: [String] = [], body: String = ""
    ) -> Bool {
        let lines = ["HTTP/1.1 \(status) Scripted", "Content-Length: \(body.utf8.count)"] + headers
        return self.send(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }

    /// Makes the close that follows a reset (RST) instead of an orderly end.
    package func resetAtClose() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            self.descriptor, SOL_SOCKET, SO_LINGER, &option,
            socklen_t(MemoryLayout<linger>.size))
    }

    /// Shrinks what the kernel accepts unread; before the peer sends much.
    package func limitReceiveBuffer(_ bytes: Int32) {
        var size = bytes
        setsockopt(self.descriptor, SOL_SOCKET, SO_RCVBUF, &size, 4)
    }

    /// Shrinks what the kernel takes before the peer has room for it.
    package func limitSendBuffer(_ bytes: Int32) {
        var size = bytes
        setsockopt(self.descriptor, SOL_SOCKET, SO_SNDBUF, &size, 4)
    }

    /// Does nothing until the peer leaves or the server stops; reads nothing.
    package func holdUntilClosed() {
        // POLLRDHUP: the peer has closed its side, whatever it sent before.
        var poll = pollfd(fd: self.descriptor, events: Int16(0x2000), revents: 0)
        while Glibc.poll(&poll, 1, -1) < 0, errno == EINTR {}
    }

    /// Swallows whatever the peer sends until it leaves or the server stops.
    package func drainUntilClosed() {
        self.buffered.removeAll()
        while self.fill() { self.buffered.removeAll(keepingCapacity: true) }
    }
}
