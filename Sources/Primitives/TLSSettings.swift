/// A version of TLS that a handshake may end with.
package enum TLSVersion: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    /// TLS 1.2 (RFC 5246).
    case tls12 = "1.2"
    /// TLS 1.3 (RFC 8446).
    case tls13 = "1.3"

    /// The older version is the smaller.
    package static func < (left: TLSVersion, right: TLSVersion) -> Bool {
        left == .tls12 && right == .tls13
    }
}

/// How a client speaks TLS.
package struct TLSSettings: Sendable, Hashable {
    /// The oldest version accepted; nil for the TLS library's own limit.
    package var minVersion: TLSVersion?
    /// The newest version offered; nil for the newest there is.
    package var maxVersion: TLSVersion?
    /// True when a client's next connection resumes its last session, as phones do.
    package var resume = true
    /// A file with the client's own certificate (PEM), and perhaps its chain.
    package var certificate: String?
    /// A file with the certificate's private key (PEM); nil when it stands in the same file.
    package var key: String?
    /// What opens the key; a secret.
    package var keyPassword: String?
    /// A file of the certificate authorities to trust instead of the system's (PEM).
    package var caFile: String?
    /// True to accept any certificate.
    package var insecure = false

    /// What the TLS library would do by itself, with sessions resumed.
    package init() {}
}
