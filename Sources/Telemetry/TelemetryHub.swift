import Dispatch
package import Measurements
package import Primitives
import Synchronization

/// Takes a run's seconds and tells them to collectors and scrapers, off the load's path.
///
/// Whoever hands a second over pays for a block on a queue. Summing up happens on a serial queue of
/// the utility class, sending on a thread per collector, answering scrapers on another.
package final class TelemetryHub: Sendable {
    /// Seconds over which a scraped page has its percentiles: scrapers come in such intervals.
    package static let scrapeWindow = 15
    /// How long the last seconds may take to be sent after a run.
    package static let flushLimit = Nanoseconds.seconds(3)

    private struct State {
        var assembly = WindowAssembly()
        var table: MetricTable?
        var recent: [TelemetryWindow] = []
        var senders: [CollectorSender] = []
    }
    private let destinations: [CollectorDestination]
    private let endpoint: MetricsEndpoint?
    private let version: String
    private let queue = DispatchQueue(label: "spate.telemetry", qos: .utility)
    private let state = Mutex(State())

    /// A hub for these collectors and this endpoint; nothing is sent yet.
    ///
    /// - Throws: `.arguments` for a destination that nothing can be sent to.
    package init(
        destinations: [CollectorDestination], endpoint: MetricsEndpoint?, version: String
    ) throws(TelemetryError) {
        // What cannot be made now could not be made when the run begins.
        for destination in destinations { _ = try CollectorDelivery.over(destination) }
        self.destinations = destinations
        self.endpoint = endpoint
        self.version = version
        endpoint?.show { [weak self] in self?.page() ?? [] }
    }

    /// A run begins; what was told of an earlier one is forgotten.
    package func begin(_ run: RunLabels) {
        self.queue.async {
            let senders = self.destinations.map { self.sender(to: $0) }
            self.state.withLock { state in
                state = State(table: MetricTable(run), senders: senders)
            }
        }
    }

    /// Takes rows of the run, in order.
    package func take(_ rows: [SecondRow]) {
        guard !rows.isEmpty else { return }
        self.queue.async { self.state.withLock { $0.assembly.add(rows) } }
    }

    /// Takes a sample of the generator's health.
    package func take(_ sample: GeneratorSample) {
        self.queue.async { self.state.withLock { $0.assembly.add(sample) } }
    }

    /// Everything that happened before a second was handed over.
    package func complete(before second: Int) {
        self.queue.async {
            ThreadPriority.stepBack()
            self.tell(before: second)
        }
    }

    /// Sends what is left, waiting no longer than that, and says what became of all seconds.
    package func finish(within span: Nanoseconds = TelemetryHub.flushLimit) async -> [ExportTally] {
        await withCheckedContinuation { continuation in
            self.queue.async {
                self.tell(before: .max)
                let senders = self.state.withLock { $0.senders }
                // All at the same time: one that hangs takes nothing from the others.
                for sender in senders { sender.close() }
                let clock = SystemClock()
                let end = clock.now() + span
                let tallies = senders.map { $0.finish(within: max(.zero, end - clock.now())) }
                continuation.resume(returning: tallies)
            }
        }
    }

    private func tell(before second: Int) {
        self.state.withLock { state in
            for window in state.assembly.complete(before: second) {
                state.table?.count(window.row)
                if self.endpoint != nil {
                    state.recent.append(window)
                    if state.recent.count > Self.scrapeWindow { state.recent.removeFirst() }
                }
                guard !state.senders.isEmpty, let frame = state.table?.frame(of: window) else {
                    continue
                }
                for sender in state.senders { sender.offer(frame) }
            }
        }
    }

    private func sender(to destination: CollectorDestination) -> CollectorSender {
        let version = self.version
        let delivery: CollectorSender.Delivery
        do { delivery = try CollectorDelivery.over(destination) } catch {
            let message = error.message
            delivery = { _ in .refused(message) }
        }
        return CollectorSender(
            outbox: Outbox(kind: destination.kind.rawValue, url: destination.redactedURL),
            encode: { destination.encode($0, version: version) }, deliver: delivery)
    }

    /// The page of the present moment: sums since the start, times of the last seconds.
    private func page() -> [UInt8] {
        let (table, recent) = self.state.withLock { ($0.table, $0.recent) }
        guard let table else { return [] }
        return PrometheusPage.encode(table.frame(of: .merged(recent)))
    }
}

extension TelemetryWindow {
    /// Several windows, in order, as one: counts add up, the gauges are the last one's.
    package static func merged(_ windows: [TelemetryWindow]) -> TelemetryWindow {
        guard let first = windows.first, let last = windows.last else {
            return TelemetryWindow(row: SecondRow(second: 0, populations: [], width: 0))
        }
        var row = first.row
        for window in windows.dropFirst() {
            for index in row.populations.indices where index < window.row.populations.count {
                row.populations[index].append(window.row.populations[index])
            }
        }
        row.width = last.row.end - row.second
        return TelemetryWindow(row: row, generator: last.generator)
    }
}
