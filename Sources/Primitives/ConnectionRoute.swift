#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Where connections go instead of where a URL says: curl's `resolve`, `connect-to` and
/// `unix-socket`.
///
/// It changes which machine is asked; the request's `Host`, and the name a certificate must bear,
/// stay the URL's. What it leads to has to pass the run's list of addresses like everything else.
package struct ConnectionRoute: Sendable, Hashable {
    /// A mistake in an entry, in one sentence.
    package struct Mistake: Error, Sendable, Hashable {
        /// What is wrong, and how it is written instead.
        package let message: String
    }

    /// A name that is not looked up.
    package struct Pin: Sendable, Hashable {
        /// The name, in lower case.
        package var host: String
        /// The port it holds for.
        package var port: Int
        /// Numeric addresses, in the order in which they are tried.
        package var addresses: [String]

        /// The name and port as they are written.
        package var origin: String { Endpoint.text(self.host, self.port) }

        /// Reads `host:port` and a list of addresses with commas between.
        ///
        /// - Throws: `Mistake` for anything else.
        package init(from origin: String, to addresses: String) throws(Mistake) {
            let (host, port) = try Endpoint.required(origin)
            self.host = host.lowercased()
            self.port = port
            let list = addresses.split(separator: ",", omittingEmptySubsequences: false)
            self.addresses = []
            for item in list {
                let address = Endpoint.bare(item.trimmed)
                guard NumericAddress(address) != nil else {
                    throw Mistake(
                        message: "'\(item.trimmed)' is no numeric address; write for example"
                            + " 127.0.0.1 or ::1")
                }
                self.addresses.append(address)
            }
        }
    }

    /// A host and port to connect to instead of another.
    package struct Detour: Sendable, Hashable {
        /// The URL's host, in lower case; nil for every host.
        package var host: String?
        /// The URL's port; nil for every port.
        package var port: Int?
        /// The host to connect to; nil for the URL's own.
        package var toHost: String?
        /// The port to connect to; nil for the URL's own.
        package var toPort: Int?

        /// What it holds for, as it is written.
        package var origin: String { Endpoint.text(self.host, self.port) }
        /// Where it leads, as it is written.
        package var destination: String { Endpoint.text(self.toHost, self.toPort) }

        /// Reads two times `host:port`, in which either half may be empty.
        ///
        /// - Throws: `Mistake` for anything else.
        package init(from origin: String, to destination: String) throws(Mistake) {
            (self.host, self.port) = try Endpoint.optional(origin)
            self.host = self.host?.lowercased()
            (self.toHost, self.toPort) = try Endpoint.optional(destination)
            guard self.toHost != nil || self.toPort != nil else {
                throw Mistake(message: "'\(destination)' names neither a host nor a port")
            }
        }
    }

    /// Names that are not looked up.
    package var pins: [Pin] = []
    /// Other places to connect to; the first that fits counts.
    package var detours: [Detour] = []
    /// A Unix socket that every connection goes to.
    package var unixSocket: String?

    /// Straight to where the URL says.
    package init() {}

    /// True when every connection goes where its URL says.
    package var isDirect: Bool {
        self.pins.isEmpty && self.detours.isEmpty && self.unixSocket == nil
    }

    /// Adds curl's `host:port:address[,address]`.
    ///
    /// - Throws: `Mistake` for anything else.
    package mutating func pin(_ text: String) throws(Mistake) {
        guard let (origin, addresses) = Endpoint.halves(of: text, colons: 2) else {
            throw Mistake(message: "'\(text)' is not of the form host:port:address")
        }
        self.pins.append(try Pin(from: origin, to: addresses))
    }

    /// Adds curl's `host:port:host:port`.
    ///
    /// - Throws: `Mistake` for anything else.
    package mutating func detour(_ text: String) throws(Mistake) {
        guard let (origin, destination) = Endpoint.halves(of: text, colons: 2) else {
            throw Mistake(message: "'\(text)' is not of the form host:port:host:port")
        }
        self.detours.append(try Detour(from: origin, to: destination))
    }

    /// Checks and sets the Unix socket's path.
    ///
    /// - Throws: `Mistake` for a path that is empty or longer than the system takes.
    package mutating func connect(toUnixSocket path: String) throws(Mistake) {
        let longest = MemoryLayout<sockaddr_un>.size - MemoryLayout<sa_family_t>.size - 1
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw Mistake(message: "a socket's path cannot be empty")
        }
        guard path.utf8.count <= longest else {
            throw Mistake(
                message: "the socket's path has \(path.utf8.count) bytes; the system takes"
                    + " \(longest)")
        }
        self.unixSocket = path
    }

    /// The host and port that a connection for a URL's host and port goes to.
    package func destination(host: String, port: Int) -> (host: String, port: Int) {
        let name = Endpoint.bare(host).lowercased()
        for detour in self.detours
        where (detour.host ?? name) == name && (detour.port ?? port) == port {
            return (detour.toHost ?? name, detour.toPort ?? port)
        }
        return (name, port)
    }

    /// The addresses given for a host and port; nil when it is looked up.
    package func addresses(host: String, port: Int) -> [String]? {
        let name = host.lowercased()
        return self.pins.last { $0.host == name && $0.port == port }?.addresses
    }

    /// The pins as CURLOPT_RESOLVE takes them.
    package var resolveEntries: [String] {
        self.pins.map { ConnectionRoute.resolveEntry($0.host, $0.port, $0.addresses) }
    }

    /// The detours as CURLOPT_CONNECT_TO takes them.
    package var connectToEntries: [String] {
        self.detours.map { $0.origin + ":" + $0.destination }
    }

    /// One name with all its addresses, as CURLOPT_RESOLVE takes it.
    package static func resolveEntry(
        _ host: String, _ port: Int, _ addresses: [String]
    ) -> String {
        "\(host):\(port):\(addresses.map(Endpoint.bracketed).joined(separator: ","))"
    }
}

