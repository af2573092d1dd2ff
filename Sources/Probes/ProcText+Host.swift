extension ProcText {
    /// A device's line of `/proc/diskstats`, summed since the machine's boot.
    package struct Disk: Sendable, Hashable {
        /// Reads and writes that were done.
        package var operations: Double
        /// How long they took, each from its queueing on, in milliseconds.
        package var waited: Double
        /// How long there was any, in milliseconds.
        package var busy: Double
    }

    /// `cpu.iowait` and `cpu.steal` in seconds from `/proc/stat`.
    package static func processors(_ text: String, ticksPerSecond: Double) -> [String: Double] {
        guard let line = text.split(separator: "\n").first, line.hasPrefix("cpu ") else {
            return [:]
        }
        let ticks = line.split(separator: " ").dropFirst().map { Double($0) }
        var values: [String: Double] = [:]
        for (name, place) in [("cpu.iowait", 4), ("cpu.steal", 7)] where place < ticks.count {
            if let value = ticks[place] { values[name] = value / ticksPerSecond }
        }
        return values
    }

    /// Lines of `NAME VALUE`, with or without a colon, that have one of the names.
    package static func named(_ text: String, _ names: [String: String]) -> [String: Double] {
        var values: [String: Double] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(maxSplits: 2) { $0 == " " || $0 == ":" }
            guard words.count >= 2, let name = names[String(words[0])],
                let value = Double(words[1])
            else { continue }
            values[name] = value
        }
        return values
    }

    /// `net.rx`, `net.tx` and `net.drops` from `/proc/net/dev`, all interfaces but loopback.
    package static func traffic(_ text: String) -> [String: Double] {
        var values: [String: Double] = [:]
        for line in text.split(separator: "\n").dropFirst(2) {
            let words = line.split { $0 == " " || $0 == ":" }
            guard words.count >= 13, words[0] != "lo", let received = Double(words[1]),
                let lost = Double(words[4]), let sent = Double(words[9]),
                let unsent = Double(words[12])
            else { continue }
            values["net.rx", default: 0] += received
            values["net.tx", default: 0] += sent
            values["net.drops", default: 0] += lost + unsent
        }
        return values
    }

    /// A device of `/proc/diskstats` by its numbers; nil when it is not listed.
    package static func disk(_ text: String, major: Int, minor: Int) -> Disk? {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count >= 13, Int(words[0]) == major, Int(words[1]) == minor else {
                continue
            }
            // Kernel documentation, admin-guide/iostats: reads 3, their time 6, writes 7, their
            // time 10, time with any 12.
            let figures = [3, 6, 7, 10, 12].compactMap { Double(words[$0]) }
            guard figures.count == 5 else { return nil }
            return Disk(
                operations: figures[0] + figures[2], waited: figures[1] + figures[3],
                busy: figures[4])
        }
        return nil
    }

    /// The path of a process's control group from `/proc/PID/cgroup`; version 2 only.
    package static func controlGroup(_ text: String) -> String? {
        text.split(separator: "\n").first { $0.hasPrefix("0::") }.map { String($0.dropFirst(3)) }
    }

    /// The cores that `cpu.max` of a control group grants; nil when it sets no limit.
    package static func quota(_ text: String) -> Double? {
        let words = text.split { $0.isWhitespace }
        guard words.count == 2, let share = Double(words[0]), let period = Double(words[1]),
            period > 0
        else { return nil }
        return share / period
    }
}
