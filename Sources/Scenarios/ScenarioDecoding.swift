/// Everything wrong with a scenario file, at once.
package struct ScenarioErrors: Error, Sendable {
    /// One mistake.
    package struct Mistake: Sendable, Hashable {
        /// Where.
        package var location: SourceLocation
        /// What is wrong and how to mend it, in one sentence.
        package var message: String

        /// A mistake at a place.
        package init(location: SourceLocation, message: String) {
            self.location = location
            self.message = message
        }
    }
    /// The file's name as the user gave it.
    package var file: String
    /// The mistakes, in the file's order; never empty.
    package var mistakes: [Mistake]
    /// The text as people read it: file, line, column, the source line, a caret, a suggestion.
    package var rendered: String

    /// The mistakes of a file, rendered by the caller.
    package init(file: String, mistakes: [Mistake], rendered: String) {
        self.file = file
        self.mistakes = mistakes
        self.rendered = rendered
    }

    /// The same mistakes, shown in the file's text.
    ///
    /// What planning finds has places but no text: only the caller has the file.
    package func shown(inText text: String, file: String) -> ScenarioErrors {
        let diagnostics = Diagnostics(source: SourceText(text), file: file)
        for mistake in self.mistakes {
            diagnostics.report(mistake.message, at: mistake.location)
        }
        return diagnostics.errors()
    }
}

extension Scenario {
    /// Decodes and validates a scenario's text.
    ///
    /// - Parameters:
    ///   - text: the YAML (JSON is YAML too).
    ///   - file: the name for messages and for the scenario's default name.
    ///   - directory: where relative paths start.
    ///   - overrides: `--set path=value` in order, applied to the document before decoding.
    /// - Throws: `ScenarioErrors` with every mistake in the file.
    package static func decode(
        text: String, file: String, directory: String = ".",
        overrides: [(path: String, value: String)] = []
    ) throws(ScenarioErrors) -> Scenario {
        let diagnostics = Diagnostics(source: SourceText(text), file: file)
        guard var root = DocumentReading.read(text, diagnostics: diagnostics) else {
            throw diagnostics.errors()
        }
        Overrides.apply(overrides, to: &root, diagnostics: diagnostics)
        guard case .mapping = root.content else {
            diagnostics.report(
                "a scenario is a mapping: 'version: 1' and further keys", at: root)
            throw diagnostics.errors()
        }
        GrammarChecking(diagnostics: diagnostics).check(
            root, .record(ScenarioGrammar.root), label: "the scenario", anchor: root.location)
        let scenario = ScenarioBuilder(root: root, diagnostics: diagnostics)
            .build(file: file, directory: directory)
        guard diagnostics.isEmpty else { throw diagnostics.errors() }
        return scenario
    }
}
