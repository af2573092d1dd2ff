package import Primitives

/// What holds for all transfers of a lane.
package struct LaneOptions: Sendable {
    /// The addresses a socket may connect to; anything else fails as `policy`.
    package var allowedAddresses: AddressGate = .loopback
    /// Pinned names, each `host:port:address`, as CURLOPT_RESOLVE takes them.
    package var resolve: [String] = []
    /// Places to connect to instead of others, as CURLOPT_CONNECT_TO takes them.
    package var connectTo: [String] = []
    /// A Unix socket that every connection goes to, if `allowedAddresses` allows it; nil for none.
    package var unixSocket: String?
    /// Seconds for which the lane remembers the addresses of a name that is not pinned; 0 looks it
    /// up for every connection.
    package var nameLifetimeSeconds = 60
    /// Certificates, versions and sessions of https.
    package var tls = TLSSettings()
    /// The version of HTTP to speak.
    package var httpVersion: HTTPVersionChoice = .auto
    /// True to ask `Expect: 100-continue` before a body is sent.
    package var expect100 = false
    /// False to close each connection after its first request.
    package var reuseConnections = true
    /// How many redirects to follow; 0 makes a redirect an ordinary response.
    package var followRedirects = 0
    /// Local addresses to connect from, taken in turn by the clients; empty: the kernel's choice.
    package var sourceAddresses: [String] = []
    /// Bytes read from a body at a time, per upload in progress; libcurl allows 16 KiB to 2 MiB.
    package var uploadBufferSize = 65_536
    /// Bytes read from a socket at a time, per transfer in progress; 1 KiB to 10 MiB.
    package var receiveBufferSize = 16_384
    /// The headers of a transfer beyond which it fails as `too_large`.
    package var maxHeaderBytes: Int64 = 262_144
    /// The body of a response beyond which the transfer fails as `too_large`.
    package var maxBodyBytes: Int64 = 67_108_864
    /// The age, in idle seconds, from which a connection is no longer reused.
    package var maxIdleSeconds = 118
    /// The connections a client may keep idle.
    package var maxIdleConnectionsPerClient = 8
    /// The requests a client may have in flight on one HTTP/2 connection, if the server lets it.
    ///
    /// Further ones open another connection.
    package var maxStreamsPerConnection = 100

    /// False to learn nothing of who answered (`TransferLane.answerTrace`): a little less work.
    package var tracesAnswers = true

    /// The default: loopback only, HTTP as negotiated, connections reused, redirects not followed.
    package init() {}
}
