/// Words of the report, some of them code, marks or links; every format writes them its own way.
struct Phrase {
    /// How good something is; the words say it, a colour only helps.
    enum Tone: String {
        /// As it should be.
        case ok
        /// To be taken with care.
        case warn
        /// Not as it should be.
        case bad
    }

    /// A piece of a phrase.
    enum Part {
        /// Plain words.
        case text(String)
        /// Something to be typed or searched for as it is.
        case code(String)
        /// A word that stands out.
        case badge(String, Tone)
        /// Ids of evidence; a page links them to the ledger.
        case references([String])
        /// Smaller print under the words before it.
        case detail(String)
    }

    /// The pieces in order.
    var parts: [Part]

    /// Pieces.
    init(_ parts: [Part]) {
        self.parts = parts
    }

    /// Plain words.
    init(_ text: String) {
        self.parts = [.text(text)]
    }

    /// Code.
    static func code(_ text: String) -> Phrase { Phrase([.code(text)]) }

    /// A word that stands out.
    static func badge(_ text: String, _ tone: Tone) -> Phrase { Phrase([.badge(text, tone)]) }

    /// Ids of evidence, or a dash.
    static func references(_ ids: [String]) -> Phrase {
        ids.isEmpty ? Phrase("–") : Phrase([.references(ids)])
    }

    /// The same with the ids it rests on in brackets behind it.
    func resting(on ids: [String]) -> Phrase {
        ids.isEmpty
            ? self : Phrase(self.parts + [.text(" ["), .references(ids), .text("]")])
    }
}
