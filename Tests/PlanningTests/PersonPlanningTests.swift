import Planning
import Primitives
import Scenarios
import Testing

@Suite struct PersonPlanningTests {
    private func scenario(_ person: PersonSpec, timeScale: Double = 1) -> Scenario {
        var population = Sample.population(Sample.constant(1, seconds: 600))
        population.person = person
        var scenario = Sample.scenario([population])
        scenario.timeScale = timeScale
        scenario.http.connectTimeout = .seconds(2)
        return scenario
    }

    private func mistakes(_ scenario: Scenario) -> [ScenarioErrors.Mistake] {
        do throws(ScenarioErrors) {
            _ = try Plan.make(scenario, materials: DraftMaterials())
            return []
        } catch {
            return error.mistakes
        }
    }

    @Test("Patience is story time; pauses under a minute and deadlines are real.")
    func scaled() throws {
        let person = PersonSpec(
            patience: .lognormal(median: 1_800, p99: 7_200),
            pressAgain: PressAgainSpec(max: 2, after: .exponential(mean: 5)),
            timeout: .seconds(40))
        let plan = try Plan.make(
            self.scenario(person, timeScale: 60), materials: DraftMaterials())
        let planned = plan.populations[0].person
        #expect(planned.patience == .lognormal(median: 30, p99: 120))
        #expect(planned.pressAgain?.after == .exponential(mean: 5))
        #expect(planned.timeout == .seconds(40))
        let outline = plan.outline()
        #expect(
            outline.storyScaled.contains {
                $0.name == "patience of people" && $0.value == "median 30m, p99 2h"
                    && $0.compressed == "median 30 s, p99 2m"
            },
            "\(outline.storyScaled)")
        #expect(outline.realTime.contains { $0.name == "timeout of people" })
    }

    @Test("Nobody may leave, nor a journey fail, before a connection can have failed.")
    func tooShort() {
        var person = PersonSpec(patience: .fixed(1.9))
        person.patienceLocation = SourceLocation(line: 3, column: 9)
        let found = self.mistakes(self.scenario(person))
        #expect(found.map(\.location) == [SourceLocation(line: 3, column: 9)])
        #expect(
            found.first?.message
                == "patience: 99 in 100 people leave within 1.9 s, before a connection may have "
                + "failed (connectTimeout, 2 s); lower http.connectTimeout")
        #expect(self.mistakes(self.scenario(PersonSpec(patience: .fixed(2)))).isEmpty)
        #expect(self.mistakes(self.scenario(PersonSpec(timeout: .milliseconds(1_999)))).count == 1)
        #expect(self.mistakes(self.scenario(PersonSpec(timeout: .seconds(2)))).isEmpty)
        // The same patience in a story that is told sixty times as fast.
        let patient = PersonSpec(patience: .exponential(mean: 20))
        #expect(self.mistakes(self.scenario(patient)).isEmpty)
        #expect(self.mistakes(self.scenario(patient, timeScale: 60)).count == 1)
    }

    @Test("Presses make an intent longer, patience and the journey's deadline shorter.")
    func longestIntent() throws {
        func longest(_ person: PersonSpec) throws -> Double {
            try Plan.make(self.scenario(person), materials: DraftMaterials())
                .populations[0].longestIntent
        }
        #expect(try longest(PersonSpec()) == 30)
        #expect(try longest(PersonSpec(timeout: .seconds(10))) == 10)
        let press = PressAgainSpec(max: 2, after: .fixed(3))
        #expect(try longest(PersonSpec(pressAgain: press)) == 96)
        #expect(try longest(PersonSpec(patience: .fixed(50), pressAgain: press)) == 50)
        #expect(
            try longest(
                PersonSpec(
                    patience: .fixed(50), pressAgain: press, timeout: .seconds(10))) == 36)
    }
}
