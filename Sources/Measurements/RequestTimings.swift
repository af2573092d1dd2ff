package import Primitives

/// The parts of one request that ran, with their spans: a small collection without allocation.
package struct RequestTimings: Sendable, Hashable, RandomAccessCollection,
    ExpressibleByArrayLiteral
{
    /// One part.
    package typealias Element = (part: RequestTiming, span: Nanoseconds)

    // Six spans in place, because an array would cost an allocation per request.
    private var spans: InlineSpans = InlineSpans()
    private var parts: UInt64 = 0
    private var used = 0

    /// No part.
    package init() {}

    /// Those parts, at most six.
    package init(arrayLiteral elements: Element...) {
        for element in elements { self.append(element.part, element.span) }
    }

    /// Those parts, at most six.
    package init(_ elements: some Sequence<Element>) {
        for element in elements { self.append(element.part, element.span) }
    }

    /// Adds a part; there is room for each kind once.
    package mutating func append(_ part: RequestTiming, _ span: Nanoseconds) {
        precondition(self.used < 6, "a request has six parts")
        self.spans[self.used] = span.count
        self.parts |= UInt64(part.ordinal) << UInt64(self.used * 8)
        self.used += 1
    }

    /// Records each part in the histogram at its place in `RequestTiming.allCases`.
    func record(into histograms: inout ContiguousArray<SparseHistogram>) {
        for position in 0..<self.used {
            let ordinal = Int(self.parts >> UInt64(position * 8) & 0xff)
            histograms[ordinal].record(self.spans[position] / 1_000)
        }
    }

    /// The first position.
    package var startIndex: Int { 0 }
    /// The position after the last.
    package var endIndex: Int { self.used }

    /// The part at a position.
    package subscript(position: Int) -> Element {
        precondition(position >= 0 && position < self.used, "there is no such part")
        let ordinal = UInt8(truncatingIfNeeded: self.parts >> UInt64(position * 8))
        return (RequestTiming(ordinal: ordinal), Nanoseconds(self.spans[position]))
    }
}

private struct InlineSpans: Sendable, Hashable {
    private var zero: Int64 = 0
    private var one: Int64 = 0
    private var two: Int64 = 0
    private var three: Int64 = 0
    private var four: Int64 = 0
    private var five: Int64 = 0

    subscript(index: Int) -> Int64 {
        get {
            switch index {
            case 0: self.zero
            case 1: self.one
            case 2: self.two
            case 3: self.three
            case 4: self.four
            default: self.five
            }
        }
        set {
            switch index {
            case 0: self.zero = newValue
            case 1: self.one = newValue
            case 2: self.two = newValue
            case 3: self.three = newValue
            case 4: self.four = newValue
            default: self.five = newValue
            }
        }
    }
}

extension RequestTiming {
    fileprivate var ordinal: UInt8 {
        switch self {
        case .lookup: 0
        case .connect: 1
        case .tls: 2
        case .send: 3
        case .wait: 4
        case .receive: 5
        }
    }

    fileprivate init(ordinal: UInt8) {
        switch ordinal {
        case 0: self = .lookup
        case 1: self = .connect
        case 2: self = .tls
        case 3: self = .send
        case 4: self = .wait
        default: self = .receive
        }
    }
}
