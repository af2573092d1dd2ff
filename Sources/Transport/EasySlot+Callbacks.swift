import CCurl
import Primitives

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// CURLOPT_PREREQFUNCTION: the connection is there, the request is about to be sent.
let beforeRequestCallback: curl_prereq_callback = { data, remote, local, remotePort, localPort in
    guard let data else { return CURL_PREREQFUNC_OK }
    let slot = data.assumingMemoryBound(to: EasySlot.self)
    if slot.pointee.wiring.pointee.assignsRoles, slot.pointee.refusesToJoin() {
        return CURL_PREREQFUNC_ABORT
    }
    slot.pointee.beginRequest()
    // Tells one open connection from another.
    var route = FNV1a()
    guard slot.pointee.wiring.pointee.hasAddresses else {
        // A Unix socket's connections all look alike; their descriptors differ.
        let socket = spate_easy_get_socket(slot.pointee.easy)
        route.mix(UInt64(UInt32(bitPattern: socket)))
        slot.pointee.travels(route.value, to: nil, port: 0)
        return CURL_PREREQFUNC_OK
    }
    route.mix(remote)
    route.mix(local)
    route.mix(UInt64(UInt32(bitPattern: remotePort)) << 32 | UInt64(UInt32(bitPattern: localPort)))
    slot.pointee.travels(route.value, to: remote, port: remotePort)
    return CURL_PREREQFUNC_OK
}

/// CURLOPT_HEADERFUNCTION: one whole line at a time.
let headerCallback: spate_bytes_callback = { bytes, size, count, data in
    guard let bytes, let data else { return 0 }
    let slot = data.assumingMemoryBound(to: EasySlot.self)
    let length = size * count
    let line = UnsafeRawBufferPointer(start: bytes, count: length)
    if slot.pointee.isShaped { EasySlot.downloaded(slot, length) }
    return slot.pointee.receiveHeader(line) ? length : 0
}

/// CURLOPT_WRITEFUNCTION: a piece of the body.
let writeCallback: spate_bytes_callback = { bytes, size, count, data in
    guard let bytes, let data else { return 0 }
    let slot = data.assumingMemoryBound(to: EasySlot.self)
    let length = size * count
    if slot.pointee.isShaped {
        if EasySlot.mustWait(slot) { return Int(CURL_WRITEFUNC_PAUSE) }
        EasySlot.downloaded(slot, length)
    }
    slot.pointee.bodyBytes += Int64(length)
    if slot.pointee.bodyBytes > slot.pointee.wiring.pointee.maxBodyBytes {
        slot.pointee.limitPassed = true
        return 0
    }
    if slot.pointee.wiring.pointee.tracesAnswers, !slot.pointee.bodyStart.isFull {
        slot.pointee.bodyStart.append(UnsafeRawBufferPointer(start: bytes, count: length))
    }
    if slot.pointee.keep.body {
        slot.pointee.keepBody(UnsafeRawBufferPointer(start: bytes, count: length))
    }
    return length
}

/// CURLOPT_READFUNCTION: libcurl has room for a piece of the request's body.
let readCallback: spate_bytes_callback = { bytes, size, count, data in
    guard let bytes, let data else { return Int(CURL_READFUNC_ABORT) }
    let slot = data.assumingMemoryBound(to: EasySlot.self)
    guard var room = slot.pointee.roomBeforeHangingUp(size * count) else {
        return Int(CURL_READFUNC_ABORT)
    }
    if slot.pointee.isShaped {
        room = EasySlot.uplinkRoom(slot, limit: room)
        if room == 0 { return Int(CURL_READFUNC_PAUSE) }
    }
    let target = UnsafeMutableRawBufferPointer(start: bytes, count: room)
    do throws(UploadCursor.Failure) {
        let got = try slot.pointee.upload.read(into: target)
        slot.pointee.bytesUp += Int64(got)
        if slot.pointee.upload.remaining == 0, slot.pointee.lastSent == 0 {
            slot.pointee.lastSent = SystemClock().now().nanoseconds
        }
        if slot.pointee.isShaped { EasySlot.uploaded(slot, got) }
        return got
    } catch {
        slot.pointee.bodyUnreadable = true
        if case .read(let code) = error { slot.pointee.readErrno = code }
        return Int(CURL_READFUNC_ABORT)
    }
}

/// CURLOPT_SEEKFUNCTION: the body must be sent again (a redirect, a reused connection found dead).
let seekCallback: curl_seek_callback = { data, offset, origin in
    guard let data, origin == SEEK_SET else { return CURL_SEEKFUNC_FAIL }
    let slot = data.assumingMemoryBound(to: EasySlot.self)
    guard slot.pointee.upload.seek(to: Int64(offset)) else { return CURL_SEEKFUNC_FAIL }
    slot.pointee.lastSent = 0
    return CURL_SEEKFUNC_OK
}

