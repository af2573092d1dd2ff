/// Building of bodies byte by byte: texts without the detour of a `String`.
extension [UInt8] {
    /// Appends a text's UTF-8.
    mutating func append(text: String) {
        self.append(contentsOf: text.utf8)
    }

    /// Appends an integer's digits.
    mutating func append(digits number: Int64) {
        self.append(contentsOf: String(number).utf8)
    }

    /// Appends a number that is finite, in the shortest form that reads back as the same.
    mutating func append(decimal number: Double) {
        precondition(number.isFinite, "a text has no infinite numbers")
        if number == number.rounded(), abs(number) < 1e15 {
            self.append(contentsOf: String(Int64(number)).utf8)
        } else {
            self.append(contentsOf: number.description.utf8)
        }
    }
}
