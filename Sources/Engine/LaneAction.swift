import Measurements
import Primitives

/// What a lane's state asks its shell to do, in order.
enum LaneAction: Sendable, Hashable {
    /// Count an intent's arrival.
    case arrived(population: Int, number: Int, at: MonotonicTime)
    /// Count the arrived intent's drop; it never had a seat.
    case dropped(population: Int, number: Int, arrival: MonotonicTime, reason: DropReason)
    /// Draft and send an attempt of the intent in a seat.
    case start(seat: Int, step: Int, attempt: Int, intendedStart: MonotonicTime)
    /// Cancel the attempt in progress; its end is reported all the same.
    case cancel(seat: Int)
    /// Report whether the condition with this index holds for the intent in a seat.
    case decide(seat: Int, generation: UInt32, condition: Int)
    /// Count the intent's end; the seat stays taken until `left`.
    case concluded(
        seat: Int, population: Int, number: Int, arrival: MonotonicTime, ending: IntentEnding,
        attempts: Int, presses: Int)
    /// What followed a `concluded` is over; with `retire` the seat's client goes.
    case left(seat: Int, retire: Bool)
    /// Count the intent's end, the attempts it made and how often its person pressed again; with
    /// `retire` the seat's client and its connections go.
    case ended(
        seat: Int, population: Int, number: Int, arrival: MonotonicTime, ending: IntentEnding,
        attempts: Int, presses: Int, retire: Bool)
}
