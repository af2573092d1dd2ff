import CCurl
package import Primitives

/// Clients with a network of their own: made, tuned, released.
extension TransferLane {
    /// A new simulated client on a network; a plain network makes a plain client.
    ///
    /// Costs about 400 bytes more than a client without one.
    ///
    /// - Parameter since: the client's beginning, from which its stalls and disconnects count; the
    ///   present when nil.
    package func makeClient(
        network: ClientNetwork, since: MonotonicTime? = nil
    ) -> ClientHandle {
        let client = self.makeClient()
        guard !network.isPlain else { return client }
        let now = SystemClock().now().nanoseconds
        let link = self.freeLinks.popLast() ?? self.makeLink()
        link.pointee = ClientLink(network, since: since?.nanoseconds ?? now, now: now)
        self.clients[Int(client.index)].link = link
        self.wiring.pointee.hasLinks = true
        self.wiring.pointee.look(link)
        return client
    }

    private func makeLink() -> UnsafeMutablePointer<ClientLink> {
        let link = UnsafeMutablePointer<ClientLink>.allocate(capacity: 1)
        link.initialize(to: ClientLink(ClientNetwork(), since: 0, now: 0))
        self.links.append(link)
        return link
    }

    /// Takes a link from a client that retires; its sockets are closed already.
    func release(_ link: UnsafeMutablePointer<ClientLink>, of client: Int) {
        self.wiring.pointee.detach(link)
        self.clients[client].link = nil
        link.pointee = ClientLink(ClientNetwork(), since: 0, now: 0)
        self.freeLinks.append(link)
    }

    /// Releases the memory of all links; the last thing a lane does with them.
    func freeAllLinks() {
        self.wiring.pointee.paces = PaceHeap()
        for link in self.links {
            link.deinitialize(count: 1)
            link.deallocate()
        }
        self.links.removeAll()
        self.freeLinks.removeAll()
    }

    // MARK: - Tuning a handle

    /// Prepares a handle for a link and a rate of its own, or for neither again.
    func shape(
        _ slot: UnsafeMutablePointer<EasySlot>, link: UnsafeMutablePointer<ClientLink>?,
        request: borrowing TransferRequest
    ) {
        slot.pointee.link = link
        slot.pointee.isShaped = link != nil || request.uploadRate > 0
        slot.pointee.pace = TransferPace()
        if request.uploadRate > 0 {
            slot.pointee.pace.rate = TokenBucket(
                rate: min(request.uploadRate, ClientNetwork.rates.upperBound),
                at: SystemClock().now().nanoseconds)
        }
        self.wiring.pointee.hasLinks = true
        self.tune(slot)
        slot.pointee.isTuned = slot.pointee.isShaped
    }

    /// Sets the options that depend on the link; the lane's own where there is none.
    private func tune(_ slot: UnsafeMutablePointer<EasySlot>) {
        let easy = slot.pointee.easy
        let link = slot.pointee.link
        let network = link?.pointee.network ?? ClientNetwork()
        let own = slot.pointee.pace.rate.map(\.rate)
        var upload = self.options.uploadBufferSize
        if let rate = [network.uplink, own].compactMap(\.self).min() {
            let share = Int(Double(rate) * Double(TokenBucket.depth) / 1e9)
            upload = min(upload, max(16_384, share))
        }
        upload = min(max(upload, 16_384), 2_097_152)
        var receive = self.options.receiveBufferSize
        if let rate = network.downlink {
            let share = Int(Double(rate) * Double(TokenBucket.depth) / 1e9)
            receive = min(receive, max(1_024, share))
        }
        slot.pointee.tunedUploadBuffer = upload
        spate_easy_set_long(easy, CURLOPT_UPLOAD_BUFFERSIZE, upload)
        spate_easy_set_long(easy, CURLOPT_BUFFERSIZE, min(max(receive, 1_024), 10_485_760))
        let keeps = self.options.reuseConnections && network.keepsConnections
        spate_easy_set_long(easy, CURLOPT_FORBID_REUSE, keeps ? 0 : 1)
        let family =
            switch network.family {
            case .any: CURL_IPRESOLVE_WHATEVER
            case .ipv4: CURL_IPRESOLVE_V4
            case .ipv6: CURL_IPRESOLVE_V6
            }
        spate_easy_set_long(easy, CURLOPT_IPRESOLVE, Int(family))
    }

    // MARK: - Beginning

