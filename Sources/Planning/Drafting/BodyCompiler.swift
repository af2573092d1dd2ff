import Primitives
import Scenarios

/// Takes bodies apart into constant texts, values, files and generated parts.
struct BodyCompiler {
    let materials: DraftMaterials

    func compile(
        _ body: BodySpec, boundary: String, _ compiler: inout TemplateCompiler
    ) -> [CompiledStep.BodyPiece] {
        switch body {
        case .json(let template):
            return [.text(compiler.compile(template, .json))]
        case .text(let template):
            return [.text(compiler.compile(template, .plain))]
        case .form(let fields):
            var text = CompiledText(encoding: .form)
            for (index, field) in fields.enumerated() {
                let name = ValueEncoding.formEncoded(field.name)
                text.append("\(index == 0 ? "" : "&")\(name)=")
                compiler.compile(field.value, into: &text)
            }
            return [.text(text)]
        case .part(let part):
            return [self.piece(part, fieldName: nil, &compiler)]
        case .multipart(let fields):
            return self.multipart(fields, boundary: boundary, &compiler)
        }
    }

    private func multipart(
        _ fields: [MultipartField], boundary: String, _ compiler: inout TemplateCompiler
    ) -> [CompiledStep.BodyPiece] {
        var pieces: [CompiledStep.BodyPiece] = []
        var text = CompiledText(encoding: .multipart)
        for field in fields {
            text.append("--\(boundary)\r\n")
            switch field.content {
            case .value(let template):
                text.append(BodyCompiler.disposition(field.name) + "\r\n\r\n")
                compiler.compile(template, into: &text)
            case .part(let part):
                if case .generated(let kind, _, _, _) = part.content {
                    text.append(
                        BodyCompiler.head(
                            field.name, part.fileName ?? MediaType.fileName(of: kind),
                            part.contentType ?? MediaType.ofGenerated(kind)))
                }
                pieces.append(.text(text))
                text = CompiledText(encoding: .multipart)
                pieces.append(self.piece(part, fieldName: field.name, &compiler))
            }
            text.append("\r\n")
        }
        text.append("--\(boundary)--\r\n")
        pieces.append(.text(text))
        return pieces
    }

    private func piece(
        _ part: PartSpec, fieldName: String?, _ compiler: inout TemplateCompiler
    ) -> CompiledStep.BodyPiece {
        let draw = compiler.nextDraw()
        switch part.content {
        case .generated(let kind, let size, let limit, let unique):
            return .generated(kind, size: size, limit: limit?.count, unique: unique, draw: draw)
        case .files(let paths):
            let choices = paths.map { path in
                let type = part.contentType ?? MediaType.ofFile(path)
                let head = fieldName.map {
                    BodyCompiler.head($0, part.fileName ?? MediaType.fileName(path), type)
                }
                return CompiledStep.FileChoice(
                    head: head ?? "", contentType: type, path: path,
                    facts: self.materials.files[path])
            }
            return .files(choices, draw: draw)
        }
    }

    private static func head(_ name: String, _ fileName: String, _ contentType: String) -> String {
        disposition(name) + "; filename=\"\(escaped(fileName))\"\r\n"
            + "Content-Type: \(ValueEncoding.header.value(contentType))\r\n\r\n"
    }

    private static func disposition(_ name: String) -> String {
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
