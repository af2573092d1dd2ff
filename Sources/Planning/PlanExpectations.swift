import Primitives
package import Scenarios

extension PopulationPlan {
    /// Requests of one intent that meets only good answers; on average, rounded up.
    package var requestsPerIntent: Int {
        Int(min(self.program.meanRequests.rounded(.up), 1e9))
    }

    /// The intents to expect: the mean of a Poisson process, an upper bound for iterations.
    ///
    /// Nil for closed populations, where the server's answers decide.
    package var expectedIntents: Double? {
        switch self.load {
        case .open(let schedule): schedule.expectedArrivals
        case .closed: nil
        case .iterations(let vus, let each, let shared):
            shared.map(Double.init) ?? each.map { Double($0) * Double(vus) }
        }
    }
}

extension Plan {
    /// The request bytes to expect in bodies, retries left out; closed populations count as none.
    package var expectedBytesUp: Double {
        self.populations.reduce(0) { sum, population in
            sum + (population.expectedIntents ?? 0) * self.bodyBytes(of: population)
        }
    }

    /// The mean body bytes of one intent: sizes by their distributions, texts by their templates.
    package func bodyBytes(of population: PopulationPlan) -> Double {
        zip(population.steps, population.program.visits).reduce(0) { sum, visited in
            guard let body = visited.0.request.body else { return sum }
            return sum + visited.1 * self.materials.meanSize(of: body)
        }
    }
}

extension DraftMaterials {
    /// The mean size of a body in bytes, without the few that frame a multipart field.
    package func meanSize(of body: BodySpec) -> Double {
        switch body {
        case .json(let template), .text(let template):
            return self.meanSize(of: template)
        case .form(let fields):
            return fields.reduce(0) {
                $0 + Double($1.name.utf8.count) + 2 + self.meanSize(of: $1.value)
            }
        case .part(let part):
            return self.meanSize(of: part)
        case .multipart(let fields):
            return fields.reduce(0) { sum, field in
                switch field.content {
                case .value(let template): sum + 120 + self.meanSize(of: template)
                case .part(let part): sum + 180 + self.meanSize(of: part)
                }
            }
        }
    }

    /// Clips count by the distribution their sizes are drawn from, not by the sizes drawn.
    private func meanSize(of part: PartSpec) -> Double {
        let whole: Double
        switch part.content {
        case .mix(let parts):
            let total = parts.reduce(0) { $0 + $1.weight }
            return parts.reduce(0) { $0 + $1.weight / total * self.meanSize(of: $1.part) }
        case .files(let paths):
            guard !paths.isEmpty else { return 0 }
            let shares = CumulativeShares(
                zipf: min(part.clips?.count ?? paths.count, paths.count),
                exponent: part.clips?.exponent ?? 0)
            whole = (0..<shares.count).reduce(0.0) {
                $0 + shares.share(of: $1) * Double(self.files[paths[$1]]?.size ?? 0)
            }
        case .generated(let kind, let size, let limit, _):
            let least = Double(ContainerFrame.leastSize(of: kind))
            whole = max(least, size.mean(atMost: limit.map { Double($0.count) } ?? .infinity))
        }
        switch part.fault {
        case .empty: return 0
        case .truncated(let sends): return sends?.mean(atMost: whole) ?? whole / 2
        case .mislabelled, nil: return whole
        }
    }

    private func meanSize(of template: Template) -> Double {
        template.pieces.reduce(0) { sum, piece in
            switch piece {
            case .literal(let text): sum + Double(text.utf8.count)
            case .expression(.column(let feeder, let name)):
                sum + (self.feeders[feeder]?.meanSize(of: name) ?? 0)
            case .expression(.uuid): sum + 36
            case .expression(.key): sum + 32
            case .expression(.variable(let name)):
                sum + Double(self.variables[name]?.utf8.count ?? 16)
            case .expression(.environment(let name)):
                sum + Double(self.environment[name]?.utf8.count ?? 0)
            case .expression: sum + 8
            }
        }
    }
}

extension FeederRows {
    fileprivate func meanSize(of column: String) -> Double {
        guard let index = self.columns.firstIndex(of: column), !self.rows.isEmpty else { return 0 }
        return self.rows.reduce(0.0) { $0 + Double($1[index].utf8.count) }
            / Double(self.rows.count)
    }
}
