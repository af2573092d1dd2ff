import Diagnosis
import Engine
import Foundation
import Measurements
import Planning
import Primitives
import Reporting
import Scenarios
import Targets
import Telemetry
import Transport

/// One run from consent to reports: brings the target up, plays the plan, reconciles, explains.
struct RunSession {
    /// The scenario.
    var loaded: LoadedScenario
    /// What the user allowed.
    var consent: ConsentRequest
    /// `--source` and `--force`.
    var sources: SourceArguments
    /// `--out-dir`.
    var outDirectory: String?
    /// `--keep-spool`.
    var keepsSpool: Bool
    /// How progress is shown.
    var live: LiveOptions
    /// `-v`.
    var isVerbose: Bool
    /// `-o attempts`: every attempt is listed, not a sample.
    var listsAttempts: Bool
    /// `--lanes`; nil for as many as the plan wants.
    var lanes: Int?
    /// `--max-duration`; nil for the scenario's own limit.
    var timeLimit: Nanoseconds?
    /// False for `--no-probes`.
    var usesProbes = true
    /// True for `-o ndjson=-`: each second on stdout while the run lasts.
    var streamsSeconds = false
    /// Who is told of the seconds; nil for nobody.
    var telemetry: TelemetryHub?

    /// A run that has ended and been reported.
    struct Finished {
        var report: Report
        var record: RunRecord
        var directory: FinishedDirectory
        var findings: Findings
    }

    /// Where the load goes, and what has to be ended afterwards.
    private struct Target {
        var agreed: AgreedTarget
        var sources: [String]
        var intake: IntakeProcess?
        var side = ServerSide()
    }

    /// Runs it all.
    ///
    /// - Throws: a `Failure` or one of the stages' errors, before anything was left behind.
    func execute() async throws -> Finished {
        MachineFacts.raiseDescriptorLimit()
        // Consent comes before the directory: a refusal leaves nothing behind.
        var agreed = AgreedTarget.loopback
        if case .url(let url) = self.loaded.plan.target {
            let http = self.loaded.plan.http
            agreed = try await Consent.obtain(
                url: url, request: self.consent, now: .now(), route: http.route,
                looksUp: http.lookupLifetime != nil, options: LaneOptions(self.loaded.plan))
        }
        let places = try await ProbePlaces.agreed(
            self.usesProbes ? self.loaded.plan : nil, target: agreed, request: self.consent)
        let sources = try self.sources.addresses(for: agreed)
        let outline = self.loaded.plan.outline(
            machine: MachineFacts.limits(
                for: self.loaded.plan, sources: sources.count,
                directory: self.outDirectory ?? "reports"),
            everyAttempt: self.listsAttempts)
        try self.sources.refuse(outline)
        let directory = try self.makeDirectory()
        let target: Target
        do {
            target = try self.bringUp(agreed, from: sources, in: directory, places: places)
        } catch {
            directory.discard()
            throw error
        }
        defer { target.intake?.stop() }
        let started = WallTime.now()
        let manifest = self.manifest(started: started, target: target)
        let recording = try RunRecording(
            directory: directory, manifest: manifest, scenarioText: self.loaded.text,
            plan: self.loaded.plan, outline: outline,
            listing: self.listing(target: target, runID: manifest.id))
        if self.streamsSeconds { recording.tell(SecondStream(manifest)) }
        if let telemetry = self.telemetry { recording.tell(telemetry) }
        var closing = try await self.play(
            target: target, manifest: manifest, recording: recording)
        closing.capacityMeasured = try await self.reconcile(
            target: target, manifest: manifest, recording: recording)
        let exports = await self.telemetry?.finish() ?? []
        if !exports.isEmpty { closing.telemetry = exports }
        try recording.close(closing)
        target.intake?.stop()
        if !self.keepsSpool, let intake = target.intake {
            try? FileManager.default.removeItem(atPath: intake.dataDirectory + "/spool")
        }
        let reported = try self.report(directory, journalFailure: recording.failure)
        return Finished(
            report: reported.report, record: reported.record,
            directory: FinishedDirectory(path: directory.path), findings: reported.findings)
    }

    /// Makes the reports; where the journal found no room, they may find none either.
    ///
    /// The run's answer is then that it is invalid (95), not that a file could not be written.
    private func report(
        _ directory: RunDirectory, journalFailure: String?
    ) throws -> ReportMaking.Made {
        do { return try ReportMaking.make(directory: directory) } catch let error as ReportFileError
        {
            guard let journalFailure else { throw error }
            Console.note("spate: \(journalFailure)")
            Console.note(
                "hint: free some room, then: spate report \(directory.path); what was written so"
                    + " far is readable")
            return try ReportMaking.explain(directory: directory)
        }
    }

    // MARK: - The target

    private func makeDirectory() throws -> RunDirectory {
        if let path = self.outDirectory { return try RunDirectory.create(exactly: path) }
        return try RunDirectory.create(scenario: self.loaded.baseName, started: .now())
    }

    private func bringUp(
        _ agreed: AgreedTarget, from sources: [String], in directory: RunDirectory,
        places: ProbePlaces?
    ) throws -> Target {
        let plan = self.loaded.plan
        guard case .intake(let settings) = plan.target else {
            return Target(
                agreed: agreed, sources: sources,
                side: try ServerSide(plan, places, target: agreed, intake: nil))
        }
        let environment = ProcessInfo.processInfo.environment
        let program = try IntakeProcess.locate(
            besides: Invocation.binary, path: environment["PATH"] ?? "")
        var given = settings.map { (path: $0.path, value: $0.value) }
        given.append((path: "timeScale", value: String(self.loaded.plan.timeScale)))
        let intake = try IntakeProcess(
            executable: program, settings: given, dataDirectory: directory.path + "/intake",
            logPath: directory.path + "/intake.log")
        var pinned = agreed
        pinned.url = intake.baseURL
        do {
            return Target(
                agreed: pinned, sources: sources, intake: intake,
                side: try ServerSide(plan, places, target: pinned, intake: intake))
        } catch {
            intake.stop()
            throw error
        }
    }

