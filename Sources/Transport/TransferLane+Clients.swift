import CCurl
import Primitives

extension TransferLane {
    /// A new simulated client; it costs a few bytes until its first transfer.
    package func makeClient() -> ClientHandle {
        self.assertOnQueue()
        if let index = self.freeClients.popLast() {
            self.clients[Int(index)].isLive = true
            return ClientHandle(
                index: index, generation: self.clients[Int(index)].generation)
        }
        self.clients.append(Client(isLive: true))
        return ClientHandle(index: Int32(self.clients.count - 1), generation: 0)
    }

    /// Ends a client whose transfers have all ended: closes its connections, forgets its cookies.
    package func retire(_ client: ClientHandle) {
        self.assertOnQueue()
        self.checkLive(client)
        let index = Int(client.index)
        precondition(self.clients[index].inProgress == 0, "a client retires after its transfers")
        if let slot = self.clients[index].handle { self.unbind(slot) }
        self.closeShare(of: index)
        if let link = self.clients[index].link { self.release(link, of: index) }
        self.clients[index].hasH2C = false
        self.clients[index].isLive = false
        self.clients[index].generation &+= 1
        self.freeClients.append(client.index)
    }

    /// The multi handle that makes the transfers of a slot's client.
    func multi(of slot: UnsafeMutablePointer<EasySlot>) -> UnsafeMutableRawPointer {
        let index = Int(slot.pointee.client) / MultiHandle.clientsEach
        while self.multis.count <= index {
            guard
                let handle = MultiHandle.make(
                    index: self.multis.count, wiring: self.wiring, options: self.options)
            else { preconditionFailure("no memory for libcurl") }
            self.multis.append(handle)
        }
        return self.multis[index].pointee.multi
    }

    func checkLive(_ client: ClientHandle) {
        let index = Int(client.index)
        precondition(
            index < self.clients.count && self.clients[index].isLive
                && self.clients[index].generation == client.generation,
            "a client of another lane, or one that has retired")
    }

    /// The client's own pool of connections, TLS sessions and cookies.
    ///
    /// Names are looked up once for all clients of a multi handle, whose cache serves whoever
    /// shares none.
    func share(of index: Int) -> UnsafeMutableRawPointer {
        if let share = self.clients[index].share { return share }
        guard let share = curl_share_init() else { preconditionFailure("no memory for a pool") }
        var kinds = [CURL_LOCK_DATA_CONNECT, CURL_LOCK_DATA_COOKIE]
        if self.options.tls.resume { kinds.append(CURL_LOCK_DATA_SSL_SESSION) }
        for kind in kinds {
            let code = spate_share_set(share, kind)
            precondition(code == CURLSHE_OK, "libcurl cannot share \(kind.rawValue)")
        }
        self.clients[index].share = share
        return share
    }

    func closeShare(of index: Int) {
        guard let share = self.clients[index].share else { return }
        let code = curl_share_cleanup(share)
        precondition(code == CURLSHE_OK, "a pool is still in use")
        self.clients[index].share = nil
    }
}
