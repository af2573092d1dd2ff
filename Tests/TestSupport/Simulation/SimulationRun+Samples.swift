import Primitives

// MARK: - What probes of the server would read

extension SimulationRun {
    /// The figures at this moment, by the names of the probes (docs/diagnosis.md).
    ///
    /// Counters are cumulative, gauges are as they are; processor times are in seconds.
    var sample: [String: Double] {
        let server = self.plan.server
        let gauges = self.gauges
        var values: [String: Double] = [
            "cpu.user": gauges.processor * 0.9, "cpu.sys": gauges.processor * 0.1,
            "cpu.cores": server.cores, "cpu.iowait": gauges.ioWait,
            "psi.cpu.some": gauges.processorStall, "psi.io.full": gauges.diskStall,
            "mem.rss": gauges.memory, "mem.oom_kills": Double(gauges.kills),
            "mem.gc_pause_ms": gauges.pauses * 1_000,
            "fds.open": Double(gauges.open + 12), "threads": Double(server.workers + 4),
            "listen.recvq": Double(self.backlog.count), "listen.sendq": Double(server.backlog),
            "tcpext.ListenOverflows": Double(gauges.overflows),
            "tcpext.ListenDrops": Double(gauges.overflows),
            "app.requests": Double(gauges.requests), "app.done": Double(gauges.done),
            "app.workers_busy": Double(gauges.busy), "app.workers_max": Double(gauges.workers),
            "app.queue_depth": Double(self.queued), "app.shed": Double(gauges.shed),
            "app.limited": Double(gauges.limited), "net.rx": gauges.received,
            "proc.start_time": gauges.startedAt, "proc.pid": Double(1_000 + gauges.epoch),
            "proc.restarts": Double(gauges.restarts),
        ]
        if let most = server.queue { values["app.queue_max"] = Double(most) }
        // A process always has a limit; most never come near theirs.
        values["fds.limit"] = Double((server.descriptors ?? 65_524) + 12)
        if let quota = server.quota {
            values["disk.free_bytes"] = max(0, quota - gauges.stored)
        } else {
            values["disk.free_bytes"] = 50e9 - gauges.stored
        }
        if let pool = server.pool {
            values["app.db_pool_busy"] = Double(gauges.poolBusy)
            values["app.db_pool_max"] = Double(pool.size)
            // What the one at the end of the line can expect.
            values["app.db_pool_wait_ms"] =
                min(pool.wait, Double(self.poolQueued) * pool.hold.mean / Double(pool.size))
                * 1_000
        }
        if server.disk != nil {
            values["disk.await"] = max(0, gauges.diskFree - self.now) * 1_000
        }
        if let review = server.review {
            let reviewed = self.reviewed(review)
            values["accepted_total"] = Double(gauges.storedItems)
            values["reviewed_total"] = reviewed
            values["review_backlog"] = max(0, Double(gauges.storedItems) - reviewed)
        }
        // A process that is down has no figures of its own; the host still has.
        if !gauges.isListening, self.isSwitchedOff == false {
            for name in values.keys
            where name.hasPrefix("app.") || name.hasPrefix("mem.rss") || name.hasPrefix("proc.") {
                values[name] = nil
            }
        }
        return values
    }

    private func reviewed(_ review: (analysts: Int, perItem: Double)) -> Double {
        let most = Double(review.analysts) / review.perItem * self.now
        return min(Double(self.gauges.storedItems), most)
    }
}
