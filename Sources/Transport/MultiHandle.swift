import CCurl
import Primitives

/// One of a lane's libcurl multi handles, at an address that never moves.
///
/// libcurl finds a socket through a hash of 911 chains and a timeout through a tree: with
/// thousands of clients behind one handle every event walks through cold memory. So the clients
/// are dealt to handles in blocks. Confined to the lane's queue.
struct MultiHandle {
    /// Clients to a handle: chains of one or two, and a tree of nine levels.
    static let clientsEach = 512

    let multi: UnsafeMutableRawPointer
    let wiring: UnsafeMutablePointer<LaneWiring>
    /// Its place among the lane's handles.
    let index: Int
    /// When libcurl wants to be called, in nanoseconds; `.max` for never, 0 for at once.
    var deadline = Int64.max

    /// A handle that reports to a lane; nil without memory.
    static func make(
        index: Int, wiring: UnsafeMutablePointer<LaneWiring>, options: LaneOptions
    ) -> UnsafeMutablePointer<MultiHandle>? {
        guard let multi = curl_multi_init() else { return nil }
        let handle = UnsafeMutablePointer<MultiHandle>.allocate(capacity: 1)
        handle.initialize(to: MultiHandle(multi: multi, wiring: wiring, index: index))
        spate_multi_set_socket(multi, socketCallback)
        spate_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, handle)
        spate_multi_set_timer(multi, timerCallback)
        spate_multi_set_pointer(multi, CURLMOPT_TIMERDATA, handle)
        // Counts per pool, and every client has its own.
        spate_multi_set_long(
            multi, CURLMOPT_MAXCONNECTS, max(1, options.maxIdleConnectionsPerClient))
        spate_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
        spate_multi_set_long(
            multi, CURLMOPT_MAX_CONCURRENT_STREAMS, max(1, options.maxStreamsPerConnection))
        return handle
    }

    /// Releases libcurl's handle, which calls back once more, and the memory.
    static func close(_ handle: UnsafeMutablePointer<MultiHandle>) {
        curl_multi_cleanup(handle.pointee.multi)
        handle.deinitialize(count: 1)
        handle.deallocate()
    }
}

// MARK: - Callbacks

/// CURLMOPT_SOCKETFUNCTION: libcurl says what to wait for on which socket.
let socketCallback: curl_socket_callback = { easy, socket, what, data, _ in
    guard let data else { return 0 }
    let handle = data.assumingMemoryBound(to: MultiHandle.self)
    let wiring = handle.pointee.wiring
    if wiring.pointee.hasLinks, let easy, let owner = spate_easy_get_private(easy) {
        let slot = owner.assumingMemoryBound(to: EasySlot.self)
        slot.pointee.pace.socket = what == CURL_POLL_REMOVE ? -1 : socket
    }
    guard what != CURL_POLL_REMOVE else {
        wiring.pointee.rest(socket)
        return 0
    }
    var interest: EventPoll.Interest = []
    if what & CURL_POLL_IN != 0 {
        interest.insert(.read)
        wiring.pointee.noteConnected(socket)
    }
    if what & CURL_POLL_OUT != 0 { interest.insert(.write) }
    wiring.pointee.watch(socket, interest, for: handle.pointee.index)
    return 0
}

/// CURLMOPT_TIMERFUNCTION: libcurl says when it wants to be called.
let timerCallback: curl_multi_timer_callback = { _, milliseconds, data in
    guard let data else { return 0 }
    let handle = data.assumingMemoryBound(to: MultiHandle.self)
    handle.pointee.deadline =
        milliseconds < 0
        ? .max
        : milliseconds == 0
            ? 0 : SystemClock().now().nanoseconds + Int64(milliseconds) * 1_000_000
    return 0
}