    private func manifest(started: WallTime, target: Target) -> RunManifest {
        let plan = self.loaded.plan
        let name = self.loaded.baseName
        var manifest = RunManifest(
            id: "\(name)-\(started.stamp)-\(getpid())", scenario: plan.name,
            description: plan.description,
            scenarioSHA256: ContentDigest.sha256(Array(self.loaded.text.utf8)),
            seed: plan.seed, started: started.iso8601, timeScale: plan.timeScale,
            plannedSeconds: plan.duration.seconds, version: SpateVersion.current,
            libcurl: CurlVersion.current.version,
            command: Invocation.redacted(Invocation.arguments),
            target: target.intake == nil ? target.agreed.redactedURL : "intake",
            host: MachineFacts.host(sources: target.sources.count),
            populations: plan.populations.map(\.facts),
            phases: plan.phases.map(\.facts), timeline: plan.timeline.map(\.facts))
        manifest.change = self.loaded.change
        manifest.experiments = ExperimentDesign.possible(for: self.loaded.scenario)
        manifest.insecure = plan.http.insecure
        manifest.reconciles = target.intake != nil
        manifest.probes = target.side.facts
        if case .intake(let settings) = plan.target {
            manifest.intakeSettings = Dictionary(
                settings.map { ($0.path, $0.value) }, uniquingKeysWith: { $1 })
        }
        return manifest
    }

    // MARK: - The load

    private func play(
        target: Target, manifest: RunManifest, recording: RunRecording
    ) async throws -> RunClosing {
        let plan = self.loaded.plan
        var options = RunOptions(
            plan: plan, runID: manifest.id, baseURL: target.agreed.url,
            adminURL: target.intake?.adminURL)
        if self.listsAttempts { options.sampleLimit = .max }
        options.lanes = self.lanes
        options.timeLimit = self.timeLimit ?? options.timeLimit
        options.laneOptions.allowedAddresses = target.agreed.gate
        options.laneOptions.resolve = target.agreed.resolve
        options.laneOptions.sourceAddresses = target.sources
        options.controlOptions.allowedAddresses = target.agreed.gate
        options.controlOptions.resolve = target.agreed.resolve
        let run = try Run(options: options, sink: recording)
        recording.whenFailing { run.stop(.journalFull) }
        let rules = ThresholdGuard(rules: plan.thresholds, manifest: manifest, run: run)
        recording.tell(rules)
        let signals = Signals { count in
            run.stop(.signal)
            if count == 1 {
                let inFlight = run.progress.inFlight
                Console.note("Stopping: \(inFlight) in flight. Ctrl-C again to stop now.")
            }
        }
        defer { signals.cancel() }
        let display = LiveDisplay(
            run: run, plan: plan, manifest: manifest, folder: recording.folder, options: self.live)
        recording.tell(display)
        let sampling = try ServerSampling(
            target.side, intake: self.usesProbes ? target.intake : nil, recording: recording,
            isQuiet: self.live.mode == .off)
        if self.isVerbose { Console.note("target \(target.agreed.url) (\(target.agreed.basis))") }
        recording.tell(sampling)
        try run.start()
        display.begin()
        let outcome = await run.waitUntilFinished()
        display.end()
        var closing = RunClosing(
            stopped: outcome.stopped.rawValue, duration: outcome.duration.seconds,
            detail: recording.failure)
        closing.threshold = rules.ended
        closing.probes = await sampling.end()
        return closing
    }

    private func drafter(target: Target, runID: String) -> RequestDrafter {
        RequestDrafter(
            plan: self.loaded.plan, runID: runID, baseURL: target.agreed.url,
            adminURL: target.intake?.adminURL)
    }

    /// What is listed of the attempts: each by the key that its requests carried.
    private func listing(target: Target, runID: String) -> AttemptListing {
        let drafter = self.drafter(target: target, runID: runID)
        var listing = AttemptListing(isWhole: self.listsAttempts) { population, intent in
            drafter.idempotencyKey(population: population, intent: intent)
        }
        guard self.loaded.plan.http.tracing else { return listing }
        listing.trace = { sample in
            drafter.trace(
                population: sample.population, intent: sample.intent, step: sample.step,
                attempt: sample.attempt, intendedStart: sample.intendedStart
            ).map { ($0.trace, $0.span) }
        }
        return listing
    }

    // MARK: - The store

    /// Asks the intake what it stored; a listing that could not be had leaves no reconciliation.
    ///
    /// - Returns: the capacity the intake measured of itself, if it did.
    private func reconcile(
        target: Target, manifest: RunManifest, recording: RunRecording
    ) async throws -> Double? {
        recording.finishSeconds()
        guard let intake = target.intake, intake.isRunning else { return nil }
        let client = try ControlClient(gate: .loopback)
        let questions = StoreQuestions(client: client, adminURL: intake.adminURL)
        let drafter = self.drafter(target: target, runID: manifest.id)
        if await !questions.waitForQuiet() {
            Console.note("the intake was still at work after 30 s; its listing may be short")
        }
        let capacity = await questions.capacityMeasured()
        do {
            let listing = try await questions.listing()
            try recording.reconcile(
                listing: listing, reviews: await questions.reviews(),
                key: { drafter.idempotencyKey(population: $0.population, intent: $0.number) })
        } catch let error as TargetError {
            Console.note("the store could not be listed: \(error.message)")
        }
        await client.shutdown()
        return capacity
    }
}