/// A host and a port as text.
private enum Endpoint {
    /// Cuts a text behind so many colons; those in brackets belong to an address.
    static func halves(of text: String, colons wanted: Int) -> (String, String)? {
        var colons = 0
        var isBracketed = false
        for index in text.indices {
            switch text[index] {
            case "[": isBracketed = true
            case "]": isBracketed = false
            case ":" where !isBracketed:
                colons += 1
                guard colons == wanted else { continue }
                return (String(text[..<index]), String(text[text.index(after: index)...]))
            default: continue
            }
        }
        return nil
    }

    static func optional(
        _ text: String
    ) throws(ConnectionRoute.Mistake) -> (String?, Int?) {
        let form = "'\(text)' is not of the form host:port"
        guard let (host, rest) = halves(of: text, colons: 1) else {
            throw ConnectionRoute.Mistake(message: form)
        }
        guard !host.contains(where: { $0.isWhitespace || $0 == "/" || $0 == "@" }) else {
            throw ConnectionRoute.Mistake(message: "'\(host)' is no host")
        }
        if rest.isEmpty { return (host.isEmpty ? nil : bare(host), nil) }
        guard let port = Int(rest), (1...65_535).contains(port) else {
            throw ConnectionRoute.Mistake(
                message: rest.contains(":")
                    ? form + "; an IPv6 address stands in brackets"
                    : "'\(rest)' is no port; it is 1 to 65535")
        }
        return (host.isEmpty ? nil : bare(host), port)
    }

    static func required(_ text: String) throws(ConnectionRoute.Mistake) -> (String, Int) {
        guard case (let host?, let port?) = try optional(text) else {
            throw ConnectionRoute.Mistake(message: "'\(text)' is not of the form host:port")
        }
        return (host, port)
    }

    static func text(_ host: String?, _ port: Int?) -> String {
        (host.map(bracketed) ?? "") + ":" + (port.map(String.init) ?? "")
    }

    static func bare(_ host: String) -> String {
        host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    }

    static func bracketed(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }
}

extension Substring {
    fileprivate var trimmed: String {
        String(self.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
