import CCurl
package import Primitives

/// Posts bodies to one URL from a thread of its own, one after another, waiting for each answer.
///
/// For what must never touch a lane: a handle of its own, no multi handle, no gate. The connection
/// is kept between calls. To be used by one thread at a time; hence `@unchecked`.
package final class BlockingPost: @unchecked Sendable {
    /// What came of a post.
    package struct Answer: Sendable, Hashable {
        /// The status; 0 when no whole answer arrived.
        package var status: Int
        /// Why none arrived, in libcurl's words; empty when one did.
        package var failure: String
        /// The beginning of the answer's body.
        package var body: [UInt8]

        /// An answer.
        package init(status: Int, failure: String = "", body: [UInt8] = []) {
            self.status = status
            self.failure = failure
            self.body = body
        }
    }
    /// Keeps the beginning of a body; libcurl holds a bare pointer to it.
    private final class Sink {
        static let limit = 4_096
        var bytes: [UInt8] = []
    }
    private let easy: UnsafeMutableRawPointer
    private let headers: UnsafeMutablePointer<curl_slist>?
    private let message: UnsafeMutablePointer<CChar>
    private let sink = Sink()

    /// A handle for a URL; nothing is sent yet.
    ///
    /// - Throws: `.url` and `.header` for what cannot be sent, `.resource` without memory.
    package init(
        url: String, headers: [(name: String, value: String)], timeout: Nanoseconds,
        connectTimeout: Nanoseconds
    ) throws(TransportError) {
        TransportSetup.global()
        let parsed = try parseURL(url)
        // libcurl would ask before larger bodies, and name a form as their type.
        var lines = ["Expect:"]
        for header in headers { lines.append(try HeaderText.line(header.name, header.value)) }
        guard let easy = curl_easy_init() else {
            throw TransportError(.resource, "no memory for a handle")
        }
        self.easy = easy
        self.headers = HeaderText.list(lines)
        self.message = .allocate(capacity: Int(CURL_ERROR_SIZE))
        self.message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        spate_easy_set_string(easy, CURLOPT_URL, parsed.text)
        spate_easy_set_string(easy, CURLOPT_PROXY, "")
        spate_easy_set_string(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        spate_easy_set_long(easy, CURLOPT_NOSIGNAL, 1)
        spate_easy_set_long(easy, CURLOPT_POST, 1)
        spate_easy_set_list(easy, CURLOPT_HTTPHEADER, self.headers)
        spate_easy_set_long(easy, CURLOPT_TIMEOUT_MS, EasySlot.milliseconds(timeout))
        spate_easy_set_long(
            easy, CURLOPT_CONNECTTIMEOUT_MS, EasySlot.milliseconds(connectTimeout))
        spate_easy_set_quick_exit(easy)
        spate_easy_set_pointer(easy, CURLOPT_ERRORBUFFER, self.message)
        spate_easy_set_bytes(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, data in
            guard let bytes, let data else { return 0 }
            let sink = Unmanaged<Sink>.fromOpaque(data).takeUnretainedValue()
            let room = min(size * count, Sink.limit - sink.bytes.count)
            sink.bytes.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: room))
            return size * count
        }
        spate_easy_set_pointer(
            easy, CURLOPT_WRITEDATA, Unmanaged.passUnretained(self.sink).toOpaque())
    }

    deinit {
        curl_easy_cleanup(self.easy)
        curl_slist_free_all(self.headers)
        self.message.deallocate()
    }

    /// Posts a body and waits for the answer, at most as long as the timeout says.
    package func send(_ body: [UInt8]) -> Answer {
        self.sink.bytes = []
        self.message.pointee = 0
        let code = body.withUnsafeBytes { bytes in
            spate_easy_set_offset(
                self.easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
            // Kept by libcurl, not copied: it is let go of before this closure ends. Without any
            // place it would read what to send from stdin.
            let place = bytes.baseAddress ?? UnsafeRawPointer(self.message)
            spate_easy_set_pointer(
                self.easy, CURLOPT_POSTFIELDS, UnsafeMutableRawPointer(mutating: place))
            defer { spate_easy_set_pointer(self.easy, CURLOPT_POSTFIELDS, nil) }
            return curl_easy_perform(self.easy)
        }
        guard code == CURLE_OK else {
            let words = String(cString: self.message)
            let general = String(cString: curl_easy_strerror(code))
            return Answer(status: 0, failure: words.isEmpty ? general : words)
        }
        var status = 0
        spate_easy_get_long(self.easy, CURLINFO_RESPONSE_CODE, &status)
        return Answer(status: status, body: self.sink.bytes)
    }
}
