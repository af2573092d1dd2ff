import Primitives
import Scenarios

/// Where the draws of a part come from: an intent, or a clip that many intents send.
struct PartDraws {
    let seed: UInt64
    /// The population, or a catalogue.
    var population: Int
    /// The intent, or the clip.
    var intent: Int
    /// The first of the part's four draws of each purpose.
    var place: Int

    func random(_ purpose: DrawPurpose) -> CounterRandom {
        CounterRandom(
            seed: self.seed, population: self.population, intent: self.intent, purpose: purpose)
    }

    /// The draws of the clip that these draws choose; `offset` tells this choice from others.
    func clip(of catalogue: CompiledPart.Catalogue, offset: Int) -> PartDraws {
        let draw = self.random(.popularity).uniform(self.place + offset)
        return PartDraws(
            seed: self.seed, population: catalogue.key, intent: catalogue.shares.index(draw),
            place: 0)
    }

    /// What makes generated content unlike all other.
    var nonce: Nonce {
        let random = self.random(.content)
        return Nonce(
            high: random.bits(self.place), low: random.bits(self.place + 1),
            offset: random.integer(self.place + 2, in: 0...GeneratedContent.blockSize - 1))
    }
}

/// What an intent sends as a part.
struct DrawnPart {
    /// Where the bytes come from.
    enum Bytes {
        case file(path: String, length: Int64)
        case generated(GeneratedKind, size: Int64, nonce: Nonce?)
        case none
    }
    /// What precedes it inside a multipart body.
    var head: String
    var contentType: String
    var bytes: Bytes
    /// The bytes of the part after which the client hangs up.
    var sends: Int64?
}

extension CompiledPart {
    /// What the draws make of the part.
    ///
    /// Four draws of each purpose belong to it. Popularity: 0 which file, 1 which entry of a mix,
    /// 2 and 3 which clip, of the mix or of the entry. Size: 0 and 1 the size, 2 and 3 where a
    /// truncated upload ends. Content: 0 to 2 the bytes, 3 where a truncated upload ends.
    ///
    /// - Throws: `DraftError` for a file that was never read.
    func drawn(_ own: PartDraws) throws(DraftError) -> DrawnPart {
        var draws = own
        if let clips { draws = own.clip(of: clips, offset: 2) }
        var entry = self.entries[0]
        if self.entries.count > 1 {
            entry =
                self.entries[
                    self.shares.index(draws.random(.popularity).uniform(draws.place + 1))]
        }
        if let clips = entry.clips { draws = own.clip(of: clips, offset: 3) }
        var part: DrawnPart
        let length: Int64
        switch entry.source {
        case .files(let files):
            let file = CompiledPart.file(of: files, isClip: entry.clips != nil, draws)
            guard let file, let facts = file.facts else {
                throw DraftError("a file of the body was never read")
            }
            length = facts.size
            part = DrawnPart(
                head: file.head, contentType: file.contentType,
                bytes: .file(path: facts.path, length: length))
        case .generated(let generated):
            let sizes = draws.random(.size)
            length = generated.size(
                sizes.uniform(draws.place), sizes.uniform(draws.place + 1))
            part = DrawnPart(
                head: generated.head, contentType: generated.contentType,
                bytes: .generated(
                    generated.kind, size: length, nonce: generated.unique ? draws.nonce : nil))
        }
        part.spoil(entry.fault, length: length, clip: draws, own: own)
        return part
    }

    private static func file(of files: [File], isClip: Bool, _ draws: PartDraws) -> File? {
        if isClip { return files[draws.intent] }
        guard files.count > 1 else { return files.first }
        return files[draws.random(.popularity).integer(draws.place, in: 0...files.count - 1)]
    }
}

extension CompiledPart.Generated {
    /// A drawn size as whole bytes: at most the limit, at least what the container's frame takes.
    fileprivate func size(_ first: Double, _ second: Double) -> Int64 {
        let drawn = self.size.value(first, second)
        let whole = Int64(max(0, min(drawn.rounded(), 0x1p60)))
        return max(ContainerFrame.leastSize(of: self.kind), min(whole, self.limit ?? .max))
    }
}

extension DrawnPart {
    /// Does to the part what a fault does; where an upload ends is the intent's own draw.
    fileprivate mutating func spoil(
        _ fault: UploadFault?, length: Int64, clip: PartDraws, own: PartDraws
    ) {
        switch fault {
        case nil: break
        case .empty: self.bytes = .none
        case .mislabelled: self.bytes = .generated(.text, size: length, nonce: clip.nonce)
        case .truncated(let sends):
            guard length > 0 else { break }
            let place: Double
            if let sends {
                let sizes = own.random(.size)
                place = sends.value(sizes.uniform(own.place + 2), sizes.uniform(own.place + 3))
            } else {
                place = own.random(.content).uniform(own.place + 3) * Double(length)
            }
            self.sends = min(length - 1, Int64(max(0, min(place, 0x1p60))))
        }
    }
}
