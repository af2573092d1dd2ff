import Foundation
import Planning
import Primitives
import Scenarios
import Testing

@Suite struct RequestDrafterTests {
    private let feeders = DraftMaterials(
        variables: ["who": "Ann \"A\" Lee"],
        feeders: [
            "tips": FeederRows(
                columns: ["text"], rows: [["say \"hi\"\n\\ & 100%"], ["two"], ["three"]],
                order: .sequence)
        ])

    private func value(_ expression: Template.Expression) -> Template {
        Template(pieces: [.expression(expression)])
    }

    private func header(_ name: String, of draft: RequestDraft) -> String? {
        draft.headers.first { $0.name == name }?.value
    }

    @Test("A request with nothing in it has a URL, a user agent and no body.")
    func plain() throws {
        let draft = try Sample.draft(Sample.get("/healthz"))
        #expect(draft.method == .get)
        #expect(draft.url == "http://127.0.0.1:8080/healthz")
        #expect(draft.headers.map { "\($0.name): \($0.value)" } == ["User-Agent: spate/0.1.0"])
        #expect(draft.body == nil)
    }

    @Test(
        "Paths are joined to the base, whole URLs stand for themselves.",
        arguments: [
            ("/a?b=c", "http://h:1/x/", "http://h:1/x/a?b=c"), ("a", "http://h:1", "http://h:1/a"),
            ("HTTPS://other/", "http://h:1", "HTTPS://other/"), ("", "http://h", "http://h/"),
            ("/a b", "http://h", "http://h/a%20b"),
        ])
    func joining(path: String, base: String, url: String) throws {
        #expect(try Sample.draft(Sample.get(path), baseURL: base).url == url)
    }

    @Test("Values in URLs keep paths whole, and cannot add fields behind the question mark.")
    func urlValues() throws {
        var request = Sample.get("/")
        request.captures = [CaptureSpec(name: "place", source: .header(name: "Location"))]
        request.url = Template(pieces: [
            .expression(.variable("place")), .literal("?q="), .expression(.variable("place")),
        ])
        let draft = try Sample.draft(request, captures: ["place": "/v1/a b&c"])
        #expect(draft.url == "http://127.0.0.1:8080/v1/a%20b&c?q=%2Fv1%2Fa%20b%26c")
        request.url = Template(pieces: [.expression(.admin), .literal("/admin/operator")])
        #expect(try Sample.draft(request).url == "http://127.0.0.1:9/admin/operator")
    }

