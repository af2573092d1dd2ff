#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A number with that many decimals, such as `0.45`.
func decimal(_ value: Double, _ places: Int) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let scaled = Int64((abs(value) * scale).rounded())
    let sign = value < 0 && scaled != 0 ? "-" : ""
    guard places > 0 else { return "\(sign)\(scaled)" }
    let whole = scaled / Int64(scale)
    let fraction = String(scaled % Int64(scale))
    let zeros = String(repeating: "0", count: places - fraction.count)
    return "\(sign)\(whole).\(zeros)\(fraction)"
}

/// A share in percent: whole percents, with a decimal near the ends where it matters.
func percent(_ share: Double) -> String {
    let value = share * 100
    let isWhole = abs(value - value.rounded()) < 0.05
    return "\(decimal(value, isWhole || (value > 5 && value < 95) ? 0 : 1)) %"
}

/// Seconds of the run as minutes and seconds, such as `01:31`.
func clock(_ seconds: Double) -> String {
    let whole = Int(max(0, seconds).rounded())
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let minutes = whole / 60
    if minutes >= 60 { return "\(minutes / 60):\(two(minutes % 60)):\(two(whole % 60))" }
    return "\(two(minutes)):\(two(whole % 60))"
}
