import CCurl

/// What a transfer is told about HTTP/2 without TLS, where libcurl cannot tell for itself.
///
/// libcurl 7.87 to 7.88.1 begins HTTP/2 anew for every request that asks for it without
/// negotiation, also on a connection that speaks it already, and breaks that connection (fixed in
/// 8.0). A request that does not ask is sent rightly there, but would open a connection of
/// HTTP/1.1. So each transfer is told one or the other by what its client has; where that turns
/// out wrong before anything was sent, it begins again.
enum H2CRole {
    /// It asks: right for the first request of a connection.
    case opens
    /// It does not: right for all others.
    case joins

    /// The most changes of mind of one transfer; each has cost a round through libcurl.
    static let mostChanges = 8

    /// True for a libcurl that has to be told.
    static let isNeeded: Bool = {
        let newest = CURLversion(rawValue: CURLVERSION_LAST.rawValue - 1)
        guard let number = curl_version_info(newest)?.pointee.version_num else { return false }
        return (0x075700..<0x080000).contains(number)
    }()

    var curlValue: Int {
        switch self {
        case .opens: Int(CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE)
        case .joins: Int(CURL_HTTP_VERSION_2TLS)
        }
    }
}

extension EasySlot {
    /// Tells the handle its role; nothing when it knows.
    mutating func take(_ role: H2CRole) {
        guard self.h2cRole != role else { return }
        self.h2cRole = role
        spate_easy_set_long(self.easy, CURLOPT_HTTP_VERSION, role.curlValue)
    }

    /// Whether a new connection would be the wrong thing; notes so.
    ///
    /// libcurl's own second try on a dead connection counts like a first one: nothing was answered.
    mutating func refusesToOpen() -> Bool {
        guard self.h2cRole == .joins, !self.isTLS, self.headerBytes == 0 else { return false }
        self.hasWrongRole = self.roleChanges < H2CRole.mostChanges
        return self.hasWrongRole
    }

    /// Whether an open connection would be the wrong thing; notes so.
    mutating func refusesToJoin() -> Bool {
        guard self.h2cRole == .opens, !self.isTLS, self.socketsOpened == 0 else { return false }
        self.hasWrongRole = self.roleChanges < H2CRole.mostChanges
        return self.hasWrongRole
    }

    /// Prepares the same transfer once more, in the other role.
    mutating func changeRole() {
        self.take(self.h2cRole == .opens ? .joins : .opens)
        self.roleChanges += 1
        self.hasWrongRole = false
        self.code = EasySlot.running
        self.ended = 0
        self.lookedUp = 0
        self.ready = 0
        self.linked = 0
        self.lastSent = 0
        self.openedSocket = -1
        self.isLinked = false
        self.requestsBegun = 0
        self.connectionNumber = 0
        self.socketsOpened = 0
        self.bytesUp = 0
        if self.hasBody { _ = self.upload.seek(to: 0) }
    }
}

extension TransferLane {
    /// Tells a transfer its role, if libcurl has to be told.
    func assignRole(_ slot: UnsafeMutablePointer<EasySlot>) {
        guard self.wiring.pointee.assignsRoles else { return }
        let hasConnection = self.clients[Int(slot.pointee.client)].hasH2C
        slot.pointee.take(hasConnection && !slot.pointee.isTLS ? .joins : .opens)
    }

    /// Begins a transfer again that had the wrong role; false when it is over.
    func beginsAgain(_ slot: UnsafeMutablePointer<EasySlot>) -> Bool {
        let client = Int(slot.pointee.client)
        if slot.pointee.hasWrongRole {
            slot.pointee.changeRole()
            self.clients[client].hasH2C = slot.pointee.h2cRole == .joins
            if curl_multi_add_handle(self.multi(of: slot), slot.pointee.easy) == CURLM_OK {
                return true
            }
            slot.pointee.code = Int32(CURLE_FAILED_INIT.rawValue)
        }
        if slot.pointee.code == 0 { self.clients[client].hasH2C = true }
        return false
    }
}