    /// Lets a request go on its way: it leaves the machine when it would arrive at the server.
    func enter(_ slot: UnsafeMutablePointer<EasySlot>, request: borrowing TransferRequest) {
        let started = slot.pointee.started
        let isTLS = slot.pointee.isTLS
        // A phone that hangs up does so by its own clock, too.
        slot.pointee.pace.deadline = Self.instant(
            started, min(request.timeout, request.hangUp?.time ?? .max))
        slot.pointee.pace.connectDeadline = Self.instant(started, request.connectTimeout)
        slot.pointee.pace.isAlone =
            slot.pointee.link != nil
            && (self.options.httpVersion == .http1
                || self.options.httpVersion == .auto && !isTLS)
        guard let link = slot.pointee.link else { return self.begin(slot, isStarting: true) }
        let opens =
            !self.options.reuseConnections
            || link.pointee.needsConnection(inProgress: link.pointee.transfers.count)
        link.pointee.transfers.append(slot)
        let trips: Int64 = !isTLS ? 0 : self.options.tls.maxVersion == .tls12 ? 2 : 1
        let delay = link.pointee.delay(opens: opens, tlsTrips: trips)
        slot.pointee.pace.handshake = delay.handshake
        slot.pointee.pace.way = delay.way
        slot.pointee.pace.tls = opens ? link.pointee.roundTrip * trips : 0
        slot.pointee.pace.phase = .delayed
        if link.pointee.isStalled {
            EasySlot.look(slot, at: slot.pointee.arrivalDeadline)
        } else if delay.handshake + delay.way > 0 {
            self.send(slot, at: started)
        } else {
            self.begin(slot, isStarting: true)
        }
    }

    /// Sets out at an instant, or gives up on the way.
    func send(_ slot: UnsafeMutablePointer<EasySlot>, at instant: Int64) {
        let arrival = instant + slot.pointee.pace.handshake + slot.pointee.pace.way
        EasySlot.look(slot, at: min(arrival, slot.pointee.arrivalDeadline))
    }

    /// Hands a transfer to libcurl, with what is left of its time.
    ///
    /// One that cannot begin is over; while it `isStarting`, `start` sees to that.
    func begin(_ slot: UnsafeMutablePointer<EasySlot>, isStarting: Bool = false) {
        let now = SystemClock().now().nanoseconds
        let pace = slot.pointee.pace
        defer {
            if slot.pointee.code != EasySlot.running, !isStarting { self.over.append(slot) }
        }
        guard now < slot.pointee.arrivalDeadline else { return self.giveUp(slot) }
        slot.pointee.pace.phase = .running
        slot.pointee.setTimeouts(
            whole: Self.rest(pace.deadline, after: now + pace.way),
            connect: Self.rest(pace.connectDeadline, after: now - pace.way))
        if self.add(slot) != CURLM_OK {
            slot.pointee.code = Int32(CURLE_FAILED_INIT.rawValue)
        }
    }

    /// Ends a transfer whose time was up before it could begin.
    private func giveUp(_ slot: UnsafeMutablePointer<EasySlot>) {
        // An address was known, and nothing came back from it.
        slot.pointee.lookedUp = slot.pointee.started
        slot.pointee.ended = slot.pointee.arrivalDeadline
        slot.pointee.pace.way = 0
        slot.pointee.pace.handshake = 0
        slot.pointee.code = Int32(CURLE_OPERATION_TIMEDOUT.rawValue)
        self.rest(slot)
    }

    private static func instant(_ start: Int64, _ span: Nanoseconds) -> Int64 {
        (Nanoseconds(start) + span).count
    }

    private static func rest(_ deadline: Int64, after now: Int64) -> Nanoseconds {
        deadline == .max ? .max : Nanoseconds(max(1, deadline - now))
    }
}

extension EasySlot {
    /// When a request that has not arrived never will have.
    var arrivalDeadline: Int64 {
        self.pace.handshake > 0
            ? min(self.pace.connectDeadline, self.pace.deadline) : self.pace.deadline
    }

    /// Tells libcurl how much time it has.
    mutating func setTimeouts(whole: Nanoseconds, connect: Nanoseconds) {
        self.configuredTimeout = Self.milliseconds(whole)
        spate_easy_set_long(self.easy, CURLOPT_TIMEOUT_MS, self.configuredTimeout)
        self.configuredConnectTimeout = Self.milliseconds(connect)
        spate_easy_set_long(
            self.easy, CURLOPT_CONNECTTIMEOUT_MS, self.configuredConnectTimeout)
    }
}
