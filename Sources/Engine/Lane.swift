import Dispatch
import Measurements
import Planning
import Primitives
import Scenarios
import Transport

/// Executes a share of a run: does what its state asks for, and reports back what happened.
///
/// Unchecked Sendable: everything is confined to the transfers' queue; each entry checks that.
final class Lane: @unchecked Sendable {
    /// What a lane hands over once a second.
    struct Harvest: Sendable {
        /// The seconds that ended.
        var seconds: [LaneSecond]
        /// Mistakes not told before, one line each.
        var problems: [String]
        /// How busy the lane was since the harvest before.
        var load: LaneLoad.Taken?
        /// True when nothing more will come.
        var isLast: Bool
    }
    /// What the shell keeps about a seat.
    private struct Place {
        var client: NumberedClient?
        var step = 0
        var attempt = 0
        /// Retries sent for the present intent.
        var retries = 0
        var intendedStart = MonotonicTime(nanoseconds: 0)
        /// Bytes of the present request's body; -1 without one.
        var size: Int64 = -1
        var captures: [String: String] = [:]
    }
    /// A client, and the number of the first intent it served: its number in its population.
    private struct NumberedClient {
        var handle: ClientHandle
        var number: Int
    }
    /// The most arrivals and timers served before answers get their turn.
    ///
    /// After a pause of the machine's hundreds of arrivals are due at once. All together they would
    /// need as many clients, whose new connections cost more than their requests and make the lane
    /// later still; a part at a time, the clients of the first serve the next.
    private static let releaseLimit = 64

    let transfers: TransferLane
    private let materials: RequestMaterials
    private let steps: [[StepExecution]]
    /// By population: its phones' networks.
    private let networks: [NetworkPlan?]
    /// True where requests carry `traceparent`.
    private let isTracing: Bool
    private let clock = SystemClock()
    // The queue owns what follows; the run-time need not check that nobody else looks.
    @exclusivity(unchecked) private var state: LaneState
    @exclusivity(unchecked) private var recorder: LaneRecorder
    @exclusivity(unchecked) private var places: [Place] = []
    /// By population: clients that several seats share.
    private var sharedClients: [[Int: NumberedClient]]
    @exclusivity(unchecked) private var actions: [LaneAction] = []
    @exclusivity(unchecked) private var alarm: MonotonicTime?
    private var resuming = ResumingUploads()
    private var problems = ProblemCounts()
    @exclusivity(unchecked) private var isEnded = false
    private let ended: @Sendable (Harvest) -> Void

    /// A lane at rest.
    ///
    /// - Parameter ended: called on the queue with the last harvest when nothing is left to do.
    /// - Throws: `.resource` when the transport cannot be made, `.capture` for a bad capture.
    init(
        label: String, plan: Plan, options: LaneOptions, state: LaneState,
        materials: RequestMaterials, sampleLimit: Int, keepsIntents: Bool,
        ended: @escaping @Sendable (Harvest) -> Void
    ) throws(EngineError) {
        var steps: [[StepExecution]] = []
        for population in plan.populations {
            var row: [StepExecution] = []
            for step in population.steps {
                row.append(
                    try StepExecution(step, population: population.index, materials: materials))
            }
            steps.append(row)
        }
        var options = options
        options.tracesAnswers = sampleLimit > 0
        do {
            self.transfers = try TransferLane(label: label, options: options)
        } catch {
            throw EngineError(.resource, error.message)
        }
        self.steps = steps
        self.networks = plan.populations.map(\.network)
        self.isTracing = plan.http.tracing
        self.sharedClients = Array(repeating: [:], count: plan.populations.count)
        self.materials = materials
        self.state = state
        self.recorder = LaneRecorder(
            origin: state.origin, populations: plan.populations.count, sampleLimit: sampleLimit,
            samplingSeed: state.lane, keepsIntents: keepsIntents)
        self.ended = ended
    }

