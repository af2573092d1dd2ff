#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The present thread's claim on a processor.
package enum ThreadPriority {
    /// Makes the present thread one that yields to the lanes' threads; it stays so.
    ///
    /// Packing a second's histograms takes milliseconds, which a lane on the same core would wait
    /// for; the two steps that Dispatch takes for its utility class are few. With ten, a busy
    /// machine left the journal seconds behind, and SIGKILL would have cost them. To be called on
    /// threads of one's own, or on those of the utility class, never on a borrowed one (`sync`).
    package static func stepBack() {
        // On Linux a priority belongs to a thread; 0 is the caller. One that is lower stays so.
        #if canImport(Glibc)
            let process = __priority_which_t(PRIO_PROCESS.rawValue)
            if getpriority(process, 0) < 5 { _ = setpriority(process, 0, 5) }
        #elseif canImport(Musl)
            if getpriority(PRIO_PROCESS, 0) < 5 { _ = setpriority(PRIO_PROCESS, 0, 5) }
        #endif
    }
}
