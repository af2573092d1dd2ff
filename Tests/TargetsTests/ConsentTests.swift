import Primitives
import Testing

@testable import Targets

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

    @Test("A host that says no is not hit.")
    func refusalCounts() {
        let document = ConsentDocument(allow: false, maxRate: nil, until: nil)
        #expect(!Consent.agrees(document, now: WallTime(milliseconds: 0)))
    }
}
