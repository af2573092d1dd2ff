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
