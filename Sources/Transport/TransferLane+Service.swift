import CCurl
import CEpoll
import Dispatch
import Primitives

extension TransferLane {
    /// Polls of the kernel in one wake-up, before its owner hears that the batch has ended.
    static let roundLimit = 64
    /// The time after which a wake-up ends likewise.
    static let wakeUpNanoseconds: Int64 = 4_000_000
    /// How long a lane stays on its thread with nothing to do.
    ///
    /// Through Dispatch a wake-up costs three context switches: its manager thread's, the worker's,
    /// and that of arming the source again. An arrival and its answer are two wake-ups: 5.3
    /// switches a request at 3,500/s that way, 1.7 when the lane waits for the kernel itself. A
    /// request costs 119 us instead of 152 at 5,000/s and 76 instead of 97 at 10,000/s (64
    /// clients, one core); what is left is the machine's own price of sleeping: plain C with one
    /// client pays 82 a request. The thread goes back to Dispatch when nothing comes for longer.
    static let lingerNanoseconds: Int64 = 20_000_000

    /// Serves what there is to do, and what comes within a while; then gives the thread back.
    ///
    /// Other work on the queue rings the bell, and gets its turn at once.
    func serve() {
        guard !self.isShutDown else { return }
        // Dispatch may call on another thread each time.
        spate_set_timer_slack(1)
        self.isServing = true
        repeat {
            self.wakeUp()
            if self.isShutDown { return }
        } while self.linger()
        self.isServing = false
        if !self.over.isEmpty { self.kick() }
        self.wiring.pointee.poll.wake(at: min(self.alarm, self.ownDeadline))
    }

    /// Waits for the next thing to do; false when the thread is to be given back.
    private func linger() -> Bool {
        if self.wiring.pointee.poll.hasRung {
            self.wiring.pointee.poll.hasRung = false
            return false
        }
        if !self.over.isEmpty { return true }
        let next = min(self.alarm, self.ownDeadline)
        let now = SystemClock().now().nanoseconds
        guard next > now else { return true }
        let wait = min(next - now, Self.lingerNanoseconds)
        return self.wiring.pointee.poll.wait(wait, until: next)
            || next - now <= Self.lingerNanoseconds
    }

    /// One wake-up: events, libcurl's timeouts, completions and the alarm, while there are any.
    ///
    /// What the kernel has ready comes before the alarm: a lane that is behind, and started more
    /// before it has taken the answers that are there, would have ever more connections in use,
    /// each request would cost more (64 of them 36 us, 500 of them 45), and it would stay behind.
    /// In a closed loop answers may never cease: the alarm has its turn at the wake-up's end.
    private func wakeUp() {
        let delegate = self.delegate
        var now = SystemClock().now().nanoseconds
        let begin = now
        let end = now + Self.wakeUpNanoseconds
        for round in 1...Self.roundLimit {
            let worked = self.serveRound(now: now, delegate: delegate)
            if self.isShutDown { return }
            now = SystemClock().now().nanoseconds
            let isLast = now >= end || round == Self.roundLimit
            if now >= self.alarm, isLast || !self.wiring.pointee.poll.hasMore {
                self.alarm = .max
                delegate?.alarmFired(now: MonotonicTime(nanoseconds: now))
            } else if !worked {
                break
            }
            if self.isShutDown { return }
            if isLast { break }
        }
        delegate?.batchEnded(now: MonotonicTime(nanoseconds: now))
        if self.isShutDown { return }
        self.load.note(SystemClock().now().nanoseconds - begin)
    }

