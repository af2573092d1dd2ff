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
        keepMemory()
        signal(SIGPIPE, SIG_IGN)
    }()

    /// Whether libcurl has a file of certificate authorities, beside or instead of a directory.
    static let hasCertificateBundle: Bool = {
        global()
        let newest = CURLversion(rawValue: CURLVERSION_LAST.rawValue - 1)
        guard let file = curl_version_info(newest)?.pointee.cainfo else { return false }
        return access(file, R_OK) == 0
    }()

    /// Tells the C library to keep one heap for all threads; to be called before there are any.
    ///
    /// Every transfer takes some buffers and gives them back; a small heap would grow and shrink by
    /// system calls each time. And Dispatch may serve a lane's queue by another thread after a
    /// pause: with a heap of its own that thread leaves what the last one has freed lying there.
    /// Measured with 8,000 clients: 256 MB instead of 316, and a tenth less CPU while they connect,
    /// because only the first heap grows by more than a page at a time. Two lanes pay for the
    /// common lock with about 3 % of their CPU.
    package static func keepMemory() {
        spate_keep_memory()
    }

    /// Initialises libcurl and ignores SIGPIPE; cheap when it has been done already.
    package static func global() {
        _ = self.once
    }
}
