import Primitives
import Scenarios

extension StepPlan {
    /// A request with what decides its outcome, defaults filled in.
    static func make(
        _ request: RequestSpec, index: Int, http: HTTPDefaults, retry: RetrySpec?,
        captured: Set<String>, carriesKey: Bool
    ) -> StepPlan {
        let retry = request.retry ?? retry
        return StepPlan(
            index: index, name: request.name, request: request,
            timeout: request.timeout ?? http.timeout, connectTimeout: http.connectTimeout,
            goodStatuses: request.expect.statuses ?? http.success,
            maxDuration: request.expect.maxDuration, bodyContains: request.expect.bodyContains,
            captures: request.captures, retry: (retry?.max ?? 0) > 0 ? retry : nil,
            isConstant: request.isConstant(http: http, captured: captured),
            carriesKey: carriesKey)
    }
}
