import CCurl

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What the process needs once before any transfer.
package enum TransportSetup {
    private static let once: Void = {
        let code = spate_global_init()
        precondition(code == CURLE_OK, "libcurl cannot initialise itself")
        // Every transfer takes some buffers and gives them back. A lane's thread has a heap of
        // its own, which the C library would grow and shrink again by system calls each time.
        spate_keep_memory()
        signal(SIGPIPE, SIG_IGN)
    }()

    /// Whether libcurl has a file of certificate authorities, beside or instead of a directory.
    static let hasCertificateBundle: Bool = {
        global()
        let newest = CURLversion(rawValue: CURLVERSION_LAST.rawValue - 1)
        guard let file = curl_version_info(newest)?.pointee.cainfo else { return false }
        return access(file, R_OK) == 0
    }()

    /// Initialises libcurl and ignores SIGPIPE; cheap when it has been done already.
    package static func global() {
        _ = self.once
    }
}

/// The libcurl in use, for a run's manifest.
package struct CurlVersion: Sendable, Hashable {
    /// Such as `7.88.1`.
    package let version: String
    /// Such as `HTTP2`; the TLS library comes first, as `OpenSSL/3.0.15`.
    package let features: [String]
    /// Such as `https`.
    package let protocols: [String]

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
