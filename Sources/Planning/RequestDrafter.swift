/// Turns a step and an intent into the request that is sent; pure and deterministic.
package struct RequestDrafter: Sendable {
    private let plan: Plan
    private let runID: String
    private let baseURL: String
    private let adminURL: String?

    /// A drafter for one run.
    ///
    /// - Parameters:
    ///   - plan: the plan.
    ///   - runID: the salt of the idempotency keys; bodies, sizes and names do not depend on it.
    ///   - baseURL: what relative URLs are joined to.
    ///   - adminURL: what `{{ $admin }}` stands for; nil without a bundled intake.
    package init(plan: Plan, runID: String, baseURL: String, adminURL: String?) {
        self.plan = plan
        self.runID = runID
        self.baseURL = baseURL
        self.adminURL = adminURL
    }

    /// The request of a step.
    ///
    /// - Throws: `DraftError` when a variable was never captured or a feeder is empty.
    package func draft(
        _ step: StepPlan, context: DraftContext
    ) throws(DraftError) -> RequestDraft {
        fatalError("written by the Planning author")
    }

    /// The idempotency key of an intent: 32 hex digits from the run, the population and the number.
    ///
    /// The server learns no class from it, and a second run against a living server is new.
    package func idempotencyKey(population: Int, intent: Int) -> String {
        fatalError("written by the Planning author")
    }

    /// The block that generated bodies are cut from, 1 MiB from the seed; shared by all uploads.
    package var sharedBlock: [UInt8] {
        fatalError("written by the Planning author")
    }
}
