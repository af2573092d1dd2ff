extension ScenarioGrammar {
    /// A fault of the bundled intake, in its own words; `IntakeTests` hold the two tables together.
    static let fault = Record(
        what: "a fault",
        keys: faultMoments + faultCapacity + faultPolicies + faultDefects,
        exactlyOne: ["at", "afterCount", "afterBytes", "atRate"],
        cases: Record.Cases(key: "id", rules: faultRules))

    /// The faults: what each needs, and what it allows besides.
    private static let faultRules: [(value: String, needs: [String], allows: [String])] = [
        ("cpu", [], ["cost", "threads"]),
        ("workers", [], ["held", "hold"]),
        ("queue", ["length"], ["hold"]),
        ("pool", ["size"], ["wait", "transaction", "status"]),
        ("lock", ["section"], ["coherency"]),
        ("downstream", ["delay"], ["deadline", "share", "status"]),
        ("fsync", [], ["syncs", "bytes", "latency"]),
        ("cold", ["factor", "warmup"], []),
        ("accept", [], ["accepts", "backlog"]),
        ("descriptors", [], ["limit", "spare"]),
        ("connections", ["most"], []),
        ("bandwidth", ["throughput"], []),
        ("body-limit", ["largest"], []),
        ("limiter", ["rate"], ["burst", "key", "status"]),
        ("shed", ["above"], ["status"]),
        ("switch-off", [], ["state", "status"]),
        ("analysts", [], ["analysts", "perItem"]),
        ("quota", ["free"], []),
        ("disk-full", [], ["free", "full", "status"]),
        ("leak", [], ["bytes", "memory", "then", "down"]),
        ("pause", [], ["freeze", "period"]),
        ("crash", [], ["down", "uptime", "requests"]),
        ("instance", [], ["instances", "by", "symptom", "delay", "status"]),
        ("release", ["cost"], []),
        ("poison", ["share"], ["effect", "cost", "delay", "down", "status"]),
        ("odd", [], ["kind", "share"]),
    ]

    private static func faultWord(_ words: [String]) -> Grammar {
        .scalar(.word(words, reserved: []))
    }

    private static let faultMoments = [
        Key("id", faultWord(faultRules.map { $0.value }), "Which fault.").required,
        Key("at", duration, "So long after the first request, in story time."),
        Key("afterCount", count(0...1_000_000_000), "Once so many requests have come."),
        Key("afterBytes", .scalar(.size), "Once so many bytes of bodies have come."),
        Key("atRate", .scalar(.perTime), "Once so many requests came within a second."),
        Key("for", duration, "How long, in story time.", fallback: "for good"),
    ]

    private static let faultCapacity = [
        Key("cost", duration, "Processor time more, per unit or request."),
        Key("threads", count(1...64), "cpu: threads that burn beside the work."),
        Key("held", count(1...10_000), "workers: so many are taken and not given back."),
        Key("hold", duration, "How much longer each unit holds its worker."),
        Key("length", count(0...1_000_000), "queue: units that may wait."),
        Key("size", count(1...1_000), "pool: requests in the store at once."),
        Key("wait", duration, "pool: how long a request waits for its turn.", fallback: "30s"),
        Key("transaction", duration, "pool: how much longer a connection is used.", fallback: "0"),
        Key("section", duration, "lock: processor time under the lock."),
        Key("coherency", duration, "lock: more of it per unit that waits.", fallback: "0"),
        Key("delay", duration, "How late, how slow, or how long it hangs."),
        Key("deadline", duration, "downstream: how long it is waited for.", fallback: "60s"),
        Key("syncs", count(1...1_000), "fsync: calls per unit.", fallback: "1"),
        Key("bytes", .scalar(.size), "Bytes per fsync, or leaked per request."),
        Key("latency", duration, "fsync: how long each takes at least.", fallback: "0"),
        Key(
            "factor", .scalar(.number(atLeast: 1, excluded: false, atMost: 1e6)),
            "cold: how many times slower at first."),
        Key("warmup", duration, "cold: until it is as fast as ever."),
        Key("accepts", .scalar(.perTime), "accept: connections accepted.", fallback: "0/s"),
        Key("backlog", count(1...65_535), "accept: the listener's backlog."),
        Key("limit", count(16...1_000_000), "descriptors: the limit."),
        Key("spare", count(0...1_000_000), "descriptors: how many more than are open."),
        Key("most", count(1...1_000_000), "connections: open at once."),
        Key("throughput", .scalar(.bitRate), "bandwidth: for all clients together."),
    ]

    private static let faultPolicies = [
        Key("largest", .scalar(.size), "body-limit: the largest body."),
        Key("rate", .scalar(.perTime), "limiter: tokens per client, in story time."),
        Key("burst", count(1...1_000_000), "limiter: what a full bucket holds.", fallback: "10"),
        Key(
            "key", .scalar(.name(.field)), "limiter: address or a header's name.",
            fallback: "address"),
        Key("status", count(200...599), "The status of its answers."),
        Key("above", count(0...1_000_000), "shed: while more than this wait."),
        Key(
            "state", faultWord(["page", "listener-off", "route-off"]),
            "switch-off: how.", fallback: "page"),
        Key("analysts", count(0...10_000), "analysts: at work."),
        Key("perItem", duration, "analysts: story time per tip."),
    ]

    private static let faultDefects = [
        Key("free", .scalar(.size), "Real bytes left on the disk or in the quota."),
        Key(
            "full", faultWord(["spool", "store", "both"]), "disk-full: what cannot grow.",
            fallback: "spool"),
        Key("memory", .scalar(.size), "leak: the end of it; at most 4 GiB.", fallback: "256MiB"),
        Key(
            "then", faultWord(["stay", "crash"]), "leak: what happens at its end.",
            fallback: "stay"),
        Key("down", duration, "Until a killed process is started again.", fallback: "1s"),
        Key("freeze", duration, "pause: how long; at most a minute.", fallback: "500ms"),
        Key("period", duration, "pause: from one to the next.", fallback: "10s"),
        Key("uptime", duration, "crash: until it is killed again."),
        Key("requests", count(1...1_000_000_000), "crash: until it is killed again."),
        Key("instances", count(2...1_000), "instance: how many there are.", fallback: "4"),
        Key(
            "by", faultWord(["connection", "key", "address"]), "instance: who gets which.",
            fallback: "connection"),
        Key(
            "symptom", faultWord(["error", "slow", "hang", "reset"]), "instance: what is wrong.",
            fallback: "error"),
        Key(
            "share", .scalar(.number(atLeast: 0, excluded: true, atMost: 1)),
            "The part that is hit."),
        Key(
            "effect", faultWord(["error", "burn", "hang", "crash"]), "poison: what it does.",
            fallback: "error"),
        Key(
            "kind", faultWord(["garbled", "forgets", "cut"]), "odd: what happens.",
            fallback: "garbled"),
    ]
}
