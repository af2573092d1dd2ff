import CCurl
import Primitives

/// What happens on clients' networks as time passes.
extension TransferLane {
    /// Links and transfers looked at in one round.
    private static let paceLimit = 256

    /// Looks at all whose time has come.
    func servePaces() {
        let now = SystemClock().now().nanoseconds
        for _ in 0..<Self.paceLimit {
            guard let entry = self.wiring.pointee.paces.popDue(now: now) else { return }
            switch entry.owner {
            case .transfer(let slot):
                guard slot.pointee.pace.due == entry.at else { continue }
                slot.pointee.pace.due = .max
                self.proceed(slot)
            case .link(let link):
                guard link.pointee.due == entry.at else { continue }
                link.pointee.due = .max
                self.proceed(link, now: now)
            }
        }
    }

    /// A transfer's time has come.
    private func proceed(_ slot: UnsafeMutablePointer<EasySlot>) {
        switch slot.pointee.pace.phase {
        case .none: break
        case .delayed: self.arrive(slot)
        case .running: self.pump(slot)
        case .held: self.tell(slot)
        }
    }

    private func arrive(_ slot: UnsafeMutablePointer<EasySlot>) {
        let isStalled = slot.pointee.link?.pointee.isStalled ?? false
        let now = SystemClock().now().nanoseconds
        if isStalled, now < slot.pointee.arrivalDeadline {
            EasySlot.look(slot, at: slot.pointee.arrivalDeadline)
        } else {
            self.begin(slot)
        }
    }

    // MARK: - Sending on

    /// Lets libcurl send the next chunk, if it is there.
    private func pump(_ slot: UnsafeMutablePointer<EasySlot>) {
        guard slot.pointee.upload.remaining > 0, !(slot.pointee.link?.pointee.isStalled ?? false)
        else { return }
        let wanted = slot.pointee.nextChunk
        let now = SystemClock().now().nanoseconds
        let (available, at) = slot.pointee.allowance(of: wanted, now: now)
        if available < wanted { return EasySlot.lookAgain(slot, at: at) }
        if slot.pointee.pace.isSendPaused {
            slot.pointee.pace.isSendPaused = false
            curl_easy_pause(
                slot.pointee.easy, slot.pointee.pace.isReceivePaused ? CURLPAUSE_RECV : 0)
        } else if slot.pointee.pace.isAlone, slot.pointee.pace.socket >= 0 {
            self.sendChunk(slot)
        }
    }

    /// Tells libcurl that there is room; that costs half of what its own pausing does.
    private func sendChunk(_ slot: UnsafeMutablePointer<EasySlot>) {
        var running: Int32 = 0
        let multi = self.multi(of: slot)
        let token = slot.pointee.token
        curl_multi_socket_action(multi, slot.pointee.pace.socket, CURL_CSELECT_OUT, &running)
        self.collectCompletions(of: multi)
        guard slot.pointee.isActive, slot.pointee.token == token,
            slot.pointee.pace.phase == .running, slot.pointee.upload.remaining > 0
        else { return }
        var sent: curl_off_t = 0
        spate_easy_get_offset(slot.pointee.easy, CURLINFO_SIZE_UPLOAD_T, &sent)
        guard sent < slot.pointee.upload.position else { return }
        // The server does not take it: now the kernel says when there is room.
        slot.pointee.setAwaiting(false)
        slot.pointee.pace.due = .max
        self.wiring.pointee.setQuiet(slot.pointee.pace.socket, false)
    }

    // MARK: - Ends

    /// Keeps a transfer that is over until its end has arrived at the phone.
    func hold(_ slot: UnsafeMutablePointer<EasySlot>) {
        let ended = slot.pointee.ended
        slot.pointee.setAwaiting(false)
        slot.pointee.pace.due = .max
        guard let link = slot.pointee.link, slot.pointee.pace.phase == .running else {
            slot.pointee.pace.phase = .none
            self.over.append(slot)
            return
        }
        self.noteConnection(of: slot, link)
        slot.pointee.chargeHead()
        link.pointee.advance(to: ended)
        var arrival = ended + slot.pointee.pace.way
        if slot.pointee.code == 0 { arrival = max(arrival, link.pointee.settled(from: ended)) }
        // An open connection was expected, and there was none.
        if slot.pointee.socketsOpened > 0, slot.pointee.pace.handshake == 0 {
            arrival += link.pointee.roundTrip
        }
        slot.pointee.pace.heldFor = arrival - ended
        slot.pointee.pace.heldCode = slot.pointee.code
        slot.pointee.code = EasySlot.running
        slot.pointee.pace.phase = .held
        if link.pointee.isStalled {
            slot.pointee.pace.endsAt = max(ended, slot.pointee.pace.deadline)
            EasySlot.look(slot, at: slot.pointee.pace.endsAt)
        } else {
            self.deliver(slot, at: arrival, from: ended)
        }
    }

    /// Sets out for the phone; what would arrive too late is never seen by it.
    private func deliver(
        _ slot: UnsafeMutablePointer<EasySlot>, at arrival: Int64, from ended: Int64
    ) {
        let at = min(arrival, max(ended, slot.pointee.pace.deadline))
        slot.pointee.pace.endsAt = at
        if at < arrival, slot.pointee.pace.heldCode == 0 { slot.pointee.becomeLate() }
        if at <= SystemClock().now().nanoseconds {
            self.tell(slot, at: at)
        } else {
            EasySlot.look(slot, at: at)
        }
    }

