extension MultipartHeader {
    /// Reads a part's header lines.
    ///
    /// - Throws: `MultipartError` when `Content-Disposition` names no field.
    init(text: String) throws(MultipartError) {
        var name: String?
        var filename: String?
        var contentType: String?
        for line in text.split(separator: "\r\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = String(line[line.index(after: colon)...].drop { $0 == " " })
            switch line[..<colon].lowercased() {
            case "content-disposition":
                let parameters = HeaderParameters(value)
                name = parameters["name"]
                filename = parameters["filename"]
            case "content-type":
                contentType = value
            default: break
            }
        }
        guard let name else {
            throw MultipartError(message: "a part's Content-Disposition names no field")
        }
        self.init(name: name, filename: filename, contentType: contentType)
    }
}

/// The parameters of a header value such as `form-data; name="a"; filename="b;c.mp4"`.
struct HeaderParameters {
    /// The value before the first semicolon, lower case.
    private(set) var value: String
    private var members: [(String, String)] = []

    /// Reads a header's value; quoted strings may hold semicolons and escaped quotes.
    init(_ text: String) {
        var pieces: [String] = [""]
        var inQuotes = false
        var escaped = false
        for character in text {
            if escaped {
                // Browsers send backslashes of file names as they are; only quotes are escaped.
                if character != "\"", character != "\\" { pieces[pieces.count - 1] += "\\" }
                pieces[pieces.count - 1].append(character)
                escaped = false
            } else if inQuotes, character == "\\" {
                escaped = true
            } else if character == "\"" {
                inQuotes.toggle()
            } else if character == ";", !inQuotes {
                pieces.append("")
            } else {
                pieces[pieces.count - 1].append(character)
            }
        }
        self.value = HeaderParameters.trimmed(pieces[0]).lowercased()
        for piece in pieces.dropFirst() {
            guard let equals = piece.firstIndex(of: "=") else { continue }
            let name = HeaderParameters.trimmed(String(piece[..<equals])).lowercased()
            let content = HeaderParameters.trimmed(String(piece[piece.index(after: equals)...]))
            self.members.append((name, content))
        }
    }

    /// The first parameter of that name.
    subscript(name: String) -> String? { self.members.first { $0.0 == name }?.1 }

    private static func trimmed(_ text: String) -> String {
        var view = text[...].drop { $0 == " " || $0 == "\t" }
        while let last = view.last, last == " " || last == "\t" { view.removeLast() }
        return String(view)
    }
}
