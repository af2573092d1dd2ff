/// A header line as libcurl hands it over, looked at where it lies.
extension UnsafeRawBufferPointer {
    /// The value of the field if that is its name, without blanks at its ends; nil for another.
    ///
    /// - Parameter name: in lower case, with its colon.
    func value(of name: StaticString) -> Slice<UnsafeRawBufferPointer>? {
        let length = name.utf8CodeUnitCount
        guard self.count >= length else { return nil }
        for index in 0..<length {
            let byte = self[index]
            let lowered = byte >= 65 && byte <= 90 ? byte | 0x20 : byte
            if lowered != name.utf8Start[index] { return nil }
        }
        return self[length...].trimmingBlanks()
    }
}

extension Slice<UnsafeRawBufferPointer> {
    /// The same without blanks and control characters at its ends.
    func trimmingBlanks() -> Self {
        var first = self.startIndex
        var last = self.endIndex
        while first < last, self.base[first] <= 32 { first += 1 }
        while first < last, self.base[last - 1] <= 32 { last -= 1 }
        return self.base[first..<last]
    }
}
