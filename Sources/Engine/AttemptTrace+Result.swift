import Measurements
import Primitives
import Transport

extension AttemptTrace {
    /// What a transfer's result and its answer say of an attempt; client and size are still to be
    /// told.
    init(_ result: TransferResult, answer: AnswerTrace) {
        self.init()
        self.peer = answer.peer
        self.fingerprint = answer.fingerprint ?? 0
        self.body = answer.body ?? 0
        if let seconds = result.retryAfter { self.retryAfter = Int32(clamping: seconds) }
        let number = result.connectionNumber
        if number > 0 { self.connection = Int(number) - 1 }
        self.reused = result.connectionReused ? true : number > 0 ? false : nil
    }

    /// Makes a lane's own number of a connection one of the run: lanes count by turns.
    mutating func number(lane: Int, of lanes: Int) {
        if self.connection >= 0 { self.connection = self.connection * lanes + lane }
    }
}
