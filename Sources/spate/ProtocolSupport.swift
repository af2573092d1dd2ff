import Engine
import Planning
import Primitives
import Scenarios
import Transport

/// What has to be there before a run that speaks some protocol.
enum ProtocolSupport {
    /// What this libcurl lacks for a plan, in one sentence; nil when nothing.
    static func lack(_ plan: Plan) -> String? {
        do throws(TransportError) {
            try LaneOptions(plan).checkSupport(by: .current)
            return nil
        } catch {
            return error.message
        }
    }

    /// Makes sure that this libcurl can do what a plan asks for, and that the TLS library accepts
    /// its files.
    ///
    /// - Throws: `Failure` 95 for what libcurl lacks, with `status` for files that cannot be used.
    static func check(_ plan: Plan, status: ExitStatus) throws {
        if let lack = self.lack(plan) {
            throw Failure(lack, hint: "spate doctor shows what it has", status: .inconclusive)
        }
        guard plan.http.tls != TLSSettings() else { return }
        do throws(TransportError) { try LaneOptions(plan).checkTLS() } catch {
            throw Failure("TLS: \(error.message)", status: status)
        }
    }
}
