/// The faults that can be injected; the raw values are the words of scenarios and flags.
enum FaultID: String, Sendable, CaseIterable {
    /// Processor time is short.
    case cpu
    /// Workers are held, or held longer.
    case workers
    /// The queue before the workers has another length.
    case queue
    /// Connections are accepted slowly or not at all.
    case accept
    /// The process may open few descriptors.
    case descriptors
    /// Few connections may be open.
    case connections
    /// Bodies are read at a limited rate.
    case bandwidth
    /// Bodies may be no larger than this.
    case bodyLimit = "body-limit"
    /// Clients that send often are refused.
    case limiter
    /// Work is refused while the queue is long.
    case shed
    /// Few connections to the store, with a limit of waiting.
    case pool
    /// A lock around part of each unit of work.
    case lock
    /// Something behind the server answers late.
    case downstream
    /// The spool takes no more than this.
    case quota
    /// The disk is full.
    case diskFull = "disk-full"
    /// Each unit waits for the disk.
    case fsync
    /// Memory is taken and never given back.
    case leak
    /// The whole process stands still now and then.
    case pause
    /// The process dies and is started again.
    case crash
    /// The operator takes the service off.
    case switchOff = "switch-off"
    /// Slow at first, then faster.
    case cold
    /// One of several instances is ill.
    case instance
    /// A bad release: every request costs more from one moment on.
    case release
    /// Some inputs are poison.
    case poison
    /// Analysts are missing or slow.
    case analysts
    /// Something that is in no catalogue.
    case odd
}
