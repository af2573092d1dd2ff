import Testing

@testable import Transport

@Suite("Which addresses --source names")
struct SourceListTests {
    private let interfaces = [
        "eth0": ["192.0.2.2", "fd00::2"], "br-lan": ["10.0.0.1"], "down0": [],
    ]

    private func addresses(_ text: String) throws(TransportError) -> [String] {
        try SourceList.addresses(text) { self.interfaces[$0] }
    }

    @Test("Single addresses, ranges, lists, interfaces and both families.")
    func named() throws {
        let cases: [(String, [String])] = [
            ("127.0.0.2", ["127.0.0.2"]),
            ("127.0.0.2-127.0.0.4", ["127.0.0.2", "127.0.0.3", "127.0.0.4"]),
            ("127.0.0.2-4", ["127.0.0.2", "127.0.0.3", "127.0.0.4"]),
            ("127.0.0.254-127.0.1.1", ["127.0.0.254", "127.0.0.255", "127.0.1.0", "127.0.1.1"]),
            (" 127.0.0.9 , 127.0.0.2-3", ["127.0.0.9", "127.0.0.2", "127.0.0.3"]),
            ("127.0.0.2,127.0.0.2-3", ["127.0.0.2", "127.0.0.3"]),
            ("::1", ["::1"]), ("[::1]", ["::1"]), ("FD00:0:0::2", ["fd00::2"]),
            ("fd00::fffe-fd00::1:1", ["fd00::fffe", "fd00::ffff", "fd00::1:0", "fd00::1:1"]),
            ("eth0", ["192.0.2.2", "fd00::2"]), ("br-lan", ["10.0.0.1"]),
            ("127.0.0.2-127.0.0.2", ["127.0.0.2"]),
        ]
        for (text, expected) in cases { #expect(try addresses(text) == expected, "\(text)") }
        #expect(try addresses("10.0.0.0-10.0.3.255").count == SourceList.limit)
    }

    @Test("What names nothing is refused with one sentence that says how to write it.")
    func mistakes() throws {
        let cases: [(String, String)] = [
            (
                "",
                "'' names an empty address; write for example 127.0.0.2-127.0.0.9, or an interface such as eth0"
            ),
            ("127.0.0.2,,127.0.0.3", "'127.0.0.2,,127.0.0.3' names an empty address"),
            (
                "127.0.0.9-127.0.0.2",
                "'127.0.0.9-127.0.0.2' runs backwards; write 127.0.0.2-127.0.0.9"
            ),
            ("127.0.0.2-::1", "begins in one family of addresses and ends in the other"),
            ("127.0.0.2-300", "'127.0.0.2-300' does not end with an address"),
            ("fd00::1-9x", "'fd00::1-9x' does not end with an address"),
            ("10.0.0.0-10.0.4.0", "names more than 1024 addresses; name at most 1024"),
            ("::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "names more than 1024 addresses"),
            ("10.0.0.0-10.0.3.255,127.0.0.1", "names more than 1024 addresses"),
            ("eth9", "'eth9' is no numeric address, no range and no interface of this machine"),
            ("localhost", "'localhost' is no numeric address"),
            ("down0", "the interface down0 has no address to use"),
        ]
        for (text, expected) in cases {
            let error = #expect(throws: TransportError.self, "\(text)") { try addresses(text) }
            #expect(error?.message.contains(expected) == true, "\(error?.message ?? "none")")
        }
    }

    @Test("An address this machine lacks, or one from which no way leads, is found beforehand.")
    func checked() throws {
        let two = ["127.0.0.2", "127.9.9.9"]
        #expect(try LocalAddresses.usable(two, targets: ["127.0.0.1"]) == two)
        #expect(try LocalAddresses.usable(two, targets: ["127.0.0.1", "::1"]) == two)
        #expect(try LocalAddresses.usable(two, targets: []) == two)
        let missing = #expect(throws: TransportError.self) {
            // TEST-NET-3 (RFC 5737) belongs to nobody.
            try LocalAddresses.usable(["127.0.0.2", "203.0.113.9"], targets: [])
        }
        #expect(missing?.code == .resource)
        #expect(missing?.message == "this machine does not have the address 203.0.113.9")
        let far = #expect(throws: TransportError.self) {
            try LocalAddresses.usable(["127.0.0.2"], targets: ["203.0.113.9"])
        }
        #expect(
            far?.message.hasPrefix(
                "the target 203.0.113.9 cannot be reached from the source 127.0.0.2: ") == true)
        let family = #expect(throws: TransportError.self) {
            try LocalAddresses.usable(["127.0.0.2"], targets: ["::1"])
        }
        #expect(
            family?.message
                == "the source 127.0.0.2 and the target ::1 are of different families")
    }

    @Test("The loopback interface has its address, and one that is not there has none.")
    func loopback() {
        #expect(LocalAddresses.of(interface: "lo")?.first == "127.0.0.1")
        #expect(LocalAddresses.of(interface: "no-such-0") == nil)
    }
}
