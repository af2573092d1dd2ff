import Measurements
import Primitives
import Telemetry

/// Collectors and scrapers as watchers of a run.
extension TelemetryHub: RunObserver {
    func take(_ news: RunNews) {
        switch news {
        case .began(let manifest, _, let wall):
            self.begin(
                RunLabels(
                    run: manifest.id, test: manifest.scenario, start: wall,
                    populations: manifest.populations))
        case .seconds(let rows): self.take(rows)
        case .health(let sample): self.take(sample)
        case .complete(let second): self.complete(before: second)
        case .event, .moved, .ended: break
        }
    }
}
