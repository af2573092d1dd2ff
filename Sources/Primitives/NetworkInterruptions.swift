#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How much time passes until something happens again.
package enum NetworkGap: Sendable, Hashable {
    /// Exponential, as of things that happen by chance; the mean in seconds.
    case exponential(mean: Double)
    /// Drawn from a distribution of seconds.
    case drawn(Distribution)

    /// The seconds at two uniform draws; at least a millisecond, so that time goes on.
    package func seconds(_ first: Double, _ second: Double) -> Double {
        switch self {
        // 1 - first lies in (0, 1], so the logarithm is finite.
        case .exponential(let mean): max(1e-3, -mean * log(1 - first))
        case .drawn(let distribution): max(1e-3, distribution.value(first, second))
        }
    }
}

/// When a phone's network stalls and when it breaks: a plan, known before the first byte.
///
/// Times count from the client's beginning. Stalls are a renewal process: a gap, a stall, a gap.
/// Disconnects are another; the two know nothing of each other.
package struct NetworkInterruptions: Sendable, Hashable {
    /// Times in which nothing moves.
    package struct Stalls: Sendable, Hashable {
        /// From the end of one (or the beginning) to the next.
        package var every: NetworkGap
        /// How long one lasts, in seconds.
        package var length: Distribution

        /// Stalls of that length, so far apart.
        package init(every: NetworkGap, length: Distribution) {
            self.every = every
            self.length = length
        }
    }
    /// Something that happens to the network.
    package enum Event: Sendable, Hashable {
        /// From now on nothing moves in either direction.
        case stallBegan
        /// It moves again.
        case stallEnded
        /// All connections are gone.
        case disconnected
    }
    /// Draws before these belong to the profile.
    static let firstDraw = 64
    /// Draws of one stall and one disconnect.
    static let drawsEach = 8

    /// The stalls; nil for none.
    package var stalls: Stalls?
    /// Between disconnects; nil for none.
    package var disconnects: NetworkGap?
    /// The source of the client's draws.
    package var random: CounterRandom

    /// A plan of interruptions.
    package init(stalls: Stalls?, disconnects: NetworkGap?, random: CounterRandom) {
        self.stalls = stalls
        self.disconnects = disconnects
        self.random = random
    }

    /// The events in order of time.
    package func events() -> Events { Events(self) }

    private func span(_ n: Int, _ offset: Int, _ gap: NetworkGap) -> Nanoseconds {
        let draw = NetworkInterruptions.firstDraw + n * NetworkInterruptions.drawsEach + offset
        return Nanoseconds(
            seconds: gap.seconds(self.random.uniform(draw), self.random.uniform(draw + 1)))
    }

    /// The `n`-th gap before a stall.
    fileprivate func stallGap(_ n: Int) -> Nanoseconds? {
        self.stalls.map { self.span(n, 0, $0.every) }
    }

    /// The length of the `n`-th stall.
    fileprivate func stallLength(_ n: Int) -> Nanoseconds {
        self.stalls.map { self.span(n, 2, .drawn($0.length)) } ?? .zero
    }

    /// The `n`-th gap before a disconnect.
    fileprivate func disconnectGap(_ n: Int) -> Nanoseconds? {
        self.disconnects.map { self.span(n, 4, $0) }
    }

    /// An endless walk through what happens to one client's network.
    package struct Events: Sendable, Hashable {
        private let plan: NetworkInterruptions
        private var stall = 0
        private var isStalled = false
        private var stallAt: Nanoseconds?
        private var disconnect = 0
        private var disconnectAt: Nanoseconds?

        fileprivate init(_ plan: NetworkInterruptions) {
            self.plan = plan
            self.stallAt = plan.stallGap(0)
            self.disconnectAt = plan.disconnectGap(0)
        }

        /// The next event and when it happens, from the client's beginning; nil when there is none.
        package mutating func next() -> (at: Nanoseconds, event: Event)? {
            if let at = self.disconnectAt, self.stallAt.map({ at < $0 }) ?? true {
                self.disconnect += 1
                self.disconnectAt = self.plan.disconnectGap(self.disconnect).map { at + $0 }
                return (at, .disconnected)
            }
            guard let at = self.stallAt else { return nil }
            self.isStalled.toggle()
            if self.isStalled {
                self.stallAt = at + self.plan.stallLength(self.stall)
                return (at, .stallBegan)
            }
            self.stall += 1
            self.stallAt = self.plan.stallGap(self.stall).map { at + $0 }
            return (at, .stallEnded)
        }
    }
}
