/// What one intent took until it ended: what its client sent, and how often the person asked again.
///
/// Six bytes, since there is one for every intent that waits for the journal; larger numbers stay
/// at the largest (65,535 attempts, 255 presses).
package struct IntentEffort: Sendable, Hashable {
    private let attemptCount: UInt16
    private let retryCount: UInt16
    private let pressCount: UInt8

    /// An effort.
    ///
    /// - Parameters:
    ///   - attempts: transfers made, of all steps.
    ///   - retries: those of them that the client made by itself after a step's first.
    ///   - presses: how often the person pressed again after the client had given up.
    package init(attempts: Int, retries: Int = 0, presses: Int = 0) {
        self.attemptCount = UInt16(clamping: attempts)
        self.retryCount = UInt16(clamping: retries)
        self.pressCount = UInt8(clamping: presses)
    }

    /// Transfers made for the intent, of all steps.
    package var attempts: Int { Int(self.attemptCount) }
    /// Those of them that the client made by itself after a step's first.
    package var retries: Int { Int(self.retryCount) }
    /// How often the person pressed again.
    package var presses: Int { Int(self.pressCount) }

    /// Which try the present one is: 1 where nothing had to be repeated.
    ///
    /// A retry of any step is one more try, and so is a press; a second step is not.
    package var tries: Int { 1 + self.retries + self.presses }
}
