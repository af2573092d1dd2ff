/// How arrival times come about.
package enum ArrivalProcess: Sendable, Hashable {
    /// Where the curve's integral reaches 1/2, 3/2, 5/2 and so on.
    case uniform
    /// As a Poisson process with the curve as its intensity.
    case poisson
    /// Each arrival brings further ones; the curve is the expected rate.
    case selfExciting(SelfExcitingProcess)
    /// As recorded; the curve is the recorded rate.
    case recorded(Recording)
}
