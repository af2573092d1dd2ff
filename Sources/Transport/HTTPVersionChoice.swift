import CCurl

/// Which version of HTTP the transfers of a lane speak.
package enum HTTPVersionChoice: String, Sendable, Hashable, CaseIterable {
    /// HTTP/2 where TLS negotiates it, HTTP/1.1 otherwise.
    case auto
    /// HTTP/1.1 only.
    case http1
    /// HTTP/2 where TLS negotiates it; plain http stays HTTP/1.1.
    case http2
    /// HTTP/2 at once, without negotiation, also over plain http.
    case http2PriorKnowledge
    /// HTTP/3 over QUIC, an older version where that fails; https only.
    case http3

    /// libcurl's number; only for what this libcurl can speak.
    var curlValue: Int {
        switch self {
        // Asking a libcurl without HTTP/2 for it is an error, and nobody has asked.
        case .auto where !CurlVersion.current.hasHTTP2: Int(CURL_HTTP_VERSION_1_1)
        case .auto, .http2: Int(CURL_HTTP_VERSION_2TLS)
        case .http1: Int(CURL_HTTP_VERSION_1_1)
        case .http2PriorKnowledge: Int(CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE)
        case .http3: Int(CURL_HTTP_VERSION_3)
        }
    }
}
