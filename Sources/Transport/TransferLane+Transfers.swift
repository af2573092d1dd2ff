import CCurl
package import Primitives

extension TransferLane {
    /// Starts a transfer for a client; it ends with `transferEnded`, never from within this call.
    ///
    /// The token must not be in use. A transfer that cannot be started ends as failed.
    ///
    /// - Parameter now: the present, if the caller has just read the clock.
    package func start(
        _ request: borrowing TransferRequest, client: ClientHandle, token: UInt64,
        now: MonotonicTime? = nil
    ) {
        self.assertOnQueue()
        precondition(!self.isShutDown, "a lane that was shut down starts nothing")
        self.checkLive(client)
        let slot = self.handle(for: client)
        slot.pointee.beginTransfer(
            token: token, now: (now ?? SystemClock().now()).nanoseconds, request: request)
        let replaced = self.active.updateValue(slot, forKey: token)
        precondition(replaced == nil, "two transfers with one token")
        self.clients[Int(client.index)].inProgress += 1
        if slot.pointee.configured !== request.prepared {
            slot.pointee.needsLookup =
                !request.prepared.isNumeric
                && !self.pinnedNames.contains(request.prepared.url.host)
        }
        let link = self.clients[Int(client.index)].link
        if link != nil || request.uploadRate > 0 || slot.pointee.isTuned {
            self.shape(slot, link: link, request: request)
        }
        if !slot.pointee.configure(request, options: self.options) {
            slot.pointee.code = Int32(CURLE_BAD_FUNCTION_ARGUMENT.rawValue)
        } else if slot.pointee.isShaped {
            self.enter(slot, request: request)
        } else if self.add(slot) != CURLM_OK {
            slot.pointee.code = Int32(CURLE_FAILED_INIT.rawValue)
        }
        if slot.pointee.code != EasySlot.running { self.over.append(slot) }
        self.kick()
    }

    /// Ends a transfer, which arrives as cancelled in the next batch; ignores an unknown token, and
    /// one whose transfer is over already.
    package func cancel(token: UInt64) {
        self.assertOnQueue()
        guard let slot = self.active[token], slot.pointee.code == EasySlot.running else { return }
        slot.pointee.isCancelled = true
        slot.pointee.code = 0
        curl_multi_remove_handle(self.multi(of: slot), slot.pointee.easy)
        if slot.pointee.isShaped { self.rest(slot) }
        self.over.append(slot)
        self.kick()
    }

    func add(_ slot: UnsafeMutablePointer<EasySlot>) -> CURLMcode {
        self.assignRole(slot)
        return curl_multi_add_handle(self.multi(of: slot), slot.pointee.easy)
    }

    // MARK: - Handles

    /// An idle handle bound to the client's connections.
    private func handle(for client: ClientHandle) -> UnsafeMutablePointer<EasySlot> {
        let index = Int(client.index)
        if let slot = self.clients[index].handle {
            self.clients[index].handle = nil
            self.idle.remove(slot)
            return slot
        }
        let slot = self.idle.takeOldest() ?? self.makeHandle()
        self.unbind(slot)
        spate_easy_set_pointer(slot.pointee.easy, CURLOPT_SHARE, self.share(of: index))
        slot.pointee.client = client.index
        // With the generation, for an index that has retired is the first to come again.
        slot.pointee.sourceTurn = Int(client.index) + Int(client.generation & 0x3fff_ffff)
        return slot
    }

    private func makeHandle() -> UnsafeMutablePointer<EasySlot> {
        guard let easy = curl_easy_init() else { preconditionFailure("no memory for a handle") }
        let slot = UnsafeMutablePointer<EasySlot>.allocate(capacity: 1)
        slot.initialize(to: EasySlot(easy: easy, wiring: self.wiring))
        EasySlot.prepare(slot, options: self.options, lists: self.routeLists)
        self.slots.append(slot)
        return slot
    }

    /// Takes a handle from the client it was bound to.
    func unbind(_ slot: UnsafeMutablePointer<EasySlot>) {
        let index = Int(slot.pointee.client)
        guard index >= 0 else { return }
        spate_easy_set_pointer(slot.pointee.easy, CURLOPT_SHARE, nil)
        if self.clients[index].handle == slot { self.clients[index].handle = nil }
        slot.pointee.client = -1
    }

    // MARK: - Endings

    /// Gives the handle back and tells the delegate; the handle is free again before it is told,
    /// so that the client's next transfer finds it.
    func end(
        _ slot: UnsafeMutablePointer<EasySlot>, delegate: (any TransferLaneDelegate)?
    ) {
        let token = slot.pointee.token
        if slot.pointee.ended == 0 { slot.pointee.ended = SystemClock().now().nanoseconds }
        let result = slot.pointee.takeResult()
        if slot.pointee.isShaped { self.leave(slot) }
        slot.pointee.isActive = false
        slot.pointee.freeExtraHeaders()
        if slot.pointee.hasBody { slot.pointee.upload = UploadCursor() }
        // Following a redirect changes the handle's own idea of method and upload.
        if slot.pointee.wasRedirected { slot.pointee.configured = nil }
        self.active[token] = nil
        self.release(slot)
        self.delivered = slot
        delegate?.transferEnded(token: token, result: result)
        self.delivered = nil
    }

    private func release(_ slot: UnsafeMutablePointer<EasySlot>) {
        let index = Int(slot.pointee.client)
        self.clients[index].inProgress -= 1
        if self.clients[index].handle == nil {
            self.clients[index].handle = slot
        } else {
            self.unbind(slot)
        }
        self.idle.append(slot)
    }
}
