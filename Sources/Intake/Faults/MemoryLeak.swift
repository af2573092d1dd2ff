import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Memory that is taken, written to, and not given back until the fault is over.
final class MemoryLeak: Sendable {
    private struct State {
        var blocks: [UInt] = []
        var bytes = 0
    }

    private let most: Int
    private let state = Mutex(State())

    /// A leak that ends at so many bytes.
    init(most: Int) {
        self.most = most
    }

    /// Bytes taken.
    var bytes: Int { self.state.withLock { $0.bytes } }

    /// Takes more; false once there is as much as there may be.
    func take(_ count: Int) -> Bool {
        self.state.withLock { state in
            guard state.bytes + count <= self.most, count > 0, let block = malloc(count) else {
                return false
            }
            // Pages that nobody wrote to are not resident.
            memset(block, 0x5A, count)
            state.blocks.append(UInt(bitPattern: block))
            state.bytes += count
            return true
        }
    }

    /// Gives everything back.
    func drain() {
        let blocks = self.state.withLock { state in
            defer { state = State() }
            return state.blocks
        }
        for block in blocks { free(UnsafeMutableRawPointer(bitPattern: block)) }
    }
}
