import Primitives
import Testing

@Suite struct VocabularyTests {
    @Test("Every failure class has a code of its own in its layer's range.")
    func codes() {
        let codes = FailureClass.allCases.map(\.code)
        #expect(Set(codes).count == codes.count)
        #expect(codes.allSatisfy { (1_100...1_999).contains($0) })
    }

    @Test("A failure is never both the generator's fault and a timeout.")
    func blame() {
        for failure in FailureClass.allCases {
            #expect(!(failure.isGeneratorFault && failure.isTimeout))
        }
        #expect(FailureClass.descriptors.isGeneratorFault)
        #expect(!FailureClass.refused.isGeneratorFault)
        #expect(FailureClass.firstByteTimeout.isTimeout)
    }

    @Test("An intent ends in one of six ways, in the ledger's words.")
    func endings() {
        #expect(
            IntentEnding.allCases.map(\.rawValue) == [
                "accepted", "rejected", "gave_up", "failed", "dropped", "unfinished",
            ])
    }
}
