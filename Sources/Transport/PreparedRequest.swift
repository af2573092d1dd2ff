import CCurl

/// Method, URL and headers of many transfers: validated once, immutable, handed to libcurl as is.
///
/// Unchecked: the header list is built in `init` and only read afterwards; libcurl does not write
/// into it.
package final class PreparedRequest: @unchecked Sendable {
    /// The method as it is sent.
    package let method: String
    /// The URL as libcurl understands it.
    package let url: ParsedURL
    /// Whether a body follows; without one a POST or PUT says `Content-Length: 0`.
    package let hasBody: Bool
    private let fields: [(name: String, value: String)]

    /// Kept, because asking the URL costs more than a transfer can spare.
    let isNumeric: Bool
    let isTLS: Bool
    let headers: UnsafeMutablePointer<curl_slist>?
    /// The same with `Expect: 100-continue` instead of no `Expect` at all.
    let headersExpecting: UnsafeMutablePointer<curl_slist>?

    /// Validates and prepares.
    ///
    /// - Throws: `.url` for a URL that is malformed or neither http nor https; `.header` for a
    ///   method, name or value that cannot be sent, and for `Content-Length` and
    ///   `Transfer-Encoding`, because the transport frames the body.
    package init(
        method: String, url: String, headers: [(name: String, value: String)], hasBody: Bool
    ) throws(TransportError) {
        guard HeaderText.isToken(method) else {
            throw TransportError(.header, "'\(method)' is not a method")
        }
        self.url = try parseURL(url)
        self.method = method
        self.fields = headers
        self.isNumeric = self.url.isNumeric
        self.isTLS = self.url.scheme == "https"
        self.hasBody = hasBody
        var lines: [String] = []
        var hasContentType = false
        for header in headers {
            let lowered = header.name.lowercased()
            if lowered == "content-length" || lowered == "transfer-encoding" {
                throw TransportError(.header, "\(header.name) is set by the transport itself")
            }
            hasContentType = hasContentType || lowered == "content-type"
            lines.append(try HeaderText.line(header.name, header.value))
        }
        // libcurl would call every POST a form.
        if !hasContentType, hasBody || method == "POST" { lines.append("Content-Type:") }
        let plain = lines + (hasBody ? ["Expect:"] : [])
        self.headers = HeaderText.list(plain)
        self.headersExpecting = hasBody ? HeaderText.list(lines + ["Expect: 100-continue"]) : nil
    }

    /// The same request with nothing in its body.
    ///
    /// - Throws: never what `init` has not thrown.
    package func withoutBody() throws(TransportError) -> PreparedRequest {
        try PreparedRequest(
            method: self.method, url: self.url.text, headers: self.fields, hasBody: false)
    }

    deinit {
        curl_slist_free_all(self.headers)
        curl_slist_free_all(self.headersExpecting)
    }
}

/// The text of headers as libcurl's lists take it.
enum HeaderText {
    /// Whether a text is a token (RFC 9110, 5.6.2).
    static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    /// Whether a header cannot smuggle another line.
    static func isSafe(_ name: String, _ value: String) -> Bool {
        isToken(name) && value.utf8.allSatisfy { $0 != 13 && $0 != 10 && $0 != 0 }
    }

    /// One line of a list; an empty value is `name;`, because `name:` means removal to libcurl.
    static func line(_ name: String, _ value: String) throws(TransportError) -> String {
        guard isSafe(name, value) else {
            throw TransportError(.header, "the header '\(name)' cannot be sent")
        }
        return text(name, value)
    }

    static func text(_ name: String, _ value: String) -> String {
        let blank = value.utf8.allSatisfy { $0 == 32 || $0 == 9 }
        return blank ? "\(name);" : "\(name): \(value)"
    }

    static func list(_ lines: [String]) -> UnsafeMutablePointer<curl_slist>? {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines { list = curl_slist_append(list, line) ?? list }
        return list
    }
}
