import Foundation
import Measurements
import Primitives
import Testing

@testable import Reporting

@Suite struct PeopleReportTests {
    /// 240 genuine people and 400 who send noise, over a minute of two phases.
    private static func record() -> RunRecord {
        let phases = [
            PhaseFacts(name: "quiet|now", start: 0, end: 30),
            PhaseFacts(name: "peak", start: 30, end: 60),
        ]
        let populations = [("tips", TrafficClass.genuine), ("flood", .noise)].map {
            PopulationFacts(
                name: $0.0, trafficClass: $0.1, executor: "e", steps: ["tip"], writes: true)
        }
        let manifest = RunManifest(
            id: "run", scenario: "people", description: "", scenarioSHA256: "", seed: 1,
            started: "2020-05-31T05:48:00.000Z", timeScale: 60, plannedSeconds: 60, version: "0",
            libcurl: "7", command: "spate", target: "intake",
            host: HostFacts(
                kernel: "k", cores: 2, descriptors: 9, localPorts: 9, memory: 9, name: "h"),
            populations: populations, phases: phases, timeline: [])
        var record = RunRecord(
            manifest: manifest,
            seconds: (0..<72).map {
                SecondRow(second: $0, populations: [PopulationSecond(), PopulationSecond()])
            })
        var people = PeopleTally(populations: populations, phases: phases)
        for number in 0..<640 {
            let end = self.end(number)
            people.add(end)
            let key = PopulationSecond.IntentKey(
                arrivalSecond: Int(end.arrived / 1_000_000), ending: end.ending)
            record.seconds[Int(end.ended / 1_000_000)].populations[end.population]
                .intents[key, default: 0] += 1
        }
        record.people = people
        for second in 0..<72 {
            record.server.append(
                ServerSample(
                    second: second,
                    values: [
                        "page_reviews_total": Double(second * 2),
                        "page_stars_total": Double(second < 30 ? second * 8 : 240 + second * 3),
                    ]))
        }
        return record
    }

    private static func end(_ number: Int) -> IntentEnd {
        let random = CounterRandom(seed: 9, population: 0, intent: number, purpose: .size)
        let arrived = Int64(random.integer(0, in: 0...59_999)) * 1_000
        let isLate = arrived >= 30_000_000
        let endings: [IntentEnding] =
            isLate
            ? [.accepted, .gaveUp, .gaveUp, .failed, .rejected, .unfinished, .dropped]
            : [.accepted, .accepted, .accepted, .accepted, .rejected]
        let ending = endings[random.integer(1, in: 0...(endings.count - 1))]
        let retries = isLate ? random.integer(3, in: 0...2) : 0
        return IntentEnd(
            population: number < 240 ? 0 : 1, number: number, ending: ending, arrived: arrived,
            ended: arrived + Int64(random.integer(2, in: 20...(isLate ? 11_000 : 900))) * 1_000,
            effort: ending == .dropped
                ? nil
                : IntentEffort(
                    attempts: 1 + retries, retries: retries,
                    presses: isLate ? random.integer(4, in: 0...1) : 0))
    }

    /// A report of a flood with those people in it.
    static func report() -> Report {
        var report = SyntheticReport.flood(rows: 72, timeScale: 60)
        report.people = Report.People(RunSummary(self.record()), timeScale: 60)
        return report
    }

    private func json(_ report: Report) throws -> [String: Any] {
        let data = try ReportCoding.encode(report)
        let whole = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        return try #require(whole?["people"] as? [String: Any])
    }

