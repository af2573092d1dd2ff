import Foundation
package import Primitives
package import Transport

/// What the user allowed on the command line.
package struct ConsentRequest: Sendable {
    /// Hosts allowed by name (`--allow-host`).
    package var allowedHosts: [String]
    /// True when the user declares to own the host (`--i-own-this-host`).
    package var ownsHost: Bool

    /// What was allowed.
    package init(allowedHosts: [String] = [], ownsHost: Bool = false) {
        self.allowedHosts = allowedHosts
        self.ownsHost = ownsHost
    }
}

/// A target that may be hit: where, and through which gate.
package struct AgreedTarget: Sendable {
    /// The base URL.
    package var url: String
    /// The addresses the run is pinned to; nothing else can be connected to.
    package var gate: AddressGate
    /// libcurl's `host:port:address` entries, so that the name is never looked up again.
    package var resolve: [String]
    /// How consent was given, for the report.
    package var basis: String
    /// The highest rate the host agreed to, if it named one.
    package var maxRate: Double?

    /// This machine's loopback, before any URL is known: the bundled intake's place.
    package static let loopback = AgreedTarget(
        url: "http://127.0.0.1", gate: .loopback, resolve: [], basis: "loopback")

    /// The URL without user and password.
    package var redactedURL: String {
        guard let parsed = try? parseURL(self.url) else { return "***" }
        guard let user = parsed.userInfo else { return self.url }
        return self.url.replacingOccurrences(of: user + "@", with: "***@")
    }
}

/// What a host says in `/.well-known/spate.json`.
package struct ConsentDocument: Sendable, Hashable, Decodable {
    /// True when the host agrees to be tested.
    package var allow: Bool
    /// The highest rate in requests per second.
    package var maxRate: Double?
    /// RFC 3339 in UTC: no consent afterwards.
    package var until: String?
}

