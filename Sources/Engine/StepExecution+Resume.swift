import Planning
import Scenarios
import Transport

/// The requests of an upload that goes on where it was interrupted.
extension StepExecution {
    /// True when an interrupted attempt's successor may ask how much has arrived.
    var resumes: Bool { self.plan.request.resumes }

    /// The question how much of a request's body has arrived.
    ///
    /// - Throws: `DraftError` when it cannot be made.
    func question(for request: TransferRequest) throws(DraftError) -> TransferRequest {
        var question = request
        do {
            question.prepared = try request.prepared.withoutBody()
        } catch {
            throw DraftError(error.message)
        }
        question.extraHeaders.append(("Content-Range", "bytes */\(request.body?.length ?? 0)"))
        question.body = nil
        question.hangUp?.bytes = nil
        question.keep.headers = true
        return question
    }

    /// A request with its body from a byte on.
    func rest(of request: TransferRequest, from first: Int64) -> TransferRequest {
        guard first > 0, let body = request.body else { return request }
        var rest = request
        rest.body = body.dropFirst(first)
        rest.extraHeaders.append(
            ("Content-Range", "bytes \(first)-\(body.length - 1)/\(body.length)"))
        return rest
    }
}