    /// True when there was anything to do.
    private func serveRound(now: Int64, delegate: (any TransferLaneDelegate)?) -> Bool {
        var worked = false
        var running: Int32 = 0
        let count = self.wiring.pointee.poll.poll()
        for index in 0..<count {
            guard let socket = self.wiring.pointee.poll.socket(ofEvent: index),
                let listener = self.wiring.pointee.listener(socket)
            else { continue }
            let multi = self.multis[listener].pointee.multi
            let flags = self.wiring.pointee.poll.flags(ofEvent: index)
            var mask: Int32 = 0
            if flags & EPOLLIN.rawValue != 0 { mask |= CURL_CSELECT_IN }
            if flags & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { mask |= CURL_CSELECT_ERR }
            if flags & EPOLLOUT.rawValue != 0 {
                if mask & CURL_CSELECT_ERR == 0 { self.wiring.pointee.noteConnected(socket) }
                mask |= CURL_CSELECT_OUT
            }
            curl_multi_socket_action(multi, socket, mask, &running)
            // At once, so that an ending is not dated after the events behind it.
            self.collectCompletions(of: multi)
            worked = true
        }
        // All together, so that the requests they lead to leave in one burst: a server that is
        // woken for each single one costs the sender a fifth of its time.
        if self.deliver(delegate) { worked = true }
        if self.isShutDown { return true }
        for handle in self.multis where handle.pointee.deadline <= now {
            handle.pointee.deadline = .max
            let multi = handle.pointee.multi
            curl_multi_socket_action(multi, curl_socket_t(CURL_SOCKET_TIMEOUT), 0, &running)
            self.collectCompletions(of: multi)
            worked = true
        }
        if self.wiring.pointee.paces.next <= now {
            self.servePaces()
            worked = true
        }
        return worked
    }

    /// When libcurl or a client's network wants to be called next.
    private var ownDeadline: Int64 {
        self.multis.reduce(self.wiring.pointee.paces.next) { min($0, $1.pointee.deadline) }
    }

    /// Takes from libcurl what it has completed, and dates it.
    func collectCompletions(of multi: UnsafeMutableRawPointer) {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
                let data = spate_easy_get_private(easy)
            else { continue }
            let slot = data.assumingMemoryBound(to: EasySlot.self)
            slot.pointee.code = Int32(bitPattern: message.pointee.data.result.rawValue)
            slot.pointee.ended = SystemClock().now().nanoseconds
            curl_multi_remove_handle(multi, easy)
            if self.wiring.pointee.assignsRoles, self.beginsAgain(slot) { continue }
            if slot.pointee.isShaped { self.hold(slot) } else { self.over.append(slot) }
        }
    }

    /// Tells the delegate of the transfers that are over; false when there were none.
    private func deliver(_ delegate: (any TransferLaneDelegate)?) -> Bool {
        if self.over.isEmpty { return false }
        // What is told may start transfers that cannot be, and cancel others: the next round's.
        swap(&self.over, &self.delivering)
        for slot in self.delivering where !self.isShutDown { self.end(slot, delegate: delegate) }
        self.delivering.removeAll(keepingCapacity: true)
        return true
    }

    /// Ends everything silently and releases libcurl; the lane is of no use afterwards.
    ///
    /// The two descriptors that Dispatch watches are closed a moment later, when it has let go of
    /// them; `closed` runs then, on the queue.
    package func shutdown(closed: (@Sendable () -> Void)? = nil) {
        self.assertOnQueue()
        guard !self.isShutDown else {
            closed?()
            return
        }
        self.isShutDown = true
        for slot in self.slots {
            if slot.pointee.isActive {
                curl_multi_remove_handle(self.multi(of: slot), slot.pointee.easy)
                slot.pointee.freeExtraHeaders()
            }
            self.unbind(slot)
            curl_easy_cleanup(slot.pointee.easy)
            slot.pointee.errorText.deallocate()
            slot.pointee.bodyStart.free()
            slot.deinitialize(count: 1)
            slot.deallocate()
        }
        self.slots.removeAll()
        self.delivered = nil
        self.active.removeAll()
        self.over.removeAll()
        for index in self.clients.indices { self.closeShare(of: index) }
        // Calls back into `wiring`, which must therefore still be there.
        for handle in self.multis { MultiHandle.close(handle) }
        self.multis.removeAll()
        self.routeLists.free()
        self.freeAllLinks()
        let poll = self.wiring.pointee.poll
        self.wiring.deinitialize(count: 1)
        self.wiring.deallocate()
        self.source.setCancelHandler {
            poll.close()
            closed?()
        }
        self.source.cancel()
        // A source that was never activated must be, or releasing it stops the process.
        if !self.isActivated { self.source.activate() }
    }
}
