import Foundation
import Primitives

/// What is asked of the bundled intake after a run, on its admin port.
package struct StoreQuestions: Sendable {
    private let client: ControlClient
    private let adminURL: String

    /// Questions to the intake at that admin URL.
    package init(client: ControlClient, adminURL: String) {
        self.client = client
        self.adminURL = adminURL
    }

    /// One line of `GET /admin/reviews`.
    package struct ReviewLine: Sendable, Decodable, Hashable {
        /// The idempotency key.
        package var key: String
        /// When it was queued, in seconds of the intake's clock.
        package var enqueuedAt: Double
        /// When an analyst was done with it; nil while it waits.
        package var reviewedAt: Double?

        private enum CodingKeys: String, CodingKey {
            case key
            case enqueuedAt = "enqueued_at"
            case reviewedAt = "reviewed_at"
        }
    }

    /// Waits until no request is in progress, at most 30 s; reconciling earlier would count
    /// answers on their way as lost.
    ///
    /// - Returns: true when it became quiet.
    package func waitForQuiet() async -> Bool {
        let answer = try? await self.client.send(
            "GET", self.adminURL + "/admin/quiet", timeout: .seconds(35))
        return answer?.status == 200
    }

    /// The capacity the intake measured while all workers were busy, per second.
    package func capacityMeasured() async -> Double? {
        struct Truth: Decodable {
            var capacityMeasured: Double?
            private enum CodingKeys: String, CodingKey {
                case capacityMeasured = "capacity_measured"
            }
        }
        guard
            let answer = try? await self.client.send("GET", self.adminURL + "/admin/manifest"),
            answer.status == 200
        else { return nil }
        return try? JSONDecoder().decode(Truth.self, from: Data(answer.body)).capacityMeasured
    }

    /// The whole store.
    ///
    /// - Throws: `TargetError` when the listing cannot be had whole.
    package func listing() async throws(TargetError) -> StoreListing {
        let answer = try await self.client.send(
            "GET", self.adminURL + "/admin/store", timeout: .seconds(60), bodyLimit: 1 << 30)
        guard answer.status == 200, !answer.isTruncated else {
            throw TargetError(.control, "the intake answered \(answer.status) for its listing")
        }
        return try StoreListing(ndjson: answer.body)
    }

    /// When tips were queued and reviewed; empty when that cannot be had.
    package func reviews() async -> [ReviewLine] {
        guard
            let answer = try? await self.client.send(
                "GET", self.adminURL + "/admin/reviews", timeout: .seconds(60),
                bodyLimit: 1 << 30),
            answer.status == 200
        else { return [] }
        let decoder = JSONDecoder()
        return answer.body.split(separator: 0x0A).compactMap {
            try? decoder.decode(ReviewLine.self, from: Data($0))
        }
    }
}
