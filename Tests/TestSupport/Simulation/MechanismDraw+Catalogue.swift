import Primitives

// MARK: - One recipe per mechanism

extension MechanismDraw {
    mutating func choose(_ label: String) {
        switch label {
        case "M01", "M02", "M10", "M13", "M14", "M15", "M18": self.overload(label)
        case "M05", "M06", "M08": self.admission(label)
        case "M07", "M09": self.reach(label)
        case "M11", "M12": self.policy(label)
        case "M16": self.downstream()
        case "M17", "M19": self.depletion(label)
        case "M20", "M25": self.process(label)
        case "M22": self.switchOff()
        case "M23", "M24": self.part(label)
        case "M27": self.harness()
        case "UNKNOWN": self.oddity()
        default: self.healthy()
        }
    }

    private mutating func overload(_ label: String) {
        self.tooMuchLoad()
        switch label {
        case "M01":
            self.serve(workers: self.pick([1, 2, 4]), processorShare: 0.95)
            self.run.simulation.server.cores = Double(self.run.simulation.server.workers)
            self.formQueue()
        case "M02":
            self.serve(
                workers: self.pick([4, 8, 16]), processorShare: self.uniform(0.02...0.2))
            self.formQueue()
        case "M13":
            self.run.simulation.server.shedAbove = max(
                10, 2 * self.run.simulation.server.workers)
            self.run.simulation.server.busyStatus = self.pick([503, 503, 429])
        case "M10":
            self.serveAmply()
            self.run.simulation.server.link = self.capacity * self.meanBody
        case "M14":
            self.serveAmply()
            self.run.simulation.server.workers = self.pick([64, 128, 256])
            let size = self.pick([2, 5, 10])
            var pool = SimulatedServer.Pool(
                size: size,
                hold: .uniform(
                    min: 0.6 * Double(size) / self.capacity,
                    max: 1.4 * Double(size) / self.capacity))
            pool.wait = self.pick([1.0, 2.0, 30.0])
            pool.status = self.pick([500, 503])
            self.run.simulation.server.pool = pool
        case "M15":
            // Waiting for locks costs no processor, spinning for them does.
            self.serve(
                workers: self.pick([16, 32]), processorShare: self.chance(0.5) ? 0.02 : 0.3)
            self.run.simulation.server.workers = 64
            // So that the best concurrency lies well below the workers there are.
            self.run.simulation.server.contention = (
                alpha: 0.02, beta: self.uniform(0.002...0.01)
            )
            self.scaleToCapacity()
        default:
            self.serveAmply()
            var disk = SimulatedServer.Disk(write: 0.6 / self.capacity)
            disk.bandwidth = self.meanBody * self.capacity / 0.3
            if self.chance(0.5) {
                disk.flushEvery = 5
                disk.flush = 0.5
            }
            self.run.simulation.server.disk = disk
            self.scaleDisk()
        }
    }

    private var meanBody: Double { self.run.simulation.crowds.first?.body.mean ?? 0 }

    private mutating func scaleToCapacity() {
        let real = self.run.simulation.server.capacity(body: self.meanBody)
        let mean = self.run.simulation.server.service.mean * real / self.capacity
        self.run.simulation.server.service = .uniform(min: 0.6 * mean, max: 1.4 * mean)
    }

    private mutating func scaleDisk() {
        guard var disk = self.run.simulation.server.disk else { return }
        let real = self.run.simulation.server.capacity(body: self.meanBody)
        disk.write *= real / self.capacity
        disk.bandwidth *= self.capacity / real
        self.run.simulation.server.disk = disk
    }

    private mutating func admission(_ label: String) {
        self.serveAmply()
        switch label {
        case "M05":
            self.run.simulation.server.acceptCost = 1 / self.capacity
            self.run.simulation.server.backlog = self.pick([8, 32, 128])
            self.tooMuchLoad()
        case "M06":
            let holds = self.uniform(2...6)
            let limit = Int(self.capacity * holds)
            self.run.simulation.server.descriptors = limit
            self.run.simulation.server.backlog = self.pick([16, 64, 128])
            self.tooMuchLoad()
            for index in 0..<2 { self.run.simulation.crowds[index].holds = holds }
            // Connections pile up for as long as they are held.
            self.run.onset = self.run.onset.map { $0 + 0.5 * holds }
            self.run.capacity = nil
        default:
            self.run.simulation.server.handshake = 1 / self.capacity
            self.tooMuchLoad()
        }
    }

    private mutating func reach(_ label: String) {
        self.bearableLoad()
        let end: Double? = self.chance(0.5) ? 75 : nil
        if label == "M09" {
            self.fault(
                .names(share: self.pick([1, 1, 0.5]), timesOut: self.chance(0.5)), until: end)
        } else if self.chance(0.3) {
            self.fault(.unreachable, until: end)
        } else {
            self.fault(.path(share: self.pick([1, 1, 0.7])), until: end)
        }
    }

