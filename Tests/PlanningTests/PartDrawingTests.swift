import Primitives
import Scenarios
import Testing

@testable import Planning

@Suite("What an intent sends as a part")
struct PartDrawingTests {
    private static let files = DraftMaterials(files: [
        "a.mp4": FileFacts(path: "/m/a.mp4", size: 100),
        "b.jpg": FileFacts(path: "/m/b.jpg", size: 200),
        "c.png": FileFacts(path: "/m/c.png", size: 300),
    ])

    private func generated(
        _ kind: GeneratedKind, _ size: Distribution, clips: ClipsSpec? = nil,
        fault: UploadFault? = nil
    ) -> PartSpec {
        PartSpec(
            content: .generated(kind, size: size, limit: ByteCount(1_000_000), unique: true),
            clips: clips, fault: fault)
    }

    /// The drafts of a number of intents of each of some populations with one upload.
    private func drafts(_ bodies: [BodySpec], count: Int) throws -> [[RequestDraft]] {
        let plan = try Sample.plan(
            bodies.enumerated().map { index, body in
                Sample.population(
                    "p\(index)", Sample.constant(1, seconds: 1),
                    flow: [.request(Sample.post(body: body))])
            }, materials: Self.files)
        let drafter = RequestDrafter(plan: plan, runID: "", baseURL: "http://h", adminURL: nil)
        return try plan.populations.map { population in
            try (0..<count).map {
                try drafter.draft(
                    population.steps[0],
                    context: DraftContext(population: population.index, intent: $0, instruction: 0))
            }
        }
    }

    private func drafts(_ part: PartSpec, count: Int) throws -> [RequestDraft] {
        try self.drafts([.part(part)], count: count)[0]
    }

    private func type(_ draft: RequestDraft) -> String {
        draft.headers.first { $0.name == "Content-Type" }?.value ?? "none"
    }

    // MARK: - Clips

