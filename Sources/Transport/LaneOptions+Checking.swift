import CCurl
import Primitives

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension LaneOptions {
    /// Makes sure that a libcurl can do what the options ask for.
    ///
    /// - Throws: `.unsupported`, saying what is missing and how to get it.
    package func checkSupport(by curl: CurlVersion) throws(TransportError) {
        switch self.httpVersion {
        case .auto, .http1: break
        case .http2, .http2PriorKnowledge:
            guard curl.hasHTTP2 else { throw Self.missing("HTTP/2", curl, "nghttp2") }
        case .http3:
            guard curl.hasHTTP3 else { throw Self.missing("HTTP/3", curl, "ngtcp2 or quiche") }
        }
        if self.unixSocket != nil, !curl.hasUnixSockets {
            throw Self.missing("Unix sockets", curl, "them")
        }
    }

    private static func missing(
        _ what: String, _ curl: CurlVersion, _ library: String
    ) -> TransportError {
        TransportError(
            .unsupported,
            "the linked libcurl \(curl.version) was built without \(what): link one built with"
                + " \(library), or ask for another version")
    }

    /// Makes sure that the TLS library accepts certificate, key and password, and that the file of
    /// authorities holds certificates; costs some milliseconds.
    ///
    /// It begins a handshake with a listener of its own and ends it before the first byte: nothing
    /// else judges the files exactly as the transfers will.
    ///
    /// - Throws: `.option` with the library's own words, `.resource` without a socket.
    package func checkTLS() throws(TransportError) {
        TransportSetup.global()
        if let file = self.tls.caFile { try Self.checkAuthorities(file) }
        guard self.tls.certificate != nil else { return }
        let listener = try LoopbackListener()
        defer { listener.close() }
        guard let easy = curl_easy_init() else {
            throw TransportError(.resource, "no memory for a handle")
        }
        defer { curl_easy_cleanup(easy) }
        let message = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
        message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        defer { message.deallocate() }
        spate_easy_set_pointer(easy, CURLOPT_ERRORBUFFER, message)
        spate_easy_set_string(easy, CURLOPT_URL, "https://127.0.0.1:\(listener.port)/")
        spate_easy_set_string(easy, CURLOPT_PROXY, "")
        spate_easy_set_long(easy, CURLOPT_NOSIGNAL, 1)
        spate_easy_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, 5_000)
        self.tls.set(on: easy)
        // A TLS library that cannot be stopped there cannot be asked either.
        guard spate_easy_stop_handshakes(easy) == CURLE_OK else { return }
        let code = curl_easy_perform(easy)
        switch code {
        case CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CIPHER:
            let words = String(cString: message)
            throw TransportError(
                .option, words.isEmpty ? String(cString: curl_easy_strerror(code)) : words)
        default: return
        }
    }

    private static func checkAuthorities(_ path: String) throws(TransportError) {
        let file: FileBody
        do { file = try FileBody(path: path) } catch {
            throw TransportError(.option, error.message)
        }
        var bytes = [UInt8](repeating: 0, count: Int(min(file.size, 16_777_216)))
        let count = pread(file.descriptor, &bytes, bytes.count, 0)
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        guard
            text.contains("-----BEGIN CERTIFICATE-----")
                || text.contains("-----BEGIN TRUSTED CERTIFICATE-----")
        else { throw TransportError(.option, "\(path) holds no certificate in PEM form") }
    }
}

/// A port of this machine's that accepts and says nothing.
private struct LoopbackListener {
    let descriptor: Int32
    let port: UInt16

    init() throws(TransportError) {
        let descriptor = socket(
            AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let works = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                descriptor >= 0 && bind(descriptor, $0, length) == 0 && listen(descriptor, 1) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard works else {
            let code = errno
            if descriptor >= 0 { Glibc.close(descriptor) }
            throw TransportError(.resource, "no socket to check TLS with: \(systemMessage(code))")
        }
        self.descriptor = descriptor
        self.port = UInt16(bigEndian: address.sin_port)
    }

    func close() { Glibc.close(self.descriptor) }
}
