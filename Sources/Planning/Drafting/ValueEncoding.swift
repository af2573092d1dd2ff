/// How a template's values are written where they stand, so that no value can break out of it.
enum ValueEncoding: Sendable {
    /// As they are: plain text bodies.
    case plain
    /// Inside a JSON string.
    case json
    /// `application/x-www-form-urlencoded`, as the URL standard's serialiser writes it.
    case form
    /// A URL: only what may stand nowhere in one is escaped, so that values may hold whole paths.
    case url
    /// Behind a URL's `?`: all but unreserved characters escaped, so that no value adds a field.
    case urlQuery
    /// A header field: line breaks and NUL, which would end the field, become spaces.
    case header
    /// A multipart value: line breaks become CR LF, as browsers send them.
    case multipart

    /// An expression's value, written for its place.
    func value(_ text: String) -> String {
        switch self {
        case .plain: text
        case .json: ValueEncoding.jsonEscaped(text)
        case .form: ValueEncoding.formEncoded(text)
        case .url: ValueEncoding.urlEscaped(text)
        case .urlQuery: ValueEncoding.queryEscaped(text)
        case .header: ValueEncoding.headerSafe(text)
        case .multipart: ValueEncoding.withCRLF(text)
        }
    }

    /// The template's own text, written for its place; JSON stands as the author wrote it.
    func literal(_ text: String) -> String {
        switch self {
        case .json: text
        case .urlQuery: ValueEncoding.urlEscaped(text)
        default: self.value(text)
        }
    }

    private static let hexDigits = Array("0123456789ABCDEF".utf8)

    private static func mapped(
        _ text: String, keep: (UInt8) -> Bool, replace: (UInt8, inout [UInt8]) -> Void
    ) -> String {
        if text.utf8.allSatisfy(keep) { return text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 16)
        for byte in text.utf8 {
            if keep(byte) { bytes.append(byte) } else { replace(byte, &bytes) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func appendPercent(_ byte: UInt8, _ bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "%"))
        bytes.append(hexDigits[Int(byte >> 4)])
        bytes.append(hexDigits[Int(byte & 15)])
    }

    /// RFC 8259, section 7: quotes, backslashes and control characters.
    static func jsonEscaped(_ text: String) -> String {
        mapped(text) {
            $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
        } replace: { byte, bytes in
            switch byte {
            case UInt8(ascii: "\n"): bytes += Array("\\n".utf8)
            case UInt8(ascii: "\r"): bytes += Array("\\r".utf8)
            case UInt8(ascii: "\t"): bytes += Array("\\t".utf8)
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            default:
                bytes += Array("\\u00".utf8)
                bytes.append(hexDigits[Int(byte >> 4)])
                bytes.append(hexDigits[Int(byte & 15)])
            }
        }
    }

    /// The URL standard's form serialiser: a space is `+`; `*-._` and alphanumerics stay.
    static func formEncoded(_ text: String) -> String {
        mapped(text) {
            isAlphanumeric($0) || $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "-")
                || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_")
        } replace: { byte, bytes in
            if byte == UInt8(ascii: " ") {
                bytes.append(UInt8(ascii: "+"))
            } else {
                appendPercent(byte, &bytes)
            }
        }
    }

    private static let urlForbidden = Set("\"<>\\^`{|}".utf8)

    private static func urlEscaped(_ text: String) -> String {
        mapped(text) {
            $0 > 0x20 && $0 < 0x7F && !urlForbidden.contains($0)
        } replace: {
            appendPercent($0, &$1)
        }
    }

    /// RFC 3986's unreserved characters stay.
    private static func queryEscaped(_ text: String) -> String {
        mapped(text) {
            isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
                || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "~")
        } replace: {
            appendPercent($0, &$1)
        }
    }

    private static func headerSafe(_ text: String) -> String {
        mapped(text) {
            $0 != 0 && $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n")
        } replace: { _, bytes in
            bytes.append(UInt8(ascii: " "))
        }
    }

    /// The HTML standard's form-data encoding: every line break is CR LF.
    static func withCRLF(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 10 || $0 == 13 }) else { return text }
        var bytes: [UInt8] = []
        var afterCR = false
        for byte in text.utf8 {
            switch byte {
            case 13: bytes += [13, 10]
            case 10 where afterCR: break
            case 10: bytes += [13, 10]
            default: bytes.append(byte)
            }
            afterCR = byte == 13
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }
}
