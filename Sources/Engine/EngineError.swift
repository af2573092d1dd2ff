/// Why a run cannot begin: the user's mistake or the machine's limit, never the target's doing.
package struct EngineError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of mistake.
    package struct Code: Sendable, Hashable {
        private enum Kind: Sendable { case capture, file, resource, request }
        private let kind: Kind
        /// A capture's path or pattern cannot be understood.
        package static let capture = Code(kind: .capture)
        /// A body's file cannot be opened.
        package static let file = Code(kind: .file)
        /// The system refused a descriptor, a thread or memory, or libcurl an option.
        package static let resource = Code(kind: .resource)
        /// A request cannot be sent as written.
        package static let request = Code(kind: .request)
    }
    /// What kind of mistake.
    package let code: Code
    /// A sentence for the user, without secrets.
    package let message: String

    /// A mistake of a kind, told in a sentence.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The sentence.
    package var description: String { self.message }
}
