import Planning
import Primitives
import Scenarios
import Transport

/// What all lanes of a run share for making requests; immutable.
struct RequestMaterials: Sendable {
    /// Turns steps into requests.
    let drafter: RequestDrafter
    /// The block of generated bodies.
    let block: SharedBlock
    /// The files of bodies, opened once.
    let files: [String: FileBody]

    /// Opens what the plan's bodies need.
    ///
    /// - Throws: `.file` when a file cannot be opened.
    init(plan: Plan, runID: String, baseURL: String, adminURL: String?) throws(EngineError) {
        self.drafter = RequestDrafter(
            plan: plan, runID: runID, baseURL: baseURL, adminURL: adminURL)
        self.block = SharedBlock(self.drafter.sharedBlock)
        var files: [String: FileBody] = [:]
        for facts in plan.materials.files.values where files[facts.path] == nil {
            do {
                files[facts.path] = try FileBody(path: facts.path)
            } catch {
                throw EngineError(.file, error.message)
            }
        }
        self.files = files
    }

    /// A drafted body as the transport takes it.
    ///
    /// - Throws: `DraftError` for a file that was not among the plan's.
    func body(_ draft: DraftBody) throws(DraftError) -> UploadBody {
        var segments: [UploadSegment] = []
        segments.reserveCapacity(draft.segments.count)
        for segment in draft.segments {
            switch segment {
            case .bytes(let bytes): segments.append(.bytes(bytes))
            case .block(let offset, let length):
                segments.append(.block(self.block, offset: offset, length: length))
            case .file(let path, let offset, let length):
                guard let file = self.files[path] else {
                    throw DraftError("the file \(path) is not among the plan's")
                }
                segments.append(.file(file, offset: offset, length: length))
            }
        }
        return UploadBody(segments: segments)
    }
}
