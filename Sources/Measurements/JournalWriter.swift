import Dispatch
package import Primitives
import Synchronization

/// What `attempts.ndjson` is to hold.
package struct AttemptListing: Sendable {
    /// True when the lanes list every attempt: the file may then take half of the journal.
    package var isWhole: Bool
    /// The idempotency key of an intent, by population and number; called on the journal's queue.
    package var key: (@Sendable (_ population: Int, _ intent: Int) -> String)?
    /// The ids that an attempt's `traceparent` carried; likewise; nil where none was sent.
    package var trace: (@Sendable (AttemptSample) -> (trace: String, span: String)?)?

    /// A listing; a sample without keys unless said otherwise.
    package init(
        isWhole: Bool = false,
        key: (@Sendable (_ population: Int, _ intent: Int) -> String)? = nil
    ) {
        self.isWhole = isWhole
        self.key = key
    }
}

/// Writes a run's files while the run is on, off the lanes: every call returns at once.
///
/// Owns a serial queue; what is handed over is written in order. Each second goes out with plain
/// `write(2)` as it comes, nothing is held back, so that SIGKILL loses what was not handed over yet
/// and nothing else (timings are gathered over ten seconds). A slow disk delays the journal, never
/// the load: what waits is merged into rows of ten seconds, and memory is bounded. The first
/// failure is reported once and ends the writing of seconds; what was written stays readable.
package final class JournalWriter: Sendable {
    /// How far the disk is behind.
    package struct Backlog: Sendable, Hashable {
        /// Seconds of the run that wait to be written.
        package var seconds: Int
        /// The longest write since the last look, the one under way included.
        package var longestWrite: Nanoseconds
    }
    /// What the queue owns; touched on it only, hence `@unchecked`.
    private final class State: @unchecked Sendable {
        let files: JournalFiles

        init(files: JournalFiles) {
            self.files = files
        }
    }
    /// What callers and the queue share.
    private struct Shared {
        var backlog: JournalBacklog
        var isDraining = false
        /// When the write under way began.
        var writing: MonotonicTime?
        var longest = Nanoseconds.zero
        /// Set once, by the queue or by a caller who finds the backlog overflown.
        var failure: JournalError?
    }
    private let queue = DispatchQueue(label: "spate.journal", qos: .utility)
    private let state: State
    private let shared: Mutex<Shared>
    private let path: String
    private let clock = SystemClock()
    private let onFailure: @Sendable (JournalError) -> Void

    /// Creates the journal's files and writes the manifest.
    ///
    /// - Parameters:
    ///   - origin: the instant of the run's second 0, as the lanes' recorders know it.
    ///   - sizeLimit: bytes after which rows cover ten seconds.
    ///   - listing: which attempts come to be listed, and the key each is listed by.
    ///   - waitingLimit: attempts that may wait to be listed, 250 bytes each; while the disk is
    ///     further behind, seconds are counted and their attempts not listed, as an event says.
    ///   - backlogLimit: bytes of memory that may wait for the disk; beyond, the journal fails.
    ///   - onFailure: called once, on another thread, when a write fails: stop the run.
    /// - Throws: `JournalError.notCreatable` or `.notWritable`.
    package convenience init(
        directory: RunDirectory, manifest: RunManifest, origin: MonotonicTime,
        sizeLimit: Int64 = 2_000_000_000, listing: AttemptListing = AttemptListing(),
        waitingLimit: Int = 200_000, backlogLimit: Int = 64 << 20,
        onFailure: @escaping @Sendable (JournalError) -> Void = { _ in }
    ) throws(JournalError) {
        try self.init(
            directory: directory, manifest: manifest, origin: origin, sizeLimit: sizeLimit,
            listing: listing, waitingLimit: waitingLimit, backlogLimit: backlogLimit,
            writing: AppendFile.system,
            onFailure: onFailure)
    }

    /// The same with another way to write than `write(2)`: for a test of a slow disk.
    package init(
        directory: RunDirectory, manifest: RunManifest, origin: MonotonicTime, sizeLimit: Int64,
        listing: AttemptListing = AttemptListing(), waitingLimit: Int = 200_000,
        backlogLimit: Int,
        writing: @escaping @Sendable (Int32, UnsafeRawPointer, Int) -> Int,
        onFailure: @escaping @Sendable (JournalError) -> Void
    ) throws(JournalError) {
        self.path = directory.path(of: .windows)
        self.onFailure = onFailure
        self.shared = Mutex(
            Shared(backlog: JournalBacklog(byteLimit: backlogLimit, attemptLimit: waitingLimit)))
        self.state = State(
            files: try JournalFiles(
                directory: directory, manifest: manifest, origin: origin, sizeLimit: sizeLimit,
                listing: listing, writing: writing))
    }

    /// Writes a second that is complete; seconds come in order, from 0, without gaps.
    package func write(
        second row: SecondRow, attempts: [AttemptSample], intentEnds: [IntentEnd]
    ) {
        self.add(
            .second(SecondMerger.Merged(row: row, attempts: attempts, intentEnds: intentEnds)))
    }

    /// Writes what a merger put out.
    package func write(_ merged: [SecondMerger.Merged]) {
        for second in merged { self.add(.second(second)) }
    }

    /// Writes an event, also after a failed write, for it may tell of that.
    package func write(event: RunEvent) {
        self.add(.event(event))
    }

    /// Writes a sample of the generator's own health.
    package func write(generator: GeneratorSample) {
        self.add(.generator(generator))
    }

    /// Writes a sample of the server's figures.
    package func write(server: ServerSample) {
        self.add(.server(server))
    }

    /// Writes the reconciliation; may come after the closing.
    package func write(reconciliation: Reconciliation) {
        self.add(.reconciliation(reconciliation))
    }

    /// Replaces the manifest: an operator moved what was planned.
    ///
    /// - Precondition: the populations stay as they were.
    package func write(manifest: RunManifest) {
        self.add(.manifest(manifest))
    }

    /// How far the disk is behind; forgets the longest write.
    package func takeBacklog() -> Backlog {
        let now = self.clock.now()
        return self.shared.withLock { shared in
            let present = shared.writing.map { now - $0 } ?? .zero
            defer { shared.longest = .zero }
            return Backlog(
                seconds: shared.backlog.seconds, longestWrite: max(shared.longest, present))
        }
    }

    /// Writes how the run ended, after all that was handed over before; blocks until it is done.
    ///
    /// After a failed write the closing is tried all the same, being small.
    /// - Throws: the first failure of the whole run, or `JournalError.ledger` when the sums of what
    ///   was written do not add up.
    package func write(closing: RunClosing) throws(JournalError) {
        let failure = self.queue.sync { () -> JournalError? in
            self.drain()
            let earlier = self.failure
            do throws(JournalError) {
                try self.state.files.write(closing: closing, isWhole: earlier == nil)
            } catch {
                return earlier ?? error
            }
            return earlier
        }
        if let failure { throw failure }
    }

    /// Blocks until all that was handed over is written; returns the first failure, if any.
    @discardableResult
    package func flush() -> JournalError? {
        self.queue.sync {
            self.drain()
            return self.failure
        }
    }

    // MARK: - The backlog

    private var failure: JournalError? { self.shared.withLock { $0.failure } }

    private func add(_ entry: JournalBacklog.Entry) {
        let (isIdle, overflown) = self.shared.withLock { shared -> (Bool, JournalError?) in
            if case .second = entry, shared.failure != nil { return (false, nil) }
            shared.backlog.append(entry)
            var failure: JournalError?
            if shared.failure == nil, shared.backlog.isOverflown {
                failure = .tooSlow(path: self.path, seconds: shared.backlog.seconds)
                shared.failure = failure
                // Nothing of it will be written: what is left must not grow any more.
                shared.backlog.discardSeconds()
            }
            defer { shared.isDraining = true }
            return (!shared.isDraining, failure)
        }
        if let overflown {
            // The queue is stuck in a write, and the caller may hold a lock of its own.
            DispatchQueue.global(qos: .utility).async { self.onFailure(overflown) }
        }
        guard isIdle else { return }
        self.queue.async {
            ThreadPriority.stepBack()
            self.drain()
        }
    }

    /// Writes entry by entry until none is left; on the queue.
    private func drain() {
        while true {
            let now = self.clock.now()
            let entry = self.shared.withLock { shared -> JournalBacklog.Entry? in
                if let began = shared.writing { shared.longest = max(shared.longest, now - began) }
                let entry = shared.backlog.popFirst()
                shared.writing = entry == nil ? nil : now
                if entry == nil { shared.isDraining = false }
                return entry
            }
            guard let entry else { return }
            self.write(entry)
        }
    }

    /// Carries out one write, unless one has failed before; events are always tried.
    private func write(_ entry: JournalBacklog.Entry) {
        let files = self.state.files
        let hasFailed = self.failure != nil
        do throws(JournalError) {
            switch entry {
            case .event(let event): try files.write(event: event)
            case _ where hasFailed: break
            case .second(let merged):
                try files.write(
                    second: merged.row, attempts: merged.attempts, intentEnds: merged.intentEnds)
            case .generator(let sample): try files.write(generator: sample)
            case .server(let sample): try files.write(server: sample)
            case .reconciliation(let result): try files.write(reconciliation: result)
            case .manifest(let manifest): try files.write(manifest: manifest)
            }
        } catch {
            guard !hasFailed else { return }
            let isFirst = self.shared.withLock { shared in
                guard shared.failure == nil else { return false }
                shared.failure = error
                return true
            }
            if isFirst { self.onFailure(error) }
        }
    }
}