    /// Begins to wait for the run's first arrival.
    func begin() {
        self.transfers.assertOnQueue()
        self.transfers.delegate = self
        self.transfers.activate()
        self.settle()
    }

    /// Takes out the seconds that ended.
    func harvest() -> Harvest {
        self.transfers.assertOnQueue()
        guard !self.isEnded else {
            return Harvest(seconds: [], problems: [], load: nil, isLast: true)
        }
        return self.takeHarvest(self.recorder.harvest(now: self.clock.now()), isLast: false)
    }

    /// Lets no intent begin any more.
    func stop() {
        self.transfers.assertOnQueue()
        guard !self.isEnded else { return }
        self.state.stop(now: self.clock.now())
        self.settle()
    }

    /// Ends every intent now.
    func cut() {
        self.transfers.assertOnQueue()
        guard !self.isEnded else { return }
        let now = self.clock.now()
        self.state.cut(now: now, into: &self.actions)
        self.perform(now: now)
        self.settle()
    }

    /// Plays the rest of the plan at another pace.
    func play(at pace: PlanPace) {
        self.transfers.assertOnQueue()
        guard !self.isEnded else { return }
        let now = self.clock.now()
        self.state.play(at: pace, now: now, into: &self.actions)
        self.perform(now: now)
        self.settle()
    }

    private func takeHarvest(_ seconds: [LaneSecond], isLast: Bool) -> Harvest {
        Harvest(
            seconds: seconds, problems: self.problems.take(isLast: isLast),
            load: self.transfers.takeLoad(), isLast: isLast)
    }

    /// Arms the next alarm, or ends the lane when nothing is left.
    private func settle() {
        if self.state.isFinished {
            guard !self.isEnded else { return }
            self.isEnded = true
            self.transfers.setAlarm(nil)
            self.ended(
                self.takeHarvest(self.recorder.harvestAll(now: self.clock.now()), isLast: true))
            // Not from within the transport's own call.
            self.transfers.async { self.transfers.shutdown() }
            return
        }
        let next = self.state.nextAlarm
        guard next != self.alarm else { return }
        self.alarm = next
        self.transfers.setAlarm(next)
    }

    // MARK: - Doing

    /// Does what the state asked for; what that leads to is appended and done as well.
    ///
    /// `now` stamps what is only counted; starts read the clock, since a batch takes its time.
    private func perform(now: MonotonicTime) {
        var index = 0
        while index < self.actions.count {
            switch self.actions[index] {
            case .start(let seat, let step, let attempt, let intendedStart):
                self.start(seat: seat, step: step, attempt: attempt, intendedStart: intendedStart)
            case .arrived(let population, _, let at):
                self.recorder.arrived(population: population, at: at, now: now)
            case .dropped(let population, let number, let arrival, let reason):
                self.recorder.intentEnded(
                    population: population, number: number, arrival: arrival, ending: .dropped,
                    drop: reason, now: now)
            case .cancel(let seat):
                self.transfers.cancel(token: self.token(seat))
            case .decide(let seat, let generation, let condition):
                self.decide(seat: seat, generation: generation, condition: condition, now: now)
            case .concluded(
                let seat, let population, let number, let arrival, let ending, let attempts,
                let presses):
                self.recorder.intentEnded(
                    population: population, number: number, arrival: arrival, ending: ending,
                    effort: IntentEffort(
                        attempts: attempts, retries: self.takeRetries(seat), presses: presses),
                    now: now)
            case .left(let seat, let retire):
                if seat < self.places.count { self.clear(seat, retire: retire) }
            case .ended(
                let seat, let population, let number, let arrival, let ending, let attempts,
                let presses, let retire):
                self.recorder.intentEnded(
                    population: population, number: number, arrival: arrival, ending: ending,
                    effort: IntentEffort(
                        attempts: attempts, retries: self.takeRetries(seat), presses: presses),
                    now: now)
                if seat < self.places.count { self.clear(seat, retire: retire) }
            }
            index += 1
        }
        self.actions.removeAll(keepingCapacity: true)
    }