/// Decides whether a host may be hit; design: loopback always, others by name and by consent.
package enum Consent {
    /// The path of a host's consent.
    package static let path = "/.well-known/spate.json"

    /// What the URL alone decides, before any lookup.
    package enum Decision: Sendable, Hashable {
        /// The host is this machine's loopback.
        case loopback
        /// The host was allowed by name: it has to agree now.
        case ask(host: String)
        /// Not allowed: stop before a single packet.
        case refuse(host: String)
    }

    /// Decides by the parsed host alone; pure.
    package static func decide(host: String, request: ConsentRequest) -> Decision {
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        let name = bare.lowercased()
        if name == "localhost" || name.hasSuffix(".localhost") || name == "::1" {
            return .loopback
        }
        if isLoopbackIPv4(name) { return .loopback }
        let allowed = request.allowedHosts.map { $0.lowercased() }
        return allowed.contains(name) ? .ask(host: name) : .refuse(host: name)
    }

    /// True when the document allows testing at this moment.
    package static func agrees(_ document: ConsentDocument, now: WallTime) -> Bool {
        guard document.allow else { return false }
        guard let until = document.until else { return true }
        // RFC 3339 in UTC compares as text, digit by digit; other offsets are refused as unclear.
        guard until.hasSuffix("Z"), until.count >= 20 else { return false }
        return now.iso8601.prefix(19) < until.prefix(19)
    }

    /// Obtains consent for a URL: at most one lookup and one GET.
    ///
    /// What counts is where connections really go: a name that is routed to this machine is this
    /// machine's. Another machine's consent is asked for on the very way the load will take.
    ///
    /// - Parameters:
    ///   - route: where connections go instead of where the URL says.
    ///   - looksUp: true when names are looked up during the run; their addresses are pinned all
    ///     the same.
    ///   - options: the TLS settings to ask with.
    /// - Throws: `TargetError` with code `notAgreed` (exit 107) or `badURL`.
    package static func obtain(
        url: String, request: ConsentRequest, now: WallTime,
        route: ConnectionRoute = ConnectionRoute(), looksUp: Bool = false,
        options: LaneOptions = LaneOptions()
    ) async throws(TargetError) -> AgreedTarget {
        let parsed: ParsedURL
        do { parsed = try parseURL(url) } catch {
            throw TargetError(.badURL, "\(url): \(error.message)")
        }
        var agreed = AgreedTarget(
            url: url, gate: .loopback, resolve: route.resolveEntries, basis: "loopback")
        if let path = route.unixSocket {
            agreed.gate = AddressGate.loopback.allowing(unixSocket: path)
            agreed.basis = "the Unix socket \(path)"
            return agreed
        }
        let (host, port) = route.destination(host: parsed.host, port: parsed.port)
        let given = route.addresses(host: host, port: port)
        if let given, given.allSatisfy(AddressGate.loopback.allows) { return agreed }
        // A name that is routed away from this machine is not this machine's, whatever it is.
        switch given != nil ? self.ask(host, request) : self.decide(host: host, request: request) {
        case .loopback: return agreed
        case .refuse(let host):
            throw TargetError(
                .notAgreed, "\(host) is not this machine, and was not allowed: nothing was sent",
                hint: "if you may test it, pass --allow-host \(host); the host must agree too,"
                    + " by serving \(self.path)")
        case .ask(let host):
            let addresses = try self.addresses(of: host, given: given)
            agreed.gate = addresses.gate
            let isNumeric = addresses.list == [host]
            var asking = options
            asking.allowedAddresses = agreed.gate
            asking.resolve = agreed.resolve
            asking.connectTo = route.connectToEntries
            if given == nil, !isNumeric {
                asking.resolve.append(
                    ConnectionRoute.resolveEntry(host, port, addresses.list))
            }
            if !looksUp { agreed.resolve = asking.resolve }
            try await self.ask(parsed, host: host, request, now, options: asking, into: &agreed)
            return agreed
        }
    }

    private static func ask(_ host: String, _ request: ConsentRequest) -> Decision {
        request.allowedHosts.contains { $0.lowercased() == host }
            ? .ask(host: host) : .refuse(host: host)
    }

    private static func addresses(
        of host: String, given: [String]?
    ) throws(TargetError) -> (list: [String], gate: AddressGate) {
        do {
            let list: [String] =
                if let given { given } else { try NameLookup.addresses(of: host) }
            return (list, try AddressGate(pinned: list))
        } catch {
            throw TargetError(
                .notAgreed, "\(host) cannot be asked for its consent: \(error.message)")
        }
    }

    private static func ask(
        _ parsed: ParsedURL, host: String, _ request: ConsentRequest, _ now: WallTime,
        options: LaneOptions, into agreed: inout AgreedTarget
    ) async throws(TargetError) {
        if request.ownsHost {
            agreed.basis = "the user declared to own \(host) (--i-own-this-host)"
            return
        }
        let document = try await self.document(parsed, host: host, options: options)
        guard self.agrees(document, now: now) else {
            throw TargetError(
                .notAgreed, "\(host) does not agree to be tested now: see its \(self.path)")
        }
        agreed.basis = "\(host) agreed in \(self.path)"
        agreed.maxRate = document.maxRate
    }

    private static func document(
        _ parsed: ParsedURL, host: String, options: LaneOptions
    ) async throws(TargetError) -> ConsentDocument {
        let refusal = TargetError(
            .notAgreed, "\(host) has not agreed to be tested: it serves no \(self.path)",
            hint: "serve {\"allow\": true, \"maxRate\": 500, \"until\": \"2026-12-31T00:00:00Z\"}"
                + " there, or pass --i-own-this-host, which is written into the report")
        let client: ControlClient
        do { client = try ControlClient(options: options) } catch { throw refusal }
        let answer: ControlClient.Answer
        do {
            answer = try await client.send(
                "GET", "\(parsed.scheme)://\(parsed.authority)\(self.path)",
                bodyLimit: 65_536)
        } catch {
            await client.shutdown()
            throw refusal
        }
        await client.shutdown()
        guard answer.status == 200,
            let document = try? JSONDecoder().decode(
                ConsentDocument.self, from: Data(answer.body))
        else { throw refusal }
        return document
    }

    private static func isLoopbackIPv4(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts.first == "127" else { return false }
        return parts.allSatisfy { UInt8($0) != nil }
    }
}
