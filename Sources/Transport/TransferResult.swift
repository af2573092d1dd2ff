package import Primitives

/// What became of a transfer: a measurement, whether it went well or not.
///
/// Instants are our own readings of the monotonic clock, in their order; where redirects were
/// followed, or a dead connection replaced, those of the last request and connection.
package struct TransferResult: Sendable {
    /// True when `cancel` ended it; `failure` is nil then.
    package var cancelled = false
    /// Why no whole response arrived; nil when one did, whatever its status.
    package var failure: FailureClass?
    /// libcurl's raw code; 0 when none.
    package var curlCode: Int32 = 0
    /// The system's error number; 0 when none is known.
    package var osErrno: Int32 = 0
    /// The last status received; 0 when none.
    package var status = 0

    /// When `start` was called, as its caller says.
    package var started: MonotonicTime
    /// When the address was known; nil on a reused connection.
    package var lookedUp: MonotonicTime?
    /// When the connection was established; nil on a reused connection.
    package var connected: MonotonicTime?
    /// When the TLS handshake ended; nil without TLS and on a reused connection.
    package var secured: MonotonicTime?
    /// When the request could begin: connected, secured, and its turn come on a connection that
    /// others use as well; nil when it never could.
    package var ready: MonotonicTime?
    /// When the last byte of the request was handed over to libcurl, and by it to the kernel.
    package var lastSent: MonotonicTime?
    /// When the first header line arrived that belongs to no 1xx response.
    package var firstHeader: MonotonicTime?
    /// When the transfer ended.
    package var ended: MonotonicTime

    /// True when the transfer opened no connection of its own.
    package var connectionReused = false
    /// The lane's own number of the connection, from 1; 0 when there was none.
    package var connectionNumber: UInt64 = 0
    /// How often a request was begun: more than 1 after redirects, or when libcurl sent again
    /// because a reused connection turned out to be dead.
    package var requestsBegun = 0
    /// Bytes of the body handed over, those sent again included.
    package var bytesUp: Int64 = 0
    /// Bytes of headers and decoded body received.
    package var bytesDown: Int64 = 0
    /// The seconds that a Retry-After header asked to wait, from its arrival on; nil
    /// without one.
    package var retryAfter: Int64?
    /// The final response's headers, if they were to be kept.
    package var responseHeaders: [(name: String, value: String)] = []
    /// The beginning of the body, if it was to be kept.
    package var responseBody: [UInt8] = []
    /// True when the body was longer than what was kept of it.
    package var bodyTruncated = false

    /// A result with nothing but its two ends; the rest is set afterwards.
    package init(started: MonotonicTime, ended: MonotonicTime) {
        self.started = started
        self.ended = ended
    }
}
