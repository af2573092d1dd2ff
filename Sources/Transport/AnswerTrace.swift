package import Primitives

/// Who answered a transfer, and with what, as far as it takes to tell one answerer from another.
package struct AnswerTrace: Sendable, Hashable {
    /// The peer that was connected to, or tried last; none before that, and on a Unix socket.
    package var peer = PeerAddress()
    /// FNV-1a 64 over status, `Server`, `Via`, `Content-Type`, `Location`'s host and whether there
    /// was `Retry-After`; nil without whole headers.
    ///
    /// Values are hashed each for itself, in lower case; repeated fields are joined by newlines.
    package var fingerprint: UInt64?
    /// FNV-1a 64 over the first 4 KiB of the body; nil unless a whole answer arrived.
    package var body: UInt64?

    /// Nothing known.
    package init() {}
}

extension EasySlot {
    /// Who answered the transfer that has ended.
    var trace: AnswerTrace {
        var trace = AnswerTrace()
        trace.peer = self.peer
        guard self.wiring.pointee.tracesAnswers, self.status != 0, self.headersEnded else {
            return trace
        }
        trace.fingerprint = self.marks.fingerprint(status: self.status)
        if self.isAnswered { trace.body = self.bodyStart.hash }
        return trace
    }
}

extension TransferLane {
    /// Who answered the transfer whose end is being told.
    ///
    /// To be asked within `transferEnded` and before anything is started; at other times nothing
    /// is known. Hashes up to 4 KiB, four cycles a byte: worth it for what is listed.
    package func answerTrace() -> AnswerTrace {
        self.assertOnQueue()
        guard let slot = self.delivered, !slot.pointee.isActive else { return AnswerTrace() }
        return slot.pointee.trace
    }
}