    @Test("Defaults come first, a step overrides them whatever the case, line breaks are spaces.")
    func headers() throws {
        var http = HTTPDefaults()
        http.headers = [
            HeaderSpec(name: "Accept", value: Template(literal: "*/*")),
            HeaderSpec(name: "X-A", value: Template(literal: "1")),
        ]
        var request = Sample.post(body: .text(Template(literal: "x")))
        request.headers = [
            HeaderSpec(name: "x-a", value: self.value(.column(feeder: "tips", name: "text"))),
            HeaderSpec(name: "user-agent", value: Template(literal: "phone")),
            HeaderSpec(name: "IDEMPOTENCY-KEY", value: self.value(.sequence)),
        ]
        let draft = try Sample.draft(request, intent: 3, http: http, materials: self.feeders)
        #expect(
            draft.headers.map { "\($0.name): \($0.value)" } == [
                "Accept: */*", "x-a: say \"hi\" \\ & 100%", "user-agent: phone",
                "IDEMPOTENCY-KEY: 3", "Content-Type: text/plain; charset=utf-8",
            ])
    }

    @Test("Values inside JSON stay inside their strings.")
    func json() throws {
        let template = Template(pieces: [
            .literal("{\"text\":\""), .expression(.column(feeder: "tips", name: "text")),
            .literal("\",\"by\":\""), .expression(.variable("who")), .literal("\"}"),
        ])
        let draft = try Sample.draft(Sample.post(body: .json(template)), materials: self.feeders)
        #expect(
            Sample.text(draft.body)
                == #"{"text":"say \"hi\"\n\\ & 100%","by":"Ann \"A\" Lee"}"#)
        let read = try JSONDecoder().decode(
            [String: String].self, from: Data(Sample.bytes(draft.body)))
        #expect(read == ["text": "say \"hi\"\n\\ & 100%", "by": "Ann \"A\" Lee"])
        #expect(self.header("Content-Type", of: draft) == "application/json")
    }

    @Test("Forms are encoded as browsers encode them.")
    func form() throws {
        let draft = try Sample.draft(
            Sample.post(
                body: .form([
                    FormField(name: "a b", value: Template(literal: "ä*-._~")),
                    FormField(name: "t", value: self.value(.column(feeder: "tips", name: "text"))),
                ])), materials: self.feeders)
        #expect(
            Sample.text(draft.body)
                == "a+b=%C3%A4*-._%7E&t=say+%22hi%22%0A%5C+%26+100%25")
        #expect(
            self.header("Content-Type", of: draft) == "application/x-www-form-urlencoded")
    }

    @Test("Captured values win over variables; one that never came is an error.")
    func captures() throws {
        var request = Sample.post(body: .text(self.value(.variable("who"))))
        request.captures = [CaptureSpec(name: "who", source: .header(name: "X"))]
        let materials = self.feeders
        let before = try Sample.draft(request, materials: materials)
        #expect(Sample.text(before.body) == "Ann \"A\" Lee")
        let after = try Sample.draft(request, materials: materials, captures: ["who": "Bo"])
        #expect(Sample.text(after.body) == "Bo")
        #expect(throws: DraftError("'who' was never captured from a response")) {
            try Sample.draft(request)
        }
    }

    @Test("Feeders go in sequence, shuffled without repeats, or at random, by the intent's number.")
    func feederOrders() throws {
        func rows(_ order: FeederSpec.Order, seed: UInt64 = 42) throws -> [String] {
            let materials = DraftMaterials(feeders: [
                "f": FeederRows(
                    columns: ["n"], rows: (0..<20).map { [String($0)] }, order: order)
            ])
            let request = Sample.post(
                body: .text(self.value(.column(feeder: "f", name: "n"))))
            return try (0..<40).map {
                Sample.text(
                    try Sample.draft(request, intent: $0, seed: seed, materials: materials).body)
            }
        }
        let numbers = (0..<20).map(String.init)
        #expect(try rows(.sequence) == numbers + numbers)
        let shuffled = try rows(.shuffle)
        #expect(Array(shuffled.prefix(20)) == Array(shuffled.suffix(20)))
        #expect(Set(shuffled.prefix(20)) == Set(numbers))
        #expect(Array(shuffled.prefix(20)) != numbers)
        #expect(try rows(.shuffle, seed: 43) != shuffled)
        let random = try rows(.random)
        #expect(try rows(.random) == random)
        #expect(Set(random.prefix(20)).count < 20)
    }

    @Test("UUIDs are version 4, numbers stay in their range, and a loop draws anew.")
    func draws() throws {
        let request = Sample.post(
            body: .text(
                Template(pieces: [
                    .expression(.uuid), .literal(" "), .expression(.randomInt(5, 7)),
                ])))
        var seen: Set<String> = []
        for intent in 0..<50 {
            let text = Sample.text(try Sample.draft(request, intent: intent).body)
            let words = text.split(separator: " ").map(String.init)
            #expect(
                words[0].wholeMatch(
                    of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/)
                    != nil)
            #expect(["5", "6", "7"].contains(words[1]))
            seen.insert(words[0])
        }
        #expect(seen.count == 50)
        let (first, second) = (
            try Sample.draft(request, instruction: 0), try Sample.draft(request, instruction: 1)
        )
        #expect(first.body != second.body)
    }

    @Test("Keys differ by run, population and number; bodies do not hang on the run.")
    func keys() throws {
        let body = BodySpec.part(
            PartSpec(
                content: .generated(
                    .mp4, size: .uniform(min: 100, max: 9_000), limit: nil, unique: true)))
        let (one, two) = (
            try Sample.draft(Sample.post(body: body), runID: "one"),
            try Sample.draft(Sample.post(body: body), runID: "two")
        )
        let (first, second) = (
            self.header("Idempotency-Key", of: one), self.header("Idempotency-Key", of: two)
        )
        #expect(first?.wholeMatch(of: /[0-9a-f]{32}/) != nil)
        #expect(first != second)
        #expect(one.body == two.body)
        let plan = try Sample.plan([Sample.population(Sample.constant(1, seconds: 1))])
        let drafter = RequestDrafter(plan: plan, runID: "r", baseURL: "http://h", adminURL: nil)
        let keys = (0..<100).flatMap { intent in
            (0..<3).map { drafter.idempotencyKey(population: $0, intent: intent) }
        }
        #expect(Set(keys).count == 300)
    }

    @Test("A whole-file body tells the type of the file that was drawn.")
    func files() throws {
        let materials = DraftMaterials(files: [
            "a.mp4": FileFacts(path: "/m/a.mp4", size: 10),
            "b.jpg": FileFacts(path: "/m/b.jpg", size: 20),
        ])
        let body = BodySpec.part(PartSpec(content: .files(["a.mp4", "b.jpg"])))
        var pairs: Set<String> = []
        for intent in 0..<40 {
            let draft = try Sample.draft(
                Sample.post(body: body), intent: intent, materials: materials)
            pairs.insert(
                Sample.text(draft.body) + (self.header("Content-Type", of: draft) ?? "none"))
        }
        #expect(pairs == ["</m/a.mp4 0 10>video/mp4", "</m/b.jpg 0 20>image/jpeg"])
    }
}
