import Primitives

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What a link changes about its client's sockets.
extension LaneWiring {
    /// Makes a new socket the link's: buffers that fit its rate, so that the kernel does not
    /// swallow what the phone has not sent yet.
    mutating func attach(_ descriptor: Int32, to link: UnsafeMutablePointer<ClientLink>) {
        self.sockets[Int(descriptor)].link = link
        link.pointee.opened(descriptor)
        let network = link.pointee.network
        for (option, rate) in [(SO_SNDBUF, network.uplink), (SO_RCVBUF, network.downlink)] {
            var size = link.pointee.socketBuffer(of: rate)
            guard size > 0 else { continue }
            setsockopt(descriptor, SOL_SOCKET, option, &size, socklen_t(MemoryLayout<Int32>.size))
        }
    }

    /// Lets go of a link's sockets, whose numbers may come again for others.
    mutating func detach(_ link: UnsafeMutablePointer<ClientLink>) {
        for socket in link.pointee.sockets {
            self.sockets[Int(socket.descriptor)].link = nil
            self.sockets[Int(socket.descriptor)].isQuiet = false
        }
        link.pointee.sockets.removeAll()
    }

    /// What the link lets the kernel tell of what libcurl wants to hear.
    func allowed(_ socket: OpenSocket, _ link: ClientLink) -> EventPoll.Interest {
        if link.isStalled { return [] }
        var interest = socket.wanted
        if !link.isReceiving { interest.remove(.read) }
        if socket.isQuiet { interest.remove(.write) }
        return interest
    }

    /// Tells the kernel anew what to tell of a link's sockets.
    mutating func refresh(_ link: UnsafeMutablePointer<ClientLink>) {
        for socket in link.pointee.sockets { self.refresh(socket.descriptor) }
    }

    /// Lets the kernel say nothing of a socket's room, or say it again.
    mutating func setQuiet(_ descriptor: Int32, _ isQuiet: Bool) {
        let index = Int(descriptor)
        guard index >= 0, index < self.sockets.count, self.sockets[index].isQuiet != isQuiet else {
            return
        }
        self.sockets[index].isQuiet = isQuiet
        self.refresh(descriptor)
    }

    private mutating func refresh(_ descriptor: Int32) {
        let index = Int(descriptor)
        guard index < self.sockets.count, let link = self.sockets[index].link,
            !self.sockets[index].isIdle, !self.sockets[index].wanted.isEmpty
        else { return }
        let interest = self.allowed(self.sockets[index], link.pointee)
        if interest == self.sockets[index].interest { return }
        self.register(descriptor, interest)
    }

    /// Looks at a link again when there is something to do.
    mutating func look(_ link: UnsafeMutablePointer<ClientLink>) {
        let at = link.pointee.next
        guard link.pointee.due != at else { return }
        link.pointee.due = at
        self.paces.insert(.link(link), at: at)
    }
}
