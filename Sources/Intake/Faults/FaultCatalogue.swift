extension FaultKind {
    /// Every fault that can be injected, with the mechanism it is.
    static let catalogue: [FaultKind] = capacity + connections + policies + depletion + processes

    // MARK: - What a server can do a second

    private static let capacity = [
        FaultKind(
            id: .cpu, mechanism: "M01", help: "processor time is short",
            parameters: [
                FaultParameter("cost", .duration, nil, "processor time more per unit of work"),
                FaultParameter("threads", .count(1...64), nil, "threads that burn beside the work"),
            ], anyOf: ["cost", "threads"]),
        FaultKind(
            id: .workers, mechanism: "M02", help: "workers are held, the processor is idle",
            parameters: [
                FaultParameter("held", .count(1...10_000), nil, "workers taken and not given back"),
                FaultParameter(
                    "hold", .duration, nil, "how much longer each unit holds its worker"),
            ], anyOf: ["held", "hold"]),
        FaultKind(
            id: .queue, mechanism: "M03/M04", help: "the queue before the workers has this length",
            parameters: [
                FaultParameter(
                    "length", .count(0...1_000_000), nil, "units that may wait"
                ).required,
                FaultParameter(
                    "hold", .duration, nil, "how much longer each unit holds its worker"),
            ]),
        FaultKind(
            id: .pool, mechanism: "M14", help: "few connections to the store",
            parameters: [
                FaultParameter("size", .count(1...1_000), nil, "requests in the store at once")
                    .required,
                FaultParameter("wait", .duration, "30s", "how long a request waits for one"),
                FaultParameter("transaction", .duration, "0", "how much longer each one is used"),
                FaultParameter(
                    "status", .count(400...599), "500", "the answer to who waited in vain"),
            ]),
        FaultKind(
            id: .lock, mechanism: "M15", help: "a lock around part of each unit",
            parameters: [
                FaultParameter("section", .duration, nil, "processor time under the lock").required,
                FaultParameter(
                    "coherency", .duration, "0", "processor time more per unit that waits for it"),
            ]),
        FaultKind(
            id: .downstream, mechanism: "M16", help: "something behind the server answers late",
            parameters: [
                FaultParameter("delay", .duration, nil, "how late").required,
                FaultParameter("deadline", .duration, "60s", "how long the worker waits for it"),
                FaultParameter("share", .share, "1", "the part of the units that need it"),
                FaultParameter("status", .count(400...599), "504", "the answer at the deadline"),
            ]),
        FaultKind(
            id: .fsync, mechanism: "M18", help: "each unit waits for the disk, one after another",
            parameters: [
                FaultParameter("syncs", .count(1...1_000), "1", "fsync calls per unit"),
                FaultParameter("bytes", .size, "4KiB", "bytes written before each"),
                FaultParameter("latency", .duration, "0", "how long each takes at least"),
            ]),
        FaultKind(
            id: .cold, mechanism: "M23", help: "slow at first, then faster",
            parameters: [
                FaultParameter("factor", .factor, nil, "how many times slower at first").required,
                FaultParameter("warmup", .duration, nil, "until it is as fast as ever").required,
            ]),
    ]

    // MARK: - How it is reached

    private static let connections = [
        FaultKind(
            id: .accept, mechanism: "M05", help: "connections are accepted slowly or not at all",
            parameters: [
                FaultParameter("accepts", .perTime, "0/s", "connections accepted"),
                FaultParameter("backlog", .count(1...65_535), nil, "the listener's backlog"),
            ]),
        FaultKind(
            id: .descriptors, mechanism: "M06", help: "the process may open few descriptors",
            parameters: [
                FaultParameter("limit", .count(16...1_000_000), nil, "the limit (RLIMIT_NOFILE)"),
                FaultParameter("spare", .count(0...1_000_000), nil, "how many more than are open"),
            ], anyOf: ["limit", "spare"]),
        FaultKind(
            id: .connections, mechanism: "M06", help: "few connections may be open",
            parameters: [
                FaultParameter("most", .count(1...1_000_000), nil, "connections open at once")
                    .required
            ]),
        FaultKind(
            id: .bandwidth, mechanism: "M10", help: "bodies are read at a limited rate",
            parameters: [
                FaultParameter("throughput", .bandwidth, nil, "for all clients together").required
            ]),
    ]

    // MARK: - What it refuses

    private static let policies = [
        FaultKind(
            id: .bodyLimit, mechanism: "M11", help: "bodies may be no larger",
            parameters: [FaultParameter("largest", .size, nil, "the largest body").required]),
        FaultKind(
            id: .limiter, mechanism: "M12", help: "clients that send often are refused",
            parameters: [
                FaultParameter("rate", .perTime, nil, "tokens per client, story time").required,
                FaultParameter("burst", .count(1...1_000_000), "10", "tokens a full bucket holds"),
                FaultParameter("key", .field, "address", "what tells clients apart"),
                FaultParameter("status", .count(400...599), "429", "the refusal's status"),
            ]),
        FaultKind(
            id: .shed, mechanism: "M13", help: "work is refused while the queue is long",
            parameters: [
                FaultParameter("above", .count(0...1_000_000), nil, "while more than this wait")
                    .required,
                FaultParameter("status", .count(400...599), "503", "the refusal's status"),
            ]),
        FaultKind(
            id: .switchOff, mechanism: "M22", help: "the operator takes the service off",
            parameters: [
                FaultParameter(
                    "state", .word(["page", "listener-off", "route-off"]), "page", "how"),
                FaultParameter(
                    "status", .count(200...599), nil, "of the page (503) or route (404)"),
            ]),
        FaultKind(
            id: .analysts, mechanism: "M26", help: "analysts are missing or slow",
            parameters: [
                FaultParameter("analysts", .count(0...10_000), nil, "at work"),
                FaultParameter("perItem", .duration, nil, "story time per tip"),
            ], anyOf: ["analysts", "perItem"]),
    ]

    // MARK: - What runs out

    private static let depletion = [
        FaultKind(
            id: .quota, mechanism: "M17", help: "the spool takes only this much more",
            parameters: [FaultParameter("free", .size, nil, "real bytes left").required]),
        FaultKind(
            id: .diskFull, mechanism: "M17", help: "the disk is full: writes fail with ENOSPC",
            parameters: [
                FaultParameter("free", .size, "0", "real bytes that still fit"),
                FaultParameter(
                    "full", .word(["spool", "store", "both"]), "spool", "what cannot grow"),
                FaultParameter("status", .count(400...599), "507", "the answer"),
            ]),
        FaultKind(
            id: .leak, mechanism: "M19", help: "memory is taken and never given back",
            parameters: [
                FaultParameter("bytes", .size, "64KiB", "per request, written to"),
                FaultParameter("memory", .size, "256MiB", "the end of it; at most 4 GiB"),
                FaultParameter(
                    "then", .word(["stay", "crash"]), "stay", "what happens at the end"),
                FaultParameter("down", .duration, "1s", "until it is started again"),
            ]),
        FaultKind(
            id: .pause, mechanism: "M19", help: "the whole process stands still",
            parameters: [
                FaultParameter("freeze", .duration, "500ms", "how long; at most a minute"),
                FaultParameter("period", .duration, "10s", "from one to the next"),
            ]),
    ]

    // MARK: - What breaks

    private static let processes = [
        FaultKind(
            id: .crash, mechanism: "M20", help: "the process is killed and started again",
            parameters: [
                FaultParameter("down", .duration, "1s", "until it is started again"),
                FaultParameter("uptime", .duration, nil, "until it is killed again"),
                FaultParameter(
                    "requests", .count(1...1_000_000_000), nil, "until it is killed again"),
            ]),
        FaultKind(
            id: .instance, mechanism: "M24", help: "one of several instances is ill",
            parameters: [
                FaultParameter("instances", .count(2...1_000), "4", "how many there are"),
                FaultParameter(
                    "by", .word(["connection", "key", "address"]), "connection",
                    "who gets which"),
                FaultParameter(
                    "symptom", .word(["error", "slow", "hang", "reset"]), "error", "of it"),
                FaultParameter("delay", .duration, "2s", "how slow; how long it hangs at most"),
                FaultParameter("status", .count(400...599), "502", "of the error"),
            ]),
        FaultKind(
            id: .release, mechanism: "M25", help: "a bad release: every request costs more",
            parameters: [
                FaultParameter("cost", .duration, nil, "processor time per request, any route")
                    .required
            ]),
        FaultKind(
            id: .poison, mechanism: "M25", help: "some inputs are poison, again and again",
            parameters: [
                FaultParameter("share", .share, nil, "of the idempotency keys").required,
                FaultParameter(
                    "effect", .word(["error", "burn", "hang", "crash"]), "error", "of it"),
                FaultParameter("cost", .duration, "1s", "processor time (burn)"),
                FaultParameter("delay", .duration, "30s", "how long it hangs"),
                FaultParameter("down", .duration, "1s", "until it is started again (crash)"),
                FaultParameter("status", .count(400...599), "500", "of the error"),
            ]),
        FaultKind(
            id: .odd, mechanism: nil, help: "something that is in no catalogue",
            parameters: [
                FaultParameter(
                    "kind", .word(["garbled", "forgets", "cut"]), "garbled", "of oddity"),
                FaultParameter("share", .share, "0.3", "of the submissions"),
            ]),
    ]
}
