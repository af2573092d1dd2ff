/// The head of a request for `/metrics`, and the answer to it; pure.
package enum ScrapeRequest {
    /// The longest head that is read.
    package static let limit = 8_192

    /// True when a head is whole: it ends with an empty line.
    package static func isWhole(_ head: [UInt8]) -> Bool {
        head.suffix(4) == [13, 10, 13, 10] || head.suffix(2) == [10, 10]
    }

    /// The whole answer to a head.
    ///
    /// - Parameter page: makes the page; called for `/metrics` only.
    package static func answer(_ head: [UInt8], page: () -> [UInt8]) -> [UInt8] {
        let line = String(decoding: head.prefix { $0 != 13 && $0 != 10 }, as: UTF8.self)
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[2].hasPrefix("HTTP/1.") else {
            return self.response("400 Bad Request", "text/plain", Array("bad request\n".utf8))
        }
        guard words[0] == "GET" || words[0] == "HEAD" else {
            return self.response(
                "405 Method Not Allowed", "text/plain", Array("GET only\n".utf8),
                fields: "Allow: GET, HEAD\r\n")
        }
        let isHead = words[0] == "HEAD"
        guard words[1].prefix(while: { $0 != "?" }) == "/metrics" else {
            return self.response(
                "404 Not Found", "text/plain", Array("see /metrics\n".utf8), isHead: isHead)
        }
        return self.response("200 OK", PrometheusPage.contentType, page(), isHead: isHead)
    }

    private static func response(
        _ status: String, _ type: String, _ body: [UInt8], fields: String = "",
        isHead: Bool = false
    ) -> [UInt8] {
        let head =
            "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(body.count)\r\n"
            + "\(fields)Connection: close\r\n\r\n"
        return Array(head.utf8) + (isHead ? [] : body)
    }
}
