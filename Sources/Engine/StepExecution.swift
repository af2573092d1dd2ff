import Measurements
import Planning
import Primitives
import Scenarios
import Transport

/// A step on a lane: how its requests are made, and what makes an answer good.
///
/// Confined to the lane's queue.
final class StepExecution {
    private static let keyHeader = "Idempotency-Key"
    /// The most of a body that is searched for expected text and captures.
    private static let searchedBytes = 1_048_576

    let plan: StepPlan
    let captures: [ResponseCapture]
    private let population: Int
    private let wanted: [UInt8]?
    private let isSlowed: Bool
    private let keep: ResponseKeep
    private var constant: TransferRequest?
    /// The last request's method, URL and headers, since most steps vary only in body and key.
    private var lastDraft: (url: String, headers: [(name: String, value: String)])?
    private var lastPrepared: PreparedRequest?

    /// Prepares a step.
    ///
    /// - Throws: `.capture` for a capture that cannot be understood.
    init(_ plan: StepPlan, population: Int, materials: RequestMaterials) throws(EngineError) {
        self.plan = plan
        self.population = population
        self.isSlowed = plan.request.uploadRate != nil
        self.wanted = plan.bodyContains.map { Array($0.utf8) }
        var captures: [ResponseCapture] = []
        for spec in plan.captures { captures.append(try ResponseCapture(spec)) }
        self.captures = captures
        self.keep = ResponseKeep(
            body: plan.bodyContains != nil || captures.contains(where: \.needsBody),
            bodyLimit: StepExecution.searchedBytes,
            headers: captures.contains { !$0.needsBody })
        if plan.isConstant {
            // A draft that fails here fails again for each intent, and is counted there.
            let context = DraftContext(population: population, intent: 0, instruction: 0)
            self.constant = try? self.draft(context, materials: materials)
            self.constant?.extraHeaders = []
        }
    }

    /// The request of an attempt; constant steps cost next to nothing.
    ///
    /// - Throws: `DraftError` when it cannot be made.
    func request(
        intent: Int, instruction: Int, captures: [String: String], materials: RequestMaterials
    ) throws(DraftError) -> TransferRequest {
        if var request = self.constant {
            if self.plan.carriesKey {
                let key = materials.drafter.idempotencyKey(
                    population: self.population, intent: intent)
                request.extraHeaders = [(StepExecution.keyHeader, key)]
            }
            request.uploadRate = self.uploadRate(intent, instruction, materials)
            return request
        }
        var request = try self.draft(
            DraftContext(
                population: self.population, intent: intent, instruction: instruction,
                captures: captures),
            materials: materials)
        request.uploadRate = self.uploadRate(intent, instruction, materials)
        return request
    }

    /// The most bytes of the body per second; 0 for the phone's own pace.
    private func uploadRate(
        _ intent: Int, _ instruction: Int, _ materials: RequestMaterials
    ) -> Int64 {
        guard self.isSlowed else { return 0 }
        return self.plan.uploadRate(
            seed: materials.drafter.seed, population: self.population, intent: intent,
            instruction: instruction)
    }

    /// Completed, as expected, and within the step's deadline on the response time.
    func isGood(_ result: TransferResult, intendedStart: MonotonicTime) -> Bool {
        guard result.failure == nil, !result.cancelled else { return false }
        guard self.plan.goodStatuses.contains(where: { $0.matches(result.status) }) else {
            return false
        }
        if let limit = self.plan.maxDuration, result.ended - intendedStart > limit { return false }
        if let wanted, !contains(result.responseBody, wanted) { return false }
        return true
    }

    private func draft(
        _ context: DraftContext, materials: RequestMaterials
    ) throws(DraftError) -> TransferRequest {
        let draft = try materials.drafter.draft(self.plan, context: context)
        var headers = draft.headers
        var extra: [(name: String, value: String)] = []
        if self.plan.carriesKey,
            let key = headers.lastIndex(where: { $0.name == StepExecution.keyHeader })
        {
            extra.append(headers.remove(at: key))
        }
        var request = TransferRequest(
            prepared: try self.prepare(draft, headers: headers), extraHeaders: extra,
            body: try draft.body.map { body throws(DraftError) in try materials.body(body) },
            timeout: self.plan.timeout, connectTimeout: self.plan.connectTimeout, keep: self.keep)
        switch self.plan.request.abortAfter {
        case nil: break
        case .time(let time): request.hangUp = HangUp(time: time)
        case .bytes(let size): request.hangUp = HangUp(bytes: size.count)
        }
        if let sends = draft.body?.sends {
            // A truncated upload; the request's own end may come before.
            let earlier = min(sends, request.hangUp?.bytes ?? .max)
            request.hangUp = HangUp(time: request.hangUp?.time, bytes: earlier)
        }
        return request
    }

    private func prepare(
        _ draft: RequestDraft, headers: [(name: String, value: String)]
    ) throws(DraftError) -> PreparedRequest {
        if let last = self.lastDraft, let prepared = self.lastPrepared, last.url == draft.url,
            last.headers.elementsEqual(headers, by: ==)
        {
            return prepared
        }
        do {
            let prepared = try PreparedRequest(
                method: draft.method.rawValue, url: draft.url, headers: headers,
                hasBody: draft.body != nil)
            self.lastDraft = (draft.url, headers)
            self.lastPrepared = prepared
            return prepared
        } catch {
            throw DraftError(error.message)
        }
    }
}

/// True when `part` occurs in `whole`; both are short, so the plain search does.
private func contains(_ whole: [UInt8], _ part: [UInt8]) -> Bool {
    guard let first = part.first else { return true }
    guard whole.count >= part.count else { return false }
    for start in 0...(whole.count - part.count) where whole[start] == first {
        if whole[start..<(start + part.count)].elementsEqual(part) { return true }
    }
    return false
}
