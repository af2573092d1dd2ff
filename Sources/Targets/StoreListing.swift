import Foundation

/// One row of the store, as `GET /admin/store` lists it.
package struct StoreRow: Sendable, Hashable, Decodable {
    /// The idempotency key.
    package var key: String
    /// What state the submission is in; `stored` when it is complete.
    package var state: String
    /// Bytes of media.
    package var bytes: Int64?
    /// Their SHA-256 in hex.
    package var sha256: String?
}

/// The store's listing, by key.
package struct StoreListing: Sendable {
    /// The rows by key.
    package var rows: [String: StoreRow]

    /// Reads NDJSON, one row a line.
    ///
    /// - Throws: `TargetError` with code `control` at the first line that is no row: a listing
    ///   that cannot be read whole must not be taken for the truth.
    package init(ndjson: [UInt8]) throws(TargetError) {
        var rows: [String: StoreRow] = [:]
        let decoder = JSONDecoder()
        for (number, line) in ndjson.split(separator: 0x0A).enumerated() {
            guard let row = try? decoder.decode(StoreRow.self, from: Data(line)) else {
                throw TargetError(.control, "line \(number + 1) of the store's listing is no row")
            }
            rows[row.key] = row
        }
        self.rows = rows
    }
}
