import Foundation
import Primitives
import Testing
import Transport

@Suite struct FailureClassificationTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let expected: FailureClass
        let evidence: FailureEvidence

        init(
            _ name: String, _ code: Int32, _ expected: FailureClass,
            _ change: (inout FailureEvidence) -> Void = { _ in }
        ) {
            self.name = name
            self.expected = expected
            var evidence = FailureEvidence(curlCode: code)
            change(&evidence)
            self.evidence = evidence
        }

        var testDescription: String { self.name }
    }

    static let connecting: [Row] = [
        Row("lookup", 6, .dns),
        Row("nothing listens", 7, .refused) { $0.osErrno = ECONNREFUSED },
        Row("no route", 7, .unreachable) { $0.osErrno = EHOSTUNREACH },
        Row("no network", 7, .unreachable) { $0.osErrno = ENETUNREACH },
        Row("hung up after bytes", 42, .aborted) { $0.hungUp = true },
        Row("hung up after a time", 28, .aborted) {
            $0.hungUp = true
            $0.connected = true
        },
        Row("the kernel's own patience", 7, .connectTimeout) { $0.osErrno = ETIMEDOUT },
        Row("reset at once", 7, .resetInConnect) { $0.osErrno = ECONNRESET },
        Row("connect: no port left", 7, .localPorts) { $0.osErrno = EADDRNOTAVAIL },
        Row("connect: no memory", 7, .localMemory) { $0.osErrno = ENOBUFS },
        Row("connect: forbidden", 7, .connect) { $0.osErrno = EACCES },
        Row("an unknown number", 7, .connect),
        // A stale ECONNREFUSED of the handle's past must not hide our own lack of descriptors.
        Row("no descriptor", 7, .descriptors) {
            $0.socketErrno = EMFILE
            $0.osErrno = ECONNREFUSED
        },
        Row("no descriptor in the system", 7, .descriptors) { $0.socketErrno = ENFILE },
        Row("bind: no port left", 7, .localPorts) { $0.socketErrno = EADDRNOTAVAIL },
        Row("socket: no memory", 7, .localMemory) { $0.socketErrno = ENOBUFS },
        Row("the gate", 7, .policy) { $0.gateRefused = true },
        // The gate refused one address of a name, another one connected and was reset.
        Row("an older refusal of the gate", 56, .receiveReset) {
            $0.gateRefused = true
            $0.ready = true
            $0.sent = true
        },
        Row("TLS", 35, .tls),
        Row("certificate", 60, .tlsCertificate),
        Row("certificate of nobody", 60, .tlsUntrusted) { $0.tlsTrouble = .untrusted },
        Row("certificate of yesterday", 60, .tlsExpired) { $0.tlsTrouble = .expired },
        Row("certificate of another", 60, .tlsHostname) { $0.tlsTrouble = .hostname },
        Row("no version in common", 35, .tlsVersion) { $0.tlsTrouble = .version },
        Row("an old verdict is no handshake's", 35, .tls) { $0.tlsTrouble = .expired },
        Row("our certificate refused afterwards", 56, .tlsClientCertificate) {
            $0.isTLS = true
            $0.tlsTrouble = .clientCertificate
            $0.ready = true
            $0.sent = true
        },
        Row("reset in the handshake", 56, .tls) {
            $0.isTLS = true
            $0.lookedUp = true
            $0.connected = true
        },
    ]

    static let timeouts: [Row] = [
        Row("no answer of the name server", 28, .dnsTimeout) { $0.needsLookup = true },
        Row("waiting for a pool", 28, .connectTimeout),
        Row("no answer to SYN", 28, .connectTimeout) {
            $0.needsLookup = true
            $0.lookedUp = true
        },
        Row("in the handshake", 28, .tlsTimeout) {
            $0.isTLS = true
            $0.lookedUp = true
            $0.connected = true
        },
        Row("while sending", 28, .sendTimeout) { $0.ready = true },
        Row("no first byte", 28, .firstByteTimeout) {
            $0.ready = true
            $0.sent = true
        },
        Row("in the response", 28, .stallTimeout) {
            $0.ready = true
            $0.sent = true
            $0.answered = true
        },
    ]

    static let exchanging: [Row] = [
        Row("broken while sending", 55, .sendReset) { $0.ready = true },
        Row("reset read while sending", 56, .sendReset) { $0.ready = true },
        Row("reset after sending", 56, .receiveReset) {
            $0.ready = true
            $0.sent = true
            $0.osErrno = ECONNRESET
        },
        Row("no buffers", 55, .localMemory) {
            $0.ready = true
            $0.osErrno = ENOBUFS
        },
        Row("under TLS the number is not read", 55, .sendReset) {
            $0.ready = true
            $0.isTLS = true
            $0.osErrno = ENOBUFS
        },
        Row("malformed chunk", 56, .garbage) {
            $0.ready = true
            $0.chunkMalformed = true
        },
        Row("empty", 52, .emptyReply) { $0.ready = true },
        Row("partial", 18, .truncated) { $0.ready = true },
        Row("HTTP/2 framing", 16, .http2) { $0.ready = true },
        Row("HTTP/2 stream", 92, .http2Stream) { $0.ready = true },
        Row("redirects", 47, .redirects) { $0.ready = true },
        Row("our body", 42, .localRead) { $0.bodyUnreadable = true },
        Row("no rewind", 65, .localRead) { $0.ready = true },
        Row("our limit", 23, .tooLarge) { $0.limitPassed = true },
        Row("one endless header line", 27, .tooLarge) {
            $0.ready = true
            $0.sent = true
        },
        Row("no memory", 27, .localMemory),
        Row("weird", 8, .garbage) { $0.ready = true },
        Row("HTTP/0.9", 1, .garbage) { $0.ready = true },
        Row("redirected to ftp", 1, .policy) {
            $0.ready = true
            $0.status = 302
        },
        Row("a code of a later libcurl", 9999, .other),
    ]

    @Test("Each failure has its own class.", arguments: connecting + timeouts + exchanging)
    func table(row: Row) {
        #expect(classify(row.evidence) == row.expected)
    }
}
