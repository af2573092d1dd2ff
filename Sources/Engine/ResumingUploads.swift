import Planning
import Primitives
import Transport

/// The interrupted uploads of a lane's seats; empty where no step says `resume`.
///
/// The question how much has arrived belongs to the attempt that it begins, as a redirect does.
struct ResumingUploads {
    /// By seat: what is known about the present step's upload.
    private var uploads: [Int: UploadResume] = [:]
    /// By seat: the whole request, while the question is under way.
    private var asking: [Int: TransferRequest] = [:]

    /// The request that begins an attempt: itself, or the question before it.
    ///
    /// - Throws: `DraftError` when the question cannot be made.
    mutating func first(
        _ request: TransferRequest, of step: StepExecution, attempt: Int, seat: Int
    ) throws(DraftError) -> TransferRequest {
        guard step.resumes else { return request }
        if attempt == 0 { self.forget(seat: seat) }
        guard self.uploads[seat]?.asks == true else { return request }
        let question = try step.question(for: request)
        self.asking[seat] = request
        return question
    }

    /// Notes how a transfer ended; the request with which its attempt goes on, nil when it ended.
    mutating func next(
        after result: inout TransferResult, of step: StepExecution, seat: Int
    ) -> TransferRequest? {
        guard step.resumes else { return nil }
        let isAnswered = result.failure == nil && !result.cancelled
        guard let request = self.asking.removeValue(forKey: seat) else {
            if !isAnswered, result.bytesUp > 0 {
                self.uploads[seat, default: UploadResume()].interrupted()
            }
            // Where 3xx is good, this one still is not.
            if isAnswered, result.status == 308 {
                self.uploads[seat, default: UploadResume()].unfinished()
                result.failure = .falseRange
            }
            return nil
        }
        guard isAnswered else { return nil }
        let range = result.responseHeaders.last { $0.name.lowercased() == "range" }?.value
        let verdict = self.uploads[seat, default: UploadResume()].answered(
            status: result.status, range: range, length: request.body?.length ?? 0)
        switch verdict {
        case .send(let first): return step.rest(of: request, from: first)
        case .ends: return nil
        case .falseRange:
            result.failure = .falseRange
            return nil
        }
    }

    /// The intent in a seat has ended.
    mutating func forget(seat: Int) {
        guard !self.uploads.isEmpty else { return }
        self.uploads[seat] = nil
        self.asking[seat] = nil
    }
}
