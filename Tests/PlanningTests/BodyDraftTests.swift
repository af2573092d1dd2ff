import Planning
import Primitives
import Scenarios
import Testing

@Suite struct BodyDraftTests {
    private let block: [UInt8]

    init() throws {
        let plan = try Sample.plan([Sample.population(Sample.constant(1, seconds: 1))])
        self.block =
            RequestDrafter(plan: plan, runID: "", baseURL: "http://h", adminURL: nil).sharedBlock
    }

    private func generated(
        _ kind: GeneratedKind, _ size: Distribution, limit: Int64? = nil, unique: Bool = true,
        intent: Int = 0
    ) throws -> [UInt8] {
        let part = PartSpec(
            content: .generated(
                kind, size: size, limit: limit.map { ByteCount($0) }, unique: unique))
        let draft = try Sample.draft(Sample.post(body: .part(part)), intent: intent)
        let bytes = Sample.bytes(draft.body, block: self.block)
        #expect(draft.body?.length == Int64(bytes.count))
        return bytes
    }

    private func number(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reduce(0) { $0 << 8 | Int($1) }
    }

    @Test("An mp4's boxes fill it exactly.", arguments: [0, 32, 33, 47, 48, 49, 1_000, 3_000_000])
    func mp4(size: Int) throws {
        for unique in [true, false] {
            let bytes = try self.generated(.mp4, .fixed(Double(size)), unique: unique)
            #expect(bytes.count == max(32, size))
            var (place, names) = (0, [String]())
            while place < bytes.count {
                let length = self.number(bytes[place..<place + 4])
                names.append(String(decoding: bytes[place + 4..<place + 8], as: UTF8.self))
                guard length >= 8 else { break }
                place += length
            }
            #expect(names == ["ftyp", "mdat"])
            #expect(place == bytes.count)
            #expect(String(decoding: bytes[8..<12], as: UTF8.self) == "isom")
        }
    }

    @Test("Beyond 4 GiB the mdat box has a 64-bit size, and no memory is spent.")
    func hugeMP4() throws {
        let part = PartSpec(
            content: .generated(.mp4, size: .fixed(5e9), limit: nil, unique: false))
        let body = try Sample.draft(Sample.post(body: .part(part))).body
        #expect(body?.length == 5_000_000_000)
        guard case .bytes(let head) = body?.segments.first else {
            Issue.record("no head")
            return
        }
        #expect(head.count == 40)
        #expect(self.number(head[24..<28]) == 1)
        #expect(self.number(head[32..<40]) == 5_000_000_000 - 24)
    }

    @Test("A jpeg begins with SOI and JFIF and ends with EOI.", arguments: [0, 22, 23, 5_000])
    func jpeg(size: Int) throws {
        let bytes = try self.generated(.jpeg, .fixed(Double(size)))
        #expect(bytes.count == max(22, size))
        #expect(bytes.starts(with: [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 0x4A, 0x46, 0x49, 0x46, 0]))
        #expect(bytes.suffix(2) == [0xFF, 0xD9])
    }

    @Test("Text is words, random bytes use every value.", arguments: [0, 5, 17, 4_096, 50_000])
    func textAndRandom(size: Int) throws {
        let text = try self.generated(.text, .fixed(Double(size)))
        #expect(text.count == size)
        #expect(
            text.allSatisfy {
                $0 == 32 || $0 == 10 || (97...122).contains($0) || (48...57).contains($0)
            })
        let random = try self.generated(.random, .fixed(Double(size)))
        #expect(random.count == size)
        if size == 50_000 { #expect(Set(random).count == 256) }
    }

    @Test("Unique bodies differ between intents; others are the same for the same size.")
    func uniqueness() throws {
        for kind in GeneratedKind.allCases {
            let bodies = try (0..<20).map {
                try self.generated(kind, .fixed(300), unique: true, intent: $0)
            }
            #expect(Set(bodies).count == 20)
            let same = try (0..<5).map {
                try self.generated(kind, .fixed(300), unique: false, intent: $0)
            }
            #expect(Set(same).count == 1)
        }
    }

