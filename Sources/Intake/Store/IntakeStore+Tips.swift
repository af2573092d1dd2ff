import GRDB

/// A tip as its sender gave it.
struct TipSubmission: Sendable {
    /// The idempotency key.
    var key: String
    /// What the person saw.
    var text: String
    /// Whether the sender wants no name on it.
    var isAnonymous = false
    /// The phone it came from.
    var device: String?
    /// A hint for the order of review; higher is sooner.
    var priority = 0.0
    /// How many files are to follow by `PUT`.
    var expectedMedia = 0
}

/// How a commit ended.
enum TipCommit: Sendable, Equatable {
    /// Stored now; `isComplete` unless media are still to come.
    case new(id: String, isComplete: Bool)
    /// The key is known: nothing was stored, and this is its tip.
    case known(id: String)
}

/// How a commit of media ended.
enum MediaCommit: Sendable, Equatable {
    /// Stored now; `key` and `priority` are the tip's when this completed it.
    case new(completed: Bool, key: String, priority: Double)
    /// The tip has this very file already.
    case known
    /// The tip has all the files it declared.
    case full
    /// There is no such tip.
    case noTip
}

extension IntakeStore {
    /// The most files a tip that declared none may have.
    static let mostMedia = 16

    /// Stores a tip with the files that came with it, unless its key is known.
    ///
    /// - Throws: `DatabaseError`, or `CancellationError` before the transaction began.
    func commitTip(
        _ tip: TipSubmission, id: String, media: [SpooledMedia]
    ) async throws -> TipCommit {
        let sha256 =
            media.isEmpty ? Digest.hex(tip.text) : media.map(\.sha256).joined(separator: ",")
        let bytes = media.isEmpty ? tip.text.utf8.count : media.map(\.bytes).reduce(0, +)
        let isComplete = tip.expectedMedia <= media.count
        return try await self.commit { database in
            let at = IntakeStore.now()
            let known = try String.fetchOne(
                database.cachedStatement(sql: "SELECT id FROM tips WHERE key = ?"),
                arguments: [tip.key])
            if let known { return .known(id: known) }
            try database.cachedStatement(
                sql: """
                    INSERT INTO tips (id, key, text, anonymous, device, priority, expected, state,
                        bytes, sha256, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """
            ).execute(arguments: [
                id, tip.key, tip.text, tip.isAnonymous, tip.device, tip.priority,
                tip.expectedMedia, isComplete ? "received" : "awaiting-media", bytes, sha256, at,
            ])
            for file in media {
                try IntakeStore.insert(file, tip: id, at: at, into: database)
            }
            return .new(id: id, isComplete: isComplete)
        }
    }

    /// Stores a file of a tip, unless the tip has it or has all it declared.
    ///
    /// - Throws: `DatabaseError`, or `CancellationError` before the transaction began.
    func commitMedia(_ file: SpooledMedia, tip: String) async throws -> MediaCommit {
        try await self.commit { database in
            guard
                let row = try Row.fetchOne(
                    database.cachedStatement(
                        sql: "SELECT key, priority, expected, state FROM tips WHERE id = ?"),
                    arguments: [tip])
            else { return .noTip }
            let have = try Row.fetchAll(
                database.cachedStatement(
                    sql: "SELECT sha256, bytes FROM media WHERE tip = ? ORDER BY seq"),
                arguments: [tip])
            let digests = have.map { row -> String in row["sha256"] }
            if digests.contains(file.sha256) { return .known }
            let expected: Int = row["expected"]
            guard have.count < (expected == 0 ? IntakeStore.mostMedia : expected) else {
                return .full
            }
            let at = IntakeStore.now()
            try IntakeStore.insert(file, tip: tip, at: at, into: database)
            let wasComplete = (row["state"] as String) != "awaiting-media"
            let isComplete = have.count + 1 >= expected
            let earlier = have.map { row -> Int in row["bytes"] }.reduce(0, +)
            try database.cachedStatement(
                sql: "UPDATE tips SET state = ?, bytes = ?, sha256 = ?, at = ? WHERE id = ?"
            ).execute(arguments: [
                isComplete ? "received" : "awaiting-media", earlier + file.bytes,
                (digests + [file.sha256]).joined(separator: ","), at, tip,
            ])
            return .new(
                completed: isComplete && !wasComplete, key: row["key"], priority: row["priority"])
        }
    }

    /// Whether there is such a tip.
    func hasTip(_ id: String) async throws -> Bool {
        try await self.read { database in
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM tips WHERE id = ?)", arguments: [id])
                ?? false
        }
    }

    /// The receipt of a tip as JSON; nil when there is none.
    func receipt(_ id: String) async throws -> JSONValue? {
        try await self.read { database in
            guard
                let tip = try Row.fetchOne(
                    database, sql: "SELECT state, at FROM tips WHERE id = ?", arguments: [id])
            else { return nil }
            let media = try Row.fetchAll(
                database,
                sql: "SELECT container, bytes, sha256 FROM media WHERE tip = ? ORDER BY seq",
                arguments: [id])
            let files = media.map { row -> JSONValue in
                let (container, sha256): (String, String) = (row["container"], row["sha256"])
                let bytes: Int = row["bytes"]
                return .object([
                    ("container", .string(container)), ("bytes", .integer(bytes)),
                    ("sha256", .string(sha256)),
                ])
            }
            let (state, at): (String, Double) = (tip["state"], tip["at"])
            return .object([
                ("id", .string(id)), ("state", .string(state)), ("received", .number(at)),
                ("media", .array(files)),
            ])
        }
    }

    private static func insert(
        _ file: SpooledMedia, tip: String, at: Double, into database: Database
    ) throws {
        try database.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO media (tip, name, container, bytes, sha256, at)
                VALUES (?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            tip, file.name, file.container.rawValue, file.bytes, file.sha256, at,
        ])
    }
}
