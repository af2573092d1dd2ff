/// A mistake in what the transport was asked to do; what the network did is a `TransferResult`.
package struct TransportError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of mistake; more cases may come.
    package struct Code: Sendable, Hashable {
        private enum Kind: Sendable {
            case url, header, address, file, lookup, resource, option, unsupported
        }
        private let kind: Kind

        /// The URL is malformed, or neither http nor https.
        package static let url = Code(kind: .url)
        /// A header's name or value cannot be sent.
        package static let header = Code(kind: .header)
        /// An address is not a numeric IPv4 or IPv6 address.
        package static let address = Code(kind: .address)
        /// A body's file cannot be opened.
        package static let file = Code(kind: .file)
        /// A name has no address.
        package static let lookup = Code(kind: .lookup)
        /// The system refused a descriptor or memory.
        package static let resource = Code(kind: .resource)
        /// libcurl does not accept an option's value.
        package static let option = Code(kind: .option)
        /// The linked libcurl was built without what is asked for.
        package static let unsupported = Code(kind: .unsupported)
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
