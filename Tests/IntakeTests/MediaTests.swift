import Testing

@testable import Intake

@Suite struct MediaTests {
    @Test("Containers are told by their first bytes alone.")
    func containers() {
        let cases: [([UInt8], MediaContainer?)] = [
            ([0, 0, 0, 24] + Array("ftypmp42".utf8), .mp4),
            ([0, 0, 0, 24] + Array("ftypisom".utf8), .mp4),
            ([0, 0, 0, 20] + Array("ftypqt  ".utf8), .quickTime),
            ([0, 0, 0, 8] + Array("wide....".utf8), .quickTime),
            ([0, 0, 0, 8] + Array("moov....".utf8), .quickTime),
            ([0x1A, 0x45, 0xDF, 0xA3] + Array(repeating: 0, count: 8), .matroska),
            ([0xFF, 0xD8, 0xFF, 0xE0] + Array("..JFIF..".utf8), .jpeg),
            (
                [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13], .png
            ),
            ([0, 0, 0, 24] + Array("ftypheic".utf8), .heic),
            ([0, 0, 0, 24] + Array("ftypmif1".utf8), .heic),
            (Array("RIFF....WEBPVP8 ".utf8), .webp),
            (Array("RIFF....WAVEfmt ".utf8), nil),
            (Array("RIFF....WEB".utf8), nil),
            (Array("RIF".utf8), nil),
            (Array("GIF89a......".utf8), nil),
            (Array("ftypmp42....".utf8), nil),
            (Array("<!doctype html>".utf8), nil),
            ([0, 0, 0, 24] + Array("ftyp".utf8), nil),
            ([], nil),
        ]
        for (bytes, expected) in cases {
            #expect(MediaContainer(firstBytes: bytes) == expected)
        }
    }

    @Test("The digest of FIPS 180-4's example, also in pieces.")
    func digest() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(Digest.hex("abc") == abc)
        let pieces = Digest()
        for byte in "abc".utf8 { withUnsafeBytes(of: byte) { pieces.update($0) } }
        #expect(pieces.finish() == abc)
        #expect(
            Digest.hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test("Routes take paths as they are and ids only when they look like ours.")
    func routes() {
        #expect(Route.of(method: "POST", path: "/v1/tips").route == .postTip)
        #expect(Route.of(method: "PUT", path: "/v1/tips/abc/media").id == "abc")
        #expect(Route.of(method: "PUT", path: "/v1/tips/../media").id == "..")
        #expect(Route.of(method: "GET", path: "/v1/tips/a/b").id == "a/b")
        #expect(Route.of(method: "GET", path: "/v1/tips").route == .other)
        #expect(Route.of(method: "GET", path: "/v1/tips/").id == "")
        #expect(Route.of(method: "GET", path: "/").route == .other)
        #expect(Route.of(method: "GET", path: "").route == .other)
        #expect(Route.of(method: "DELETE", path: "/healthz").route == .other)
        for bad in ["", "..", "a/b", "a%2f", "A", "a.b", String(repeating: "a", count: 65)] {
            #expect(!Route.isIdentifier(bad), "\(bad)")
        }
        #expect(Route.isIdentifier(Exchange.newIdentifier()))
    }
}
