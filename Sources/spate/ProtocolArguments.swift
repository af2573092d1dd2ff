import ArgumentParser
import Foundation
import Primitives
import Scenarios

/// The flags that say how requests travel, in curl's words; they win over the scenario's `http`.
struct ProtocolArguments: ParsableArguments {
    /// The versions of HTTP that can be asked for.
    enum Version: String, EnumerableFlag {
        case http11 = "1.1"
        case http2 = "2"
        case http2PriorKnowledge = "2-prior-knowledge"
        case http3 = "3"

        static func name(for value: Version) -> NameSpecification {
            switch value {
            case .http11: .customLong("http1.1")
            case .http2: .customLong("http2")
            case .http2PriorKnowledge: .customLong("http2-prior-knowledge")
            case .http3: .customLong("http3")
            }
        }

        static func help(for value: Version) -> ArgumentHelp? {
            switch value {
            case .http11: "HTTP/1.1 only."
            case .http2: "HTTP/2 where TLS negotiates it."
            case .http2PriorKnowledge: "HTTP/2 without asking, also over plain http."
            case .http3: "HTTP/3, where libcurl has it (spate doctor says)."
            }
        }
    }

    @Flag var version: Version?

    @Flag(name: .long, help: "Close each connection after its request.")
    var noKeepalive = false

    @Option(name: .long, help: ArgumentHelp("The oldest TLS version.", valueName: "version"))
    var tlsMin: TLSVersion?

    @Option(name: .long, help: ArgumentHelp("The newest TLS version.", valueName: "version"))
    var tlsMax: TLSVersion?

