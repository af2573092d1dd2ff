import CCurl
import Primitives

extension EasySlot {
    /// Sets what never changes on a new handle.
    ///
    /// A pooled handle is never reset (`curl_easy_reset` with a cookie engine leaks, or switches
    /// cookies off): so everything is either set here once, or by `configure` each time.
    static func prepare(
        _ slot: UnsafeMutablePointer<EasySlot>, options: LaneOptions, lists: RouteLists
    ) {
        let easy = slot.pointee.easy
        let wiring = slot.pointee.wiring
        func set(_ option: CURLoption, _ value: Int) {
            let code = spate_easy_set_long(easy, option, value)
            precondition(code == CURLE_OK, "libcurl refuses option \(option.rawValue)")
        }
        func set(_ option: CURLoption, _ value: String) {
            let code = spate_easy_set_string(easy, option, value)
            precondition(code == CURLE_OK, "libcurl refuses option \(option.rawValue)")
        }
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_PROXY, "")
        set(CURLOPT_COOKIEFILE, "")
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
        set(CURLOPT_PIPEWAIT, 1)
        set(CURLOPT_MAXAGE_CONN, options.maxIdleSeconds)
        set(CURLOPT_BUFFERSIZE, min(max(options.receiveBufferSize, 1024), 10_485_760))
        set(CURLOPT_UPLOAD_BUFFERSIZE, min(max(options.uploadBufferSize, 16_384), 2_097_152))
        set(CURLOPT_HTTP_VERSION, options.httpVersion.curlValue)
        set(CURLOPT_FORBID_REUSE, options.reuseConnections ? 0 : 1)
        set(CURLOPT_FOLLOWLOCATION, options.followRedirects > 0 ? 1 : 0)
        set(CURLOPT_MAXREDIRS, max(0, options.followRedirects))
        options.tls.set(on: easy)
        if let resolve = lists.resolve { spate_easy_set_list(easy, CURLOPT_RESOLVE, resolve) }
        if let list = lists.connectTo { spate_easy_set_list(easy, CURLOPT_CONNECT_TO, list) }
        if let path = options.unixSocket { set(CURLOPT_UNIX_SOCKET_PATH, path) }
        set(CURLOPT_DNS_CACHE_TIMEOUT, max(0, options.nameLifetimeSeconds))
        // Without it the end of a transfer waits for the thread that looks its name up, and every
        // other transfer of the lane waits with it.
        spate_easy_set_quick_exit(easy)