    private func takeRetries(_ seat: Int) -> Int {
        guard seat < self.places.count else { return 0 }
        defer { self.places[seat].retries = 0 }
        return self.places[seat].retries
    }

    private func clear(_ seat: Int, retire: Bool) {
        if !self.places[seat].captures.isEmpty { self.places[seat].captures = [:] }
        self.places[seat].retries = 0
        self.resuming.forget(seat: seat)
        if retire, let client = self.places[seat].client {
            self.transfers.retire(client.handle)
            self.places[seat].client = nil
        }
    }

    private func start(seat: Int, step: Int, attempt: Int, intendedStart: MonotonicTime) {
        // A branch has its intent's client and captures.
        let root = self.state.root(of: seat)
        while self.places.count <= max(seat, root) { self.places.append(Place()) }
        let population = self.state.seats[seat].population
        let intent = self.state.seats[seat].intent.intent
        let instruction = self.state.seats[seat].intent.place(
            self.state.crowds[population].crowd.journey)
        var request: TransferRequest
        do {
            request = try self.steps[population][step].request(
                intent: intent, instruction: instruction,
                captures: self.places[root].captures, materials: self.materials)
            self.trace(&request, seat: seat, step: step, attempt: attempt, at: intendedStart)
            self.places[seat].size = request.prepared.hasBody ? request.body?.length ?? 0 : -1
            request = try self.resuming.first(
                request, of: self.steps[population][step], attempt: attempt, seat: seat)
        } catch {
            self.count("\(self.steps[population][step].plan.name): \(error.message)")
            self.state.draftFailed(seat: seat, now: self.clock.now(), into: &self.actions)
            return
        }
        let client = self.places[root].client ?? self.makeClient(seat: root)
        self.places[root].client = client
        self.places[seat].step = step
        self.places[seat].attempt = attempt
        self.places[seat].intendedStart = intendedStart
        let now = self.clock.now()
        if attempt == 0 {
            self.recorder.stepBegan(population: population, now: now)
        } else {
            self.places[root].retries += 1
        }
        self.recorder.attemptStarted(
            population: population, isRetry: attempt > 0, lag: now - intendedStart, now: now)
        self.transfers.start(request, client: client.handle, token: self.token(seat), now: now)
    }

    /// Puts `traceparent` on a request where the scenario asks for it.
    private func trace(
        _ request: inout TransferRequest, seat: Int, step: Int, attempt: Int, at: MonotonicTime
    ) {
        guard self.isTracing else { return }
        let ids = self.materials.drafter.trace(
            population: self.state.seats[seat].population,
            intent: self.state.seats[seat].intent.intent, step: step, attempt: attempt,
            intendedStart: at)
        if let ids { request.extraHeaders.append(("traceparent", ids.header)) }
    }

    /// Asks what a condition needs to know.
    private func decide(seat: Int, generation: UInt32, condition: Int, now: MonotonicTime) {
        let root = self.state.root(of: seat)
        let population = self.state.seats[seat].population
        let intent = self.state.seats[seat].intent
        let journey = self.state.crowds[population].crowd.journey
        let context = DraftContext(
            population: population, intent: intent.intent, instruction: 0,
            captures: root < self.places.count ? self.places[root].captures : [:])
        let facts = FlowCondition.Facts(
            status: Int(intent.status), hasFailed: intent.hasFailed, ending: intent.ending)
        let holds = journey.program.conditions[condition].holds(facts) { expression in
            self.materials.drafter.value(of: expression, context: context)
        }
        self.state.decided(
            seat: seat, generation: generation, holds: holds, now: now, into: &self.actions)
    }

