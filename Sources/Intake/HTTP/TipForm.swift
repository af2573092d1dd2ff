/// A tip while it is being received, from JSON or from a form; used by one request at a time.
final class TipForm {
    /// The most files in one form.
    static let mostFiles = 16
    /// The most fields in one form.
    static let mostParts = 100
    /// The longest plain field other than the text.
    static let fieldLimit = 1_024

    /// The tip so far.
    private(set) var tip: TipSubmission
    /// The files so far.
    private(set) var media: [IncomingMedia] = []

    private let spool: Spool
    private let spoolLimit: Int
    private var parser: MultipartParser?
    private var field: (name: String, bytes: [UInt8])?
    private var hasText = false

    init(key: String, spool: Spool, spoolLimit: Int, boundary: String?) {
        self.tip = TipSubmission(key: key, text: "")
        self.spool = spool
        self.spoolLimit = spoolLimit
        self.parser = boundary.map(MultipartParser.init)
    }

    /// Takes the next bytes of a form.
    ///
    /// - Throws: `Refusal` when they cannot belong to a tip.
    func feed(_ bytes: UnsafeRawBufferPointer) throws {
        do {
            // Taken out while it works, because its events come back here.
            guard var parser = self.parser else { return }
            self.parser = nil
            defer { self.parser = parser }
            try parser.feed(bytes) { try self.took($0) }
            guard parser.parts <= TipForm.mostParts else {
                throw Refusal.bad("a form has at most \(TipForm.mostParts) parts")
            }
        } catch let error as MultipartError {
            throw Refusal.bad(error.message)
        }
    }

    /// Moves large files to the spool.
    func settle() async throws {
        if let last = self.media.last { try await last.settle() }
    }

    /// The form is over.
    ///
    /// - Throws: `Refusal` 400 when it is incomplete.
    func finish() throws(Refusal) {
        do throws(MultipartError) {
            try self.parser?.finish()
        } catch {
            throw Refusal.bad(error.message)
        }
        guard self.hasText || !self.media.isEmpty else {
            throw Refusal.bad("a tip needs a text or a file")
        }
    }

    /// Takes a tip given as JSON.
    ///
    /// - Throws: `Refusal` 400 or 413 when a member is missing, wrong or too long.
    func take(_ json: JSONValue) throws(Refusal) {
        guard case .string(let text)? = json["text"] else {
            throw Refusal.bad("a tip needs a \"text\"")
        }
        try self.take("text", text)
        for name in ["device", "anonymous", "priority", "media"] {
            guard let value = json[name], value != .null else { continue }
            try self.take(name, value.plainText)
        }
    }

    /// Removes the files from the spool.
    func discard() async {
        for file in self.media { await file.discard() }
    }

    private func took(_ event: MultipartParser.Event) throws(Refusal) {
        switch event {
        case .begin(let header):
            if header.filename != nil || ["video", "media", "photo", "file"].contains(header.name) {
                guard self.media.count < TipForm.mostFiles else {
                    throw Refusal.bad("a tip has at most \(TipForm.mostFiles) files")
                }
                self.media.append(
                    IncomingMedia(
                        spool: self.spool, name: Exchange.newIdentifier(), limit: self.spoolLimit))
            } else {
                self.field = (header.name, [])
            }
        case .data(let bytes):
            guard self.field != nil else {
                try self.media.last?.append(bytes)
                return
            }
            self.field?.bytes.append(contentsOf: bytes)
            guard (self.field?.bytes.count ?? 0) <= PublicPort.textLimit else {
                throw Refusal.textTooLarge
            }
        case .end:
            guard let field = self.field else {
                try self.media.last?.close()
                return
            }
            self.field = nil
            try self.take(field.name, String(decoding: field.bytes, as: UTF8.self))
        }
    }

    private func take(_ name: String, _ value: String) throws(Refusal) {
        guard name == "text" || value.utf8.count <= TipForm.fieldLimit else {
            throw Refusal.bad("\"\(name)\" is longer than \(TipForm.fieldLimit) bytes")
        }
        switch name {
        case "text":
            guard value.utf8.count <= PublicPort.textLimit else { throw Refusal.textTooLarge }
            self.tip.text = value
            self.hasText = true
        case "device":
            self.tip.device = value
        case "anonymous":
            self.tip.isAnonymous = ["true", "1", "on", "yes"].contains(value)
        case "priority":
            guard let priority = Double(value), priority.isFinite else {
                throw Refusal.bad("\"priority\" is a number")
            }
            self.tip.priority = priority
        case "media":
            guard let count = Int(value), (0...IntakeStore.mostMedia).contains(count) else {
                throw Refusal.bad("\"media\" is a number from 0 to \(IntakeStore.mostMedia)")
            }
            self.tip.expectedMedia = count
        default:
            break
        }
    }
}
