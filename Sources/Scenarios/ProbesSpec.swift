package import Primitives

/// What is sampled of the server's side once a second, as the author wrote it.
///
/// Sources without a name tell of the server under test, and their figures have the plain names
/// that diagnosis reads; the figures of a source with a name are kept as `NAME/cpu.user`.
package struct ProbesSpec: Sendable, Hashable {
    /// A process, with those it started.
    package struct Process: Sendable, Hashable {
        /// Which process.
        package enum Choice: Sendable, Hashable {
            /// The one with that number.
            case pid(Int)
            /// The one whose number the file holds.
            case pidFile(String)
            /// The one that listens at that port.
            case port(Int)
            /// The bundled intake.
            case intake
        }
        /// Its name; nil for the server under test.
        package var name: String?
        /// Which process.
        package var choice: Choice
        /// The port whose queue of connections is read; nil for the one it is known by.
        package var listen: Int?

        /// A process.
        package init(name: String? = nil, choice: Choice, listen: Int? = nil) {
            self.name = name
            self.choice = choice
            self.listen = listen
        }
    }

    /// A Prometheus page.
    package struct Page: Sendable, Hashable {
        /// A figure of the page and what it is called here.
        package struct Figure: Sendable, Hashable {
            /// The series of the page that are added up.
            package var selector: MetricSelector
            /// The selector as it was written.
            package var text: String
            /// Our name.
            package var name: String
            /// What the page's number is multiplied by.
            package var factor: Double
        }
        /// Its name; nil for the server under test.
        package var name: String?
        /// Its URL, or a path on the target.
        package var url: String
        /// What is taken from it; empty for the names that are known anyway.
        package var figures: [Figure]
    }

    /// The processes.
    package var processes: [Process] = []
    /// Whether the machine is read; nil leaves it to the target: it is where the intake is bundled.
    package var host: Bool?
    /// The path whose file system is watched.
    package var disk: String?
    /// The pages.
    package var pages: [Page] = []
    /// The URL or path of a trivial endpoint that is asked beside the load.
    package var control: String?

    /// Nothing but what the target brings.
    package init() {}

    /// With what a bundled intake brings, unless the author chose otherwise.
    package func completed(isIntake: Bool) -> ProbesSpec {
        var spec = self
        spec.host = self.host ?? isIntake
        if isIntake, !self.processes.contains(where: { $0.name == nil }) {
            spec.processes.insert(Process(choice: .intake), at: 0)
        }
        return spec
    }
}
