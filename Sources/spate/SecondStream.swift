import Dispatch
import Measurements
import Reporting

/// Each second of a run on stdout while the run lasts: `-o ndjson=-`.
///
/// The queue is its own: whoever reads slowly keeps nobody waiting but this stream, and a second
/// that waits costs about a kilobyte.
final class SecondStream: RunObserver, @unchecked Sendable {
    // `@unchecked`: `lines` is touched on the queue only.
    private let queue = DispatchQueue(label: "spate.seconds")
    private var lines: SecondLines

    init(_ manifest: RunManifest) {
        self.lines = SecondLines(manifest)
    }

    /// Takes what the run delivered; waits only for the end: then everything was written.
    func take(_ news: RunNews) {
        switch news {
        case .seconds(let rows): self.queue.async { Console.raw(self.lines.take(rows)) }
        case .ended: self.queue.sync { Console.raw(self.lines.finish()) }
        default: break
        }
    }
}
