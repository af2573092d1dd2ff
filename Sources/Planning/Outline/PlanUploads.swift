import Primitives
import Scenarios

extension PlanOutline {
    /// What the uploads of a population are, a line each; only where that takes more than a size.
    static func uploads(of population: PopulationPlan) -> [String]? {
        let lines = population.steps.flatMap { step -> [String] in
            switch step.request.body {
            case .part(let part): line(part, of: step.name).map { [$0] } ?? []
            case .multipart(let fields):
                fields.compactMap { field in
                    guard case .part(let part) = field.content else { return nil }
                    return line(part, of: "\(step.name), \(field.name)")
                }
            case .json, .form, .text, nil: []
            }
        }
        return lines.isEmpty ? nil : lines
    }

    private static func line(_ part: PartSpec, of name: String) -> String? {
        let isPlain = part.clips == nil && part.fault == nil
        if case .mix(let parts) = part.content {
            let total = parts.reduce(0) { $0 + $1.weight }
            let texts = parts.map { "\(percent($0.weight / total)) \(text($0.part))" }
            return "\(name): " + texts.joined(separator: " · ") + clips(part.clips, of: part)
        }
        return isPlain ? nil : "\(name): \(text(part))"
    }

    private static func text(_ part: PartSpec) -> String {
        var text: String
        switch part.content {
        case .files(let paths): text = paths.count == 1 ? paths[0] : "\(paths.count) files"
        case .generated(let kind, let size, let limit, _):
            text = "\(kind.rawValue) of \(sizes(size, limit: limit))"
        case .mix: text = "a mix"
        }
        if let fault = part.fault { text += ", \(fault.kind.rawValue)" }
        return text + clips(part.clips, of: part)
    }

    private static func sizes(_ size: Distribution, limit: ByteCount?) -> String {
        let mean = size.mean(atMost: limit.map { Double($0.count) } ?? .infinity)
        let text = UnitText.format(ByteCount(Int64(min(mean.rounded(), 0x1p62))))
        if case .fixed = size { return text }
        return "\(text) on average"
    }

    private static func clips(_ clips: ClipsSpec?, of part: PartSpec) -> String {
        guard let clips else { return "" }
        var count = clips.count ?? 1
        if clips.count == nil, case .files(let paths) = part.content { count = paths.count }
        let shares = CumulativeShares(zipf: count, exponent: clips.exponent)
        let name = clips.catalogue.map { " of '\($0)'" } ?? ""
        return ", \(count) clips\(name), the first sent \(percent(shares.share(of: 0))) of times"
    }

    private static func percent(_ share: Double) -> String {
        UnitText.fixed(share * 100, share < 0.1 ? 2 : 1, trim: true) + " %"
    }
}
