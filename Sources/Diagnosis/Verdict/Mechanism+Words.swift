extension Mechanism {
    /// What it is called, as a noun without an article.
    package var title: String {
        switch self {
        case .processors: "processor saturation"
        case .workerPool: "worker pool exhaustion"
        case .unboundedQueue: "unbounded queue"
        case .boundedQueue: "full bounded queue"
        case .acceptQueue: "accept queue overflow"
        case .connectionLimit: "connection or descriptor limit"
        case .path: "loss on the path, the host or a firewall"
        case .handshakes: "TLS handshake exhaustion"
        case .nameService: "name service failure"
        case .bandwidth: "bandwidth exhaustion"
        case .bodyLimit: "body size limit"
        case .rateLimit: "rate limit"
        case .shedding: "load shedding that works"
        case .databasePool: "database pool exhaustion"
        case .contention: "lock contention"
        case .downstream: "downstream deadline"
        case .diskFull: "full disk or quota"
        case .diskSpeed: "disk saturation"
        case .memory: "memory exhaustion or collection pauses"
        case .crash: "crash or restart loop"
        case .retryStorm: "retry storm"
        case .switchedOff: "deliberate switch-off"
        case .coldStart: "cold start or lagging scale-out"
        case .partialFailure: "failure of one of several instances"
        case .badRelease: "bad release, setting or input"
        case .reviewBacklog: "human review backlog"
        case .generator: "load generator artefact"
        }
    }

    /// What happened if this is the cause, as a sentence without its full stop.
    package var sentence: String {
        switch self {
        case .processors: "the server's processors had no time left"
        case .workerPool: "all workers were taken, waiting for something else than the processor"
        case .unboundedQueue: "work waited in a queue without a bound"
        case .boundedQueue: "a bounded queue was full and turned the rest away"
        case .acceptQueue: "connections came faster than the server accepted them"
        case .connectionLimit: "the server could hold no more connections"
        case .path: "what was sent did not reach the server"
        case .handshakes: "TLS handshakes took all there was"
        case .nameService: "the server's name could not be looked up in time"
        case .bandwidth: "the link carried no more bytes"
        case .bodyLimit: "bodies above a fixed size were refused at any load"
        case .rateLimit: "clients were refused beyond a fixed allowance"
        case .shedding: "the server turned away what it could not do and served the rest well"
        case .databasePool: "requests waited for a connection to the database"
        case .contention: "the more work was under way, the less of it got done"
        case .downstream: "something behind the server did not answer before a fixed deadline"
        case .diskFull: "the space for what is sent was used up"
        case .diskSpeed: "the disk could not write fast enough"
        case .memory: "memory ran out or was collected in long pauses"
        case .crash: "the server's process ended, and was started again"
        case .retryStorm: "retries kept the server down after the trigger was gone"
        case .switchedOff: "the service was switched off on purpose"
        case .coldStart: "the server was not warm yet and improved at the same load"
        case .partialFailure: "one of several instances failed while the others served"
        case .badRelease: "something changed in the server while the load stayed the same"
        case .reviewBacklog: "people reviewed more slowly than submissions were accepted"
        case .generator: "the load generator was the limit"
        }
    }

    /// Something that would tell it from its rivals, and the test that looks at it.
    struct Sample: Sendable, Hashable {
        let what: String
        let test: String?

        init(_ what: String, _ test: String? = nil) {
            self.what = what
            self.test = test
        }
    }

    /// What would tell it from its rivals, most of it samples of the server.
    var samples: [Sample] {
        let processor = Sample("server processor use (cpu.user, cpu.sys)", "server_cpu")
        let workers = Sample("busy workers (app.workers_busy)", "server_workers_full")
        switch self {
        case .processors: return [processor, workers]
        case .workerPool:
            return [
                workers, processor,
                Sample("database pool (app.db_pool_busy, app.db_pool_wait_ms)", "server_db_pool"),
                Sample("disk waits (psi.io.full)", "server_io"),
            ]
        case .databasePool:
            return [Sample("database pool (app.db_pool_busy)", "server_db_pool"), processor]
        case .contention:
            return [Sample("throughput over stepped concurrency", "usl_retrograde"), processor]
        case .downstream: return [Sample("time spent waiting for upstreams"), workers]
        case .diskSpeed: return [Sample("disk waits (psi.io.full)", "server_io"), processor]
        case .bandwidth: return [Sample("bytes on the server's link (net.rx, net.tx)")]
        case .unboundedQueue, .boundedQueue:
            return [Sample("queue depth (app.queue_depth)", "server_queue")]
        case .acceptQueue:
            return [
                Sample(
                    "accept queue overflows (tcpext.ListenOverflows)", "server_listen_overflow")
            ]
        case .connectionLimit:
            return [Sample("server descriptors (fds.open, fds.limit)", "server_descriptors")]
        case .handshakes: return [processor]
        case .path:
            return [
                Sample("a control endpoint on the same host"), Sample("a second vantage point"),
            ]
        case .nameService: return [Sample("a run with a pinned address")]
        case .bodyLimit: return [Sample("sizes of the bodies that were refused", "size_threshold")]
        case .rateLimit:
            return [
                Sample("the limiter's counter (app.limited)", "server_limited"),
                Sample("acceptance per client", "token_bucket"),
            ]
        case .shedding: return [Sample("the shedding counter (app.shed)", "server_shed")]
        case .diskFull:
            return [
                Sample(
                    "free disk space or quota (disk.free_bytes, app.free_bytes)", "server_disk_full"
                )
            ]
        case .memory:
            return [
                Sample("server memory (mem.rss)", "server_memory_growth"),
                Sample("collection pauses (mem.gc_pause_ms)", "server_memory_short"),
            ]
        case .crash:
            return [Sample("the process's start time (proc.start_time)", "server_restart")]
        case .switchedOff:
            return [
                Sample("the operator's audit log"),
                Sample(
                    "server load at the onset (cpu.user, app.workers_busy)",
                    "server_idle_at_onset"),
            ]
        case .coldStart: return [Sample("number of instances"), Sample("cache hit rate")]
        case .partialFailure: return [Sample("which instance answered", "partial_by_address")]
        case .badRelease: return [Sample("the log of releases and settings"), processor]
        case .retryStorm, .reviewBacklog, .generator: return []
        }
    }

    /// The experiment of the catalogue that would refute it, and the outcome that would.
    package var refutingRun: String? {
        switch self {
        case .processors: "E12: items of a quarter of the cost; refuted if the knee stays"
        case .workerPool: "E3: hold times x4; refuted if the knee stays"
        case .databasePool: "E8: an endpoint without database; refuted if it fails alike"
        case .contention: "E12: items of a quarter of the cost; refuted if the knee rises fourfold"
        case .downstream: "E8: an endpoint without upstream; refuted if it fails alike"
        case .diskSpeed, .bandwidth:
            "E2: bodies x4 at a quarter of the rate; refuted if items per second stay"
        case .acceptQueue: "E4: keep-alive; refuted if slow connections stay"
        case .connectionLimit: "E3: hold times x4; refuted if the onset keeps its rate"
        case .path: "E14: a second vantage point; refuted if that is well"
        case .handshakes: "E10: plain HTTP; refuted if it fails alike"
        case .nameService: "E9: a pinned address; refuted if it fails alike"
        case .bodyLimit: "E2: bodies x4 at a quarter of the rate; refuted if no more fail"
        case .rateLimit: "E5: ten times the keys at the same total; refuted if as many are refused"
        case .shedding: "E1: slope x4; refuted if goodput falls"
        case .diskFull: "E2: bodies x4; refuted if the onset keeps its number of items"
        case .memory: "E11: a soak at 0.6 of the knee; refuted if nothing drifts"
        case .crash: "E7: relief; refuted if restarts keep their period"
        case .switchedOff: "E7: relief to 5 %; refuted if it comes back"
        case .coldStart: "E15: the same again at once; refuted if it is slow again"
        case .partialFailure: "E9: each address pinned; refuted if all fail alike"
        case .badRelease: "E1: slope x4; refuted if the onset keeps its rate, not its time"
        case .generator: "E13: a second generator; refuted if the knee stays"
        case .unboundedQueue, .boundedQueue, .retryStorm, .reviewBacklog: nil
        }
    }
}