    /// A transfer's end has arrived, or its deadline within a stall.
    private func tell(_ slot: UnsafeMutablePointer<EasySlot>) {
        let isStalled = slot.pointee.link?.pointee.isStalled ?? false
        if isStalled, slot.pointee.pace.heldCode == 0 { slot.pointee.becomeLate() }
        self.tell(slot, at: slot.pointee.pace.endsAt)
    }

    private func tell(_ slot: UnsafeMutablePointer<EasySlot>, at instant: Int64) {
        slot.pointee.ended = instant
        slot.pointee.code = slot.pointee.pace.heldCode
        self.rest(slot)
        self.over.append(slot)
    }

    /// Nothing of the transfer waits for anything any more.
    func rest(_ slot: UnsafeMutablePointer<EasySlot>) {
        slot.pointee.setAwaiting(false)
        slot.pointee.pace.phase = .none
        slot.pointee.pace.due = .max
    }

    /// The transfer was told; the handle is a plain one again.
    func leave(_ slot: UnsafeMutablePointer<EasySlot>) {
        self.rest(slot)
        if let link = slot.pointee.link { link.pointee.transfers.removeAll { $0 == slot } }
        slot.pointee.link = nil
        slot.pointee.isShaped = false
    }

    private func noteConnection(
        of slot: UnsafeMutablePointer<EasySlot>, _ link: UnsafeMutablePointer<ClientLink>
    ) {
        // libcurl closes sockets that never connected without a word.
        if !slot.pointee.isLinked, slot.pointee.openedSocket >= 0 {
            link.pointee.closed(slot.pointee.openedSocket)
        }
        guard slot.pointee.firstHeader != 0, !slot.pointee.pace.isAlone else { return }
        var version = 0
        spate_easy_get_long(slot.pointee.easy, CURLINFO_HTTP_VERSION, &version)
        link.pointee.isMultiplexed = version >= Int(CURL_HTTP_VERSION_2_0)
    }

    // MARK: - Links

    /// Something has happened to a client's network, or it may receive on.
    private func proceed(_ link: UnsafeMutablePointer<ClientLink>, now: Int64) {
        while link.pointee.eventAt <= now {
            let at = link.pointee.eventAt
            let event = link.pointee.event
            link.pointee.advanceEvent()
            switch event {
            case .stallBegan: self.stall(link, at: at)
            case .stallEnded: self.resume(link, now: now)
            case .disconnected: self.disconnect(link, now: now)
            }
        }
        if link.pointee.receivesAt <= now, !link.pointee.isStalled {
            link.pointee.advance(to: now)
            let at = link.pointee.down.map { $0.level < 0 ? $0.instant(of: 0) : .max } ?? .max
            link.pointee.receivesAt = at
            if at == .max {
                link.pointee.down?.waiting = 0
                self.wiring.pointee.refresh(link)
                self.receiveOn(link)
            }
        }
        self.wiring.pointee.look(link)
    }

    /// Lets libcurl hand over what it was told to keep, as long as the link stays open.
    private func receiveOn(_ link: UnsafeMutablePointer<ClientLink>) {
        for slot in link.pointee.transfers where slot.pointee.pace.isReceivePaused {
            guard link.pointee.isReceiving else { return }
            slot.pointee.pace.isReceivePaused = false
            curl_easy_pause(
                slot.pointee.easy, slot.pointee.pace.isSendPaused ? CURLPAUSE_SEND : 0)
        }
    }

    private func stall(_ link: UnsafeMutablePointer<ClientLink>, at: Int64) {
        link.pointee.advance(to: at)
        link.pointee.isStalled = true
        self.wiring.pointee.refresh(link)
    }

    private func resume(_ link: UnsafeMutablePointer<ClientLink>, now: Int64) {
        link.pointee.isStalled = false
        link.pointee.skip(to: now)
        if link.pointee.receivesAt != .max, let down = link.pointee.down {
            link.pointee.receivesAt = down.instant(of: 0)
        }
        self.wiring.pointee.refresh(link)
        for slot in link.pointee.transfers {
            switch slot.pointee.pace.phase {
            case .none: break
            case .delayed: self.send(slot, at: now)
            case .running:
                if slot.pointee.pace.isAwaiting || slot.pointee.pace.isSendPaused {
                    EasySlot.look(slot, at: now)
                }
            case .held:
                self.deliver(slot, at: now + slot.pointee.pace.heldFor, from: now)
            }
        }
    }

    /// The phone loses all its connections: what is on the way is lost, and it knows.
    private func disconnect(_ link: UnsafeMutablePointer<ClientLink>, now: Int64) {
        for slot in link.pointee.transfers where slot.pointee.pace.phase != .none {
            slot.pointee.pace.isLost = true
            slot.pointee.ended = now
            slot.pointee.code = Int32(CURLE_RECV_ERROR.rawValue)
            curl_multi_remove_handle(self.multi(of: slot), slot.pointee.easy)
            self.rest(slot)
            self.over.append(slot)
        }
        link.pointee.breakConnections()
        link.pointee.up?.drain()
        link.pointee.down?.drain()
    }
}

extension EasySlot {
    /// The answer came, but too late: the phone has given up, and saw what had arrived by then.
    fileprivate mutating func becomeLate() {
        self.pace.heldCode = Int32(CURLE_OPERATION_TIMEDOUT.rawValue)
        guard self.firstHeader + self.pace.way > self.pace.deadline else { return }
        self.firstHeader = 0
        self.status = 0
    }
}
