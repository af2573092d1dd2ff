import GRDB
import Primitives
import Synchronization

/// A pool of connections that is too small.
struct StoreSqueeze: Sendable, Equatable {
    /// Requests in the store at once.
    var size: Int
    /// How long a request waits for its turn.
    var wait: Nanoseconds
    /// How much longer each request keeps its connection.
    var transaction: Nanoseconds
    /// The answer to who waited in vain.
    var status: Int
}

/// What was accepted, in SQLite: `DATA/intake.sqlite`.
///
/// Tables `tips`, `media`, `reviews`, `devices`; the view `stored` has one row per idempotency key
/// whose submission is complete. Every write is committed before the client is answered; GRDB runs
/// statements on its own queues, never on the cooperative pool.
final class IntakeStore: Sendable {
    let database: DatabasePool
    private let connections: WorkerPool
    private let size: Int
    private let squeezed = Mutex<StoreSqueeze?>(nil)

    /// Opens or creates the database.
    ///
    /// - Throws: GRDB's `DatabaseError` when the file cannot be used.
    init(path: String, durability: IntakeSettings.Durability, connections: Int) throws {
        var configuration = Configuration()
        configuration.maximumReaderCount = max(2, min(connections, 16))
        configuration.busyMode = .timeout(5)
        let synchronous = durability == .full ? "FULL" : "NORMAL"
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA synchronous = \(synchronous)")
        }
        self.database = try DatabasePool(path: path, configuration: configuration)
        self.connections = WorkerPool(workers: connections, queue: 1_000_000, order: .fifo)
        self.size = connections
        try self.database.write { try $0.execute(sql: IntakeStore.schema) }
    }

    /// Bytes of media known to the store.
    func mediaBytes() throws -> Int {
        try self.database.read {
            try Int.fetchOne($0, sql: "SELECT coalesce(sum(bytes), 0) FROM media") ?? 0
        }
    }

    /// Rows of the view `stored`.
    func storedCount() async throws -> Int {
        try await self.database.read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM stored") ?? 0
        }
    }

    /// Runs a transaction on one of the pool's connections; waits for one while all are taken.
    func commit<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await self.connected { try await self.database.write(work) }
    }

    /// Reads on one of the pool's connections; waits for one while all are taken.
    func read<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await self.connected { try await self.database.read(work) }
    }

    /// Waiting, in the store, places.
    var load: (depth: Int, busy: Int, workers: Int) { self.connections.load }

    /// Makes the pool smaller, or as it was.
    func squeeze(_ squeeze: StoreSqueeze?) {
        self.squeezed.withLock { $0 = squeeze }
        self.connections.change(
            workers: squeeze?.size ?? self.size, queue: 1_000_000, order: .fifo,
            restartsMeter: true)
    }

    /// Lets the file grow, or keeps it at its size: then SQLite itself says that it is full.
    func setGrowing(_ isGrowing: Bool) async throws {
        // It is never set below the present size, and 2^30 - 1 pages is as far as any version goes.
        let pages = isGrowing ? 1_073_741_823 : 1
        try await self.database.writeWithoutTransaction { database in
            _ = try Int.fetchOne(database, sql: "PRAGMA max_page_count = \(pages)")
        }
    }

    /// Whether an error says that there was no room.
    static func isFull(_ error: any Error) -> Bool {
        (error as? DatabaseError)?.resultCode == .SQLITE_FULL
    }

    /// Does something with a connection, as long as the pool says, once there is one.
    private func connected<Value: Sendable>(
        _ work: () async throws -> Value
    ) async throws -> Value {
        let squeeze = self.squeezed.withLock { $0 }
        if let squeeze {
            try await self.takeConnection(squeeze)
        } else {
            guard case .granted = await self.connections.acquire() else {
                throw CancellationError()
            }
        }
        defer { self.connections.release(completed: true) }
        let value = try await work()
        if let squeeze, squeeze.transaction > .zero {
            try await Task.sleep(for: .nanoseconds(squeeze.transaction.count), tolerance: .zero)
        }
        return value
    }

    /// Waits for a connection, but not for ever.
    ///
    /// - Throws: `Refusal` when the time was over first.
    private func takeConnection(_ squeeze: StoreSqueeze) async throws {
        let connections = self.connections
        let wanting = Task { await connections.acquire() }
        let patience = Task {
            let span = min(squeeze.wait, .seconds(86_400))
            guard (try? await Task.sleep(for: .nanoseconds(span.count), tolerance: .zero)) != nil
            else { return }
            wanting.cancel()
        }
        defer { patience.cancel() }
        let turn = await withTaskCancellationHandler {
            await wanting.value
        } onCancel: {
            wanting.cancel()
        }
        switch turn {
        case .granted: return
        case .left where !Task.isCancelled:
            throw Refusal(
                status: squeeze.status, error: "unavailable",
                message: "no connection to the store was free in time", isTemporary: true)
        default: throw CancellationError()
        }
    }

    /// Closes the file.
    func close() throws {
        try self.database.close()
    }

    // A key used for a tip and for a review is the tip's: one row per key.
    private static let schema = """
        CREATE TABLE IF NOT EXISTS tips (
            seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, key TEXT NOT NULL UNIQUE,
            text TEXT NOT NULL, anonymous INTEGER NOT NULL, device TEXT, priority REAL NOT NULL,
            expected INTEGER NOT NULL, state TEXT NOT NULL, bytes INTEGER NOT NULL,
            sha256 TEXT, at REAL NOT NULL);
        CREATE TABLE IF NOT EXISTS media (
            seq INTEGER PRIMARY KEY, tip TEXT NOT NULL REFERENCES tips(id), name TEXT NOT NULL,
            container TEXT NOT NULL, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL,
            at REAL NOT NULL, UNIQUE (tip, sha256));
        CREATE TABLE IF NOT EXISTS reviews (
            seq INTEGER PRIMARY KEY, id TEXT NOT NULL, key TEXT NOT NULL UNIQUE,
            stars INTEGER NOT NULL, text TEXT NOT NULL, at REAL NOT NULL);
        CREATE TABLE IF NOT EXISTS devices (
            seq INTEGER PRIMARY KEY, id TEXT NOT NULL, latitude REAL NOT NULL,
            longitude REAL NOT NULL, at REAL NOT NULL);
        CREATE VIEW IF NOT EXISTS stored AS
            SELECT key, 'tip' AS kind, state, bytes, sha256, at FROM tips
                WHERE state <> 'awaiting-media'
            UNION ALL
            SELECT key, 'review', 'received', length(CAST(text AS BLOB)), NULL, at FROM reviews
                WHERE NOT EXISTS (SELECT 1 FROM tips WHERE tips.key = reviews.key);
        """

    /// The present, in seconds since 1970.
    static func now() -> Double { Double(WallTime.now().milliseconds) / 1_000 }
}
