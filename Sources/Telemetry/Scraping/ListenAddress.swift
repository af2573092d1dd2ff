import Primitives

/// Where `/metrics` is offered: `--serve-metrics ADDR`.
package struct ListenAddress: Sendable, Hashable {
    /// The numeric address.
    package var address: String
    /// The port; 0 for any that is free.
    package var port: UInt16
    /// True for IPv6.
    package var isIPv6: Bool { self.address.contains(":") }
    /// Host and port as a URL has them.
    package var authority: String {
        self.isIPv6 ? "[\(self.address)]:\(self.port)" : "\(self.address):\(self.port)"
    }

    /// Reads `PORT`, `:PORT` or `ADDRESS:PORT`; without an address it is loopback, so that nobody
    /// offers a page to a whole network by leaving something out.
    ///
    /// - Throws: `.arguments` for anything else.
    package init(_ text: String) throws(TelemetryError) {
        let colon = text.lastIndex(of: ":")
        var host = colon.map { String(text[..<$0]) } ?? ""
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        let digits = colon.map { text[text.index(after: $0)...] } ?? text[...]
        if host.isEmpty || host == "localhost" { host = "127.0.0.1" }
        guard let port = UInt16(digits), NumericAddress(host) != nil else {
            throw TelemetryError(
                .arguments, "--serve-metrics: '\(text)' is no port and no ADDRESS:PORT",
                hint: "for example --serve-metrics 9464, or 0.0.0.0:9464 for other machines")
        }
        self.address = host
        self.port = port
    }
}
