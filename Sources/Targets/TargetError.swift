/// Why a target could not be brought up or may not be hit.
package struct TargetError: Error, Sendable, Hashable {
    /// What kind of trouble it is; decides the exit code.
    package enum Code: Sendable, Hashable {
        /// The host was not allowed, or has not agreed to be tested: exit 107.
        case notAgreed
        /// The URL cannot be used: exit 104.
        case badURL
        /// The bundled intake cannot be found or started: exit 1 (106 when a port is taken).
        case intakeUnavailable
        /// A port could not be bound: exit 106.
        case cannotBind
        /// The intake refused its settings: exit 104.
        case badSettings
        /// The target's own control interface did not answer as it should.
        case control
    }
    /// The kind.
    package var code: Code
    /// What happened, in one sentence.
    package var message: String
    /// How to mend it, in one sentence.
    package var hint: String?

    /// An error.
    package init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}
