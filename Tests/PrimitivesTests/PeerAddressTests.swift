import Foundation
import Primitives
import Testing

@Suite struct PeerAddressTests {
    @Test(
        "A peer is written as URLs write it.",
        arguments: [
            ("127.0.0.1", UInt16(8_080), "127.0.0.1:8080"), ("::1", 443, "[::1]:443"),
            ("2001:db8::ff00:42:8329", 1, "[2001:db8::ff00:42:8329]:1"),
            ("255.255.255.255", 65_535, "255.255.255.255:65535"),
        ])
    func text(address: String, port: UInt16, text: String) throws {
        let number = try #require(NumericAddress(address))
        let peer = PeerAddress(number, port: port)
        #expect(peer.text == text && peer.address == number && peer.port == port)
    }

    @Test("A socket's address is a peer; a Unix socket's is none.")
    func sockets() throws {
        var storage = sockaddr_storage()
        func peer(length: Int) -> PeerAddress {
            withUnsafePointer(to: &storage) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    PeerAddress($0, length: length)
                }
            }
        }
        withUnsafeMutableBytes(of: &storage) { bytes in
            var four = sockaddr_in()
            four.sin_family = sa_family_t(AF_INET)
            four.sin_port = UInt16(8_443).bigEndian
            four.sin_addr.s_addr = in_addr_t(0x7f00_0002).bigEndian
            bytes.storeBytes(of: four, as: sockaddr_in.self)
        }
        #expect(peer(length: MemoryLayout<sockaddr_in>.size).text == "127.0.0.2:8443")
        #expect(peer(length: 4) == PeerAddress())
        withUnsafeMutableBytes(of: &storage) { bytes in
            var six = sockaddr_in6()
            six.sin6_family = sa_family_t(AF_INET6)
            six.sin6_port = UInt16(80).bigEndian
            six.sin6_addr = in6addr_loopback
            bytes.storeBytes(of: six, as: sockaddr_in6.self)
        }
        #expect(peer(length: MemoryLayout<sockaddr_in6>.size).text == "[::1]:80")
        withUnsafeMutableBytes(of: &storage) { bytes in
            bytes.storeBytes(of: sa_family_t(AF_UNIX), as: sa_family_t.self)
        }
        let none = peer(length: 110)
        #expect(none == PeerAddress() && none.text == nil && none.address == nil)
    }

    @Test("A peer takes 19 bytes.")
    func size() {
        #expect(MemoryLayout<PeerAddress>.size <= 19)
    }
}
