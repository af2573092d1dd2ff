import Synchronization

/// Files whose upload broke off, kept so that it can go on: one per tip.
///
/// At most 1,000; beyond that the oldest is given up. What is kept counts in the spool.
final class PartialUploads: Sendable {
    private struct State {
        var media: [String: IncomingMedia] = [:]
        var order: [String] = []
    }
    private static let limit = 1_000
    private let state = Mutex(State())

    /// The bytes that are there of a tip's file; 0 without one.
    func bytes(of tip: String) -> Int {
        self.state.withLock { $0.media[tip]?.bytes ?? 0 }
    }

    /// Takes a tip's file out, to go on with it.
    func take(_ tip: String) -> IncomingMedia? {
        self.state.withLock { state in
            guard let media = state.media.removeValue(forKey: tip) else { return nil }
            state.order.removeAll { $0 == tip }
            return media
        }
    }

    /// Keeps a tip's file, in place of one that was there.
    func keep(_ media: IncomingMedia, of tip: String) async {
        let given = self.state.withLock { state -> [IncomingMedia] in
            var given: [IncomingMedia] = []
            if let old = state.media.updateValue(media, forKey: tip) {
                given.append(old)
                state.order.removeAll { $0 == tip }
            }
            state.order.append(tip)
            if state.order.count > PartialUploads.limit,
                let oldest = state.media.removeValue(forKey: state.order.removeFirst())
            {
                given.append(oldest)
            }
            return given
        }
        for media in given { await media.discard() }
    }
}
