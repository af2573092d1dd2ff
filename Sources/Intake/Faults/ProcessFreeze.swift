import Primitives

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Stops this whole process, every thread of it, for a while: what a stop-the-world pause is.
enum ProcessFreeze {
    /// Stands still for that long; false when this system cannot.
    ///
    /// The kernel is asked first to send `SIGCONT` when the time is over, so that nobody else has
    /// to stay alive to wake the process.
    static func now(for span: Nanoseconds) -> Bool {
        #if os(Linux)
            // Zeroed, `sigev_notify` is SIGEV_SIGNAL: a signal to the process.
            var event = sigevent()
            event.sigev_signo = SIGCONT
            // The kernel counts timers from 0, which as a pointer is nil.
            var timer: timer_t?
            guard timer_create(CLOCK_MONOTONIC, &event, &timer) == 0 else { return false }
            defer { timer_delete(timer) }
            var time = itimerspec()
            time.it_value.tv_sec = time_t(span.count / 1_000_000_000)
            time.it_value.tv_nsec = Int(span.count % 1_000_000_000)
            guard timer_settime(timer, 0, &time, nil) == 0 else { return false }
            let end = (SystemClock().now() + span).nanoseconds
            var instant = timespec()
            instant.tv_sec = time_t(end / 1_000_000_000)
            instant.tv_nsec = Int(end % 1_000_000_000)
            guard kill(getpid(), SIGSTOP) == 0 else { return false }
            // Another thread may take the signal, and this one run on for a moment: the timer has
            // to outlive that, or nobody wakes the process.
            while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &instant, nil) == EINTR {}
            return true
        #else
            return false
        #endif
    }
}