    /// Takes a good answer's values; false when one is missing that the journey needs.
    private func capture(_ step: StepExecution, _ result: TransferResult, seat: Int) -> Bool {
        let root = self.state.root(of: seat)
        for capture in step.captures {
            let found = capture.value(headers: result.responseHeaders, body: result.responseBody)
            guard let value = found ?? capture.fallback else {
                self.count("\(step.plan.name): a good answer has nothing at \(capture.place)")
                return false
            }
            self.places[root].captures[capture.name] = value
        }
        return true
    }

    private func count(_ problem: String) { self.problems.count(problem) }

    /// The client of a seat's first request; seats with one owner get the same one, for good.
    private func makeClient(seat: Int) -> NumberedClient {
        guard let owner = self.state.seats[seat].owner else { return self.newClient(seat: seat) }
        let population = self.state.seats[seat].population
        if let client = self.sharedClients[population][owner] { return client }
        let client = self.newClient(seat: seat)
        self.sharedClients[population][owner] = client
        return client
    }

    /// A new client, on the network that its first intent's number draws.
    private func newClient(seat: Int) -> NumberedClient {
        let place = self.state.seats[seat]
        let number = place.intent.intent
        guard let network = self.networks[place.population] else {
            return NumberedClient(handle: self.transfers.makeClient(), number: number)
        }
        let handle = self.transfers.makeClient(
            network: network.client(firstIntent: number), since: place.arrival)
        return NumberedClient(handle: handle, number: number)
    }

    private func token(_ seat: Int) -> UInt64 {
        UInt64(seat) << 32 | UInt64(self.state.seats[seat].generation)
    }
}

extension Lane: TransferLaneDelegate {
    func alarmFired(now: MonotonicTime) {
        self.transfers.assertOnQueue()
        guard !self.isEnded else { return }
        self.alarm = nil
        self.state.timerFired(now: now, atMost: Lane.releaseLimit, into: &self.actions)
        self.perform(now: now)
        guard let next = self.state.nextAlarm, next <= now else { return }
        self.alarm = next
        self.transfers.setAlarm(next)
    }

    func transferEnded(token: UInt64, result: TransferResult) {
        self.transfers.assertOnQueue()
        let seat = Int(token >> 32)
        precondition(self.token(seat) == token, "a transfer outlived its intent")
        let population = self.state.seats[seat].population
        let number = self.places[seat].step
        let intendedStart = self.places[seat].intendedStart
        let step = self.steps[population][number]
        var result = result
        let isWanted =
            !self.state.seats[seat].intent.isCut && !self.state.seats[seat].intent.isCalledOff
        if isWanted, let client = self.places[self.state.root(of: seat)].client,
            let rest = self.resuming.next(after: &result, of: step, seat: seat)
        {
            self.transfers.start(rest, client: client.handle, token: token, now: result.ended)
            return
        }
        var good = step.isGood(result, intendedStart: intendedStart)
        if good, !step.captures.isEmpty { good = self.capture(step, result, seat: seat) }
        let sample = AttemptSample(
            result, population: population, intent: self.state.seats[seat].intent.intent,
            step: number, attempt: self.places[seat].attempt, intendedStart: intendedStart,
            good: good, calledOff: self.state.seats[seat].intent.isCalledOff)
        self.recorder.attemptEnded(sample, now: result.ended) { trace in
            trace = AttemptTrace(result, answer: self.transfers.answerTrace())
            trace.number(lane: self.state.lane, of: self.state.lanes)
            trace.client = self.places[self.state.root(of: seat)].client?.number ?? -1
            trace.size = self.places[seat].size
        }
        self.state.attemptEnded(
            seat: seat,
            facts: AttemptFacts(
                outcome: sample.outcome, good: sample.good, retryAfter: result.retryAfter),
            at: result.ended, into: &self.actions)
        self.perform(now: result.ended)
    }

    func batchEnded(now: MonotonicTime) {
        self.transfers.assertOnQueue()
        if !self.isEnded { self.settle() }
    }
}
