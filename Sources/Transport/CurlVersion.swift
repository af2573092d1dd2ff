import CCurl

/// The libcurl in use, for a run's manifest.
package struct CurlVersion: Sendable, Hashable {
    /// Such as `7.88.1`.
    package let version: String
    /// Such as `HTTP2`; the TLS library comes first, as `OpenSSL/3.0.15`.
    package let features: [String]
    /// Such as `https`.
    package let protocols: [String]

    /// True when it speaks HTTP/2.
    package var hasHTTP2: Bool { self.features.contains("HTTP2") }
    /// True when it speaks HTTP/3.
    package var hasHTTP3: Bool { self.features.contains("HTTP3") }
    /// True when it speaks TLS.
    package var hasTLS: Bool { self.features.contains("SSL") }
    /// True when it connects to IPv6 addresses.
    package var hasIPv6: Bool { self.features.contains("IPv6") }
    /// True when it connects to Unix sockets.
    package var hasUnixSockets: Bool { self.features.contains("UnixSockets") }
    /// True when looking a name up does not keep other transfers waiting.
    package var hasAsynchronousLookup: Bool { self.features.contains("AsynchDNS") }

    /// The libcurl that this process has loaded.
    package static let current: CurlVersion = {
        TransportSetup.global()
        guard
            let info = curl_version_info(CURLversion(rawValue: CURLVERSION_LAST.rawValue - 1))?
                .pointee
        else {
            return CurlVersion(version: "unknown", features: [], protocols: [])
        }
        let known: [(Int32, String)] = [
            (CURL_VERSION_SSL, "SSL"), (CURL_VERSION_HTTP2, "HTTP2"),
            (CURL_VERSION_HTTP3, "HTTP3"), (CURL_VERSION_IPV6, "IPv6"),
            (CURL_VERSION_LIBZ, "libz"), (CURL_VERSION_BROTLI, "brotli"),
            (CURL_VERSION_ZSTD, "zstd"), (CURL_VERSION_ASYNCHDNS, "AsynchDNS"),
            (CURL_VERSION_LARGEFILE, "Largefile"), (CURL_VERSION_ALTSVC, "alt-svc"),
            (CURL_VERSION_HSTS, "HSTS"), (CURL_VERSION_THREADSAFE, "threadsafe"),
            (CURL_VERSION_UNIX_SOCKETS, "UnixSockets"),
        ]
        var features = info.ssl_version.map { [String(cString: $0)] } ?? []
        features += known.filter { info.features & $0.0 != 0 }.map { $0.1 }
        var protocols: [String] = []
        var next = info.protocols
        while let name = next?.pointee {
            protocols.append(String(cString: name))
            next = next?.advanced(by: 1)
        }
        return CurlVersion(
            version: info.version.map { String(cString: $0) } ?? "unknown", features: features,
            protocols: protocols)
    }()
}
