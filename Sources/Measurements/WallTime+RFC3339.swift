import Primitives

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension WallTime {
    /// The point that `iso8601` wrote, `2020-05-31T05:48:00.000Z`; nil for any other form.
    init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z") else { return nil }
        func number(_ range: Range<Int>) -> Int32? {
            Int32(String(decoding: bytes[range], as: UTF8.self))
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16),
            let second = number(17..<19)
        else { return nil }
        var milliseconds: Int32 = 0
        if bytes.count == 24, bytes[19] == UInt8(ascii: ".") {
            guard let value = number(20..<23) else { return nil }
            milliseconds = value
        }
        var fields = tm()
        fields.tm_year = year - 1900
        fields.tm_mon = month - 1
        fields.tm_mday = day
        fields.tm_hour = hour
        fields.tm_min = minute
        fields.tm_sec = second
        self.init(milliseconds: Int64(timegm(&fields)) * 1000 + Int64(milliseconds))
    }
}
