import Primitives
import Scenarios
import Testing

@testable import Planning

@Suite("Containers that generated bodies claim to be")
struct ContainerFrameTests {
    private let block: [UInt8]

    init() throws {
        let plan = try Sample.plan([Sample.population(Sample.constant(1, seconds: 1))])
        self.block =
            RequestDrafter(plan: plan, runID: "", baseURL: "http://h", adminURL: nil).sharedBlock
    }

    private func bytes(_ kind: GeneratedKind, _ size: Int64, unique: Bool = true) throws -> [UInt8]
    {
        let part = PartSpec(
            content: .generated(kind, size: .fixed(Double(size)), limit: nil, unique: unique))
        let draft = try Sample.draft(Sample.post(body: .part(part)))
        return Sample.bytes(draft.body, block: self.block)
    }

    private func big(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

    private func little(_ bytes: ArraySlice<UInt8>) -> Int {
        self.big(Array(bytes.reversed())[...])
    }

    private func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    private static let sizes: [Int64] = [0, 1, 16, 17, 18, 100, 5_001, 300_000]

    @Test(
        "Every kind has exactly the size asked for, from its smallest on.",
        arguments: GeneratedKind.allCases)
    func sizes(kind: GeneratedKind) throws {
        let least = ContainerFrame.leastSize(of: kind)
        for size in Self.sizes + [least, least + 1] {
            for unique in [true, false] {
                #expect(try self.bytes(kind, size, unique: unique).count == max(least, size))
            }
        }
    }

    @Test("Only what makes a body unique stands between the frame and the shared block.")
    func sharedBytes() throws {
        for kind in GeneratedKind.allCases where kind != .text {
            let frame = ContainerFrame(kind, size: 10_000)
            let body = try self.bytes(kind, 10_000, unique: false)
            #expect(body.starts(with: frame.head))
            #expect(body.suffix(frame.tail.count).elementsEqual(frame.tail))
            let middle = body.dropFirst(frame.head.count).dropLast(frame.tail.count)
            #expect(middle.elementsEqual(self.block.prefix(middle.count)))
        }
    }

    @Test(
        "Boxes of QuickTime and HEIC fill the body.",
        arguments: [
            (GeneratedKind.mov, ["ftyp", "wide", "mdat"], "qt  "),
            (GeneratedKind.heic, ["ftyp", "mdat"], "heic"),
        ])
    func boxes(kind: GeneratedKind, names: [String], brand: String) throws {
        for size in Self.sizes {
            let bytes = try self.bytes(kind, size)
            var (place, found) = (0, [String]())
            while place < bytes.count {
                let length = self.big(bytes[place..<place + 4])
                found.append(self.text(bytes[place + 4..<place + 8]))
                guard length >= 8 else { break }
                place += length
            }
            #expect(found == names)
            #expect(place == bytes.count)
            #expect(self.text(bytes[8..<12]) == brand)
        }
    }

    @Test("Beyond 4 GiB a QuickTime film drops its wide box for a 64-bit size.")
    func hugeFilm() {
        let head = ContainerFrame(.mov, size: 5_000_000_000).head
        #expect(head.count == 36)
        #expect(self.text(head[24..<28]) == "mdat")
        #expect(self.big(head[20..<24]) == 1)
        #expect(self.big(head[28..<36]) == 5_000_000_000 - 20)
        #expect(ContainerFrame(.mp4, size: 5_000_000_000).head.count == 40)
        #expect(self.text(ContainerFrame(.mov, size: 4_294_967_323).head[24..<28]) == "wide")
        #expect(self.text(ContainerFrame(.mov, size: 4_294_967_324).head[24..<28]) == "mdat")
    }

    @Test("A PNG's chunks fill it, and those that are computed have their checksums.")
    func png() throws {
        for size in Self.sizes {
            let bytes = try self.bytes(.png, size)
            #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
            var (place, found) = (8, [String]())
            while place < bytes.count {
                let length = self.big(bytes[place..<place + 4])
                let name = self.text(bytes[place + 4..<place + 8])
                found.append(name)
                let end = place + 8 + length
                if name != "IDAT" {
                    #expect(self.big(bytes[end..<end + 4]) == self.crc(bytes[place + 4..<end]))
                }
                place = end + 4
            }
            #expect(found == ["IHDR", "IDAT", "IEND"])
            #expect(place == bytes.count)
        }
    }

    /// PNG's CRC-32, bit by bit (ISO/IEC 15948, annex D).
    private func crc(_ bytes: ArraySlice<UInt8>) -> Int {
        var value: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
        }
        return Int(value ^ 0xFFFF_FFFF)
    }

    @Test("WebP's chunks fill it but for an odd last byte.")
    func webp() throws {
        for size in Self.sizes {
            let bytes = try self.bytes(.webp, size)
            #expect(self.text(bytes[0..<4]) == "RIFF")
            #expect(self.text(bytes[8..<16]) == "WEBPVP8 ")
            #expect(self.little(bytes[4..<8]) + 8 == bytes.count - bytes.count % 2)
            #expect(self.little(bytes[16..<20]) + 20 == bytes.count - bytes.count % 2)
        }
    }

    @Test("WebM's elements fill it, each inside the one before.")
    func webm() throws {
        for size in Self.sizes {
            let bytes = try self.bytes(.webm, size)
            #expect(bytes.starts(with: [0x1A, 0x45, 0xDF, 0xA3, 0x9F]))
            #expect(self.text(bytes[24..<28]) == "webm")
            let segment = 5 + 31
            #expect(bytes[segment..<segment + 5].elementsEqual([0x18, 0x53, 0x80, 0x67, 0x01]))
            #expect(self.big(bytes[segment + 5..<segment + 12]) == bytes.count - segment - 12)
            #expect(bytes[segment + 12..<segment + 14].elementsEqual([0xEC, 0x01]))
            #expect(self.big(bytes[segment + 14..<segment + 21]) == bytes.count - segment - 21)
        }
    }
}
