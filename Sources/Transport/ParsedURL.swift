import CCurl

/// A URL's parts, as libcurl itself will understand them.
package struct ParsedURL: Sendable, Hashable {
    /// `http` or `https`.
    package let scheme: String
    /// The name or numeric address, without brackets; odd spellings (`0x7f.1`) normalised.
    package let host: String
    /// The port, the scheme's own when none was written.
    package let port: Int
    /// The path, at least `/`, and the query.
    package let path: String
    /// `user` or `user:password`; nil when there is none.
    package let userInfo: String?
    /// The whole URL as libcurl writes it, without a fragment.
    package let text: String

    /// Host and port as a URL has them: an IPv6 address in brackets.
    package var authority: String {
        self.host.contains(":") ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)"
    }

    /// True when the host is a numeric address, which needs no lookup.
    package var isNumeric: Bool {
        self.host.contains(":") || self.host.split(separator: ".").allSatisfy { UInt8($0) != nil }
    }
}

/// Parses a URL with libcurl's parser, the one that will act on it.
///
/// - Throws: `.url` when it is malformed or neither http nor https. The message leaves user and
///   password out.
package func parseURL(_ text: String) throws(TransportError) -> ParsedURL {
    guard let handle = curl_url() else {
        throw TransportError(.resource, "no memory for a URL")
    }
    defer { curl_url_cleanup(handle) }
    if text.utf8.contains(0) { throw TransportError(.url, "a URL with a NUL byte") }
    let code = curl_url_set(handle, CURLUPART_URL, text, 0)
    guard code == CURLUE_OK else {
        throw TransportError(.url, "malformed URL: \(String(cString: curl_url_strerror(code)))")
    }
    func part(_ part: CURLUPart, _ flags: Int32 = 0) -> String? {
        var value: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &value, UInt32(flags)) == CURLUE_OK, let value else {
            return nil
        }
        defer { curl_free(value) }
        return String(cString: value)
    }
    guard let scheme = part(CURLUPART_SCHEME), scheme == "http" || scheme == "https" else {
        throw TransportError(.url, "the URL is neither http nor https")
    }
    curl_url_set(handle, CURLUPART_FRAGMENT, nil, 0)
    guard let host = part(CURLUPART_HOST), !host.isEmpty, let whole = part(CURLUPART_URL),
        let port = part(CURLUPART_PORT, CURLU_DEFAULT_PORT).flatMap({ Int($0) })
    else {
        throw TransportError(.url, "the URL has no host")
    }
    let user = part(CURLUPART_USER)
    let password = part(CURLUPART_PASSWORD)
    let query = part(CURLUPART_QUERY).map { "?" + $0 } ?? ""
    return ParsedURL(
        scheme: scheme,
        host: host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host,
        port: port,
        path: (part(CURLUPART_PATH) ?? "/") + query,
        userInfo: user.map { name in password.map { "\(name):\($0)" } ?? name },
        text: whole)
}
