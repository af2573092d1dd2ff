import GRDB
import Primitives

/// What was accepted, in SQLite: `DATA/intake.sqlite`.
///
/// Tables `tips`, `media`, `reviews`, `devices`; the view `stored` has one row per idempotency key
/// whose submission is complete. Every write is committed before the client is answered; GRDB runs
/// statements on its own queues, never on the cooperative pool.
final class IntakeStore: Sendable {
    let database: DatabasePool
    private let connections: WorkerPool

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
        guard case .granted = await self.connections.acquire() else { throw CancellationError() }
        defer { self.connections.release(completed: true) }
        return try await self.database.write(work)
    }

    /// Reads on one of the pool's connections; waits for one while all are taken.
    func read<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        guard case .granted = await self.connections.acquire() else { throw CancellationError() }
        defer { self.connections.release(completed: true) }
        return try await self.database.read(work)
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