    @Test("Sizes follow their distribution up to the limit, and hang on the seed alone.")
    func sizes() throws {
        let law = Distribution.lognormal(median: 12_288, p99: 196_608)
        let part = PartSpec(
            content: .generated(.mp4, size: law, limit: ByteCount(100_000), unique: true))
        let plan = try Sample.plan([
            Sample.population(
                Sample.constant(1, seconds: 1),
                flow: [.request(Sample.post(body: .part(part)))])
        ])
        let drafter = RequestDrafter(plan: plan, runID: "", baseURL: "http://h", adminURL: nil)
        let sizes = try (0..<2_000).map {
            try drafter.draft(
                plan.populations[0].steps[0],
                context: DraftContext(population: 0, intent: $0, instruction: 0)
            ).body?.length ?? 0
        }.sorted()
        #expect(sizes.last == 100_000)
        // A median's relative standard error: 1.25 sigma / sqrt(n) = 3.3 %.
        #expect(abs(Double(sizes[1_000]) / 12_288 - 1) < 0.1)
    }

    @Test("A multipart body is byte for byte what a browser sends.")
    func multipartBytes() throws {
        let materials = DraftMaterials(files: ["m/b.jpg": FileFacts(path: "/m/b.jpg", size: 9)])
        let draft = try Sample.draft(
            Sample.post(
                body: .multipart([
                    MultipartField(
                        name: "te\"xt\n", content: .value(Template(literal: "one\ntwo"))),
                    MultipartField(
                        name: "photo", content: .part(PartSpec(content: .files(["m/b.jpg"])))),
                    MultipartField(
                        name: "video",
                        content: .part(
                            PartSpec(
                                content: .generated(
                                    .mp4, size: .fixed(32), limit: nil, unique: true),
                                fileName: "a\"b.mp4", contentType: "video/x"))),
                ])), materials: materials)
        let type = draft.headers.first { $0.name == "Content-Type" }?.value ?? ""
        let boundary = String(type.dropFirst("multipart/form-data; boundary=".count))
        #expect(boundary.wholeMatch(of: /----SpateFormBoundary[0-9a-f]{16}/) != nil)
        let mp4 = "\0\0\0\u{18}ftypisom\0\0\u{2}\0isommp42\0\0\0\u{8}mdat"
        let expected = """
            --\(boundary)\r
            Content-Disposition: form-data; name="te%22xt%0D%0A"\r
            \r
            one\r
            two\r
            --\(boundary)\r
            Content-Disposition: form-data; name="photo"; filename="b.jpg"\r
            Content-Type: image/jpeg\r
            \r
            </m/b.jpg 0 9>\r
            --\(boundary)\r
            Content-Disposition: form-data; name="video"; filename="a%22b.mp4"\r
            Content-Type: video/x\r
            \r
            \(mp4)\r
            --\(boundary)--\r

            """
        #expect(Sample.text(draft.body) == expected)
    }

    @Test("A multipart body can be read back, part by part.")
    func multipartRoundTrip() throws {
        let part = PartSpec(
            content: .generated(.random, size: .fixed(70_000), limit: nil, unique: true))
        let draft = try Sample.draft(
            Sample.post(
                body: .multipart([
                    MultipartField(name: "a", content: .value(Template(literal: ""))),
                    MultipartField(name: "b", content: .part(part)),
                ])))
        let bytes = Sample.bytes(draft.body, block: self.block)
        #expect(draft.body?.length == Int64(bytes.count))
        let type = draft.headers.first { $0.name == "Content-Type" }?.value ?? ""
        let delimiter = Array(("\r\n--" + type.split(separator: "=")[1]).utf8)
        let parts = self.split([13, 10] + bytes, by: delimiter)
        #expect(parts.count == 4)
        #expect(parts.first == [])
        #expect(parts.last == Array("--\r\n".utf8))
        let contents = parts[1...2].map { part in
            Array(
                self.split(part, by: [13, 10, 13, 10]).dropFirst().joined(separator: [
                    13, 10, 13, 10,
                ]))
        }
        #expect(contents[0] == [])
        #expect(contents[1].count == 70_000)
    }

    private func split(_ bytes: [UInt8], by delimiter: [UInt8]) -> [[UInt8]] {
        var (parts, begin, index) = ([[UInt8]](), 0, 0)
        while index + delimiter.count <= bytes.count {
            if bytes[index] == delimiter[0],
                bytes[index..<index + delimiter.count].elementsEqual(delimiter)
            {
                parts.append(Array(bytes[begin..<index]))
                index += delimiter.count
                begin = index
            } else {
                index += 1
            }
        }
        return parts + [Array(bytes[begin...])]
    }
}