extension EasySlot {
    /// Notes which connection the request travels on: the one just opened, or an older one.
    fileprivate mutating func travels(
        _ route: UInt64, to remote: UnsafePointer<CChar>?, port: Int32
    ) {
        if self.openedSocket >= 0, !self.isLinked {
            self.isLinked = true
            self.linked = self.ready
            self.wiring.pointee.sockets[Int(self.openedSocket)].route = route
            // Of several that were tried, the one opened last need not have been the fastest.
            if self.socketsOpened > 1, let remote,
                let address = NumericAddress(String(cString: remote))
            {
                self.peer = PeerAddress(address, port: UInt16(truncatingIfNeeded: port))
            }
            self.wiring.pointee.connections[route] = LaneWiring.Connection(
                number: self.connectionNumber, peer: self.peer)
        } else if let connection = self.wiring.pointee.connections[route] {
            self.connectionNumber = connection.number
            self.peer = connection.peer
        }
    }

    fileprivate mutating func keepBody(_ bytes: UnsafeRawBufferPointer) {
        let room = self.keep.bodyLimit - self.responseBody.count
        if bytes.count > room { self.bodyTruncated = true }
        self.responseBody.append(contentsOf: bytes.prefix(max(0, room)))
    }

    /// Takes one header line; false when the headers have become too large.
    fileprivate mutating func receiveHeader(_ line: UnsafeRawBufferPointer) -> Bool {
        self.headerBytes += Int64(line.count)
        if self.headerBytes > self.wiring.pointee.maxHeaderBytes {
            self.limitPassed = true
            return false
        }
        if line.count >= 9, line[0] == UInt8(ascii: "H"), line[4] == UInt8(ascii: "/"),
            self.headersEnded
        {
            self.receiveStatus(line)
        } else if line.count <= 2, line[0] == 13 || line[0] == 10 {
            // After 1xx the headers go on: a server that closes then has answered nothing.
            self.headersEnded = true
            return true
        } else if !self.isInterim {
            self.receiveField(line)
        }
        if !self.isInterim, self.firstHeader == 0 {
            self.firstHeader = SystemClock().now().nanoseconds
        }
        return true
    }

    private mutating func receiveStatus(_ line: UnsafeRawBufferPointer) {
        self.headersEnded = false
        var index = 5
        while index < line.count, line[index] != UInt8(ascii: " ") { index += 1 }
        var status = 0
        index += 1
        while index < line.count, case let digit = line[index], digit >= 48, digit <= 57,
            status < 1000
        {
            status = status * 10 + Int(digit - 48)
            index += 1
        }
        self.isInterim = status / 100 == 1 && status != 101
        if self.isInterim { return }
        if self.status != 0 { self.wasRedirected = true }
        self.status = status
        self.retryAfter = -1
        self.marks = AnswerMarks()
        self.bodyStart.clear()
        if self.keep.headers { self.responseHeaders.removeAll(keepingCapacity: true) }
    }

    private mutating func receiveField(_ line: UnsafeRawBufferPointer) {
        if line[0] | 0x20 == UInt8(ascii: "r"),
            let seconds = Self.retryAfter(line, now: WallTime.now().milliseconds / 1_000)
        {
            self.retryAfter = seconds
        }
        if self.wiring.pointee.tracesAnswers { self.marks.take(line) }
        guard self.keep.headers, let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
        let value = line[(colon + 1)...].trimmingBlanks()
        self.responseHeaders.append(
            (
                name: String(decoding: line[..<colon], as: UTF8.self),
                value: String(decoding: value, as: UTF8.self)
            ))
    }

    /// The seconds of a `Retry-After` line, counted from `now` when it names a date; nil for
    /// another line and for what is neither.
    ///
    /// - Parameter now: seconds since 1970; looked at for a date only, of which RFC 9110 knows
    ///   three forms, all read by libcurl. A date that has passed asks for no wait.
    static func retryAfter(
        _ line: UnsafeRawBufferPointer, now: @autoclosure () -> Int64
    ) -> Int64? {
        guard let value = line.value(of: "retry-after:") else { return nil }
        guard let first = value.first else { return nil }
        guard first >= 48, first <= 57 else {
            let date = curl_getdate(String(decoding: value, as: UTF8.self), nil)
            return date < 0 ? nil : max(0, Int64(date) - now())
        }
        guard value.count <= 18 else { return nil }
        var seconds: Int64 = 0
        for digit in value {
            guard digit >= 48, digit <= 57 else { return nil }
            seconds = seconds * 10 + Int64(digit - 48)
        }
        return seconds
    }
}
