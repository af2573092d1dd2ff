extension Detector {
    /// Every detector, in the order in which the ledger lists their evidence.
    static let all: [Detector] = [
        // Is there anything to explain, and may it be believed?
        .generator, .change, .load, .selfHealing,
        // How much of it was done, and how did the rest wait?
        .knee, .queueGrowth, .queueLaw, .residual, .siblings, .answers, .refusals,
        // How do connections come about?
        .connecting, .lateFirstByte, .heldConnections, .handshakes, .nameLookup,
        // What is the failure tied to: a time, a size, a sum, a client, an instance?
        .deadline, .tokenBucket, .size, .cumulativeBytes, .bandwidth, .sizeAndTime, .steadierSum,
        .partial, .steadyShare, .retryFate, .crash, .stalls, .drift, .switchOff, .concurrency,
        // What did the server say of itself?
        .serverProcessor, .serverWorkers, .serverPool, .serverConnections, .serverAccepting,
        .serverStorage, .serverMemory, .serverProcess, .serverPolicy,
        // Did it stay down when its trigger was over, and when the load was taken away?
        .healing, .relief, .reviewBacklog,
        // What it meant for people.
        .genuineLoss, .announcedMaintenance, .recovery,
    ]
}
