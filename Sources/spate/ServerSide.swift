import Measurements
import Planning
import Primitives
import Probes
import Scenarios
import Targets
import Transport

/// What is sampled of the server's side in a run, each figure from one source.
struct ServerSide {
    /// The sources.
    private(set) var sources: [NamedSource] = []
    /// What the manifest says of them.
    private(set) var facts: [ProbeFacts] = []
    /// Figures that the author takes from a page, hence not from the intake's own.
    private(set) var taken: Set<String> = []

    /// Nothing.
    init() {}

    /// The sources of a plan; none without places, as with `--no-probes`.
    ///
    /// - Throws: `TransportError` when a client cannot be made.
    init(
        _ plan: Plan, _ places: ProbePlaces?, target: AgreedTarget, intake: IntakeProcess?
    ) throws(TransportError) {
        guard let places else { return }
        let spec = plan.probes
        let port = intake?.announcement.port ?? Self.port(of: target)
        var found: [Found] = []
        // Who knows best comes first: what the author names, then the kernel.
        for page in spec.pages where !page.figures.isEmpty {
            let figures = page.figures.map {
                PrometheusProbe.Figure(selector: $0.selector, name: $0.name, factor: $0.factor)
            }
            if page.name == nil { self.taken.formUnion(figures.map(\.name)) }
            found.append(try Self.found(page, figures, places, base: target.url))
        }
        for process in spec.processes {
            let probe = Self.probe(of: process, port: port)
            found.append(
                Found(source: probe, name: process.name, text: process.choice.text))
        }
        if spec.host == true {
            let disk = spec.disk ?? intake?.dataDirectory
            found.append(
                Found(
                    source: HostProbe(disk: disk), name: nil,
                    text: "this machine" + (disk.map { ", disk of \($0)" } ?? "")))
        }
        if let control = spec.control {
            found.append(try Self.found(control: control, places, base: target.url))
        }
        for page in spec.pages where page.figures.isEmpty {
            let figures = IntakeMetrics.figures + PrometheusProbe.usual
            found.append(try Self.found(page, figures, places, base: target.url))
        }
        self.sources = NamedSource.sharing(found.map { ($0.source, $0.name) })
        self.facts = found.map {
            ProbeFacts(
                name: $0.source.name, source: $0.text, prefix: $0.name.map { $0 + "/" } ?? "")
        }
    }

    private struct Found {
        var source: any ProbeSource
        var name: String?
        var text: String
    }

    // MARK: - Sources

    private static func probe(
        of process: ProbesSpec.Process, port: Int?
    ) -> ProcessProbe {
        let choice: ProcessProbe.Choice =
            switch process.choice {
            case .pid(let pid): .pid(pid)
            case .pidFile(let path): .pidFile(path)
            case .port(let port): .owner(port: port)
            // By its port, since a fault may end it, and another one take its place.
            case .intake: .owner(port: port ?? 0)
            }
        var listen = process.listen
        if listen == nil, case .port(let own) = process.choice { listen = own }
        // A second process has a port of its own, which only its author knows.
        if listen == nil, process.name == nil { listen = port }
        return ProcessProbe(name: process.title, choice: choice, port: listen)
    }

    /// The port of a target on this machine.
    private static func port(of target: AgreedTarget) -> Int? {
        target.gate == .loopback ? try? parseURL(target.url).port : nil
    }

    private static func found(
        _ page: ProbesSpec.Page, _ figures: [PrometheusProbe.Figure], _ places: ProbePlaces,
        base: String
    ) throws(TransportError) -> Found {
        let (client, url) = try places.client(for: page.url, base: base)
        let isLocal = places.isLocal(page.url)
        let probe = PrometheusProbe(
            name: page.title, figures: figures, finish: { await client.shutdown() }
        ) { () async throws(PageError) in
            try await Self.fetch(url, client, isLocal: isLocal)
        }
        return Found(source: probe, name: page.name, text: url)
    }

    private static func fetch(
        _ url: String, _ client: ControlClient, isLocal: Bool
    ) async throws(PageError) -> FetchedPage {
        let sent = WallTime.now()
        let answer: ControlClient.Answer
        do throws(TargetError) {
            answer = try await client.send(
                "GET", url, timeout: .seconds(5), bodyLimit: 4 << 20)
        } catch {
            throw PageError(error.message)
        }
        guard answer.status == 200 else {
            throw PageError("\(url) answers with status \(answer.status)")
        }
        var offset: ClockOffset? = isLocal ? .sameHost : nil
        if !isLocal, let date = answer.date {
            // A second is all that the header tells, its fraction cut off.
            offset = ClockOffset(
                sent: .milliseconds(sent.milliseconds), stamped: .seconds(date),
                received: .milliseconds(WallTime.now().milliseconds), step: .seconds(1))
        }
        return FetchedPage(
            text: String(decoding: answer.body, as: UTF8.self), clock: offset,
            isTruncated: answer.isTruncated)
    }

    private static func found(
        control: String, _ places: ProbePlaces, base: String
    ) throws(TransportError) -> Found {
        let (client, url) = try places.client(for: control, base: base)
        let probe = ControlProbe(finish: { await client.shutdown() }) {
            // Within its second, or it is a failure.
            let answer = try? await client.send("GET", url, timeout: .milliseconds(900))
            return (200..<300).contains(answer?.status ?? 0)
        }
        return Found(source: probe, name: nil, text: url)
    }

    // MARK: - Before a run

    /// Which processes cannot be read now, a sentence each.
    static func objections(_ spec: ProbesSpec) -> [String] {
        spec.processes.compactMap { process in
            if case .intake = process.choice { return nil }
            return self.probe(of: process, port: nil).objection.map { "\(process.title): \($0)" }
        }
    }

    /// The sources that a scenario names, as the end of a sentence.
    static func listed(_ spec: ProbesSpec) -> String {
        let names = spec.outline.map(\.name)
        return names.isEmpty ? "" : ", probes: \(names.joined(separator: ", "))"
    }
}

/// The samplers of one run.
struct ServerSampling: RunObserver {
    private let probes: ProbeSampler
    private let intake: IntakeSampler?

    /// Samplers that write into a recording.
    ///
    /// - Parameters:
    ///   - intake: the bundled intake whose page is read, if any.
    ///   - isQuiet: true to keep warnings to the run's events.
    /// - Throws: `TransportError` when the intake's page cannot be asked for.
    init(
        _ side: ServerSide, intake: IntakeProcess?, recording: RunRecording, isQuiet: Bool
    ) throws(TransportError) {
        self.probes = ProbeSampler(
            sources: side.sources, deliver: { recording.write(server: $0) },
            tell: { event in
                recording.happened(event)
                if !isQuiet { Console.note("warning: \(event.label)") }
            })
        guard let intake else {
            self.intake = nil
            return
        }
        let taken = side.taken
        self.intake = try IntakeSampler(adminURL: intake.adminURL) { sample in
            var sample = sample
            for name in taken { sample.values[name] = nil }
            recording.write(server: sample)
        }
    }

    /// Begins sampling on the run's seconds when there are any.
    func take(_ news: RunNews) {
        guard case .began(_, let origin, _) = news else { return }
        self.intake?.begin(origin: origin, now: SystemClock().now())
        self.probes.begin(origin: origin)
    }

    /// Stops sampling.
    ///
    /// - Returns: how well each source could be read.
    func end() async -> [ProbeTally] {
        await self.intake?.end()
        return await self.probes.end()
    }
}
