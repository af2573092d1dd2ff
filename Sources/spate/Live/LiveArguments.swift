import ArgumentParser
import Reporting

/// How a run is shown while it goes on, and what terminals are given.
struct LiveArguments: ParsableArguments {
    @Option(
        name: .long,
        help: """
            The live view on stderr: auto (a screen on a terminal, lines elsewhere), full, line or \
            off.
            """)
    var live: LiveMode = .auto

    @Option(
        name: .long, help: ArgumentHelp("Pictures a second, 1 to 20.", valueName: "1-20"),
        completion: .list(["1", "5", "20"]))
    var fps = 5

    @Flag(name: .long, help: "ASCII only; otherwise LC_ALL, LC_CTYPE and LANG decide.")
    var ascii = false

    @Option(
        name: .long,
        help: "Colour: auto, always or never; NO_COLOR and FORCE_COLOR are heeded.")
    var color: ColourChoice = .auto

    @Flag(name: .long, help: "No colour, as --color never.")
    var noColor = false

    func validate() throws {
        if !(1...20).contains(self.fps) {
            throw ValidationError("--fps is \(self.fps); it has to be 1 to 20")
        }
    }

    /// What colour was asked for.
    var colour: ColourChoice { self.noColor ? .never : self.color }

    /// The same for a run.
    func options(isQuiet: Bool) -> LiveOptions {
        LiveOptions(
            mode: isQuiet ? .off : self.live, fps: self.fps, isASCII: self.ascii,
            colour: self.colour)
    }
}

extension ColourChoice: ExpressibleByArgument {}

/// How progress is shown.
enum LiveMode: String, ExpressibleByArgument, CaseIterable {
    /// A screen on a terminal, a line every ten seconds and per change elsewhere.
    case auto
    /// A screen wherever the cursor can be moved, continuous integration included.
    case full
    /// A line every ten seconds and per change.
    case line
    /// Nothing.
    case off
}

/// How a run is to be shown.
struct LiveOptions: Sendable {
    var mode = LiveMode.auto
    var fps = 5
    var isASCII = false
    var colour = ColourChoice.auto
}
