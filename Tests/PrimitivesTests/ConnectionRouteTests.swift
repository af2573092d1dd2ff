import Testing

@testable import Primitives

@Suite struct ConnectionRouteTests {
    @Test("Pins and detours are read and written in curl's words.")
    func reading() throws {
        var route = ConnectionRoute()
        try route.pin("API.example:443:127.0.0.1,[::1]")
        try route.pin("[2001:db8::1]:80:::1")
        try route.detour("api.example:443:[::1]:8443")
        try route.detour("::other.example:")
        try route.connect(toUnixSocket: "/run/api.sock")
        #expect(
            route.resolveEntries
                == ["api.example:443:127.0.0.1,[::1]", "2001:db8::1:80:[::1]"])
        #expect(route.connectToEntries == ["api.example:443:[::1]:8443", "::other.example:"])
        #expect(route.pins[0].origin == "api.example:443")
        #expect(route.detours[1].destination == "other.example:")
        #expect(route.unixSocket == "/run/api.sock")
        #expect(!route.isDirect && ConnectionRoute().isDirect)
    }

    @Test("The first detour that fits decides where a connection goes.")
    func destinations() throws {
        var route = ConnectionRoute()
        try route.detour("a.example:443:b.example:")
        try route.detour(":80::8080")
        #expect(route.destination(host: "A.Example", port: 443) == ("b.example", 443))
        #expect(route.destination(host: "a.example", port: 80) == ("a.example", 8080))
        #expect(route.destination(host: "[::1]", port: 80) == ("::1", 8080))
        #expect(route.destination(host: "c.example", port: 443) == ("c.example", 443))
        try route.pin("b.example:443:192.0.2.1")
        #expect(route.addresses(host: "b.example", port: 443) == ["192.0.2.1"])
        #expect(route.addresses(host: "b.example", port: 80) == nil)
    }

    @Test(
        "What is no pin is refused in one sentence.",
        arguments: [
            ("x", "'x' is not of the form host:port:address"),
            ("a.example:443", "'a.example:443' is not of the form host:port:address"),
            ("a.example:0:127.0.0.1", "'0' is no port; it is 1 to 65535"),
            (":80:127.0.0.1", "':80' is not of the form host:port"),
            (
                "a.example:80:b.example",
                "'b.example' is no numeric address; write for example 127.0.0.1 or ::1"
            ),
            (
                "a.example:80:127.0.0.1,",
                "'' is no numeric address; write for example 127.0.0.1 or ::1"
            ),
        ])
    func badPins(text: String, message: String) {
        var route = ConnectionRoute()
        let mistake = #expect(throws: ConnectionRoute.Mistake.self) { try route.pin(text) }
        #expect(mistake?.message == message)
    }

    @Test(
        "What is no detour is refused in one sentence.",
        arguments: [
            ("a.example:443:b.example", "'b.example' is not of the form host:port"),
            ("a.example:443::", "':' names neither a host nor a port"),
            ("a.example:443:b:70000", "'70000' is no port; it is 1 to 65535"),
            (
                "a.example:443:::1:80",
                "'::1:80' is not of the form host:port; an IPv6 address stands in brackets"
            ),
        ])
    func badDetours(text: String, message: String) {
        var route = ConnectionRoute()
        let mistake = #expect(throws: ConnectionRoute.Mistake.self) { try route.detour(text) }
        #expect(mistake?.message == message)
    }

    @Test("A socket's path is neither empty nor longer than the system takes.")
    func paths() {
        var route = ConnectionRoute()
        #expect(throws: ConnectionRoute.Mistake.self) { try route.connect(toUnixSocket: "") }
        let long = "/" + String(repeating: "x", count: 107)
        #expect(throws: ConnectionRoute.Mistake.self) { try route.connect(toUnixSocket: long) }
        #expect(throws: Never.self) {
            try route.connect(toUnixSocket: String(long.dropLast()))
        }
    }
}
