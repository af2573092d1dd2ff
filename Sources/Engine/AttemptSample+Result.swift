import Measurements
import Primitives
import Transport

extension AttemptSample {
    /// What a transfer's result says about an attempt.
    ///
    /// - Parameter calledOff: who cancelled it: the person or the journey's deadline, not the run.
    init(
        _ result: TransferResult, population: Int, intent: Int, step: Int, attempt: Int,
        intendedStart: MonotonicTime, good: Bool, calledOff: Bool = false
    ) {
        let outcome: Outcome =
            if result.cancelled {
                calledOff ? .failure(.abandoned) : .unfinished
            } else if let failure = result.failure {
                .failure(failure)
            } else {
                .status(result.status)
            }
        self.init(
            population: population, intent: intent, step: step, attempt: attempt,
            outcome: outcome, good: good, intendedStart: intendedStart, started: result.started,
            ended: result.ended, timings: RequestTimings(result), bytesUp: result.bytesUp,
            bytesDown: result.bytesDown,
            openedConnection: !result.connectionReused && result.connectionNumber != 0,
            curlCode: result.curlCode, osErrno: result.osErrno)
    }
}

extension RequestTimings {
    /// The parts that ran to their end, as differences of a transfer's instants.
    ///
    /// A part that did not run is missing, not zero. An early answer arrives before the last byte
    /// was handed over: then there was no wait. Time spent waiting for a connection that another
    /// request of the client was opening, or for a free stream on it, is in no part.
    init(_ result: TransferResult) {
        self.init()
        var from = result.started
        if let at = result.lookedUp { self.add(.lookup, &from, at) }
        if let at = result.connected { self.add(.connect, &from, at) }
        if let at = result.secured { self.add(.tls, &from, at) }
        if result.lookedUp == nil, let ready = result.ready, ready > from { from = ready }
        if let at = result.lastSent { self.add(.send, &from, at) }
        guard let header = result.firstHeader else { return }
        if header.nanoseconds < from.nanoseconds {
            from = header
        } else {
            self.add(.wait, &from, header)
        }
        if result.failure == nil, !result.cancelled { self.add(.receive, &from, result.ended) }
    }

    private mutating func add(
        _ part: RequestTiming, _ from: inout MonotonicTime, _ to: MonotonicTime
    ) {
        // On bare numbers: the comparisons of a generic `max` are calls into the run-time.
        let end = Swift.max(from.nanoseconds, to.nanoseconds)
        self.append(part, Nanoseconds(end - from.nanoseconds))
        from = MonotonicTime(nanoseconds: end)
    }
}
