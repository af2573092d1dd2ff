import Foundation
import Planning
import Primitives
import Scenarios
import Testing

@Suite struct ShippedScenarioTests {
    private func plan(_ name: String, seed: UInt64? = nil) throws -> Plan {
        let directory = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../scenarios").standardizedFileURL.path()
        let file = directory + "/" + name + ".yaml"
        var scenario = try Scenario.decode(
            text: try String(contentsOfFile: file, encoding: .utf8), file: file,
            directory: directory)
        if let seed { scenario.seed = seed }
        return try Plan.make(
            scenario, materials: try DraftMaterials.load(scenario: scenario, environment: [:]))
    }

    @Test("The viral flood is 120 s of the numbers that were measured to collapse and to heal.")
    func viralFlood() throws {
        let plan = try self.plan("viral-flood")
        #expect(plan.duration == .seconds(120))
        #expect(plan.phases.map(\.name) == ["quiet", "surge", "peak", "page", "recovered"])
        #expect(plan.phases.map(\.end.seconds) == [30, 54, 72, 91, 120])
        #expect(plan.phases.map(\.kind) == [.load, .load, .load, .maintenance, .load])
        let intents = Dictionary(
            uniqueKeysWithValues: plan.populations.map { ($0.name, $0.expectedIntents ?? 0) })
        #expect(intents["tips"] == 2_400)
        // 2 x 30 + 251 x 24 + 500 x 18 + 251 x 18 + 2 x 30.
        #expect(intents["flood"] == 19_662)
        let page = plan.timeline.filter { $0.request != nil }
        #expect(page.map(\.at) == [.seconds(73), .seconds(91)])
        #expect(plan.timeline.first?.at == .milliseconds(2_400))
        let outline = plan.outline(
            machine: MachineLimits(descriptors: 1_024, localPorts: 28_232, cores: 2))
        #expect(outline.totals.peakRequests == 525)
        #expect(outline.totals.sockets == 2_625)
        #expect(outline.warnings.count == 1)
        #expect(
            outline.warnings[0].hasPrefix(
                "file descriptors: up to 2689 may be needed and 1024 there; "))
        #expect(outline.warnings[0].hasSuffix("ulimit -n 4096"))
        #expect(outline.storyScaled.map(\.compressed) == ["2 GB", "1 s"])
        let copy = try JSONDecoder().decode(
            PlanOutline.self, from: try JSONEncoder().encode(outline))
        #expect(copy == outline)
    }

    @Test("Listing arrivals twice gives the same bytes, in order of time; another seed differs.")
    func arrivals() throws {
        let first = try self.plan("viral-flood").arrivals().prefix(600).map(\.line)
        #expect(try self.plan("viral-flood").arrivals().prefix(600).map(\.line) == first)
        #expect(try self.plan("viral-flood", seed: 2).arrivals().prefix(600).map(\.line) != first)
        #expect(first.contains("0.250000000\tflood\t0\t6631"))
        let times = first.compactMap { Double($0.split(separator: "\t")[0]) }
        #expect(times == times.sorted())
        #expect(times.count == 600)
    }

    @Test("The quiet Sunday has its baseline, and smoke its ten seconds.")
    func others() throws {
        let quiet = try self.plan("quiet-sunday")
        #expect(quiet.duration == .seconds(60))
        #expect(quiet.populations[0].expectedIntents == 600)
        #expect(quiet.outline().warnings.isEmpty)
        let smoke = try self.plan("smoke")
        #expect(smoke.duration == .seconds(10))
        #expect(smoke.populations.map(\.writes) == [true, false])
    }

    @Test("Five thousand phones: one in ten is outside, and each goes the whole way.")
    func phones() throws {
        let plan = try self.plan("iwatch")
        let phones = plan.populations[0]
        #expect(phones.expectedIntents == 5_000)
        #expect(plan.duration == .seconds(125))
        #expect(plan.timeline.map(\.at.seconds) == [50, 80])
        #expect(phones.requestsPerIntent == 5)
        #expect(plan.outline().warnings.isEmpty)
        let drafter = RequestDrafter(
            plan: plan, runID: "r", baseURL: "http://localhost", adminURL: "http://localhost")
        let register = try #require(phones.steps.first { $0.name == "register the phone" })
        var outside = 0
        for intent in 0..<5_000 {
            let draft = try drafter.draft(
                register, context: DraftContext(population: 0, intent: intent, instruction: 2))
            guard case .bytes(let bytes)? = draft.body?.segments.first else { continue }
            let json = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: String]
            let place = ["latitude", "longitude"].compactMap { Double(json?[$0] ?? "") }
            try #require(place.count == 2)
            let isInside = (32.6...33.1).contains(place[0]) && (-97.0 ... -96.5).contains(place[1])
            if !isInside { outside += 1 }
        }
        #expect(outside == 500)
    }

    @Test("No shipped scenario is refused, even by a small machine with a full disk's last 2 MB.")
    func neverRefused() throws {
        var small = MachineLimits(descriptors: 1_024, localPorts: 28_232, cores: 1)
        small.memory = 256_000_000
        small.diskFree = 2_000_000
        for name in ["viral-flood", "quiet-sunday", "smoke"] {
            #expect(try self.plan(name).outline(machine: small).refused.isEmpty, "\(name)")
        }
    }

    @Test("The printed outline aligns its columns and draws the offered rate.")
    func rendering() throws {
        let text = try self.plan("smoke").outline().render(width: 60)
        #expect(text.hasPrefix("Smoke\nseed 1 · the bundled intake · 10 s of wall time\n"))
        #expect(text.contains("\noffered  \(String(repeating: "█", count: 38))  6/s peak\n"))
        #expect(text.contains("  tips") || text.contains("\ntips (genuine"))
    }
}
