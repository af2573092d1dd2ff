import CCurl
package import Primitives

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What is known about a transfer that failed; the input of `classify`.
package struct FailureEvidence: Sendable, Hashable {
    /// libcurl's code.
    package var curlCode: Int32
    /// The error number of our own `socket` or `bind`, 0 when they went well.
    package var socketErrno: Int32 = 0
    /// libcurl's error number; trustworthy only where `classify` reads it.
    package var osErrno: Int32 = 0
    /// Our own gate refused the address that was tried last.
    package var gateRefused = false
    /// One of our own limits on headers or body was passed.
    package var limitPassed = false
    /// Our own body could not be read.
    package var bodyUnreadable = false
    /// The client hung up, as it was told to.
    package var hungUp = false
    /// A chunk's frame was malformed.
    package var chunkMalformed = false
    /// What went wrong with TLS, if anything is known.
    package var tlsTrouble: TLSTrouble?
    /// The host is a name that nobody pinned.
    package var needsLookup = false
    /// The URL is https.
    package var isTLS = false
    /// An address was known and a socket asked for.
    package var lookedUp = false
    /// The connection was established (before TLS).
    package var connected = false
    /// The request could begin: connected, and secured if it is https.
    package var ready = false
    /// The last byte of the request was handed over.
    package var sent = false
    /// A header line arrived that belongs to no 1xx response.
    package var answered = false
    /// The last status; 0 when none.
    package var status = 0

    /// A failure with this code, and nothing else known.
    package init(curlCode: Int32) {
        self.curlCode = curlCode
    }
}

/// The class of a failure; pure.
package func classify(_ evidence: FailureEvidence) -> FailureClass {
    if evidence.limitPassed { return .tooLarge }
    if evidence.bodyUnreadable { return .localRead }
    if evidence.hungUp { return .aborted }
    if !evidence.ready {
        // Our own socket() knows better than libcurl, which folds all of this into code 7.
        switch evidence.socketErrno {
        case EMFILE, ENFILE: return .descriptors
        case EADDRNOTAVAIL, EADDRINUSE: return .localPorts
        case ENOBUFS, ENOMEM: return .localMemory
        default: break
        }
        if evidence.gateRefused { return .policy }
    }
    switch CURLcode(rawValue: UInt32(bitPattern: evidence.curlCode)) {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: return .dns
    case CURLE_COULDNT_CONNECT: return classifyConnect(evidence.osErrno)
    case CURLE_INTERFACE_FAILED: return .localPorts
    case CURLE_OPERATION_TIMEDOUT: return classifyTimeout(evidence)
    case CURLE_SEND_ERROR, CURLE_RECV_ERROR: return classifyBroken(evidence)
    case CURLE_GOT_NOTHING: return .emptyReply
    case CURLE_PARTIAL_FILE: return .truncated
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_ISSUER_ERROR,
        CURLE_SSL_PINNEDPUBKEYNOTMATCH:
        return evidence.tlsTrouble?.failure ?? .tlsCertificate
    case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
        CURLE_SSL_CACERT_BADFILE, CURLE_SSL_SHUTDOWN_FAILED, CURLE_SSL_CRL_BADFILE,
        CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED,
        CURLE_USE_SSL_FAILED, CURLE_SSL_CLIENTCERT:
        return evidence.tlsTrouble?.failure(inHandshake: true) ?? .tls
    case CURLE_HTTP2: return .http2
    case CURLE_HTTP2_STREAM: return .http2Stream
    case CURLE_HTTP3, CURLE_QUIC_CONNECT_ERROR: return .http3
    case CURLE_TOO_MANY_REDIRECTS: return .redirects
    case CURLE_READ_ERROR, CURLE_SEND_FAIL_REWIND: return .localRead
    case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING: return .garbage
    case CURLE_FILESIZE_EXCEEDED: return .tooLarge
    // After a redirect: a scheme that is not allowed. Otherwise what libcurl says to HTTP/0.9.
    case CURLE_UNSUPPORTED_PROTOCOL:
        return evidence.status / 100 == 3 ? .policy : evidence.ready ? .garbage : .other
    // The only way a peer can bring this about is a Location that is no URL.
    case CURLE_URL_MALFORMAT: return evidence.status / 100 == 3 ? .garbage : .other
    // libcurl's answer to one header line of more than 100 KB is "out of memory".
    case CURLE_OUT_OF_MEMORY: return evidence.sent ? .tooLarge : .localMemory
    default: return .other
    }
}

private func classifyConnect(_ osErrno: Int32) -> FailureClass {
    switch osErrno {
    case ECONNREFUSED: .refused
    case ENETUNREACH, EHOSTUNREACH, ENETDOWN: .unreachable
    case ETIMEDOUT: .connectTimeout
    case ECONNRESET, ECONNABORTED, EPIPE: .resetInConnect
    case EADDRNOTAVAIL: .localPorts
    case EMFILE, ENFILE: .descriptors
    case ENOBUFS, ENOMEM: .localMemory
    default: .connect
    }
}

private func classifyTimeout(_ evidence: FailureEvidence) -> FailureClass {
    if evidence.answered { return .stallTimeout }
    if evidence.sent { return .firstByteTimeout }
    if evidence.ready { return .sendTimeout }
    if evidence.connected { return evidence.isTLS ? .tlsTimeout : .connectTimeout }
    return evidence.lookedUp || !evidence.needsLookup ? .connectTimeout : .dnsTimeout
}

private func classifyBroken(_ evidence: FailureEvidence) -> FailureClass {
    if evidence.chunkMalformed { return .garbage }
    // TLS 1.3 refuses a client's certificate after the client's own handshake has ended.
    if evidence.isTLS, let failure = evidence.tlsTrouble?.failure(inHandshake: false) {
        return failure
    }
    // Under TLS the number is the library's business and may be an old one.
    if !evidence.isTLS, evidence.osErrno == ENOBUFS || evidence.osErrno == ENOMEM {
        return .localMemory
    }
    if !evidence.ready { return evidence.connected && evidence.isTLS ? .tls : .resetInConnect }
    if evidence.answered || evidence.sent { return .receiveReset }
    return .sendReset
}
