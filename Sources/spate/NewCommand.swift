import ArgumentParser
import Foundation

/// `spate new [TEMPLATE]`: prints or writes a commented scenario to start from.
struct NewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Writes a commented scenario to start from.",
        discussion: """
            Templates:
            \(StarterScenario.listing)

            Each runs as it is against the bundled intake; for a server of your own change its \
            target, or say --target to spate run. A file that exists is never overwritten.
            """)

    @Argument(
        help: ArgumentHelp("The template; see the list above.", valueName: "template"),
        completion: .list(StarterScenario.all.map(\.name)))
    var template = StarterScenario.all[0].name

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("The file to write; stdout when absent.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var output: String?

    @Flag(name: .shortAndLong, help: "List the templates, a line each, and write none.")
    var list = false

    func run() async throws {
        try await reportingFailures {
            if self.list {
                Console.result(StarterScenario.listing)
                return .success
            }
            let starter = try StarterScenario.named(self.template)
            guard let output = self.output else {
                Console.raw(starter.text)
                return .success
            }
            // O_EXCL: a file somebody has worked on is never overwritten.
            let descriptor = open(output, O_WRONLY | O_CREAT | O_EXCL, 0o644)
            guard descriptor >= 0 else {
                let code = errno
                throw Failure(
                    "\(output) cannot be written: \(String(cString: strerror(code)))",
                    hint: code == EEXIST
                        ? "choose another name, or remove it first"
                        : "see that its folder exists and can be written to: ls -ld",
                    status: .internalError)
            }
            let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
            try handle.write(contentsOf: Data(starter.text.utf8))
            Console.note("wrote \(output); try: spate plan \(output)")
            return .success
        }
    }
}
