import ArgumentParser
import Dispatch
import Foundation
import Primitives
import Reporting
import Synchronization
import Telemetry

/// The flags that say who is told of a run's seconds while it is on.
struct TelemetryArguments: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            """
            Send every second to a collector: otlp=URL (OTLP/HTTP, JSON), prometheus=URL (remote \
            write) or influx=URL (line protocol). May be repeated; never slows the run.
            """,
            valueName: "kind=url"),
        completion: .list([
            "otlp=http://127.0.0.1:4318", "prometheus=http://127.0.0.1:9090/api/v1/write",
            "influx=http://127.0.0.1:8086",
        ]))
    var telemetry: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            """
            A header for collectors, such as 'Authorization: Bearer …'; KIND= before it names the \
            collector. Also from SPATE_TELEMETRY_HEADERS, OTEL_EXPORTER_OTLP_HEADERS, INFLUX_TOKEN.
            """,
            valueName: "header"), completion: .list(["Authorization:"]))
    var telemetryHeader: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Offer /metrics for Prometheus to scrape; loopback unless an address stands before it.",
            valueName: "[address:]port"), completion: .list(["9464"]))
    var serveMetrics: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Keep /metrics so long after the run, for the last scrape (Ctrl-C ends it).",
            valueName: "duration"), completion: .list(["15s", "1m"]))
    var linger: String?

    func validate() throws {
        do throws(TelemetryError) {
            _ = try self.destinations()
            if let serveMetrics { _ = try ListenAddress(serveMetrics) }
        } catch {
            throw ValidationError(
                error.message + (error.hint.map { "\nhint: \($0)" } ?? ""))
        }
        if self.linger != nil, self.serveMetrics == nil {
            throw ValidationError("--linger keeps /metrics, so it needs --serve-metrics")
        }
        _ = try self.lingerSpan()
    }

    /// What was asked for, ready to be told; nil for nothing.
    ///
    /// - Throws: `Failure` with 106 when the port of `/metrics` is not to be had: before the run.
    func open() throws -> RunTelemetry? {
        do throws(TelemetryError) {
            let destinations = try self.destinations()
            var endpoint: MetricsEndpoint?
            if let serveMetrics {
                endpoint = try MetricsEndpoint(try ListenAddress(serveMetrics))
            }
            if destinations.isEmpty, endpoint == nil { return nil }
            let hub = try TelemetryHub(
                destinations: destinations, endpoint: endpoint, version: SpateVersion.current)
            let linger = (try? self.lingerSpan()) ?? nil
            return RunTelemetry(hub: hub, endpoint: endpoint, linger: linger)
        } catch {
            throw Failure(
                error.message, hint: error.hint,
                status: error.code == .cannotBind ? .cannotBind : .usage)
        }
    }

    private func destinations() throws(TelemetryError) -> [CollectorDestination] {
        var destinations: [CollectorDestination] = []
        for text in self.telemetry { destinations.append(try CollectorDestination(text)) }
        try CollectorHeaders.add(
            self.telemetryHeader, environment: ProcessInfo.processInfo.environment,
            to: &destinations)
        return destinations
    }

    private func lingerSpan() throws -> Nanoseconds? {
        guard let linger else { return nil }
        do { return try UnitText.duration(linger) } catch {
            throw ValidationError("--linger: \(error.message)")
        }
    }
}

/// Those who are told of a run, from before it to after it.
struct RunTelemetry {
    /// Takes the run's seconds.
    var hub: TelemetryHub
    /// The page for scrapers; nil for none.
    var endpoint: MetricsEndpoint?
    /// How long the page stays after the run.
    var linger: Nanoseconds?

    /// Where scrapers find the page.
    var page: String? { self.endpoint.map { "http://\($0.listening.authority)/metrics" } }

    /// Says what collectors did not take.
    static func noteLosses(_ exports: [Report.Export]?) {
        for export in exports ?? [] where export.lost > 0 {
            let all = export.sent + export.lost
            Console.note(
                "telemetry: \(export.kind) \(export.url) did not take \(export.lost) of \(all)"
                    + " seconds" + (export.trouble.map { " (\($0))" } ?? ""))
        }
    }

    /// Keeps the page for a while, or until a signal.
    func stay(isQuiet: Bool) async {
        guard let endpoint else { return }
        defer { endpoint.stop() }
        guard let linger, let page = self.page, linger > .zero else { return }
        let end = EndOfStay()
        let signals = Signals { _ in end.come() }
        defer { signals.cancel() }
        if !isQuiet {
            Console.note("\(page) stays for \(UnitText.format(linger)); Ctrl-C ends it")
        }
        await end.wait(for: linger)
    }
}

/// The end of a wait: a time that has passed, or a signal, whichever comes first.
private final class EndOfStay: Sendable {
    private let waiting = Mutex<(hasCome: Bool, continuation: CheckedContinuation<Void, Never>?)>(
        (false, nil))

    func come() {
        let continuation = self.waiting.withLock { state in
            defer { state = (true, nil) }
            return state.continuation
        }
        continuation?.resume()
    }

    func wait(for span: Nanoseconds) async {
        await withCheckedContinuation { continuation in
            let hasCome = self.waiting.withLock { state in
                if !state.hasCome { state.continuation = continuation }
                return state.hasCome
            }
            if hasCome { continuation.resume() }
            let deadline = DispatchTime.now() + .nanoseconds(Int(span.count))
            DispatchQueue.global().asyncAfter(deadline: deadline) { self.come() }
        }
    }
}
