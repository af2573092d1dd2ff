/// Reads the texts of Linux's /proc; what a text does not tell is missing, never 0.
package enum ProcText {
    /// What `/proc/PID/stat` tells; the fields are numbered in proc_pid_stat(5).
    package struct Stat: Sendable, Hashable {
        /// The process.
        package var pid: Int
        /// Processor time in user mode since its start, in clock ticks.
        package var userTicks: Int64
        /// The same in the kernel.
        package var systemTicks: Int64
        /// When it started, in clock ticks from the machine's boot.
        package var startTicks: Int64
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
        guard fields.count >= 20, let user = Int64(fields[11]), let system = Int64(fields[12]),
            let start = Int64(fields[19])
        else { return nil }
        return Stat(pid: pid, userTicks: user, systemTicks: system, startTicks: start)
    }

    /// `mem.rss` in bytes and `threads` from `/proc/PID/status`.
    package static func status(_ text: String) -> [String: Double] {
        var values: [String: Double] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split { $0.isWhitespace }
            guard words.count >= 2, let number = Double(words[1]) else { continue }
            switch words[0] {
            case "VmRSS:": values["mem.rss"] = number * 1024
            case "Threads:": values["threads"] = number
            default: break
            }
        }
        return values
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

    /// A listening socket of `/proc/net/tcp` or `tcp6`.
    package struct Listener: Sendable, Hashable {
        /// Its port.
        package var port: Int
        /// Connections that wait for accept(2): the kernel shows them as the receive queue.
        package var waiting: Int
        /// Its inode: `/proc/PID/fd` of its owner has a link `socket:[inode]`.
        package var inode: Int
    }

    /// The listening sockets (state 0A) in the text's order.
    ///
    /// The backlog's limit is not told here but by netlink's sock_diag only.
    package static func listeners(_ text: String) -> [Listener] {
        text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count >= 10, words[3] == "0A",
                let port = words[1].split(separator: ":").last.flatMap({ Int($0, radix: 16) }),
                let waiting = words[4].split(separator: ":").last.flatMap({
                    Int($0, radix: 16)
                }), let inode = Int(words[9])
            else { return nil }
            return Listener(port: port, waiting: waiting, inode: inode)
        }
    }
}
