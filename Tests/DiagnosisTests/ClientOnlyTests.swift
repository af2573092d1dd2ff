import Diagnosis
import Measurements
import TestSupport
import Testing

@Suite("A record from the clients' side alone")
struct ClientOnlyTests {
    @Test("Nothing that the server said of itself is left, and all that clients saw is.")
    func leavesOut() {
        var record = LabelledRun.draw("M02", number: 0).record()
        record.manifest.intakeSettings = ["workers": "4"]
        record.closing?.capacityMeasured = 100
        record.reconciliation = Reconciliation(
            total: Reconciliation.Cells(), classes: [:], foreign: 0, missing: [])
        let alone = record.clientOnly
        #expect(alone.server.isEmpty && !record.server.isEmpty)
        #expect(alone.reconciliation == nil && alone.closing?.capacityMeasured == nil)
        #expect(alone.manifest.intakeSettings == nil)
        #expect(alone.seconds == record.seconds && alone.attempts == record.attempts)
        #expect(alone.closing?.stopped == "finished")
    }
}
