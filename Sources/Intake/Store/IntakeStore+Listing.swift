import GRDB

extension IntakeStore {
    /// Stores a page review, unless its key is known; the id of the new or the known one.
    func commitReview(
        key: String, id: String, stars: Int, text: String
    ) async throws -> (id: String, isNew: Bool) {
        try await self.commit { database in
            let known = try String.fetchOne(
                database.cachedStatement(sql: "SELECT id FROM reviews WHERE key = ?"),
                arguments: [key])
            if let known { return (known, false) }
            try database.cachedStatement(
                sql: "INSERT INTO reviews (id, key, stars, text, at) VALUES (?, ?, ?, ?, ?)"
            ).execute(arguments: [id, key, stars, text, IntakeStore.now()])
            return (id, true)
        }
    }

    /// How many page reviews there are, and their average; nil without any.
    func reviewSummary() async throws -> (count: Int, average: Double?) {
        try await self.read { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT count(*) AS count, avg(stars) AS average FROM reviews")
            return (row?["count"] ?? 0, row?["average"])
        }
    }

    /// The page's reviews by the second since 1970 in which they came: how many, and their stars.
    func ratings() async throws -> [(at: Int, count: Int, stars: Int)] {
        try await self.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT CAST(at AS INTEGER) AS second, count(*) AS count, sum(stars) AS stars
                    FROM reviews GROUP BY second ORDER BY second
                    """
            ).map { (at: $0["second"], count: $0["count"], stars: $0["stars"]) }
        }
    }

    /// Notes a phone.
    func commitDevice(id: String, latitude: Double, longitude: Double) async throws {
        try await self.commit { database in
            try database.cachedStatement(
                sql: "INSERT INTO devices (id, latitude, longitude, at) VALUES (?, ?, ?, ?)"
            ).execute(arguments: [id, latitude, longitude, IntakeStore.now()])
        }
    }

    /// The two halves of the view `stored`, to be listed one after the other.
    enum Listing: String, CaseIterable {
        case tips = """
            SELECT seq, key, 'tip' AS kind, state, bytes, sha256, at FROM tips
            WHERE state <> 'awaiting-media' AND seq > ? ORDER BY seq LIMIT ?
            """
        case reviews = """
            SELECT seq, key, 'review' AS kind, 'received' AS state,
                length(CAST(text AS BLOB)) AS bytes, NULL AS sha256, at FROM reviews
            WHERE NOT EXISTS (SELECT 1 FROM tips WHERE tips.key = reviews.key)
                AND seq > ? ORDER BY seq LIMIT ?
            """
    }

    /// A page of a listing as lines of JSON, and where the next page begins; nil after the last.
    func page(
        of listing: Listing, after seq: Int, limit: Int = 1_000
    ) async throws -> (lines: String, last: Int)? {
        try await self.database.read { database in
            let rows = try Row.fetchAll(
                database, sql: listing.rawValue, arguments: [seq, limit])
            guard let last = rows.last else { return nil }
            var lines = ""
            for row in rows {
                let sha256: String? = row["sha256"]
                lines +=
                    JSONValue.object([
                        ("key", .string(row["key"])), ("kind", .string(row["kind"])),
                        ("state", .string(row["state"])), ("bytes", .integer(row["bytes"])),
                        ("sha256", sha256.map(JSONValue.string) ?? .null),
                        ("at", .number(row["at"])),
                    ]).text + "\n"
            }
            return (lines, last["seq"])
        }
    }

    /// Really deletes the newest stored rows and returns their keys; a loss to be found by tests.
    func forget(newest count: Int) async throws -> [String] {
        try await self.database.write { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT key, kind FROM stored ORDER BY at DESC, key LIMIT ?",
                arguments: [count])
            for row in rows {
                let (key, kind): (String, String) = (row["key"], row["kind"])
                if kind == "tip" {
                    try database.execute(
                        sql: "DELETE FROM media WHERE tip IN (SELECT id FROM tips WHERE key = ?)",
                        arguments: [key])
                    try database.execute(sql: "DELETE FROM tips WHERE key = ?", arguments: [key])
                }
                try database.execute(sql: "DELETE FROM reviews WHERE key = ?", arguments: [key])
            }
            return rows.map { $0["key"] }
        }
    }
}
