import Primitives

/// What went wrong with TLS, as far as OpenSSL's verdict and words tell.
package enum TLSTrouble: Sendable, Hashable {
    /// No authority that we trust vouches for the server's certificate.
    case untrusted
    /// A certificate of the server's has expired, or is not valid yet.
    case expired
    /// The server's certificate is for another name.
    case hostname
    /// The server wants a client certificate, or refuses ours.
    case clientCertificate
    /// No version of TLS in common.
    case version

    /// Reads OpenSSL's verdict on the server's certificate (`X509_V_ERR_...`, 0 and 1 say nothing)
    /// and libcurl's message; nil when neither tells more than the code does.
    ///
    /// Alerts that speak of a certificate come from the server and mean ours.
    package init?(verdict: Int, message: String) {
        if message.contains("target host name") {
            self = .hostname
        } else if let alert = message.firstRange(of: "alert ") {
            let name = message[alert.upperBound...]
            if name.hasPrefix("protocol version") {
                self = .version
            } else if Self.certificateAlerts.contains(where: { name.hasPrefix($0) }) {
                self = .clientCertificate
            } else {
                return nil
            }
        } else if message.contains("unsupported protocol") {
            self = .version
        } else {
            switch verdict {
            // Not valid yet, expired, and the same of a revocation list.
            case 9, 10, 11, 12: self = .expired
            // No issuer found, self-signed at either end, first certificate unverifiable, not
            // trusted, no authority.
            case 2, 18, 19, 20, 21, 24, 27: self = .untrusted
            default: return nil
            }
        }
    }

    /// The names of alerts about a certificate (RFC 8446, 6.2), as OpenSSL writes them.
    private static let certificateAlerts = [
        "certificate required", "bad certificate", "unsupported certificate",
        "certificate revoked", "certificate expired", "certificate unknown", "unknown ca",
        "access denied",
    ]

    /// The class of a failure to accept the server's certificate.
    var failure: FailureClass {
        switch self {
        case .untrusted: .tlsUntrusted
        case .expired: .tlsExpired
        case .hostname: .tlsHostname
        case .clientCertificate: .tlsClientCertificate
        case .version: .tlsVersion
        }
    }

    /// The class of another failure: the verdict on the server's certificate has no part in it.
    func failure(inHandshake: Bool) -> FailureClass? {
        switch self {
        case .clientCertificate: .tlsClientCertificate
        case .version where inHandshake: .tlsVersion
        default: nil
        }
    }
}
