/// Reads the texts of Linux's /proc; what a text does not tell is missing, never 0.
package enum ProcText {
    /// What `/proc/PID/stat` tells; the fields are numbered in proc_pid_stat(5).
    package struct Stat: Sendable, Hashable {
        /// The process.
        package var pid: Int
        /// Its state: `Z` for one that ended and was not waited for.
        package var state: Character
        /// The process that started it, or took it over.
        package var parent: Int
        /// Processor time in user mode since its start, in clock ticks.
        package var userTicks: Int64
        /// The same in the kernel.
        package var systemTicks: Int64
        /// User time of children that ended and were waited for, and of theirs.
        package var childUserTicks: Int64
        /// Their time in the kernel.
        package var childSystemTicks: Int64
        /// When it started, in clock ticks from the machine's boot.
        package var startTicks: Int64

        /// True while it runs; false once it has ended, waited for or not.
        package var isAlive: Bool { self.state != "Z" && self.state != "X" }
    }

    /// A process's `stat`; nil for a text that is none.
    ///
    /// Its name stands in parentheses and may hold both spaces and parentheses.
    package static func stat(_ text: String) -> Stat? {
        guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")"),
            open < close, let pid = Int(text[..<open].filter { $0 != " " })
        else { return nil }
        let fields = text[text.index(after: close)...].split { $0.isWhitespace }
        // The first of these is field 3, the state.
        guard fields.count >= 20, let state = fields[0].first, let parent = Int(fields[1]) else {
            return nil
        }
        let ticks = [11, 12, 13, 14, 19].compactMap { Int64(fields[$0]) }
        guard ticks.count == 5 else { return nil }
        return Stat(
            pid: pid, state: state, parent: parent, userTicks: ticks[0], systemTicks: ticks[1],
            childUserTicks: ticks[2], childSystemTicks: ticks[3], startTicks: ticks[4])
    }

    /// `mem.rss` in bytes, `threads` and `cpu.cores` (those it may use) from `/proc/PID/status`.
    package static func status(_ text: String) -> [String: Double] {
        var values: [String: Double] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split { $0.isWhitespace }
            guard words.count >= 2 else { continue }
            let isList = words[0] == "Cpus_allowed_list:"
            guard let number = isList ? self.listed(words[1]) : Double(words[1]) else { continue }
            switch words[0] {
            case "VmRSS:": values["mem.rss"] = number * 1024
            case "Threads:": values["threads"] = number
            case "Cpus_allowed_list:": values["cpu.cores"] = number
            default: break
            }
        }
        return values
    }

    /// How many numbers a list such as `0-2,5` has.
    private static func listed(_ text: Substring) -> Double? {
        var count = 0
        for part in text.split(separator: ",") {
            let ends = part.split(separator: "-").map { Int($0) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, last >= first else {
                return nil
            }
            count += last - first + 1
        }
        return count > 0 ? Double(count) : nil
    }

    /// The soft limit of open files from `/proc/PID/limits`; nil when unlimited or not told.
    package static func openFilesLimit(_ text: String) -> Double? {
        let name = "Max open files"
        for line in text.split(separator: "\n") where line.hasPrefix(name) {
            return line.dropFirst(name.count).split { $0.isWhitespace }.first.flatMap {
                Double($0)
            }
        }
        return nil
    }

    /// `psi.RESOURCE.some` and `.full` from `/proc/pressure/RESOURCE`: lost microseconds, summed.
    package static func pressure(_ text: String, resource: String) -> [String: Double] {
        var values: [String: Double] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let kind = words.first, let last = words.last, last.hasPrefix("total="),
                let total = Double(last.dropFirst(6))
            else { continue }
            values["psi.\(resource).\(kind)"] = total
        }
        return values
    }

    /// The counters of `/proc/net/netstat` that name lost connections, as `tcpext.NAME`.
    package static func tcpExtension(_ text: String) -> [String: Double] {
        let wanted: Set<Substring> = ["ListenOverflows", "ListenDrops", "TCPReqQFullDrop"]
        let lines = text.split(separator: "\n").filter { $0.hasPrefix("TcpExt:") }
        guard lines.count == 2 else { return [:] }
        var values: [String: Double] = [:]
        let names = lines[0].split(separator: " ").dropFirst()
        let figures = lines[1].split(separator: " ").dropFirst()
        for (name, figure) in zip(names, figures) where wanted.contains(name) {
            if let value = Double(figure) { values["tcpext.\(name)"] = value }
        }
        return values
    }

    /// `tcpext.RetransSegs` from `/proc/net/snmp`, where the kernel keeps it.
    package static func retransmissions(_ text: String) -> Double? {
        let lines = text.split(separator: "\n").filter { $0.hasPrefix("Tcp:") }
        guard lines.count == 2 else { return nil }
        let names = lines[0].split(separator: " ")
        let figures = lines[1].split(separator: " ")
        guard let place = names.firstIndex(of: "RetransSegs"), place < figures.count else {
            return nil
        }
        return Double(figures[place])
    }
}
