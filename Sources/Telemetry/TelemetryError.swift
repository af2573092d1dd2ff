/// What was wrong with an option of telemetry: one sentence, and how to mend it.
package struct TelemetryError: Error, Sendable, Hashable {
    /// What kind of mistake; decides the exit code.
    package enum Code: Sendable, Hashable {
        /// The arguments mean nothing: exit 64.
        case arguments
        /// The port of `/metrics` is not to be had: exit 106.
        case cannotBind
    }
    /// The kind.
    package var code: Code
    /// What happened, in one sentence, without secrets.
    package var message: String
    /// How to mend it.
    package var hint: String?

    /// A mistake.
    package init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}
