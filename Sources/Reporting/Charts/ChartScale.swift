import Primitives

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A vertical axis: where a value lies between 0 (bottom) and 1 (top), and which values are named.
struct ChartScale: Sendable {
    /// The lowest value; positive on a logarithmic axis.
    var low: Double
    /// The highest value.
    var high: Double
    /// Decades instead of equal steps.
    var logarithmic: Bool
    /// The values that get a line and a text.
    var ticks: [Double]

    /// An axis from 0 to a round value at or above the largest.
    static func linear(upTo largest: Double) -> ChartScale {
        let step = roundStep(max(largest, 1e-9) / 4)
        let count = max(1, Int((max(largest, 1e-9) / step).rounded(.up)))
        return ChartScale(
            low: 0, high: step * Double(count), logarithmic: false,
            ticks: (0...count).map { step * Double($0) })
    }

    /// An axis over whole decades that holds all values; values of 0 and less lie at the bottom.
    static func decades(_ values: [Double]) -> ChartScale {
        let positive = values.filter { $0 > 0 }
        let bottom = log10(positive.min() ?? 1).rounded(.down)
        let top = max(bottom + 1, log10(positive.max() ?? 10).rounded(.up))
        return ChartScale(
            low: pow(10, bottom), high: pow(10, top), logarithmic: true,
            ticks: (Int(bottom)...Int(top)).map { pow(10, Double($0)) })
    }

    /// Where a value lies: 0 at the bottom, 1 at the top, never outside.
    func position(_ value: Double) -> Double {
        let share =
            self.logarithmic
            ? log10(max(value, self.low) / self.low) / log10(self.high / self.low)
            : (value - self.low) / (self.high - self.low)
        return min(1, max(0, share))
    }

    /// The round step (1, 2, 2.5 or 5 times a power of ten) at or above `raw`.
    static func roundStep(_ raw: Double) -> Double {
        let power = pow(10, log10(raw).rounded(.down))
        for factor in [1, 2, 2.5, 5] where factor * power >= raw * (1 - 1e-9) {
            return factor * power
        }
        return 10 * power
    }

    /// Seconds between two named moments of an axis that long, so that about ten fit.
    static func timeStep(_ span: Double) -> Double {
        let steps: [Double] = [
            1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1_200, 1_800, 3_600, 7_200, 14_400,
            21_600, 43_200, 86_400,
        ]
        return steps.first { span / $0 <= 10 } ?? (span / 10 / 86_400).rounded(.up) * 86_400
    }
}
