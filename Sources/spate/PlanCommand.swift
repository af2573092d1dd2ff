import ArgumentParser
import Foundation
import Planning

/// `spate plan FILE`: what a run would do, without doing it.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Shows what a run would do: stages, totals, bytes, sockets and warnings.",
        discussion: """
            With --arrivals every planned arrival of the open executors is listed, in order of \
            time: seconds, population, number and body bytes, separated by tabs. The same scenario \
            and seed list the same arrivals, byte for byte.
            """)

    @OptionGroup var scenario: ScenarioArguments
    @OptionGroup var change: ChangeArguments
    @OptionGroup var sources: SourceArguments

    @Flag(name: .long, help: "List every arrival instead.")
    var arrivals = false

    @Flag(name: .long, help: "Print the plan as JSON.")
    var json = false

    func run() async throws {
        try await reportingFailures {
            let loaded = try LoadedScenario(self.scenario, change: self.change.change)
            if self.arrivals {
                var lines = ""
                for arrival in loaded.plan.arrivals() {
                    lines += arrival.line
                    lines += "\n"
                    if lines.utf8.count > 1 << 16 {
                        Console.raw(lines)
                        lines = ""
                    }
                }
                Console.raw(lines)
                return .success
            }
            MachineFacts.raiseDescriptorLimit()
            let outline = loaded.plan.outline(
                machine: MachineFacts.limits(
                    for: loaded.plan, sources: try self.sources.addresses().count,
                    directory: "reports"))
            if self.json {
                Console.raw(try JSONText.pretty(outline))
            } else {
                Console.raw(outline.render(width: Console.resultWidth))
            }
            try self.sources.refuse(outline)
            return .success
        }
    }
}
