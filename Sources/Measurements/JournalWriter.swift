import Dispatch
package import Primitives
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What `attempts.ndjson` is to hold.
package struct AttemptListing: Sendable {
    /// True when the lanes list every attempt: the file may then take half of the journal.
    package var isWhole: Bool
    /// The idempotency key of an intent, by population and number; called on the journal's queue.
    package var key: (@Sendable (_ population: Int, _ intent: Int) -> String)?

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
/// Owns a serial queue; calls are carried out in order. Each second goes out with plain `write(2)`
/// as it comes, nothing is held back, so that SIGKILL loses what was not handed over yet and
/// nothing else (timings are gathered over ten seconds). The first failure is reported once and
/// ends the writing of seconds; what was written stays readable.
package final class JournalWriter: Sendable {
    /// What the queue owns; touched on it only, hence `@unchecked`.
    private final class State: @unchecked Sendable {
        let files: JournalFiles
        var failure: JournalError?
        let onFailure: @Sendable (JournalError) -> Void

        init(files: JournalFiles, onFailure: @escaping @Sendable (JournalError) -> Void) {
            self.files = files
            self.onFailure = onFailure
        }

        /// Carries out one write, unless one has failed before.
        func attempt(_ write: (JournalFiles) throws(JournalError) -> Void) {
            guard self.failure == nil else { return }
            do throws(JournalError) {
                try write(self.files)
            } catch {
                self.failure = error
                self.onFailure(error)
            }
        }
    }
    private let queue = DispatchQueue(label: "spate.journal", qos: .utility)
    private let state: State
    private let waitingLimit: Int
    /// Attempts handed over and not yet listed.
    private let waiting = Atomic<Int>(0)

    /// Creates the journal's files and writes the manifest.
    ///
    /// - Parameters:
    ///   - origin: the instant of the run's second 0, as the lanes' recorders know it.
    ///   - sizeLimit: bytes after which rows cover ten seconds.
    ///   - listing: which attempts come to be listed, and the key each is listed by.
    ///   - waitingLimit: attempts that may wait to be listed, 250 bytes each; while the disk is
    ///     further behind, seconds are counted and their attempts not listed, as an event says.
    ///   - onFailure: called once, on the journal's queue, when a write fails: stop the run.
    /// - Throws: `JournalError.notCreatable` or `.notWritable`.
    package init(
        directory: RunDirectory, manifest: RunManifest, origin: MonotonicTime,
        sizeLimit: Int64 = 2_000_000_000, listing: AttemptListing = AttemptListing(),
        waitingLimit: Int = 200_000,
        onFailure: @escaping @Sendable (JournalError) -> Void = { _ in }
    ) throws(JournalError) {
        self.waitingLimit = waitingLimit
        self.state = State(
            files: try JournalFiles(
                directory: directory, manifest: manifest, origin: origin, sizeLimit: sizeLimit,
                listing: listing),
            onFailure: onFailure)
    }

    /// Has the queue do something, on a thread that lets the lanes go first.
    private func later(_ work: @escaping @Sendable (State) -> Void) {
        self.queue.async { [state] in
            JournalWriter.stepBack()
            work(state)
        }
    }

    /// Makes the present thread of the utility class one that yields to the lanes' threads.
    ///
    /// Packing a second's histograms takes milliseconds, which a lane on the same core would wait
    /// for; the two steps that Dispatch takes for this class are few. With ten, a busy machine left
    /// the journal seconds behind, and SIGKILL would have cost them. The class's threads are its
    /// own, so nobody else is held back; not to be called on a borrowed thread (`sync`).
    private static func stepBack() {
        // On Linux a priority belongs to a thread; 0 is the caller. One that is lower stays so.
        #if canImport(Glibc)
            let process = __priority_which_t(PRIO_PROCESS.rawValue)
            if getpriority(process, 0) < 5 { _ = setpriority(process, 0, 5) }
        #elseif canImport(Musl)
            if getpriority(PRIO_PROCESS, 0) < 5 { _ = setpriority(PRIO_PROCESS, 0, 5) }
        #endif
    }

    /// Writes a second that is complete; seconds come in order, from 0, without gaps.
    package func write(
        second row: SecondRow, attempts: [AttemptSample], intentEnds: [IntentEnd]
    ) {
        let count = attempts.count
        let isBehind = self.waiting.load(ordering: .relaxed) + count > self.waitingLimit
        let listed = isBehind ? [] : attempts
        self.waiting.add(listed.count, ordering: .relaxed)
        self.later { [self] state in
            state.attempt { files throws(JournalError) in
                try files.write(second: row, attempts: listed, intentEnds: intentEnds)
                guard isBehind, count > 0 else { return }
                try files.write(
                    event: RunEvent(
                        t: Double(row.end), kind: "problem",
                        label: "the disk is slower than the load: \(count) attempts of second "
                            + "\(row.second) are counted, not listed"))
            }
            self.waiting.subtract(listed.count, ordering: .relaxed)
        }
    }

    /// Writes what a merger put out.
    package func write(_ merged: [SecondMerger.Merged]) {
        for second in merged {
            self.write(
                second: second.row, attempts: second.attempts, intentEnds: second.intentEnds)
        }
    }

    /// Writes an event, also after a failed write, for it may tell of that.
    package func write(event: RunEvent) {
        self.later { state in
            if state.failure == nil {
                state.attempt { files throws(JournalError) in try files.write(event: event) }
            } else {
                try? state.files.write(event: event)
            }
        }
    }

    /// Writes a sample of the generator's own health.
    package func write(generator: GeneratorSample) {
        self.later { state in
            state.attempt { files throws(JournalError) in try files.write(generator: generator) }
        }
    }

    /// Writes a sample of the server's figures.
    package func write(server: ServerSample) {
        self.later { state in
            state.attempt { files throws(JournalError) in try files.write(server: server) }
        }
    }

    /// Writes the reconciliation; may come after the closing.
    package func write(reconciliation: Reconciliation) {
        self.later { state in
            state.attempt { files throws(JournalError) in
                try files.write(reconciliation: reconciliation)
            }
        }
    }

    /// Writes how the run ended, after all that was handed over before; blocks until it is done.
    ///
    /// After a failed write the closing is tried all the same, being small.
    /// - Throws: the first failure of the whole run, or `JournalError.ledger` when the sums of what
    ///   was written do not add up.
    package func write(closing: RunClosing) throws(JournalError) {
        let failure = self.queue.sync { [state] () -> JournalError? in
            let earlier = state.failure
            do throws(JournalError) {
                try state.files.write(closing: closing, isWhole: earlier == nil)
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
        self.queue.sync { [state] in state.failure }
    }
}
