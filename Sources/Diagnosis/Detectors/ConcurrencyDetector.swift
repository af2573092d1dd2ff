import Measurements
import Primitives

extension Detector {
    /// More at a time and less per second: workers that stand in each other's way (research:
    /// diagnosis, M15 and 3.5).
    static let concurrency = Detector(
        purpose: "Did throughput fall as concurrency rose, before anybody lost patience?",
        tests: ["usl_retrograde", "retrograde"]
    ) { file in
        [Concurrency.scaling(file), Concurrency.overload(file)].compactMap { $0 }
    }
}

private enum Concurrency {
    /// Goodput above the knee below its peak although nothing timed out and little was refused.
    static func overload(_ file: CaseFile) -> Finding? {
        guard let knee = file.knee?.knee, let capacity = knee.capacity,
            let index = knee.collapseIndex, let trouble = file.trouble
        else { return nil }
        let facts = file.facts
        let done = facts.total(trouble, \.done)
        let early = facts.total(trouble, \.timeouts) + facts.total(trouble, \.refusals)
        guard done >= 50 else { return nil }
        // Finished work, good or late, tells contention from work that nobody waits for.
        return Finding(
            "retrograde", fired: index < 0.8 && early <= 0.05 * done, group: "collapse",
            n: Int(done), window: trouble,
            ["index": index, "capacity": capacity, "lost_share": early / done]
        ).expected
    }

    /// The Universal Scalability Law over steps of concurrency (Gunther, "Guerrilla Capacity
    /// Planning", 2007); only for closed loops, since an open one has X = C whatever N is.
    static func scaling(_ file: CaseFile) -> Finding? {
        let facts = file.facts
        let populations = facts.record.manifest.populations
        guard !facts.loadedPopulations.isEmpty,
            facts.loadedPopulations.allSatisfy({ populations[$0].isClosedLoop })
        else { return nil }
        let levels = Concurrency.levels(facts)
        let largest = levels.map(\.number).max() ?? 0
        guard levels.count >= 6,
            let fit = ScalabilityLaw(levels.map { ($0.number, mean($0.rates) ?? 0) })
        else { return nil }
        let half = levels.map { mean($0.rates) ?? 0 }.max() ?? 0
        guard levels.filter({ (mean($0.rates) ?? 0) >= half / 2 }).count >= 2 else { return nil }
        let random = CounterRandom(
            seed: facts.record.manifest.seed, population: 1, intent: 0, purpose: .expression)
        var used = 0
        var betas: [Double] = []
        for _ in 0..<200 {
            let drawn = levels.map { level -> (number: Double, rate: Double) in
                var sum = 0.0
                for _ in level.rates {
                    sum += level.rates[random.integer(used, in: 0...(level.rates.count - 1))]
                    used += 1
                }
                return (level.number, sum / Double(level.rates.count))
            }
            if let again = ScalabilityLaw(drawn) { betas.append(again.coherency) }
        }
        betas.sort()
        let low = quantile(betas, 0.025) ?? 0
        let peak = fit.peak
        return Finding(
            "usl_retrograde", fired: low > 0 && (peak.map { largest > $0 } ?? false),
            group: "scaling", n: levels.reduce(0) { $0 + $1.rates.count },
            window: 0..<max(1, facts.length),
            [
                "contention": fit.contention, "coherency": fit.coherency, "coherency_low": low,
                "peak": peak ?? 0, "largest": largest,
            ])
    }

    private struct Level {
        var number: Double
        var rates: [Double]
    }

    /// Stretches of constant concurrency of ten seconds and more, their first three left out.
    private static func levels(_ facts: RunFacts) -> [Level] {
        var found: [Level] = []
        var start = 0
        func close(_ end: Int) {
            guard end - start >= 10 else { return }
            let seconds = (start + 3)..<end
            let number = median(seconds.map { facts.seconds[$0].inFlight }) ?? 0
            guard number >= 1 else { return }
            found.append(Level(number: number, rates: seconds.map { facts.seconds[$0].good }))
        }
        for second in 0..<facts.length {
            let before = facts.seconds[start].inFlight
            let here = facts.seconds[second].inFlight
            if abs(here - before) > max(0.5, 0.05 * before) {
                close(second)
                start = second
            }
        }
        close(facts.length)
        return found
    }
}

/// X(N) = g N / (1 + a (N - 1) + b N (N - 1)), fitted as N/X, which is linear in 1/g, a/g, b/g.
struct ScalabilityLaw: Sendable {
    /// a: the share that only one can do at a time.
    let contention: Double
    /// b: what each pair costs.
    let coherency: Double

    /// Fits levels by relative least squares; nil where they do not tell.
    init?(_ levels: [(number: Double, rate: Double)]) {
        let rows = levels.filter { $0.rate > 0 && $0.number >= 1 }.map {
            level -> ([Double], Double) in
            let weight = level.rate / level.number
            return (
                [weight, weight * (level.number - 1), weight * level.number * (level.number - 1)],
                1.0
            )
        }
        guard rows.count >= 4 else { return nil }
        var matrix = Array(repeating: Array(repeating: 0.0, count: 4), count: 3)
        for (terms, value) in rows {
            for row in 0..<3 {
                for column in 0..<3 { matrix[row][column] += terms[row] * terms[column] }
                matrix[row][3] += terms[row] * value
            }
        }
        guard let solution = ScalabilityLaw.solve(matrix), solution[0] > 0 else { return nil }
        self.contention = max(0, solution[1] / solution[0])
        self.coherency = max(0, solution[2] / solution[0])
    }

    /// Where throughput is largest; nil where it never falls.
    var peak: Double? {
        guard self.coherency > 0, self.contention < 1 else { return nil }
        return ((1 - self.contention) / self.coherency).squareRoot()
    }

    /// Gauss's elimination with partial pivoting; nil for a singular matrix.
    private static func solve(_ matrix: [[Double]]) -> [Double]? {
        var rows = matrix
        let size = rows.count
        for column in 0..<size {
            let pivot = (column..<size).max { abs(rows[$0][column]) < abs(rows[$1][column]) }
            guard let pivot, abs(rows[pivot][column]) > 1e-12 else { return nil }
            rows.swapAt(column, pivot)
            for row in (column + 1)..<size {
                let factor = rows[row][column] / rows[column][column]
                for place in column...size { rows[row][place] -= factor * rows[column][place] }
            }
        }
        var solution = Array(repeating: 0.0, count: size)
        for row in (0..<size).reversed() {
            var rest = rows[row][size]
            for column in (row + 1)..<size { rest -= rows[row][column] * solution[column] }
            solution[row] = rest / rows[row][row]
        }
        return solution
    }
}
