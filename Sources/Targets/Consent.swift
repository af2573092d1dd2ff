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
    /// - Throws: `TargetError` with code `notAgreed` (exit 107) or `badURL`.
    package static func obtain(
        url: String, request: ConsentRequest, now: WallTime
    ) async throws(TargetError) -> AgreedTarget {
        let parsed: ParsedURL
        do { parsed = try parseURL(url) } catch {
            throw TargetError(.badURL, "\(url): \(error.message)")
        }
        switch self.decide(host: parsed.host, request: request) {
        case .loopback:
            return AgreedTarget(url: url, gate: .loopback, resolve: [], basis: "loopback")
        case .refuse(let host):
            throw TargetError(
                .notAgreed, "\(host) is not this machine, and was not allowed: nothing was sent",
                hint: "if you may test it, pass --allow-host \(host); the host must agree too,"
                    + " by serving \(self.path)")
        case .ask(let host):
            return try await self.ask(url: url, parsed: parsed, host: host, request, now)
        }
    }

    private static func ask(
        url: String, parsed: ParsedURL, host: String, _ request: ConsentRequest, _ now: WallTime
    ) async throws(TargetError) -> AgreedTarget {
        let addresses: [String]
        let gate: AddressGate
        do {
            addresses = try NameLookup.addresses(of: host)
            gate = try AddressGate(pinned: addresses)
        } catch {
            throw TargetError(
                .notAgreed, "\(host) cannot be asked for its consent: \(error.message)")
        }
        let resolve = addresses.map { "\(host):\(parsed.port):\($0)" }
        if request.ownsHost {
            return AgreedTarget(
                url: url, gate: gate, resolve: resolve,
                basis: "the user declared to own \(host) (--i-own-this-host)")
        }
        let document = try await self.document(parsed, host: host, gate: gate, resolve: resolve)
        guard self.agrees(document, now: now) else {
            throw TargetError(
                .notAgreed, "\(host) does not agree to be tested now: see its \(self.path)")
        }
        return AgreedTarget(
            url: url, gate: gate, resolve: resolve, basis: "\(host) agreed in \(self.path)",
            maxRate: document.maxRate)
    }

    private static func document(
        _ parsed: ParsedURL, host: String, gate: AddressGate, resolve: [String]
    ) async throws(TargetError) -> ConsentDocument {
        let refusal = TargetError(
            .notAgreed, "\(host) has not agreed to be tested: it serves no \(self.path)",
            hint: "serve {\"allow\": true, \"maxRate\": 500, \"until\": \"2026-12-31T00:00:00Z\"}"
                + " there, or pass --i-own-this-host, which is written into the report")
        let client: ControlClient
        do { client = try ControlClient(gate: gate, resolve: resolve) } catch { throw refusal }
        let answer: ControlClient.Answer
        do {
            answer = try await client.send(
                "GET", "\(parsed.scheme)://\(parsed.host):\(parsed.port)\(self.path)",
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
