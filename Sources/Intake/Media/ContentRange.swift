/// A request's `Content-Range` (RFC 9110, 14.4 and 14.5; Google's resumable uploads).
enum ContentRange: Equatable {
    /// `bytes */LENGTH`: how much of so many bytes is there?
    case question(length: Int)
    /// `bytes FIRST-LAST/LENGTH`: these bytes follow.
    case part(first: Int, last: Int, length: Int)

    /// Reads a field; nil when it is neither.
    init?(_ field: String) {
        guard field.lowercased().hasPrefix("bytes ") else { return nil }
        let halves = field.dropFirst(6).split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2, let length = ContentRange.number(halves[1]) else { return nil }
        if halves[0] == "*" {
            self = .question(length: length)
            return
        }
        let ends = halves[0].split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = ContentRange.number(ends[0]),
            let last = ContentRange.number(ends[1]), first <= last, last < length
        else { return nil }
        self = .part(first: first, last: last, length: length)
    }

    private static func number(_ text: Substring) -> Int? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }
}
