/// Why no whole response arrived; classes are never merged (research: diagnosis, error classes).
///
/// The number is a stable code for machines, in a range per layer: 11xx lookup, 12xx connect,
/// 13xx TLS, 14xx send, 15xx receive, 16xx protocol, 17xx content, 18xx the client's own will and
/// its network, 19xx the generator itself.
package enum FailureClass: String, Sendable, Hashable, Codable, CaseIterable {
    /// The name could not be looked up.
    case dns
    /// The lookup did not end within the connect timeout.
    case dnsTimeout = "dns_timeout"
    /// The address answered that nothing listens (ECONNREFUSED).
    case refused
    /// No connection within the connect timeout.
    case connectTimeout = "connect_timeout"
    /// No route, host or network unreachable.
    case unreachable
    /// The connection was reset before it was established.
    case resetInConnect = "reset_in_connect"
    /// Another failure to connect; CURLcode and errno tell more.
    case connect
    /// The TLS handshake failed for a reason that has no class of its own.
    case tls
    /// The server's certificate was not accepted for a reason that has no class of its own.
    case tlsCertificate = "tls_certificate"
    /// The TLS handshake did not end in time.
    case tlsTimeout = "tls_timeout"
    /// No authority that we trust vouches for the server's certificate.
    case tlsUntrusted = "tls_untrusted"
    /// The server's certificate, or one of its issuers', has expired or is not valid yet.
    case tlsExpired = "tls_expired"
    /// The server's certificate is for another name.
    case tlsHostname = "tls_hostname"
    /// The server wants a client certificate, or refuses the one it was shown.
    case tlsClientCertificate = "tls_client_certificate"
    /// Client and server share no version of TLS.
    case tlsVersion = "tls_version"
    /// The connection was reset while the request was being sent.
    case sendReset = "send_reset"
    /// The request could not be handed over in time.
    case sendTimeout = "send_timeout"
    /// The request's own body could not be read (a local file).
    case localRead = "local_read"
    /// The server closed without a byte of response.
    case emptyReply = "empty_reply"
    /// The connection was reset while a response was awaited or received.
    case receiveReset = "recv_reset"
    /// No first byte of a response within the timeout.
    case firstByteTimeout = "first_byte_timeout"
    /// A response began and did not end within the timeout.
    case stallTimeout = "stall_timeout"
    /// The response ended before the length it had announced.
    case truncated
    /// The bytes received are no HTTP response.
    case garbage
    /// Headers or body beyond the client's own limit.
    case tooLarge = "too_large"
    /// A failure of HTTP/2 framing, or a connection the server gave up (GOAWAY with an error).
    case http2
    /// The server reset this request's stream (RST_STREAM); the connection may go on.
    case http2Stream = "http2_stream"
    /// A failure of HTTP/3 or of QUIC beneath it.
    case http3
    /// More redirects than allowed.
    case redirects
    /// A server that resumes uploads told of a range that cannot be true.
    case falseRange = "false_range"
    /// The person left, or the journey's deadline ran out, while the answer was awaited.
    case abandoned
    /// The client hung up where the scenario says so (`abortAfter`): the phone's doing.
    case aborted
    /// The simulated phone lost its network, as planned: neither the server's nor our fault.
    case networkLost = "network_lost"
    /// The address is not on the run's list: refused by our own safety gate.
    case policy
    /// The generator ran out of descriptors (EMFILE, ENFILE): our fault.
    case descriptors
    /// The generator ran out of local ports (EADDRNOTAVAIL): our fault.
    case localPorts = "local_ports"
    /// The generator ran out of socket buffers or memory (ENOBUFS, ENOMEM): our fault.
    case localMemory = "local_memory"
    /// Anything else; the raw CURLcode and errno are kept beside it.
    case other

    /// The stable numeric code.
    package var code: Int {
        switch self {
        case .dns: 1101
        case .dnsTimeout: 1102
        case .connect: 1200
        case .refused: 1201
        case .connectTimeout: 1202
        case .unreachable: 1203
        case .resetInConnect: 1204
        case .tls: 1301
        case .tlsCertificate: 1302
        case .tlsTimeout: 1303
        case .tlsUntrusted: 1304
        case .tlsExpired: 1305
        case .tlsHostname: 1306
        case .tlsClientCertificate: 1307
        case .tlsVersion: 1308
        case .sendReset: 1401
        case .sendTimeout: 1402
        case .localRead: 1403
        case .emptyReply: 1501
        case .receiveReset: 1502
        case .firstByteTimeout: 1503
        case .stallTimeout: 1504
        case .truncated: 1505
        case .garbage: 1601
        case .http2: 1602
        case .redirects: 1603
        case .http2Stream: 1604
        case .http3: 1605
        case .falseRange: 1606
        case .tooLarge: 1701
        case .abandoned: 1801
        case .aborted: 1802
        case .networkLost: 1803
        case .policy: 1901
        case .descriptors: 1902
        case .localPorts: 1903
        case .localMemory: 1904
        case .other: 1999
        }
    }

    /// True when the generator or its machine is to blame, never the server.
    package var isGeneratorFault: Bool {
        switch self {
        case .descriptors, .localPorts, .localMemory, .localRead, .policy: true
        default: false
        }
    }

    /// True when the phone's own network is to blame, as the scenario wants it.
    package var isNetworkFault: Bool { self == .networkLost }

    /// True when the failure is our own deadline running out: a censored observation.
    package var isTimeout: Bool {
        switch self {
        case .dnsTimeout, .connectTimeout, .tlsTimeout, .sendTimeout, .firstByteTimeout,
            .stallTimeout, .abandoned:
            true
        default: false
        }
    }

    /// True when no connection came about: lookup, connect or TLS handshake failed.
    package var isBeforeConnection: Bool { self.code / 100 <= 13 }
}
