import ArgumentParser
import Engine
import Foundation
import Measurements
import Planning
import Primitives
import Scenarios
import Targets
import Transport

/// `spate hit URL`: one request, many times, with hey's and oha's letters.
struct HitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hit",
        abstract: "Sends one request over and over and prints what came back.",
        discussion: """
            Each client has connections of its own. Without -q a client sends its next request \
            when the last has ended; with -q requests leave at that total rate whatever the \
            answers, and one for which no client is idle is dropped.
            Exits 0 whatever the server did, 95 when the generator was the limit.
            """)

    @Argument(
        help: ArgumentHelp("The URL, such as http://127.0.0.1:8080/.", valueName: "url"),
        completion: .list(["http://127.0.0.1:8080/"]))
    var url: String

    @Option(
        name: .customShort("c"), help: ArgumentHelp("Clients.", valueName: "clients"),
        completion: .list(["1", "10", "50", "100"]))
    var clients = 50

    @Option(
        name: .customShort("z"),
        help: ArgumentHelp(
            "How long, such as 30s (default 10s without -n).", valueName: "duration"),
        completion: .list(["10s", "30s", "1m"]))
    var duration: String?

    @Option(
        name: .customShort("n"), help: ArgumentHelp("How many requests.", valueName: "count"),
        completion: .list(["100", "1000", "10000"]))
    var requests: Int?

    @Option(
        name: .customShort("q"),
        help: ArgumentHelp("Requests per second in total, open loop.", valueName: "rate"),
        completion: .list(["10", "100", "1000"]))
    var rate: Double?

    @Option(
        name: .customShort("m"),
        help: ArgumentHelp("The method (default GET, POST with a body).", valueName: "method"),
        completion: .list(HTTPMethod.allCases.map(\.rawValue)))
    var method: String?

    @Option(
        name: .customShort("H"),
        help: ArgumentHelp("A header field, such as 'Accept: text/plain'.", valueName: "field"),
        completion: .list(["Accept:", "Authorization:", "Content-Type:"]))
    var header: [String] = []

    @Option(
        name: .customShort("d"), help: ArgumentHelp("The body.", valueName: "text"),
        completion: .list([]))
    var body: String?

    @Option(
        name: [.customShort("D"), .long],
        help: ArgumentHelp("A file as the body, streamed.", valueName: "file"),
        completion: .file())
    var bodyFile: String?

    @Option(
        name: .customShort("F"),
        help: ArgumentHelp(
            "A field of a multipart form: name=value or name=@file.", valueName: "field"),
        completion: .list(["file=@"]))
    var form: [String] = []

    @Option(
        name: .customShort("t"),
        help: ArgumentHelp("A request's deadline.", valueName: "duration"),
        completion: .list(["1s", "5s", "20s"]))
    var timeout = "20s"

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Lanes, each on a queue of its own (default: one, more from 2,000 requests/s on).",
            valueName: "count"), completion: .list(["1", "2", "4"]))
    var lanes: Int?

    @Flag(name: .long, help: "Print one JSON object.")
    var json = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Write the equivalent scenario to this file, and do not run it.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var save: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            """
            Requests each client keeps in flight: streams of one HTTP/2 connection, or as many \
            connections of HTTP/1.1.
            """, valueName: "count"), completion: .list(["1", "10", "100"]))
    var streams = 1

    @OptionGroup var protocols: ProtocolArguments
    @OptionGroup var consent: ConsentArguments
    @OptionGroup var sources: SourceArguments

    func validate() throws {
        guard self.clients > 0 else { throw ValidationError("-c must be at least 1") }
        guard (1...10_000).contains(self.streams) else {
            throw ValidationError("--streams must be 1 to 10000")
        }
        if self.streams > 1, self.save != nil {
            throw ValidationError(
                "--save: a scenario's clients send one request at a time; leave --streams out")
        }
        if let requests, requests < 1 { throw ValidationError("-n must be at least 1") }
        if let rate, rate <= 0 || !rate.isFinite { throw ValidationError("-q must be above 0") }
        let bodies = [self.body != nil, self.bodyFile != nil, !self.form.isEmpty]
        if bodies.count(where: { $0 }) > 1 {
            throw ValidationError("-d, -D and -F exclude one another")
        }
    }

    func run() async throws {
        try await reportingFailures {
            let spec = try self.spec()
            if let save {
                try HitScenarioFile.write(
                    spec, http: try self.protocols.overrides(), to: save)
                Console.note("wrote \(save); try: spate plan \(save)")
                return .success
            }
            MachineFacts.raiseDescriptorLimit()
            let plan = try spec.plan()
            try ProtocolSupport.check(plan, status: .usage)
            let agreed = try await Consent.obtain(
                url: self.url, request: self.consent.request, now: .now(),
                route: plan.http.route, looksUp: plan.http.lookupLifetime != nil,
                options: LaneOptions(plan))
            let sources = try self.sources.addresses(for: agreed)
            try self.sources.refuse(
                plan.outline(
                    machine: MachineFacts.limits(
                        for: plan, sources: sources.count, directory: nil)))
            let run = try HitRun(
                spec, runID: "hit-\(WallTime.now().milliseconds)-\(getpid())", lanes: self.lanes
            ) { options in
                options.allowedAddresses = agreed.gate
                options.resolve = agreed.resolve
                options.sourceAddresses = sources
            }
            let signals = Signals { _ in run.stop(.signal) }
            defer { signals.cancel() }
            try run.start()
            let totals = await run.waitUntilFinished()
            let result = HitResult(
                totals, url: self.url, isClosedLoop: spec.rate == nil, sources: sources.count)
            Console.result(self.json ? try result.json() : result.text)
            for event in totals.events where event.kind == "problem" { Console.note(event.label) }
            if let text = result.limitText { Console.note(text) }
            return result.limit == nil ? .success : .inconclusive
        }
    }

    /// The measurement the arguments ask for.
    private func spec() throws -> HitSpec {
        func duration(_ text: String, _ flag: String) throws -> Nanoseconds {
            do { return try UnitText.duration(text) } catch {
                throw Failure("\(flag): \(error.message)", status: .usage)
            }
        }
        let hasBody = self.body != nil || self.bodyFile != nil || !self.form.isEmpty
        let name = (self.method ?? (hasBody ? "POST" : "GET")).uppercased()
        guard let method = HTTPMethod(rawValue: name) else {
            let known = HTTPMethod.allCases.map(\.rawValue).joined(separator: ", ")
            throw Failure(
                "-m: '\(name)' is no method that can be sent",
                hint: "choose one of \(known)", status: .usage)
        }
        var length: Nanoseconds? = self.requests == nil ? .seconds(10) : nil
        if let text = self.duration { length = try duration(text, "-z") }
        var spec = HitSpec(
            url: self.url, clients: self.clients, duration: length, requests: self.requests,
            rate: self.rate.map(Rate.init(perSecond:)), method: method,
            timeout: try duration(self.timeout, "-t"))
        spec.streams = self.streams
        try self.protocols.apply(to: &spec.http)
        spec.headers = try self.header.map(HitCommand.field)
        if let body = self.body { spec.body = .text(body) }
        if let path = self.bodyFile { spec.body = .file(try HitCommand.file(path, "-D")) }
        if !self.form.isEmpty { spec.body = .multipart(try self.form.map(HitCommand.part)) }
        return spec
    }

    private static func field(_ text: String) throws -> (name: String, value: String) {
        guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else {
            throw Failure(
                "-H: '\(text)' is no header field", hint: "write -H 'Accept: text/plain'",
                status: .usage)
        }
        let value = text[text.index(after: colon)...].drop { $0 == " " }
        return (String(text[..<colon]), String(value))
    }

    private static func part(_ text: String) throws -> (name: String, part: HitSpec.Part) {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
            throw Failure(
                "-F: '\(text)' is no field of a form",
                hint: "write -F name=value or -F name=@file", status: .usage)
        }
        let value = String(text[text.index(after: equals)...])
        let name = String(text[..<equals])
        guard value.hasPrefix("@") else { return (name, .value(value)) }
        return (name, .file(try self.file(String(value.dropFirst()), "-F")))
    }

    private static func file(_ path: String, _ flag: String) throws -> FileFacts {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard
            let size = attributes?[.size] as? Int64 ?? (attributes?[.size] as? Int).map(Int64.init),
            attributes?[.type] as? FileAttributeType == .typeRegular
        else {
            throw Failure(
                "\(flag): \(path) is no file that can be read",
                hint: "paths start in the folder where spate is started: ls -l \(path)",
                status: .usage)
        }
        return FileFacts(path: path, size: size)
    }
}
