import ArgumentParser
import Foundation

/// `spate new [TEMPLATE]`: prints or writes a commented scenario to start from.
struct NewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Writes a commented scenario to start from.",
        discussion:
            "Templates: \(StarterScenario.allCases.map(\.rawValue).joined(separator: ", ")).")

    @Argument(help: "The template.")
    var template: StarterScenario = .upload

    @Option(name: [.customShort("o"), .long], help: "The file to write; stdout when absent.")
    var output: String?

    func run() async throws {
        try await reportingFailures {
            guard let output = self.output else {
                Console.raw(self.template.text)
                return .success
            }
            // O_EXCL: a file somebody has worked on is never overwritten.
            let descriptor = open(output, O_WRONLY | O_CREAT | O_EXCL, 0o644)
            guard descriptor >= 0 else {
                let reason = String(cString: strerror(errno))
                throw Failure(
                    "\(output) cannot be written: \(reason)",
                    hint: errno == EEXIST ? "choose another name, or remove it first" : nil,
                    status: .internalError)
            }
            let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
            try handle.write(contentsOf: Data(self.template.text.utf8))
            Console.note("wrote \(output); try: spate plan \(output)")
            return .success
        }
    }
}

/// The templates of `spate new`.
enum StarterScenario: String, CaseIterable, ExpressibleByArgument {
    case upload
    case smoke

    /// The scenario's text.
    var text: String {
        switch self {
        case .upload: Self.uploadText
        case .smoke: Self.smokeText
        }
    }

    private static let smokeText = """
        # Ten seconds of light load: does it answer at all?
        version: 1
        name: Smoke
        target: http://127.0.0.1:8080      # or {intake: {}} for the bundled server
        scenarios:
          visitors:
            executor: constant-arrival-rate  # open: arrivals do not wait for answers
            rate: 5/s
            duration: 10s                    # a bare number is refused: always name the unit
            flow:
              - get: /
        thresholds:
          http_req_failed: [ "rate<1%" ]

        """

    private static let uploadText = """
        # Genuine uploads beside a flood that nobody asked for.
        version: 1
        name: An upload flood
        target: { intake: { workers: 4, serviceTime: 20ms, queue: 1400 } }
        seed: 1                              # the same seed gives the same run, byte for byte
        http: { timeout: 5s }
        scenarios:
          people:
            class: genuine                   # what must keep working
            executor: constant-arrival-rate
            rate: 10/s
            duration: 60s
            arrivals: poisson
            flow:
              - post:
                  url: /v1/tips
                  multipart:
                    text: "I saw it, number {{ $seq }}"
                    video: { generate: mp4, size: { lognormal: { median: 12KiB, p99: 192KiB } } }
                  expect: { status: [201] }
          flood:
            class: noise                     # what crowds it out; the server cannot tell
            executor: ramping-arrival-rate
            startRate: 1/s
            stages:
              - { name: quiet, duration: 20s, target: 1/s }
              - { name: flood, duration: 20s, target: 300/s }
              - { name: over, duration: 20s, target: 1/s, shape: step }
            flow:
              - post:
                  url: /v1/tips
                  multipart:
                    video: { generate: mp4, size: { lognormal: { median: 12KiB, p99: 192KiB } } }
                  expect: { status: [201] }
        timeline:
          - { at: 20s, kind: trigger, label: "The flood begins" }
        thresholds:
          http_req_failed{class:genuine}:
            - { threshold: "rate<1%", phase: quiet }
          dropped_iterations: [ "count==0" ]

        """
}
