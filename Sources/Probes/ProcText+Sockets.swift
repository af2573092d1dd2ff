extension ProcText {
    /// A listening socket of `/proc/net/tcp` or `tcp6`.
    package struct Listener: Sendable, Hashable {
        /// Its port.
        package var port: Int
        /// Connections that wait for accept(2): the kernel shows them as the receive queue.
        package var waiting: Int
        /// How many may wait; told by netlink's sock_diag only, nil in a text.
        package var room: Int?
        /// Its inode: `/proc/PID/fd` of its owner has a link `socket:[inode]`.
        package var inode: Int

        /// How full it is; by the number that waits where its room is not known.
        var fullness: (Double, Int) {
            (self.room.map { Double(self.waiting) / Double(max(1, $0)) } ?? 0, self.waiting)
        }
    }

    /// The listening sockets (state 0A) in the text's order.
    package static func listeners(_ text: String) -> [Listener] {
        text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count >= 10, words[3] == "0A",
                let port = words[1].split(separator: ":").last.flatMap({ Int($0, radix: 16) }),
                let waiting = words[4].split(separator: ":").last.flatMap({
                    Int($0, radix: 16)
                }), let inode = Int(words[9])
            else { return nil }
            return Listener(port: port, waiting: waiting, room: nil, inode: inode)
        }
    }

    /// True for a part of `/proc/net/tcp` with a connection, hence without further listeners.
    static func holdsConnection(_ part: String) -> Bool {
        part.split(separator: "\n").contains { line in
            let words = line.split(separator: " ", maxSplits: 4)
            return words.count == 5 && words[0].last == ":" && words[3] != "0A"
        }
    }
}
