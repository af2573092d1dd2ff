/// Something that happens to a simulated server, and when.
package struct SimulatedFault: Sendable {
    /// When it begins.
    package enum Trigger: Sendable, Hashable {
        /// At a second of the run.
        case time(Double)
        /// When so many units of work are done.
        case count(Int)
    }
    /// How somebody switches a service off.
    package enum SwitchOff: Sendable, Hashable {
        /// A page answers everything, with this status.
        case page(Int)
        /// The listener is closed.
        case listener
        /// The name is taken out of the name service.
        case name
    }
    /// What happens.
    package enum Kind: Sendable, Hashable {
        /// All of this share of the clients' packets are lost.
        case path(share: Double)
        /// The host cannot be reached, which the client learns after 3.06 s.
        case unreachable
        /// This share of the lookups fail, or run into the client's deadline.
        case names(share: Double, timesOut: Bool)
        /// Somebody switches it off.
        case off(SwitchOff)
        /// The process ends and is back after so many seconds, again and again.
        case crash(down: Double, up: Double?)
        /// Memory grows by so many bytes a unit; from 0.6 of the limit on the process pauses, at
        /// the limit it is killed.
        case leak(perUnit: Double, limit: Double, pause: Double)
        /// One of the instances fails: with this status, or not at all.
        case instance(status: Int?)
        /// Units cost so many times as much.
        case slower(Double)
        /// This share of the contents fails with a status.
        case poison(share: Double, status: Int)
        /// This share of units waits for something behind it that never answers, until a deadline.
        case downstream(deadline: Double, share: Double, status: Int, holdsWorker: Bool)
        /// Units cost so many times as much at first, and less and less over so many seconds.
        case cold(factor: Double, seconds: Double)
        /// From then on there are so many workers.
        case workers(Int)
        /// Something that no mechanism of the catalogue explains.
        case oddity(Oddity)
    }
    /// What no mechanism of the catalogue explains.
    package enum Oddity: String, Sendable, Hashable, CaseIterable {
        /// The certificate expires.
        case expiredCertificate
        /// Every second client's session is refused.
        case lostSessions
        /// A third of the answers end early.
        case truncatedAnswers
        /// A third of the answers are not what was asked for, with status 200.
        case wrongAnswers
        /// Every third request was meant for another server (421).
        case misdirected
    }
    /// What happens.
    package var kind: Kind
    /// When it begins.
    package var trigger: Trigger
    /// When it is over, in seconds of the run; nil for never.
    package var end: Double?

    /// A fault from a second of the run on.
    package init(_ kind: Kind, at time: Double, until end: Double? = nil) {
        self.kind = kind
        self.trigger = .time(time)
        self.end = end
    }

    /// A fault after so many units of work.
    package init(_ kind: Kind, afterUnits count: Int) {
        self.kind = kind
        self.trigger = .count(count)
        self.end = nil
    }
}
