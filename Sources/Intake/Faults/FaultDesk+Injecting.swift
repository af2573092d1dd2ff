import Primitives

extension FaultDesk {
    /// Injects one fault; returns how it is taken back, nil where other settings are all there is.
    ///
    /// - Throws: `FaultFailure` when this machine does not allow it.
    func inject(_ spec: FaultSpec, _ index: Int) async throws -> Undo? {
        switch spec.id {
        case .cpu:
            guard let threads = spec.count("threads") else { return nil }
            let burn = ProcessorBurn(threads: threads)
            return { burn.stop() }
        case .workers: return self.holdWorkers(spec.count("held") ?? 0)
        case .accept: return try await self.slowAcceptor(spec)
        case .connections:
            let listener = self.listener
            await listener.acceptSingly(true)
            return { await listener.acceptSingly(false) }
        case .descriptors: return try await self.lowerDescriptors(spec)
        case .pool: return self.squeezePool(spec)
        case .diskFull: return try await self.fillDisk(spec)
        case .switchOff: return try await self.switchOff(spec)
        case .lock, .fsync, .leak: return self.make(spec, index)
        case .pause: return self.pause(spec, index)
        case .crash: return self.crash(spec, index)
        case .queue, .bandwidth, .bodyLimit, .limiter, .shed, .downstream, .quota, .cold,
            .instance, .release, .poison, .analysts, .odd:
            return nil
        }
    }

    // MARK: - Workers, connections, descriptors

    /// Takes workers as requests do and does not give them back.
    private func holdWorkers(_ count: Int) -> Undo? {
        guard count > 0 else { return nil }
        let workers = self.services.workers
        let holders = (0..<count).map { _ in
            Task {
                while !Task.isCancelled {
                    switch await workers.acquire() {
                    case .granted:
                        // A worker that is stuck waits for something that does not come.
                        while !Task.isCancelled { try? await Task.sleep(for: .seconds(3_600)) }
                        workers.release(completed: false)
                        return
                    case .refused: try? await Task.sleep(for: .milliseconds(1))
                    case .left, .closed: return
                    }
                }
            }
        }
        return {
            for holder in holders { holder.cancel() }
            for holder in holders { await holder.value }
        }
    }

    private func slowAcceptor(_ spec: FaultSpec) async throws -> Undo {
        let listener = self.listener
        let before = self.services.settings.backlog
        if let backlog = spec.count("backlog") {
            guard await listener.setBacklog(backlog) else {
                throw FaultFailure(why: "the listening socket was not found")
            }
        }
        await listener.pace(spec.number("accepts") ?? 0)
        return {
            await listener.pace(nil)
            if spec.count("backlog") != nil { _ = await listener.setBacklog(before) }
        }
    }

    private func lowerDescriptors(_ spec: FaultSpec) async throws -> Undo {
        guard let before = DescriptorLimit.soft else {
            throw FaultFailure(why: "the limit of descriptors is not known")
        }
        let limit =
            spec.count("limit")
            ?? DescriptorLimit.limit(leaving: (spec.count("spare") ?? 0) + DescriptorLimit.reserve)
        let listener = self.listener
        await listener.mindDescriptors(true)
        guard limit <= before, DescriptorLimit.set(limit) else {
            await listener.mindDescriptors(false)
            throw FaultFailure(why: "the limit of descriptors cannot be \(limit)")
        }
        return {
            _ = DescriptorLimit.set(before)
            await listener.mindDescriptors(false)
        }
    }

    // MARK: - Store and disk

    private func squeezePool(_ spec: FaultSpec) -> Undo {
        let store = self.services.store
        store.squeeze(
            StoreSqueeze(
                size: spec.count("size") ?? 1, wait: spec.duration("wait") ?? .max,
                transaction: spec.duration("transaction") ?? .zero,
                status: spec.count("status") ?? 500))
        return { store.squeeze(nil) }
    }

    private func fillDisk(_ spec: FaultSpec) async throws -> Undo {
        let (spool, store) = (self.services.spool, self.services.store)
        let what = spec.word("full") ?? "spool"
        if what != "store" { spool.leaveRoom(spec.count("free") ?? 0) }
        if what != "spool" { try await store.setGrowing(false) }
        return {
            spool.leaveRoom(nil)
            if what != "spool" { try? await store.setGrowing(true) }
        }
    }

    // MARK: - The whole service

    private func switchOff(_ spec: FaultSpec) async throws -> Undo {
        let (services, desk) = (self.services, self.operatorDesk)
        let state = spec.word("state").flatMap(OperatorState.init(rawValue:)) ?? .page
        services.operatorStatus = spec.count("status")
        do {
            try await desk.decide(state, for: nil, isNoted: false)
        } catch {
            throw FaultFailure(why: "the listener cannot be changed: \(error)")
        }
        return {
            do {
                try await desk.decide(.open, for: nil, isNoted: false)
            } catch {
                services.log.line("operator: cannot open again: \(error)")
            }
            services.operatorStatus = nil
        }
    }

    private func make(_ spec: FaultSpec, _ index: Int) -> Undo {
        let tools = self.services.faultTools
        switch spec.id {
        case .lock:
            let lock = ContendedLock(
                section: spec.duration("section") ?? .zero,
                coherency: spec.duration("coherency") ?? .zero)
            tools.set(.lock(lock), for: index)
            return {
                tools.set(nil, for: index)
                await lock.stop()
            }
        case .fsync:
            let disk = SlowDisk(
                directory: self.directory, syncs: spec.count("syncs") ?? 1,
                bytes: spec.count("bytes") ?? 0, latency: spec.duration("latency") ?? .zero)
            tools.set(.disk(disk), for: index)
            return {
                tools.set(nil, for: index)
                await disk.stop()
            }
        default:
            let leak = MemoryLeak(most: spec.count("memory") ?? 0)
            tools.set(.leak(leak), for: index)
            return {
                tools.set(nil, for: index)
                leak.drain()
            }
        }
    }

    /// Stops the process now, and again after each period.
    private func pause(_ spec: FaultSpec, _ index: Int) -> Undo {
        let services = self.services
        let length = spec.duration("freeze") ?? .zero
        let rest = (spec.duration("period") ?? .zero) - length
        let stops = Task {
            while !Task.isCancelled {
                services.faults.occurred(index, at: services.clock.now())
                guard ProcessFreeze.now(for: length) else {
                    services.faults.failed(index, "this system cannot stop a process for a time")
                    return
                }
                services.faults.occurrenceEnded(index, at: services.clock.now())
                services.writeTruth()
                try? await Task.sleep(for: .nanoseconds(rest.count), tolerance: .zero)
            }
        }
        return { stops.cancel() }
    }

    /// Dies now, or, in a process that was started again, after its time.
    private func crash(_ spec: FaultSpec, _ index: Int) -> Undo? {
        let services = self.services
        let down = spec.duration("down") ?? .zero
        guard services.faults.occurrences(of: index) > 0 else {
            services.die(of: index, down: down)
            return nil
        }
        guard let uptime = spec.duration("uptime") else {
            if spec.count("requests") == nil { services.faultIsOver(index) }
            return nil
        }
        let death = Task {
            guard
                (try? await Task.sleep(for: .nanoseconds(uptime.count), tolerance: .zero)) != nil
            else { return }
            services.die(of: index, down: down)
        }
        return { death.cancel() }
    }
}
