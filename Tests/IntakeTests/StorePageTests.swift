import Testing

@testable import Intake

@Suite(.timeLimit(.minutes(1))) struct StorePageTests {
    private func review(_ stars: Int, _ key: String, _ intake: IntakeFixture) async -> Int {
        await RawClient.send(
            "POST", "/v1/reviews", to: intake.server.port, headers: ["Idempotency-Key: \(key)"],
            body: Array("{\"stars\":\(stars)}".utf8)
        ).status
    }

    @Test("The store's page belongs to somebody else: it stays up while the app is down.")
    func staysUp() async throws {
        try await withIntake { intake in
            for state in ["page", "route-off"] {
                _ = await intake.admin("PUT", "/admin/operator", "{\"state\":\"\(state)\"}")
                let app = await RawClient.send("GET", "/v1/app", to: intake.server.port)
                #expect(app.status == (state == "page" ? 503 : 404))
                #expect(await self.review(1, state, intake) == 201)
                let page = await RawClient.send("GET", "/v1/reviews", to: intake.server.port)
                #expect(page.status == 200 && page.body.contains("\"average\":1.0"))
            }
            _ = await intake.admin("PUT", "/admin/operator", "{\"state\":\"open\"}")
            let app = await RawClient.send("GET", "/v1/app", to: intake.server.port)
            #expect(app.status == 200 && app["name"] == "Tip line")
        }
    }

    @Test("The limiter of the app does not stop reviews.")
    func notLimited() async throws {
        let settings = ["limiter.rate": "1/h", "limiter.burst": "1", "limiter.key": "address"]
        try await withIntake(settings) { intake in
            #expect(await intake.tip(key: "a").status == 201)
            #expect(await intake.tip(key: "b").status == 429)
            for number in 0..<5 { #expect(await self.review(1, "r\(number)", intake) == 201) }
        }
    }

    @Test("The average can be read second by second, in the metrics and from the store.")
    func average() async throws {
        try await withIntake { intake in
            for (number, stars) in [5, 4, 1, 1].enumerated() {
                #expect(await self.review(stars, "r\(number)", intake) == 201)
            }
            #expect(await self.review(5, "r0", intake) == 200, "a key is one review")
            let metrics = await intake.admin("GET", "/metrics").body
            #expect(metrics.contains("intake_page_reviews_total 4\n"))
            #expect(metrics.contains("intake_page_stars_total 11\n"))
            let lines = await intake.admin("GET", "/admin/ratings").lines
            #expect(lines.last?.contains("\"average\":2.75") == true)
            let counters = await intake.admin("GET", "/admin/counters")
            #expect(counters.body.contains("\"page_reviews\":4,\"page_stars\":11"))
        }
    }

    @Test("A phone may give its place as texts, as a template does.")
    func places() async throws {
        try await withIntake(["serviceArea": "32,-98,34,-96"]) { intake in
            for (json, status) in [
                ("{\"latitude\":\"32.7\",\"longitude\":\"-96.8\",\"device\":\"phone-7\"}", 201),
                ("{\"latitude\":\"37.5\",\"longitude\":\"127\"}", 403),
                ("{\"latitude\":\"north\",\"longitude\":\"-96.8\"}", 400),
            ] {
                let answer = await RawClient.send(
                    "POST", "/v1/devices", to: intake.server.port, body: Array(json.utf8))
                #expect(answer.status == status, "\(json)")
                if status == 201 { #expect(answer["device"] == "phone-7") }
            }
        }
    }
}