    private mutating func policy(_ label: String) {
        self.bearableLoad()
        let seconds = Double(self.run.simulation.seconds)
        let begin = self.uniform(22...35)
        if label == "M11" {
            // Out of reach of what was sent before.
            let usual = self.run.simulation.crowds[0].body.percentile99
            let limit = max(4 * usual, self.logUniform(50_000...2_000_000))
            self.run.simulation.server.bodyLimit = limit
            self.run.simulation.server.refusesBodiesEarly = self.chance(0.5)
            var videos = SimulatedCrowd(
                "videos", .noise,
                RateCurve([.init(begin, 0.3 * self.capacity), .init(seconds, 0.3 * self.capacity)]))
            videos.body = .lognormal(median: limit * self.uniform(0.7...1.6), p99: limit * 6)
            self.run.simulation.crowds.append(videos)
        } else {
            let clients = self.pick([3, 6, 12])
            var limiter = SimulatedServer.Limiter(
                rate: self.uniform(0.5...2), burst: self.pick([5, 10, 20]))
            limiter.status = self.pick([429, 429, 403, 503])
            limiter.retryAfter = self.chance(0.3) ? 10 : nil
            limiter.isPerClient = self.chance(0.75)
            let rate = 0.5 * self.capacity
            var few = SimulatedCrowd(
                "few", .noise, RateCurve([.init(begin, rate), .init(seconds, rate)]))
            few.clients = clients
            if !limiter.isPerClient {
                limiter.rate = 0.6 * self.capacity
                limiter.burst = 40
            }
            self.run.simulation.server.limiter = limiter
            self.run.simulation.crowds.append(few)
        }
        self.run.onset = begin
    }

    private mutating func downstream() {
        self.serveAmply()
        self.run.simulation.server.workers = self.pick([64, 256])
        self.bearableLoad()
        let deadline = self.pick([1.0, 2.0, 5.0])
        for index in 0..<2 {
            let timeout = max(self.run.simulation.crowds[index].timeout, 2 * deadline)
            self.run.simulation.crowds[index].timeout = timeout
        }
        self.fault(
            .downstream(
                deadline: deadline, share: self.pick([1, 0.6, 0.3]),
                status: self.pick([504, 504, 503, 502]), holdsWorker: self.chance(0.5)))
    }

    private mutating func depletion(_ label: String) {
        let share = self.uniform(0.25...0.5)
        self.load(quiet: share, peak: share)
        let time = self.uniform(30...55)
        if label == "M17" {
            let bytes = self.run.simulation.crowds.prefix(2).reduce(0.0) { sum, crowd in
                sum + crowd.body.mean * crowd.rate.rate(at: 1) * time
            }
            self.run.simulation.server.quota = bytes
            self.run.simulation.server.fullStatus = self.pick([507, 507, 500])
        } else {
            let units = share * self.capacity * time
            let limit = 1e9
            self.run.simulation.server.faults.append(
                SimulatedFault(
                    .leak(
                        perUnit: 0.5 * limit / units, limit: limit,
                        pause: self.uniform(1.5...3)), at: 0))
        }
        self.run.onset = label == "M17" ? time : nil
    }

    private mutating func process(_ label: String) {
        self.bearableLoad()
        if label == "M20" {
            let up: Double? = self.chance(0.6) ? self.uniform(5...9) : nil
            self.fault(.crash(down: self.uniform(up == nil ? 12...20 : 4...8), up: up))
        } else if self.chance(0.5) {
            self.fault(.slower(self.uniform(3...8)))
        } else {
            self.fault(.poison(share: self.uniform(0.2...1), status: self.pick([500, 500, 502])))
        }
    }

    private mutating func switchOff() {
        if self.chance(0.4) {
            // At the peak of a load that the server can just bear.
            self.load(quiet: 0.3, peak: 0.8)
        } else {
            self.bearableLoad()
        }
        let kind: SimulatedFault.SwitchOff = self.pick([
            .page(503), .page(503), .page(404), .listener, .name,
        ])
        self.fault(.off(kind), until: self.chance(0.3) ? 80 : nil)
    }

    private mutating func part(_ label: String) {
        if label == "M24" {
            self.bearableLoad()
            self.run.simulation.server.instances = self.pick([2, 3, 4])
            self.fault(.instance(status: self.pick([500, 502, nil])))
        } else if self.chance(0.5) {
            // More load than the first workers can do, until there are more of them.
            self.serve(workers: self.pick([4, 8]), processorShare: 0.4)
            self.load(quiet: 0.4, peak: self.uniform(1.3...1.7))
            let workers = self.run.simulation.server.workers
            let at = (self.run.onset ?? 40) + self.uniform(12...20)
            self.run.simulation.server.queue = Int(3 * self.capacity)
            self.run.simulation.server.faults.append(SimulatedFault(.workers(3 * workers), at: at))
        } else {
            self.load(quiet: 0.5, peak: 0.5)
            let time = self.uniform(30...45)
            let seconds = self.uniform(12...25)
            self.run.simulation.server.faults = [
                SimulatedFault(.crash(down: 0.5, up: nil), at: time),
                SimulatedFault(.cold(factor: self.uniform(4...8), seconds: seconds), at: time),
            ]
            self.run.onset = time
        }
    }

    private mutating func harness() {
        self.load(quiet: 0.3, peak: self.uniform(1.5...2.5))
        let limit = self.capacity
        // A server that could do much more than the generator.
        self.serveAmply()
        self.run.simulation.generatorLimit = limit
        self.run.onset = nil
        self.run.capacity = nil
    }

    private mutating func oddity() {
        self.bearableLoad()
        let kind = self.pick(SimulatedFault.Oddity.allCases)
        if kind == .expiredCertificate { self.run.simulation.server.handshake = 0.001 }
        self.fault(.oddity(kind))
    }

    private mutating func healthy() {
        let quiet = self.uniform(0.2...0.6)
        let peak = self.pick([quiet, 0.7, 0.75])
        self.load(quiet: quiet, peak: max(quiet, peak))
        self.run.onset = nil
        if self.chance(0.3) { self.keepConnections(self.pick([50, 200])) }
        if self.chance(0.2) { self.run.simulation.stalls = 0.02 }
        if self.chance(0.2) {
            self.run.overlays.append("M26")
            self.run.simulation.server.review = (analysts: 5, perItem: 2)
        }
    }
}
