import Primitives
import Scenarios

/// A part of a body with everything that an intent may send as it.
struct CompiledPart: Sendable {
    /// A file that may be sent.
    struct File: Sendable {
        /// What precedes it inside a multipart body.
        var head: String
        var contentType: String
        var path: String
        /// Nil when the file was never measured.
        var facts: FileFacts?
    }
    /// Generated content.
    struct Generated: Sendable {
        var head: String
        var contentType: String
        var kind: GeneratedKind
        var size: Distribution
        var limit: Int64?
        var unique: Bool
    }
    enum Source: Sendable {
        case files([File])
        case generated(Generated)
    }
    /// Clips that are the same for everybody, and how often each is sent.
    struct Catalogue: Sendable {
        /// Stands for the population in the draws of a clip.
        var key: Int
        var shares: CumulativeShares
    }
    /// One of the contents of a mix; a part that is no mix has one.
    struct Entry: Sendable {
        var source: Source
        var clips: Catalogue?
        var fault: UploadFault?
    }

    var entries: [Entry]
    /// How often each entry is taken.
    var shares: CumulativeShares
    /// A catalogue of the whole mix.
    var clips: Catalogue?
    /// The part's place among the step's draws.
    var draw: Int

    /// The content type, where all that may be sent has the same.
    var contentType: String? {
        let types = Set(
            self.entries.flatMap { entry in
                switch entry.source {
                case .files(let files): files.map(\.contentType)
                case .generated(let generated): [generated.contentType]
                }
            })
        return types.count == 1 ? types.first : nil
    }
}

/// Compiles the parts of one population.
struct PartCompiler {
    let materials: DraftMaterials
    /// What a catalogue without a name is called: the same for nothing else.
    let owner: String

    /// - Parameter fieldName: the field of a multipart body; nil where the part is the whole body.
    func compile(_ part: PartSpec, fieldName: String?, draw: Int) -> CompiledPart {
        var entries: [CompiledPart.Entry] = []
        var weights: [Double] = []
        switch part.content {
        case .mix(let parts):
            for (index, item) in parts.enumerated() {
                entries.append(self.entry(item.part, fieldName, name: "\(draw).\(index)"))
                weights.append(item.weight)
            }
        case .files, .generated:
            entries = [self.entry(part, fieldName, name: "\(draw)")]
            weights = [1]
        }
        var clips: CompiledPart.Catalogue?
        if case .mix = part.content {
            clips = self.catalogue(part.clips, files: 1, name: "\(draw)")
        }
        return CompiledPart(
            entries: entries, shares: CumulativeShares(weights: weights), clips: clips, draw: draw)
    }

    private func entry(
        _ part: PartSpec, _ fieldName: String?, name: String
    ) -> CompiledPart.Entry {
        switch part.content {
        case .files(let paths):
            let files = paths.map { path in
                let type = part.contentType ?? MediaType.ofFile(path)
                return CompiledPart.File(
                    head: PartCompiler.head(
                        fieldName, part.fileName ?? MediaType.fileName(path), type),
                    contentType: type, path: path, facts: self.materials.files[path])
            }
            return CompiledPart.Entry(
                source: .files(files),
                clips: self.catalogue(part.clips, files: files.count, name: name),
                fault: part.fault)
        case .generated(let kind, let size, let limit, let unique):
            let type = part.contentType ?? MediaType.ofGenerated(kind)
            let head = PartCompiler.head(
                fieldName, part.fileName ?? MediaType.fileName(of: kind), type)
            return CompiledPart.Entry(
                source: .generated(
                    CompiledPart.Generated(
                        head: head, contentType: type, kind: kind, size: size,
                        limit: limit?.count, unique: unique)),
                clips: self.catalogue(part.clips, files: 1, name: name), fault: part.fault)
        case .mix:
            preconditionFailure("a mix holds no mix")
        }
    }

    private func catalogue(
        _ spec: ClipsSpec?, files: Int, name: String
    ) -> CompiledPart.Catalogue? {
        guard let spec else { return nil }
        let key = RequestDrafter.hash(
            spec.catalogue.map { "catalogue \($0)" } ?? "part \(self.owner) \(name)")
        return CompiledPart.Catalogue(
            // Far from the populations' numbers, which count from 0, and from -1 and -2.
            key: Int(truncatingIfNeeded: key | 1 << 63),
            shares: CumulativeShares(zipf: spec.count ?? files, exponent: spec.exponent))
    }

    // MARK: - Multipart

    /// What precedes a file in a multipart body; nothing where it is the whole body.
    private static func head(
        _ fieldName: String?, _ fileName: String, _ contentType: String
    ) -> String {
        guard let fieldName else { return "" }
        return disposition(fieldName) + "; filename=\"\(escaped(fileName))\"\r\n"
            + "Content-Type: \(ValueEncoding.header.value(contentType))\r\n\r\n"
    }

    static func disposition(_ name: String) -> String {
        "Content-Disposition: form-data; name=\"\(escaped(ValueEncoding.withCRLF(name)))\""
    }

    /// The HTML standard's rule for names: quotes and line breaks as percent escapes, nothing else.
    private static func escaped(_ name: String) -> String {
        var result = ""
        for scalar in name.unicodeScalars {
            switch scalar {
            case "\"": result += "%22"
            case "\r": result += "%0D"
            case "\n": result += "%0A"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
