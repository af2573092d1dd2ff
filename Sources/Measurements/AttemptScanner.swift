/// Reads lines of `attempts.ndjson` as they are written, in one pass and without a tree.
///
/// A line with escapes, unknown keys or anything else that is not written today is none of its
/// own: nil, and a general decoder may still understand it. Texts that come again share storage.
struct AttemptScanner {
    /// The keys in the order they are written, which is where each is looked for first.
    private enum Field: String, CaseIterable {
        case t, population, intent, key, step, attempt, outcome, good, weight, intended, started
        case response, service, timings, bytesUp, bytesDown, curlCode, osErrno
        case reused, connection, address, client, size, fingerprint, body, retryAfter, trace, span
    }
    /// Made once, because `allCases` is made each time.
    private static let fields = Field.allCases
    /// A key is 16 bytes at most: compared as one number.
    private static let names: [UInt128] = Field.allCases.map {
        AttemptScanner.name($0.rawValue.utf8)
    }
    /// A bit for each key that no line is without.
    private static let required: UInt32 = {
        var bits: UInt32 = 0
        for (place, field) in Field.allCases.enumerated() {
            bits |= UInt32(1) << UInt32(place)
            if field == .key { bits &= ~(UInt32(1) << UInt32(place)) }
            if field == .osErrno { break }
        }
        return bits
    }()
    /// Texts beyond are not shared: an answer with a number of its own has a body of its own.
    private static let sharedTexts = 4_096

    /// False to leave keys of idempotency out, which no two intents share.
    private let keepsKeys: Bool
    private var texts: Set<String> = []

    /// A scanner that has seen nothing.
    init(keepsKeys: Bool = true) {
        self.keepsKeys = keepsKeys
    }

    /// The attempt of a line without its newline; nil where a general decoder has to be asked.
    mutating func scan(_ line: ArraySlice<UInt8>) -> AttemptLine? {
        line.withUnsafeBufferPointer { self.scan($0) }
    }

    private mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>) -> AttemptLine? {
        var cursor = JSONCursor(bytes)
        var attempt = AttemptLine(
            t: 0, population: 0, intent: 0, step: 0, attempt: 0, outcome: "", good: false,
            weight: 0, intended: 0, started: 0, response: 0, service: 0, timings: [:], bytesUp: 0,
            bytesDown: 0, curlCode: 0, osErrno: 0)
        var seen: UInt32 = 0
        var expected = 0
        guard cursor.take(UInt8(ascii: "{")) else { return nil }
        repeat {
            guard let name = cursor.text(), name.count <= 16, cursor.take(UInt8(ascii: ":")),
                let place = Self.place(of: Self.name(name), expected: expected),
                self.read(Self.fields[place], from: &cursor, into: &attempt)
            else { return nil }
            seen |= UInt32(1) << UInt32(place)
            expected = place + 1
        } while cursor.take(UInt8(ascii: ","))
        guard cursor.take(UInt8(ascii: "}")), cursor.isAtEnd,
            seen & Self.required == Self.required
        else { return nil }
        return attempt
    }

    /// False when the value is not what it should be.
    private mutating func read(
        _ field: Field, from cursor: inout JSONCursor, into attempt: inout AttemptLine
    ) -> Bool {
        switch field {
        case .t: cursor.read(into: &attempt.t)
        case .population: cursor.read(into: &attempt.population)
        case .intent: cursor.read(into: &attempt.intent)
        case .key:
            if self.keepsKeys {
                self.read(into: &attempt.key, from: &cursor)
            } else {
                cursor.text() != nil
            }
        case .step: cursor.read(into: &attempt.step)
        case .attempt: cursor.read(into: &attempt.attempt)
        case .outcome: self.readOutcome(into: &attempt, from: &cursor)
        case .good: cursor.read(into: &attempt.good)
        case .weight: cursor.read(into: &attempt.weight)
        case .intended: cursor.read(into: &attempt.intended)
        case .started: cursor.read(into: &attempt.started)
        case .response: cursor.read(into: &attempt.response)
        case .service: cursor.read(into: &attempt.service)
        case .timings: self.readTimings(into: &attempt, from: &cursor)
        case .bytesUp: cursor.read(into: &attempt.bytesUp)
        case .bytesDown: cursor.read(into: &attempt.bytesDown)
        case .curlCode: cursor.read(into: &attempt.curlCode)
        case .osErrno: cursor.read(into: &attempt.osErrno)
        case .reused: cursor.read(into: &attempt.reused)
        case .connection: cursor.read(into: &attempt.connection)
        case .address: self.read(into: &attempt.address, from: &cursor)
        case .client: cursor.read(into: &attempt.client)
        case .size: cursor.read(into: &attempt.size)
        case .fingerprint: self.read(into: &attempt.fingerprint, from: &cursor)
        case .body: self.read(into: &attempt.body, from: &cursor)
        case .retryAfter: cursor.read(into: &attempt.retryAfter)
        case .trace: self.readAlone(into: &attempt.trace, from: &cursor)
        case .span: self.readAlone(into: &attempt.span, from: &cursor)
        }
    }

    private mutating func read(into text: inout String?, from cursor: inout JSONCursor) -> Bool {
        guard let bytes = cursor.text() else { return false }
        text = self.shared(bytes)
        return true
    }

    /// Reads a text that no other line has.
    private func readAlone(into text: inout String?, from cursor: inout JSONCursor) -> Bool {
        guard let bytes = cursor.text() else { return false }
        text = String(decoding: bytes, as: UTF8.self)
        return true
    }

    private mutating func readOutcome(
        into attempt: inout AttemptLine, from cursor: inout JSONCursor
    ) -> Bool {
        guard let bytes = cursor.text() else { return false }
        attempt.outcome = self.shared(bytes)
        return true
    }

    private func readTimings(
        into attempt: inout AttemptLine, from cursor: inout JSONCursor
    ) -> Bool {
        guard cursor.take(UInt8(ascii: "{")) else { return false }
        if cursor.take(UInt8(ascii: "}")) { return true }
        repeat {
            guard let name = cursor.text(), cursor.take(UInt8(ascii: ":")),
                let span = cursor.number()
            else { return false }
            attempt.timings[String(decoding: name, as: UTF8.self)] = span
        } while cursor.take(UInt8(ascii: ","))
        return cursor.take(UInt8(ascii: "}"))
    }

    private mutating func shared(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        // Up to 15 bytes lie in the value itself.
        guard bytes.count > 15 else { return text }
        if let place = self.texts.firstIndex(of: text) { return self.texts[place] }
        if self.texts.count < Self.sharedTexts { self.texts.insert(text) }
        return text
    }

    // MARK: - Names

    private static func name(_ bytes: some Sequence<UInt8>) -> UInt128 {
        bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
    }

    private static func place(of name: UInt128, expected: Int) -> Int? {
        if expected < names.count, names[expected] == name { return expected }
        return names.firstIndex(of: name)
    }
}
