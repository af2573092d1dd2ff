import Primitives

/// What needs no worker: the app's start, devices, receipts and the store page's reviews.
extension PublicPort {
    /// `GET /v1/app`: what a phone asks for when the app is opened.
    func getApp() -> Answer {
        Answer(
            200,
            .object([
                ("name", .string("Tip line")), ("media", .integer(IntakeStore.mostMedia)),
            ]))
    }

    /// `POST /v1/devices`: a phone registers with its place.
    func postDevice(_ exchange: Exchange) async throws -> Answer {
        let json = try await exchange.readJSON(limit: 8_192)
        guard let latitude = json["latitude"]?.double, let longitude = json["longitude"]?.double,
            (-90...90).contains(latitude), (-180...180).contains(longitude)
        else {
            throw Refusal.bad("a device needs \"latitude\" and \"longitude\" in degrees")
        }
        var device = Exchange.newIdentifier()
        if let value = json["device"], value != .null {
            device = value.plainText
            guard !device.isEmpty, device.utf8.count <= 200 else {
                throw Refusal.bad("a \"device\" has 1 to 200 bytes")
            }
        }
        let isInside =
            exchange.settings.serviceArea?.contains(latitude: latitude, longitude: longitude)
            ?? true
        guard isInside, !exchange.settings.blocks(device: device) else { throw Refusal.blocked }
        try await self.services.store.commitDevice(
            id: device, latitude: latitude, longitude: longitude)
        return Answer(201, .object([("device", .string(device))]))
    }

    /// `GET /v1/tips/{id}`: the sender's receipt.
    func getTip(_ exchange: Exchange) async throws -> Answer {
        guard Route.isIdentifier(exchange.id) else { throw Refusal.badIdentifier }
        guard let receipt = try await self.services.store.receipt(exchange.id) else {
            throw Refusal.notFound
        }
        return Answer(200, receipt)
    }

    /// `POST /v1/reviews`: stars on the store's page.
    func postReview(_ exchange: Exchange) async throws -> Answer {
        let key = try exchange.idempotencyKey()
        let json = try await exchange.readJSON(limit: PublicPort.jsonLimit)
        guard case .integer(let stars)? = json["stars"], (1...5).contains(stars) else {
            throw Refusal.bad("a review needs \"stars\" from 1 to 5")
        }
        let text = json["text"]?.plainText ?? ""
        guard text.utf8.count <= PublicPort.textLimit else { throw Refusal.textTooLarge }
        let (id, isNew) = try await self.services.store.commitReview(
            key: key, id: Exchange.newIdentifier(), stars: stars, text: text)
        self.services.counters.count { values in
            if isNew {
                values.pageReviews += 1
                values.pageStars += stars
            } else {
                values.duplicates += 1
            }
        }
        return Answer(isNew ? 201 : 200, .object([("id", .string(id))]))
    }

    /// `GET /v1/reviews`: the store page's average.
    func getReviews() async throws -> Answer {
        let (count, average) = try await self.services.store.reviewSummary()
        return Answer(
            200,
            .object([
                ("count", .integer(count)), ("average", average.map(JSONValue.number) ?? .null),
            ]))
    }
}

extension JSONValue {
    /// The number, whole or not, also when it comes as a text; nil for anything else.
    fileprivate var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .string(let text): Double(text)
        default: nil
        }
    }
}
