/// A text with `{{ expressions }}`, parsed once.
package struct Template: Sendable, Hashable {
    /// A piece of the text.
    package enum Piece: Sendable, Hashable {
        /// Text as it is.
        case literal(String)
        /// A value put in its place.
        case expression(Expression)
    }
    /// What can stand between the braces; there is no scripting language on purpose.
    package enum Expression: Sendable, Hashable {
        /// A scenario variable or a captured value: `name`.
        case variable(String)
        /// A feeder's column: `tips.text`.
        case column(feeder: String, name: String)
        /// An environment variable: `$env.NAME`.
        case environment(String)
        /// The intent's number in its population, from 0: `$seq`.
        case sequence
        /// A version-4 UUID drawn from the seed: `$uuid`.
        case uuid
        /// A whole number drawn from the seed: `$randomInt 1 100`.
        case randomInt(Int, Int)
        /// The intake's admin base URL: `$admin`.
        case admin
        /// The intent's idempotency key: `$key`.
        case key
    }
    /// The pieces, in order.
    package var pieces: [Piece]

    /// A template of those pieces.
    package init(pieces: [Piece]) {
        self.pieces = pieces
    }

    /// A template that is only text.
    package init(literal: String) {
        self.pieces = literal.isEmpty ? [] : [.literal(literal)]
    }

    /// The text when nothing has to be put in; nil otherwise.
    package var constant: String? {
        var text = ""
        for piece in self.pieces {
            guard case .literal(let part) = piece else { return nil }
            text += part
        }
        return text
    }
}