    @Flag(name: .long, help: "A client's next connection does not resume its TLS session.")
    var noTlsResume = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The clients' own certificate (PEM), perhaps a chain.", valueName: "file"),
        completion: .file())
    var cert: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The certificate's private key (PEM; default: in the same file).", valueName: "file"),
        completion: .file())
    var key: String?

    @Option(
        name: .long,
        help: ArgumentHelp("What opens the key; never written down.", valueName: "password"),
        completion: .list([]))
    var pass: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Trust these certificate authorities (PEM) instead of the system's.",
            valueName: "file"),
        completion: .file())
    var cacert: String?

    @Flag(name: [.customShort("k"), .long], help: "Accept any certificate; the report says so.")
    var insecure = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Connect to this address for a name and port.", valueName: "host:port:address"),
        completion: .list(["localhost:8080:127.0.0.1"]))
    var resolve: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp("Connect there instead; halves may be empty.", valueName: "h1:p1:h2:p2"),
        completion: .list(["::127.0.0.1:8080"]))
    var connectTo: [String] = []

    @Option(
        name: .long, help: ArgumentHelp("Connect to this Unix socket.", valueName: "path"),
        completion: .file())
    var unixSocket: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Look names up during the run, and remember them so long (0s: not at all).",
            valueName: "duration"),
        completion: .list(["0s", "60s"]))
    var dnsTtl: String?

    func validate() throws {
        _ = try self.route()
        _ = try self.lookupLifetime()
        if let tlsMin, let tlsMax, tlsMin > tlsMax {
            throw ValidationError("--tls-min is newer than --tls-max")
        }
        if self.cert == nil, self.key != nil || self.pass != nil {
            throw ValidationError("--key and --pass need --cert")
        }
        for (flag, path) in [("--cert", self.cert), ("--key", self.key), ("--cacert", self.cacert)]
        {
            guard let path, !FileManager.default.isReadableFile(atPath: path) else { continue }
            throw ValidationError("\(flag): \(path) is no file that can be read")
        }
    }

    /// Puts what was given into the settings of a measurement that has no scenario file.
    func apply(to http: inout HTTPDefaults) throws {
        if let version { http.version = HTTPDefaults.Version(rawValue: version.rawValue) ?? .auto }
        if self.noKeepalive { http.reuseConnections = false }
        http.tls.minVersion = self.tlsMin
        http.tls.maxVersion = self.tlsMax
        http.tls.resume = !self.noTlsResume
        http.tls.certificate = self.cert
        http.tls.key = self.key
        http.keyPassword = self.pass.map { Template(literal: $0) }
        http.tls.caFile = self.cacert
        http.tls.insecure = self.insecure
        http.route = try self.route()
        http.lookupLifetime = try self.lookupLifetime()
    }

    /// The same as `--set path=value`, for a run of a scenario file.
    func overrides() throws -> [(path: String, value: String)] {
        var list: [(path: String, value: String)] = []
        if let version { list.append(("http.version", "\"\(version.rawValue)\"")) }
        if self.noKeepalive { list.append(("http.reuseConnections", "false")) }
        if let tlsMin { list.append(("http.tls.minVersion", tlsMin.rawValue)) }
        if let tlsMax { list.append(("http.tls.maxVersion", tlsMax.rawValue)) }
        if self.noTlsResume { list.append(("http.tls.resume", "false")) }
        if let cert { list.append(("http.tls.certificate", Self.path(cert))) }
        if let key { list.append(("http.tls.key", Self.path(key))) }
        if let pass { list.append(("http.tls.keyPassword", Self.quoted(pass))) }
        if let cacert { list.append(("http.tls.caFile", Self.path(cacert))) }
        if self.insecure { list.append(("http.tls.insecure", "true")) }
        if let unixSocket { list.append(("http.unixSocket", Self.path(unixSocket))) }
        let route = try self.route()
        if !route.pins.isEmpty {
            let pairs = route.pins.map { ($0.origin, $0.addresses.joined(separator: ",")) }
            list.append(("http.resolve", Self.mapping(pairs)))
        }
        if !route.detours.isEmpty {
            let pairs = route.detours.map { ($0.origin, $0.destination) }
            list.append(("http.connectTo", Self.mapping(pairs)))
        }
        if let dnsTtl { list.append(("http.dns.ttl", dnsTtl)) }
        return list
    }

    // MARK: - Values

    private func route() throws -> ConnectionRoute {
        var route = ConnectionRoute()
        func read(
            _ flag: String, _ work: () throws(ConnectionRoute.Mistake) -> Void
        ) throws {
            do { try work() } catch { throw ValidationError("\(flag): \(error.message)") }
        }
        for text in self.resolve {
            try read("--resolve") { () throws(ConnectionRoute.Mistake) in try route.pin(text) }
        }
        for text in self.connectTo {
            try read("--connect-to") { () throws(ConnectionRoute.Mistake) in try route.detour(text)
            }
        }
        guard let unixSocket else { return route }
        try read("--unix-socket") { () throws(ConnectionRoute.Mistake) in
            try route.connect(toUnixSocket: unixSocket)
        }
        return route
    }

    private func lookupLifetime() throws -> Nanoseconds? {
        guard let dnsTtl else { return nil }
        do { return try UnitText.duration(dnsTtl) } catch {
            throw ValidationError("--dns-ttl: \(error.message)")
        }
    }

    /// Paths of flags start here, those of a scenario where its file is.
    private static func path(_ text: String) -> String {
        quoted(
            text.hasPrefix("/") ? text : FileManager.default.currentDirectoryPath + "/" + text)
    }

    private static func mapping(_ pairs: [(String, String)]) -> String {
        "{" + pairs.map { quoted($0) + ": " + quoted($1) }.joined(separator: ", ") + "}"
    }

    /// A double-quoted YAML scalar.
    private static func quoted(_ text: String) -> String {
        let escaped = text.flatMap { character -> String in
            switch character {
            case "\"", "\\": "\\\(character)"
            case "\n": "\\n"
            case "\t": "\\t"
            default: String(character)
            }
        }
        return "\"" + String(escaped) + "\""
    }
}

extension TLSVersion: ExpressibleByArgument {}
