import Primitives
import Testing

@testable import Targets
@testable import Transport

@Suite("Consent: who may be hit")
struct ConsentTests {
    @Test(
        "Loopback needs no consent, whatever its spelling.",
        arguments: [
            "127.0.0.1", "127.8.9.10", "localhost", "LOCALHOST", "api.localhost", "::1", "[::1]",
        ])
    func loopback(host: String) {
        #expect(Consent.decide(host: host, request: ConsentRequest()) == .loopback)
    }

    @Test(
        "Names and addresses that only look like loopback are refused.",
        arguments: [
            "127.0.0.1.example.com", "localhost.example.com", "notlocalhost", "128.0.0.1",
            "127.0.0", "127.0.0.256", "127.0.0.1.", "0.0.0.0", "10.0.0.1", "[::2]",
        ])
    func lookAlikes(host: String) {
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        #expect(Consent.decide(host: host, request: ConsentRequest()) == .refuse(host: bare))
    }

    @Test("A host allowed by name is asked, not trusted.")
    func allowedIsAsked() {
        let request = ConsentRequest(allowedHosts: ["Intake.Example.org"])
        #expect(
            Consent.decide(host: "intake.example.org", request: request)
                == .ask(host: "intake.example.org"))
        #expect(
            Consent.decide(host: "other.example.org", request: request)
                == .refuse(host: "other.example.org"))
    }

    @Test("A host that was not allowed is refused before anything is sent.")
    func refusedBeforeAnyPacket() async {
        // The name cannot exist (RFC 2606); had a lookup been tried, the message would differ.
        let error = await #expect(throws: TargetError.self) {
            _ = try await Consent.obtain(
                url: "http://intake.invalid/", request: ConsentRequest(),
                now: WallTime(milliseconds: 0))
        }
        #expect(error?.code == .notAgreed)
        #expect(
            error?.message
                == "intake.invalid is not this machine, and was not allowed: nothing was sent")
        #expect(error?.hint?.contains("--allow-host intake.invalid") == true)
    }

    @Test(
        "Consent ends when it says so.",
        arguments: [
            (#"2026-11-22T00:00:00Z"#, true), ("2026-11-21T23:59:59Z", false),
            ("2026-11-22T02:00:00+02:00", false), ("tomorrow", false),
        ])
    func expiry(until: String, agreed: Bool) {
        let now = WallTime(milliseconds: 1_795_305_599_000)
        #expect(now.iso8601 == "2026-11-21T23:59:59.000Z")
        let document = ConsentDocument(allow: true, maxRate: nil, until: until)
        #expect(Consent.agrees(document, now: now) == agreed)
    }

    private func obtain(
        _ url: String, _ change: (inout ConnectionRoute) throws -> Void,
        _ request: ConsentRequest = ConsentRequest(), looksUp: Bool = false
    ) async throws -> AgreedTarget {
        var route = ConnectionRoute()
        try change(&route)
        return try await Consent.obtain(
            url: url, request: request, now: WallTime(milliseconds: 0), route: route,
            looksUp: looksUp)
    }

    @Test("A name that is routed to this machine is this machine's; nothing else can be reached.")
    func routedHere() async throws {
        for change: (inout ConnectionRoute) throws -> Void in [
            { try $0.pin("api.example:80:127.0.0.1") },
            { try $0.detour("api.example:80:[::1]:8080") },
            {
                try $0.detour("::b.example:")
                try $0.pin("b.example:80:127.0.0.1,::1")
            },
        ] {
            let agreed = try await self.obtain("http://api.example/", change)
            #expect(agreed.basis == "loopback")
            #expect(agreed.gate == .loopback)
        }
    }

    @Test("A loopback name that is routed away is as strange as any other.")
    func routedAway() async {
        for change: (inout ConnectionRoute) throws -> Void in [
            { try $0.pin("localhost:80:192.0.2.1") },
            { try $0.pin("localhost:80:127.0.0.1,192.0.2.1") },
            { try $0.detour("localhost:80:192.0.2.1:80") },
        ] {
            let error = await #expect(throws: TargetError.self) {
                _ = try await self.obtain("http://localhost/", change)
            }
            #expect(error?.code == .notAgreed)
        }
    }

    @Test("A Unix socket is this machine's, and the only one allowed.")
    func unixSocket() async throws {
        let agreed = try await self.obtain("http://api.example/") {
            try $0.connect(toUnixSocket: "/run/api.sock")
        }
        #expect(agreed.basis == "the Unix socket /run/api.sock")
        #expect(agreed.gate == AddressGate.loopback.allowing(unixSocket: "/run/api.sock"))
    }

    @Test("Addresses given for an allowed host are what the run is pinned to.")
    func pinned() async throws {
        let request = ConsentRequest(allowedHosts: ["api.example"], ownsHost: true)
        let change: (inout ConnectionRoute) throws -> Void = {
            try $0.pin("api.example:80:192.0.2.1,2001:db8::1")
        }
        let agreed = try await self.obtain("http://api.example/", change, request)
        #expect(agreed.resolve == ["api.example:80:192.0.2.1,[2001:db8::1]"])
        #expect(agreed.gate == (try AddressGate(pinned: ["192.0.2.1", "2001:db8::1"])))
        let numeric = ConsentRequest(allowedHosts: ["192.0.2.1"], ownsHost: true)
        let plain = try await self.obtain("http://192.0.2.1/", { _ in }, numeric)
        #expect(plain.resolve.isEmpty)
        #expect(plain.gate == (try AddressGate(pinned: ["192.0.2.1"])))
    }

    @Test("A host that says no is not hit.")
    func refusalCounts() {
        let document = ConsentDocument(allow: false, maxRate: nil, until: nil)
        #expect(!Consent.agrees(document, now: WallTime(milliseconds: 0)))
    }
}
