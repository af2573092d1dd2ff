import CCurl
import Primitives

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension EasySlot {
    /// Takes the transfer's result out of the slot.
    mutating func takeResult() -> TransferResult {
        var result = TransferResult(
            started: MonotonicTime(nanoseconds: self.started),
            ended: MonotonicTime(nanoseconds: self.ended))
        result.cancelled = self.isCancelled
        result.status = self.status
        result.ready = Self.instant(self.ready)
        result.lastSent = Self.instant(self.lastSent)
        result.firstHeader = Self.instant(self.firstHeader)
        result.connectionReused = self.socketsOpened == 0 && self.ready != 0
        result.connectionNumber = self.connectionNumber
        result.requestsBegun = self.requestsBegun
        result.bytesUp = self.bytesUp
        result.bytesDown = self.headerBytes + self.bodyBytes
        result.retryAfter = self.retryAfter >= 0 ? self.retryAfter : nil
        result.bodyTruncated = self.bodyTruncated
        if self.keep.headers { swap(&result.responseHeaders, &self.responseHeaders) }
        if self.keep.body { swap(&result.responseBody, &self.responseBody) }
        let connected = self.setConnectPhases(&result)
        if self.isShaped { self.shift(&result) }
        if !self.isCancelled { self.setFailure(&result, code: self.code, connected: connected) }
        self.isAnswered = result.failure == nil && !self.isCancelled
        return result
    }

    private static func instant(_ nanoseconds: Int64) -> MonotonicTime? {
        nanoseconds == 0 ? nil : MonotonicTime(nanoseconds: nanoseconds)
    }

    /// Returns whether the connection was established at all.
    private func setConnectPhases(_ result: inout TransferResult) -> Bool {
        guard self.socketsOpened > 0 else { return self.ready != 0 }
        result.lookedUp = Self.instant(self.lookedUp)
        guard self.isTLS else {
            result.connected = Self.instant(self.linked)
            return self.linked != 0
        }
        let connected = self.wiring.pointee.connected(
            self.openedSocket, number: self.connectionNumber)
        result.connected = Self.instant(connected != 0 ? connected : self.linked)
        result.secured = Self.instant(self.linked)
        return result.connected != nil
    }

    private func setFailure(_ result: inout TransferResult, code: Int32, connected: Bool) {
        if self.isShaped, self.pace.isLost {
            result.failure = .networkLost
            return
        }
        result.curlCode = code
        if code == 0 {
            // libcurl is content with a connection that closes among the headers.
            if self.status != 0 && self.headersEnded { return }
            result.failure = self.headerBytes == 0 ? .emptyReply : .truncated
            return
        }
        var evidence = FailureEvidence(curlCode: code)
        evidence.socketErrno = self.socketErrno
        evidence.osErrno = self.trustedErrno(code: code, connected: connected)
        evidence.gateRefused = self.gateRefused
        evidence.limitPassed = self.limitPassed
        evidence.bodyUnreadable = self.bodyUnreadable
        evidence.hungUp = self.hasHungUp || self.hangsUp(withTimeout: code)
        evidence.chunkMalformed = strstr(self.errorText, "chunk") != nil
        if self.isTLS { evidence.tlsTrouble = self.tlsTrouble() }
        evidence.needsLookup = self.needsLookup
        evidence.isTLS = self.isTLS
        evidence.lookedUp = self.lookedUp != 0
        evidence.connected = connected
        evidence.ready = self.ready != 0
        evidence.sent = self.lastSent != 0
        evidence.answered = self.firstHeader != 0
        evidence.status = self.status
        result.failure = classify(evidence)
        result.osErrno =
            self.socketErrno != 0
            ? self.socketErrno : self.bodyUnreadable ? self.readErrno : evidence.osErrno
    }

    /// What went wrong with TLS, by the handshake's verdict and libcurl's words.
    private func tlsTrouble() -> TLSTrouble? {
        var verdict = 0
        spate_easy_get_long(self.easy, CURLINFO_SSL_VERIFYRESULT, &verdict)
        return TLSTrouble(verdict: verdict, message: String(cString: self.errorText))
    }

    /// libcurl's error number where it belongs to this failure, 0 elsewhere.
    ///
    /// libcurl never clears it: on a pooled handle it may be of a transfer long ago.
    private func trustedErrno(code: Int32, connected: Bool) -> Int32 {
        let trusted =
            switch CURLcode(rawValue: UInt32(bitPattern: code)) {
            case CURLE_COULDNT_CONNECT: self.socketErrno == 0 && !self.gateRefused
            case CURLE_OPERATION_TIMEDOUT: !connected && self.lookedUp != 0
            case CURLE_SEND_ERROR, CURLE_RECV_ERROR: !self.isTLS
            default: false
            }
        guard trusted else { return 0 }
        var value = 0
        spate_easy_get_long(self.easy, CURLINFO_OS_ERRNO, &value)
        return Int32(truncatingIfNeeded: value)
    }
}
