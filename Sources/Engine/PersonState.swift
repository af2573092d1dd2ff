import Primitives
import Scenarios

/// The person behind an intent: how long they will still wait, and how often they pressed again.
struct PersonState: Sendable, Hashable {
    /// Why an attempt in progress was called off.
    enum Recall: UInt8, Sendable {
        /// It was not.
        case none
        /// The person's patience ran out.
        case patience
        /// The journey's deadline ran out: the app tells the person that it failed.
        case timeout
    }
    private static let never = MonotonicTime(nanoseconds: .max)

    /// When the person leaves.
    var patienceEnds = PersonState.never
    /// When the app calls the present way through the flow failed.
    var journeyEnds = PersonState.never
    /// Times the person pressed again.
    var presses: UInt8 = 0
    /// True while the person is about to press again.
    var isPressing = false
    /// Why the attempt in progress was called off.
    var recall = Recall.none

    /// A person who waits for ever.
    init() {}

    /// The person of an intent that arrives then.
    init(_ journey: borrowing Journey, intent: Int, arrival: MonotonicTime) {
        if let patience = journey.patience(intent: intent) {
            self.patienceEnds = arrival + patience
        }
        self.begin(journey, at: arrival)
    }

    /// The instant of the next deadline; nil without one.
    var deadline: MonotonicTime? {
        let next = min(self.patienceEnds, self.journeyEnds)
        return next == PersonState.never ? nil : next
    }

    /// A way through the flow begins.
    mutating func begin(_ journey: borrowing Journey, at now: MonotonicTime) {
        self.journeyEnds = journey.person.timeout.map { now + $0 } ?? PersonState.never
    }

    /// The app has told the person of a failure, and they will press again.
    mutating func told() {
        self.isPressing = true
        self.recall = .none
        self.journeyEnds = PersonState.never
    }

    /// Which deadline has been reached by then; `none` when neither.
    func reached(by now: MonotonicTime) -> Recall {
        if now >= self.patienceEnds { return .patience }
        return now >= self.journeyEnds ? .timeout : .none
    }
}
