import Scenarios

/// Takes bodies apart into constant texts, values, files and generated parts.
struct BodyCompiler {
    let parts: PartCompiler

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
            return [
                .part(self.parts.compile(part, fieldName: nil, draw: compiler.nextDraw()))
            ]
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
                text.append(PartCompiler.disposition(field.name) + "\r\n\r\n")
                compiler.compile(template, into: &text)
            case .part(let part):
                pieces.append(.text(text))
                text = CompiledText(encoding: .multipart)
                pieces.append(
                    .part(
                        self.parts.compile(
                            part, fieldName: field.name, draw: compiler.nextDraw())))
            }
            text.append("\r\n")
        }
        text.append("--\(boundary)--\r\n")
        pieces.append(.text(text))
        return pieces
    }
}