    @Test("A clip has the same bytes for everybody, and Zipf's law says how often it comes.")
    func clips() throws {
        let law = Distribution.lognormal(median: 20_000, p99: 200_000)
        let drafts = try self.drafts(
            self.generated(.mp4, law, clips: ClipsSpec(count: 50)), count: 5_000)
        var counts: [DraftBody: Int] = [:]
        for draft in drafts { counts[try #require(draft.body), default: 0] += 1 }
        #expect(counts.count == 50)
        #expect(Set(counts.keys.map(\.length)).count > 45)
        let shares = CumulativeShares(zipf: 50, exponent: 1)
        let sorted = counts.values.sorted(by: >)
        // Three standard deviations of a binomial count.
        for rank in 0..<3 {
            let expected = shares.share(of: rank) * 5_000
            #expect(abs(Double(sorted[rank]) - expected) < 3 * expected.squareRoot() + 10)
        }
    }

    @Test("A named catalogue is the same clips in every population, an unnamed one is its own.")
    func catalogues() throws {
        func bodies(_ first: String?, _ second: String?) throws -> [Set<DraftBody>] {
            try self.drafts(
                [first, second].map {
                    .part(
                        self.generated(
                            .mov, .uniform(min: 1_000, max: 90_000),
                            clips: ClipsSpec(count: 5, exponent: 0, catalogue: $0)))
                }, count: 200
            ).map { Set($0.compactMap(\.body)) }
        }
        let named = try bodies("fancams", "fancams")
        #expect(named[0].count == 5)
        #expect(named[0] == named[1])
        let others = try bodies("fancams", "memes")
        #expect(others[0] == named[0])
        #expect(others[1].isDisjoint(with: named[0]))
        let unnamed = try bodies(nil, nil)
        #expect(unnamed[0].isDisjoint(with: unnamed[1]))
    }

    @Test("Files as clips are as popular as their place in the list.")
    func fileClips() throws {
        let part = PartSpec(
            content: .files(["a.mp4", "b.jpg", "c.png"]),
            clips: ClipsSpec(count: nil, exponent: 2))
        var counts: [String: Int] = [:]
        for draft in try self.drafts(part, count: 4_900) {
            counts[self.type(draft), default: 0] += 1
        }
        // 36 : 9 : 4 of 49.
        for (type, expected) in [("video/mp4", 3_600.0), ("image/jpeg", 900), ("image/png", 400)] {
            #expect(abs(Double(counts[type] ?? 0) - expected) < 4 * expected.squareRoot())
        }
        let some = PartSpec(
            content: .files(["a.mp4", "b.jpg", "c.png"]),
            clips: ClipsSpec(count: 2, exponent: 0))
        #expect(Set(try self.drafts(some, count: 100).map(self.type)).count == 2)
    }

    @Test("The memory of an upload does not grow with its clip.")
    func clipMemory() throws {
        let part = PartSpec(
            content: .generated(.mp4, size: .fixed(2e9), limit: nil, unique: true),
            clips: ClipsSpec(count: 3))
        for draft in try self.drafts(part, count: 9) {
            #expect(draft.body?.length == 2_000_000_000)
            let held = draft.body?.segments.reduce(0) { sum, segment in
                if case .bytes(let bytes) = segment { sum + bytes.count } else { sum }
            }
            #expect(held == 48)
        }
    }

    // MARK: - Mixes

    @Test("A mix is drawn by its weights; name and content type are those of what is sent.")
    func mix() throws {
        let mix = PartSpec(
            content: .mix([
                WeightedPart(weight: 6, part: PartSpec(content: .files(["a.mp4", "b.jpg"]))),
                WeightedPart(weight: 3, part: self.generated(.heic, .fixed(5_000))),
                WeightedPart(weight: 1, part: self.generated(.mov, .fixed(7_000))),
            ]))
        let drafts = try self.drafts(
            [
                .part(mix), .multipart([MultipartField(name: "m", content: .part(mix))]),
            ], count: 3_000)
        var counts: [String: Double] = [:]
        for draft in drafts[0] { counts[self.type(draft), default: 0] += 1 }
        let expected = [
            "video/mp4": 900.0, "image/jpeg": 900, "image/heic": 900, "video/quicktime": 300,
        ]
        #expect(Set(counts.keys) == Set(expected.keys))
        for (type, count) in expected {
            #expect(abs((counts[type] ?? 0) - count) < 4 * count.squareRoot(), "\(type)")
        }
        for draft in drafts[1].prefix(200) {
            let text = Sample.text(DraftBody(segments: Array(draft.body?.segments.prefix(1) ?? [])))
            let names = ["a.mp4", "b.jpg", "IMG_0001.HEIC", "IMG_0001.MOV"]
            let types = ["video/mp4", "image/jpeg", "image/heic", "video/quicktime"]
            #expect(
                zip(names, types).contains { name, type in
                    text.contains(
                        "name=\"m\"; filename=\"\(name)\"\r\nContent-Type: \(type)\r\n\r\n")
                })
        }
    }

    @Test("A catalogue over a mix holds real and generated clips; each stays what it is.")
    func mixedCatalogue() throws {
        let mix = PartSpec(
            content: .mix([
                WeightedPart(weight: 1, part: PartSpec(content: .files(["a.mp4", "b.jpg"]))),
                WeightedPart(
                    weight: 1, part: self.generated(.webm, .uniform(min: 100, max: 10_000))),
            ]), clips: ClipsSpec(count: 12, exponent: 0.5))
        let drafts = try self.drafts(mix, count: 2_000)
        let bodies = Set(drafts.compactMap(\.body))
        // Twelve clips, of which files may be the same.
        #expect((5...12).contains(bodies.count))
        #expect(Set(drafts.map(self.type)).isSuperset(of: ["video/webm"]))
        #expect(bodies.contains { if case .file = $0.segments[0] { true } else { false } })
    }

    @Test("Clips inside a mix are popular beside others that are unique.")
    func clipsInMix() throws {
        let mix = PartSpec(
            content: .mix([
                WeightedPart(weight: 1, part: self.generated(.mp4, .fixed(900))),
                WeightedPart(
                    weight: 1,
                    part: self.generated(.mov, .fixed(900), clips: ClipsSpec(count: 3))),
            ]))
        let drafts = try self.drafts(mix, count: 1_000)
        let films = drafts.filter { self.type($0) == "video/quicktime" }
        let others = drafts.filter { self.type($0) == "video/mp4" }
        #expect((400...600).contains(films.count))
        #expect(Set(films.compactMap(\.body)).count == 3)
        #expect(Set(others.compactMap(\.body)).count == others.count)
    }

    @Test("Draws hang on seed, population and intent: the same for every attempt.")
    func determinism() throws {
        let mix = PartSpec(
            content: .mix([
                WeightedPart(weight: 1, part: PartSpec(content: .files(["a.mp4", "b.jpg"]))),
                WeightedPart(
                    weight: 2,
                    part: self.generated(
                        .mov, .exponential(mean: 9_000), clips: ClipsSpec(count: 30),
                        fault: .truncated(sends: nil))),
            ]))
        let first = try self.drafts(mix, count: 300).map(\.body)
        #expect(try self.drafts(mix, count: 300).map(\.body) == first)
    }

    // MARK: - Faults

    @Test("A truncated upload announces all and sends a part, anywhere in it.")
    func truncated() throws {
        let part = self.generated(.jpeg, .fixed(10_000), fault: .truncated(sends: nil))
        let drafts = try self.drafts(
            [
                .part(part),
                .multipart([
                    MultipartField(name: "t", content: .value(Template(literal: "x"))),
                    MultipartField(name: "m", content: .part(part)),
                ]),
            ], count: 2_000)
        let places = drafts[0].compactMap { $0.body?.sends }
        #expect(places.count == 2_000)
        #expect(drafts[0].allSatisfy { $0.body?.length == 10_000 })
        #expect(places.allSatisfy { (0..<10_000).contains($0) })
        // Evenly: mean 5,000 with a standard error of 10,000 / sqrt(12 n) = 65.
        let mean = Double(places.reduce(0, +)) / 2_000
        #expect(abs(mean - 5_000) < 260)
        for draft in drafts[1].prefix(50) {
            let body = try #require(draft.body)
            let sends = try #require(body.sends)
            let text = Sample.text(DraftBody(segments: [body.segments[0]]))
            let head = try #require(text.firstRange(of: "image/jpeg\r\n\r\n"))
            let before = Int64(text[..<head.upperBound].utf8.count)
            #expect((before..<before + 10_000).contains(sends))
            #expect(body.length > before + 10_000)
        }
    }

    @Test("How much a truncated upload sends may be given; it is never all.")
    func sends() throws {
        let part = self.generated(
            .mp4, .uniform(min: 500, max: 5_000), fault: .truncated(sends: .fixed(1_000)))
        for body in try self.drafts(part, count: 200).compactMap(\.body) {
            #expect(body.sends == min(1_000, body.length - 1))
        }
    }

    @Test("An empty upload has a name, a type and no byte.")
    func empty() throws {
        let part = self.generated(.mp4, .fixed(10_000), fault: .empty)
        let draft = try self.drafts(part, count: 1)[0]
        #expect(draft.body?.length == 0)
        #expect(self.type(draft) == "video/mp4")
    }

    @Test("A mislabelled upload claims one thing and is words of the same length.")
    func mislabelled() throws {
        let file = PartSpec(content: .files(["b.jpg"]), fault: .mislabelled)
        let parts = [self.generated(.heic, .fixed(9_000), fault: .mislabelled), file]
        let drafts = try self.drafts(parts.map { .part($0) }, count: 2)
        #expect(drafts.map { self.type($0[0]) } == ["image/heic", "image/jpeg"])
        #expect(drafts.map { $0[0].body?.length } == [9_000, 200])
        for draft in drafts.flatMap(\.self) {
            let bytes = Sample.bytes(draft.body)
            #expect(bytes.allSatisfy { $0 == 32 || $0 == 10 || $0 > 47 && $0 < 123 })
        }
        #expect(drafts[0][0].body != drafts[0][1].body)
    }

    // MARK: - What plans say

    @Test("The plan counts what is sent, not what is announced, and shows the mix.")
    func outline() throws {
        let mix = PartSpec(
            content: .mix([
                WeightedPart(
                    weight: 6,
                    part: self.generated(
                        .mp4, .exponential(mean: 1_000_000),
                        clips: ClipsSpec(
                            count: 1_000, exponent: 1, catalogue: "fancams"))),
                WeightedPart(
                    weight: 2,
                    part: self.generated(.jpeg, .fixed(50_000), fault: .truncated(sends: nil))),
                WeightedPart(weight: 1, part: PartSpec(content: .files(["b.jpg", "c.png"]))),
                WeightedPart(weight: 1, part: self.generated(.mov, .fixed(9_000), fault: .empty)),
            ]))
        let plan = try Sample.plan(
            [
                Sample.population(
                    Sample.constant(1, seconds: 1),
                    flow: [
                        .request(Sample.post(body: .part(mix))),
                        .request(
                            Sample.post(body: .part(PartSpec(content: .files(["b.jpg"]))))),
                    ])
            ], materials: Self.files)
        // 0.6 x 1 MB (1 - 1/e) + 0.2 x 25 kB + 0.1 x 250 + 0, and 200.
        let expected = 0.6 * 632_120.558_8 + 5_000 + 25 + 200
        #expect(abs(plan.bodyBytes(of: plan.populations[0]) / expected - 1) < 1e-6)
        let uploads = try #require(plan.outline().populations[0].uploads)
        #expect(
            uploads == [
                "POST /v1/tips: 60 % mp4 of 632 kB on average, 1000 clips of 'fancams', the "
                    + "first sent 13.4 % of times · 20 % jpeg of 50 kB, truncated · 10 % 2 files"
                    + " · 10 % mov of 9 kB, empty"
            ])
        #expect(plan.outline().render(width: 80).contains("\n  \(uploads[0])\n"))
        #expect(plan.populations[0].steps.map(\.isConstant) == [false, true])
    }
}