    @Test("It keeps to the schema, and the sums of its JSON add up.")
    func schemaAndSums() throws {
        let report = Self.report()
        let check = try SchemaCheck(Report.jsonSchema)
        #expect(try check.problems(ReportCoding.encode(report)) == [])
        let people = try self.json(report)
        let classes = try #require(people["classes"] as? [String: [String: Any]])
        let phases = try #require(people["phases"] as? [[String: Any]])
        let endings = ["accepted", "rejected", "gave_up", "failed", "dropped", "unfinished"]
        func count(_ figures: [String: Any]?, _ name: String) -> Int {
            (figures?[name] as? Int) ?? -1
        }
        for (name, figures) in classes {
            #expect(count(figures, "people") == (name == "genuine" ? 240 : 400))
            #expect(
                endings.reduce(0) { $0 + count(figures, $1) } == count(figures, "people"), "\(name)"
            )
            let tries = try #require(figures["tries"] as? [Int])
            #expect(tries.reduce(0, +) == count(figures, "accepted"))
            #expect(tries.first == count(figures, "in_first_try"))
            #expect(
                count(figures, "in_first_try") + count(figures, "in_later")
                    == count(figures, "accepted"))
            for key in endings + ["people", "attempts", "retries", "presses", "in_later"] {
                let sum = phases.reduce(0) { sum, phase in
                    sum + count((phase["classes"] as? [String: [String: Any]])?[name], key)
                }
                #expect(sum == count(figures, key), "\(name) \(key)")
            }
            let curve = try #require(figures["curve"] as? [[String: Any]])
            #expect(curve.count <= 60 && curve.count > 20)
        }
        let rows = try #require(
            (people["crowding_out"] as? [String: Any])?["rows"] as? [[String: Any]])
        #expect(rows.count == 36)
        let genuine = count(classes["genuine"], "people") - count(classes["genuine"], "dropped")
        #expect(rows.reduce(0) { $0 + count($1, "genuine_arrived") } == genuine)
        for (key, name) in [("accepted_genuine", "genuine"), ("accepted_noise", "noise")] {
            let sum = rows.reduce(0) { $0 + count($1, key) }
            #expect(sum == count(classes[name], "accepted"))
        }
        #expect(count(people["reviews"] as? [String: Any], "count") == 142)
    }

    @Test("Markdown and page show the figures of the JSON, row by row.")
    func sameFigures() throws {
        let report = Self.report()
        let people = try self.json(report)
        let classes = try #require(people["classes"] as? [String: [String: Any]])
        func number(_ figures: [String: Any], _ key: String) -> Double? { figures[key] as? Double }
        func count(_ figures: [String: Any], _ key: String) -> String {
            ReportText.count((figures[key] as? Int) ?? -1)
        }
        for name in ["genuine", "noise"] {
            let figures = try #require(classes[name])
            let times = try #require(figures["time_to_success"] as? [String: Any])
            let keys = [
                "people", "in_first_try", "in_later", "rejected", "gave_up", "failed",
                "unfinished", "dropped",
            ]
            let cells =
                keys.map { count(figures, $0) }
                + ["p50", "p90"].map { number(times, $0).map { ReportText.seconds($0) } ?? "never" }
                + ["attempts_per_person", "app_amplification", "person_amplification"].map {
                    ReportText.number(number(figures, $0))
                }
            let row = "| \(name) | " + cells.joined(separator: " | ") + " |\n"
            #expect(report.markdown.contains(row), "\(row)")
            let html = cells.map { "<td class=\"n\">\($0)</td>" }.joined()
            #expect(report.html.contains("<th scope=\"row\">\(name)</th>\(html)"), "\(html)")
            let curve = try #require(figures["curve"] as? [[String: Any]])
            for point in curve {
                func interval(_ key: String) -> String {
                    guard let ends = point[key] as? [Double] else { return "–" }
                    return ends.map { ReportText.percent($0) }.joined(separator: " – ")
                }
                let cells = [
                    count(point, "waiting"), ReportText.percent(number(point, "share")),
                    interval("ci"), ReportText.percent(number(point, "if_patient")),
                    interval("if_patient_ci"),
                ]
                let since = ReportText.seconds(number(point, "t"))
                let line =
                    "<th scope=\"row\" class=\"n\">\(since)</th>"
                    + cells.map { "<td class=\"n\">\(ReportText.escape($0))</td>" }.joined()
                #expect(report.html.contains(line), "\(line)")
            }
        }
        #expect(report.markdown.contains("| quiet\\|now | 00:00 – 00:30 | "))
        #expect(report.html.contains("<th scope=\"row\">quiet|now</th>"))
    }

    @Test("One sentence says how many got in at the first try, later and never, everywhere.")
    func sentence() throws {
        let report = Self.report()
        let genuine = try #require(report.people?.classes["genuine"])
        let first = try #require(genuine.inFirstTry)
        let later = try #require(genuine.inLater)
        let never = genuine.rejected + genuine.gaveUp + genuine.failed
        #expect(first > 0 && later > 0 && never > 0)
        #expect(first + later + never + genuine.unfinished + genuine.dropped == 240)
        let words =
            "Of 240 genuine people \(first) got in at the first try, \(later) later, "
            + "\(never) never; \(genuine.unfinished) still waited when the run ended; "
            + "\(genuine.dropped) were never started by the generator."
        #expect(report.markdown.contains(words) && report.html.contains(words))
        let summary = report.summaryText(width: 400, color: false)
        #expect(summary.contains(words))
        let narrow = report.summaryText(width: 80, color: false, path: "x")
        let lines = narrow.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        #expect(lines.count <= 25 && lines.allSatisfy { $0.count <= 80 })
        #expect(narrow.contains("Of 240 genuine people"))
    }

    @Test("Each step of a curve is drawn as high as its point, each row of crowding once.")
    func marks() throws {
        let report = Self.report()
        let page = PageReader(report.html.replacingOccurrences(of: "<!DOCTYPE html>", with: ""))
        #expect(page.failure == nil)
        #expect(
            page.curves.map(\.name).sorted() == [
                "genuine:if_patient", "genuine:share", "noise:if_patient", "noise:share",
            ])
        for curve in page.curves {
            let parts = curve.name.split(separator: ":").map(String.init)
            let points = try #require(report.people?.classes[parts[0]]?.curve)
            let shares = points.map { parts[1] == "share" ? $0.share : $0.ifPatient }
            let numbers = curve.path.split { !"0123456789.".contains($0) }.compactMap {
                Double($0)
            }
            // x and y of the beginning, then x and y of each step.
            #expect(numbers.count == 2 + 2 * points.count && curve.points == points.count)
            let steps = stride(from: 2, to: numbers.count, by: 2).map { numbers[$0 + 1] }
            for (step, share) in zip(steps, shares) {
                #expect(abs((numbers[1] - step) / 170 - share) < 0.0005, "\(curve.name)")
            }
            let places = stride(from: 0, to: numbers.count, by: 2).map { numbers[$0] }
            #expect(zip(places, places.dropFirst()).allSatisfy { $0 <= $1 })
        }
        let crowding = page.series.filter { $0.chart == "crowding" }
        #expect(crowding.count == 6)
        let rows = try #require(report.people?.crowdingOut.rows)
        for series in crowding {
            let known: Int
            switch series.name {
            case "crowding:genuine_share": known = rows.count { $0.genuineShare != nil }
            case "crowding:noise_share": known = rows.count { $0.noiseShare != nil }
            case "crowding:stars_average": known = rows.count { $0.starsAverage != nil }
            default: known = rows.count
            }
            #expect(series.rows == rows.count && series.decimation == 1, "\(series.name)")
            #expect(series.marks == known, "\(series.name)")
        }
        let images = page.elements["svg"] ?? 0
        #expect(images == 14)
        #expect(page.elements["desc"] == images && page.elements["details"] == 14)
        let ids = page.attributes.filter { $0.name == "id" }.map(\.value)
        #expect(Set(ids).count == ids.count)
        #expect(!report.html.contains(" style="))
        #expect(report.html.components(separatedBy: "<script").count == 2)
    }

    @Test("Where tries are not known it says so, and where nothing is known it says that.")
    func unknown() throws {
        var report = Self.report()
        report.people?.classes["genuine"]?.inFirstTry = nil
        report.people?.classes["genuine"]?.inLater = nil
        report.people?.classes["genuine"]?.tries = nil
        let accepted = try #require(report.people?.classes["genuine"]?.accepted)
        #expect(report.markdown.contains("Of 240 genuine people \(accepted) got in, "))
        #expect(report.markdown.contains("| genuine | 240 | not known | not known |"))
        report.people = nil
        #expect(report.html.contains("What became of each person was not recorded."))
        #expect(report.markdown.contains("What became of each person was not recorded."))
        #expect(!report.summaryText(width: 80, color: false).contains("people"))
    }

    @Test("A run without a list of ends still shows who was crowded out.")
    func withoutEnds() {
        var record = Self.record()
        record.people = nil
        var report = SyntheticReport.flood(rows: 72, timeScale: 60)
        report.people = Report.People(RunSummary(record), timeScale: 60)
        #expect(report.people?.classes.isEmpty == true)
        #expect(report.people?.crowdingOut.rows.count == 36)
        #expect(report.html.contains("data-series=\"crowding:noise_share\""))
        #expect(!report.html.contains("data-curve"))
        record.seconds = []
        #expect(Report.People(RunSummary(record), timeScale: 60) == nil)
    }

    @Test("Hostile phases stay text.")
    func hostile() {
        var report = Self.report()
        report.people?.phases[0].name = "<script>x</script>`|"
        let page = PageReader(report.html.replacingOccurrences(of: "<!DOCTYPE html>", with: ""))
        #expect(page.failure == nil && page.elements["script"] == 1)
        #expect(!report.markdown.contains("<script"))
    }
}
