/// What a key means to the live view.
package enum LiveKey: Sendable, Hashable {
    /// Begin no intent until asked again, or begin them again.
    case holdArrivals
    /// A tenth of the plan's rate less.
    case lessLoad
    /// A tenth of the plan's rate more.
    case moreLoad
    /// Begin to write a remark.
    case annotate
    /// Keep what the screen shows now.
    case snapshot
    /// End the run.
    case stop
    /// Look at the next population.
    case nextPopulation
    /// Explain the keys, or stop explaining.
    case help
    /// Draw everything anew (Ctrl-L).
    case redraw

    /// The meaning of a byte from the keyboard; nil for one without.
    package init?(byte: UInt8) {
        switch byte {
        case UInt8(ascii: "p"): self = .holdArrivals
        case UInt8(ascii: "["): self = .lessLoad
        case UInt8(ascii: "]"): self = .moreLoad
        case UInt8(ascii: "a"): self = .annotate
        case UInt8(ascii: "s"): self = .snapshot
        case UInt8(ascii: "q"): self = .stop
        case 0x09: self = .nextPopulation
        case UInt8(ascii: "?"): self = .help
        case 0x0C: self = .redraw
        default: return nil
        }
    }

    /// The keys on one line, the most needed first.
    static let line =
        "q stop  ? help  p hold arrivals  [ ] rate -+10 %  a annotate  tab population  s snapshot"

    /// The keys explained, one a line.
    static let explained = [
        "q     stop: no intent begins any more; again to stop now (as Ctrl-C)",
        "p     hold arrivals, again to let them come: the plan comes that much later",
        "[ ]   the plan's rate 10 % lower or higher: the same arrivals less or more close",
        "a     annotate: a remark for the report's timeline; Enter keeps it, Esc does not",
        "tab   the next population's figures",
        "s     keep this screen in the run's folder, live.txt",
        "?     this page",
        "What you change is in the report; nothing you do counts as the server's doing.",
    ]
}

/// Bytes from a terminal, understood: keys, and the text of a remark.
///
/// Pure.
package struct LiveKeyboard: Sendable, Hashable {
    /// What was typed.
    package enum Input: Sendable, Hashable {
        /// A key.
        case key(LiveKey)
        /// A remark, complete.
        case remark(String)
        /// The remark being typed has changed, or was given up.
        case changed
    }
    private enum Mode: Sendable, Hashable {
        case keys
        case text
    }
    /// How far a terminal's own sequence (an arrow, a function key) has come.
    private enum Sequence: Sendable, Hashable {
        case none
        case begun
        case inside
    }
    /// The longest remark in bytes.
    package static let limit = 200

    private var mode = Mode.keys
    private var sequence = Sequence.none
    private var bytes: [UInt8] = []

    /// A keyboard nobody has touched.
    package init() {}

    /// The text of the remark being typed; nil while none is.
    package var draft: String? {
        self.mode == .text ? String(decoding: self.bytes, as: UTF8.self) : nil
    }

    /// Takes a byte.
    package mutating func take(_ byte: UInt8) -> Input? {
        switch self.sequence {
        case .begun:
            self.sequence = byte == UInt8(ascii: "[") || byte == UInt8(ascii: "O") ? .inside : .none
            if self.sequence == .inside { return nil }
        case .inside:
            // Parameters and intermediates, then one final byte (ECMA-48, 5.4).
            if (0x40...0x7E).contains(byte) { self.sequence = .none }
            return nil
        case .none: break
        }
        if byte == 0x1B {
            self.sequence = .begun
            guard self.mode == .text else { return nil }
            self.mode = .keys
            return .changed
        }
        if self.mode == .text { return self.type(byte) }
        guard let key = LiveKey(byte: byte) else { return nil }
        if key == .annotate {
            self.mode = .text
            self.bytes = []
            return .changed
        }
        return .key(key)
    }

    private mutating func type(_ byte: UInt8) -> Input? {
        switch byte {
        case 0x0D, 0x0A:
            self.mode = .keys
            let text = String(decoding: self.bytes, as: UTF8.self)
            return text.allSatisfy(\.isWhitespace) ? .changed : .remark(text)
        case 0x08, 0x7F:
            // A character is its last byte and the continuations before it.
            while let last = self.bytes.popLast(), last & 0xC0 == 0x80 {}
            return .changed
        case 0x15:
            self.bytes = []
            return .changed
        case 0..<0x20: return nil
        default:
            guard self.bytes.count < LiveKeyboard.limit else { return nil }
            self.bytes.append(byte)
            return .changed
        }
    }
}
