/// What a request on the public port asks for.
enum Route: String, Sendable, CaseIterable {
    case getApp = "GET /v1/app"
    case postDevice = "POST /v1/devices"
    case postTip = "POST /v1/tips"
    case putMedia = "PUT /v1/tips/{id}/media"
    case getTip = "GET /v1/tips/{id}"
    case postReview = "POST /v1/reviews"
    case getReviews = "GET /v1/reviews"
    case health = "GET /healthz"
    case metrics = "GET /metrics"
    case other = "other"

    /// Whether a worker is needed.
    var needsWorker: Bool { self == .postTip || self == .putMedia }

    /// Whether it counts for faults: whatever phones and browsers ask of the service itself.
    var isLoad: Bool { self != .health && self != .metrics && !self.isStorePage }

    /// Whether it is the store's page: it belongs to somebody else and stays up without the app.
    var isStorePage: Bool { self == .postReview || self == .getReviews }

    /// The route of a method and a path without its query, and the `{id}` in it.
    ///
    /// Paths are taken as they are: nothing is decoded, no dots are resolved. A known path with
    /// another method, and every unknown path, is `other`.
    static func of(method: String, path: some StringProtocol) -> (route: Route, id: String?) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        switch (method, parts.count) {
        case ("GET", 2) where parts.elementsEqual(["v1", "app"]): return (.getApp, nil)
        case ("POST", 2) where parts.elementsEqual(["v1", "devices"]): return (.postDevice, nil)
        case ("POST", 2) where parts.elementsEqual(["v1", "tips"]): return (.postTip, nil)
        case ("POST", 2) where parts.elementsEqual(["v1", "reviews"]): return (.postReview, nil)
        case ("GET", 2) where parts.elementsEqual(["v1", "reviews"]): return (.getReviews, nil)
        case ("GET", 1) where parts.first == "healthz": return (.health, nil)
        case ("GET", 1) where parts.first == "metrics": return (.metrics, nil)
        default: break
        }
        guard parts.starts(with: ["v1", "tips"]) else { return (.other, nil) }
        // An id with slashes in it is still an attempt at an id, and answered as such.
        if method == "PUT", parts.count >= 4, parts.last == "media" {
            return (.putMedia, parts.dropFirst(2).dropLast().joined(separator: "/"))
        }
        if method == "GET", parts.count >= 3 {
            return (.getTip, parts.dropFirst(2).joined(separator: "/"))
        }
        return (.other, nil)
    }

    /// Whether a text can be an id of ours; everything else never reaches the store.
    static func isIdentifier(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64
            && text.utf8.allSatisfy {
                ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2D
            }
    }
}
