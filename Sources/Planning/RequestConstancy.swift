import Primitives
import Scenarios

extension RequestSpec {
    /// True when every intent sends the same bytes, apart from its idempotency key.
    func isConstant(http: HTTPDefaults, captured: Set<String>) -> Bool {
        self.url.isConstant(captured)
            && (http.headers + self.headers).allSatisfy { $0.value.isConstant(captured) }
            && (self.body?.isConstant(captured) ?? true)
    }
}

extension Template {
    /// True when every intent expands it to the same text.
    func isConstant(_ captured: Set<String>) -> Bool {
        self.pieces.allSatisfy { piece in
            switch piece {
            case .literal, .expression(.environment), .expression(.admin): true
            case .expression(.variable(let name)): !captured.contains(name)
            case .expression: false
            }
        }
    }
}

extension BodySpec {
    fileprivate func isConstant(_ captured: Set<String>) -> Bool {
        switch self {
        case .json(let template), .text(let template): template.isConstant(captured)
        case .form(let fields): fields.allSatisfy { $0.value.isConstant(captured) }
        case .part(let part): part.isConstant
        case .multipart(let fields):
            fields.allSatisfy { field in
                switch field.content {
                case .value(let template): template.isConstant(captured)
                case .part(let part): part.isConstant
                }
            }
        }
    }
}

extension PartSpec {
    fileprivate var isConstant: Bool {
        guard self.fault?.isConstant ?? true else { return false }
        switch self.content {
        case .files(let paths): return paths.count == 1
        case .generated(_, .fixed, _, let unique):
            return self.fault == .empty || !unique && self.fault != .mislabelled
        case .generated: return false
        case .mix(let parts): return parts.count == 1 && parts[0].part.isConstant
        }
    }
}

extension UploadFault {
    fileprivate var isConstant: Bool {
        switch self {
        case .empty: true
        case .truncated(.some(.fixed)): true
        case .truncated, .mislabelled: false
        }
    }
}
