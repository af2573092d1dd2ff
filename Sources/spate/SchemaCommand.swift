import ArgumentParser
import Reporting
import Scenarios

/// `spate schema`: the JSON Schema of scenario files or of reports.
struct SchemaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Prints the JSON Schema of scenario files, for editors and other tools.",
        discussion: """
            An editor with the YAML language server uses it by a first line such as
              # yaml-language-server: $schema=scenario.schema.json
            """)

    @Flag(name: .long, help: "Print the schema of report.json instead.")
    var report = false

    func run() async throws {
        Console.result(self.report ? Report.jsonSchema : Scenario.jsonSchema)
    }
}
