/// Something on the server's side that can be read once a second.
package protocol ProbeSource: Sendable {
    /// Its name in reports.
    var name: String { get }

    /// Reads it; nil or an absent figure is missing, never 0.
    ///
    /// May take its time: each source is asked apart from the others, and not again before it
    /// has answered.
    func read() async -> [String: Double]?
}