        spate_easy_set_pointer(easy, CURLOPT_PRIVATE, slot)
        spate_easy_set_pointer(easy, CURLOPT_ERRORBUFFER, slot.pointee.errorText)
        spate_easy_set_bytes(easy, CURLOPT_WRITEFUNCTION, writeCallback)
        spate_easy_set_pointer(easy, CURLOPT_WRITEDATA, slot)
        spate_easy_set_bytes(easy, CURLOPT_HEADERFUNCTION, headerCallback)
        spate_easy_set_pointer(easy, CURLOPT_HEADERDATA, slot)
        spate_easy_set_bytes(easy, CURLOPT_READFUNCTION, readCallback)
        spate_easy_set_pointer(easy, CURLOPT_READDATA, slot)
        spate_easy_set_seek(easy, seekCallback)
        spate_easy_set_pointer(easy, CURLOPT_SEEKDATA, slot)
        spate_easy_set_before_request(easy, beforeRequestCallback)
        spate_easy_set_pointer(easy, CURLOPT_PREREQDATA, slot)
        spate_easy_set_open_socket(easy, openSocketCallback)
        spate_easy_set_pointer(easy, CURLOPT_OPENSOCKETDATA, slot)
        // The socket outlives the transfer and even the handle: its close belongs to the lane.
        spate_easy_set_close_socket(easy, closeSocketCallback)
        spate_easy_set_pointer(easy, CURLOPT_CLOSESOCKETDATA, wiring)
    }

    /// Sets every option that depends on the request; skips one only when the handle holds the
    /// very same value.
    ///
    /// False when the request's own headers cannot be sent.
    mutating func configure(
        _ request: borrowing TransferRequest, options: borrowing LaneOptions
    ) -> Bool {
        let prepared = request.prepared
        self.isTLS = prepared.isTLS
        self.hasBody = false
        var length: Int64 = 0
        if prepared.hasBody, let body = request.body, body.length > 0 {
            self.hasBody = true
            length = body.length
            self.upload = UploadCursor(body)
        }
        if self.configured !== prepared {
            self.setTarget(prepared)
            // A second request of a client waits for what the first connection can do only where
            // that may be HTTP/2: over plain http it would wait for the first answer.
            let mayShare = prepared.isTLS || options.httpVersion == .http2PriorKnowledge
            spate_easy_set_long(self.easy, CURLOPT_PIPEWAIT, mayShare ? 1 : 0)
            self.configuredLength = -1
        }
        if self.configuredLength != length {
            let isPut = prepared.method == "PUT"
            spate_easy_set_offset(
                self.easy, isPut ? CURLOPT_INFILESIZE_LARGE : CURLOPT_POSTFIELDSIZE_LARGE,
                curl_off_t(length))
            self.configuredLength = length
        }
        let list = options.expect100 && length > 0 ? prepared.headersExpecting : prepared.headers
        if !request.extraHeaders.isEmpty {
            guard self.setExtraHeaders(request.extraHeaders, before: list) else { return false }
        } else if self.configured !== prepared || options.expect100 {
            spate_easy_set_list(self.easy, CURLOPT_HTTPHEADER, list)
        }
        self.configured = prepared
        let timeout = Self.milliseconds(min(request.timeout, request.hangUp?.time ?? .max))
        if timeout != self.configuredTimeout {
            spate_easy_set_long(self.easy, CURLOPT_TIMEOUT_MS, timeout)
            self.configuredTimeout = timeout
        }
        let connectTimeout = Self.milliseconds(request.connectTimeout)
        if connectTimeout != self.configuredConnectTimeout {
            spate_easy_set_long(self.easy, CURLOPT_CONNECTTIMEOUT_MS, connectTimeout)
            self.configuredConnectTimeout = connectTimeout
        }
        return true
    }

    private func setTarget(_ prepared: PreparedRequest) {
        spate_easy_set_string(self.easy, CURLOPT_URL, prepared.url.text)
        // First back to GET: that alone undoes whatever UPLOAD, POST and NOBODY left behind.
        spate_easy_set_long(self.easy, CURLOPT_HTTPGET, 1)
        var custom: String?
        switch prepared.method {
        case "GET" where !prepared.hasBody: break
        case "HEAD" where !prepared.hasBody: spate_easy_set_long(self.easy, CURLOPT_NOBODY, 1)
        case "PUT": spate_easy_set_long(self.easy, CURLOPT_UPLOAD, 1)
        case "POST": spate_easy_set_long(self.easy, CURLOPT_POST, 1)
        default:
            custom = prepared.method
            if prepared.hasBody { spate_easy_set_long(self.easy, CURLOPT_POST, 1) }
        }
        spate_easy_set_string(self.easy, CURLOPT_CUSTOMREQUEST, custom)
    }

    private mutating func setExtraHeaders(
        _ headers: [(name: String, value: String)], before list: UnsafeMutablePointer<curl_slist>?
    ) -> Bool {
        for header in headers {
            guard HeaderText.isSafe(header.name, header.value) else { return false }
            let node = curl_slist_append(nil, HeaderText.text(header.name, header.value))
            guard let node else { return false }
            if let tail = self.extraHeadersTail {
                tail.pointee.next = node
            } else {
                self.extraHeaders = node
            }
            self.extraHeadersTail = node
        }
        self.extraHeadersTail?.pointee.next = list
        spate_easy_set_list(self.easy, CURLOPT_HTTPHEADER, self.extraHeaders)
        return true
    }

    /// Rounded up, at least 1, at most what libcurl takes; 0 (no limit) for `.max`.
    static func milliseconds(_ span: Nanoseconds) -> Int {
        if span == .max { return 0 }
        return min(max(1, Int((span + Nanoseconds(999_999)).count / 1_000_000)), 2_000_000_000)
    }
}
