import Testing

@testable import Reporting

@Suite struct LiveKeyTests {
    private func typed(_ text: String, _ keyboard: inout LiveKeyboard) -> [LiveKeyboard.Input] {
        text.utf8.compactMap { keyboard.take($0) }
    }

    @Test("Nine keys mean something, all other bytes nothing.")
    func keys() {
        let meant = (UInt8.min...UInt8.max).compactMap(LiveKey.init(byte:))
        #expect(
            meant == [
                .nextPopulation, .redraw, .help, .lessLoad, .moreLoad, .annotate, .holdArrivals,
                .stop, .snapshot,
            ])
    }

    @Test("A terminal's own sequences are no keys: an arrow neither holds nor slows anything.")
    func sequences() {
        var keyboard = LiveKeyboard()
        let arrows = self.typed("\u{1B}[A\u{1B}[1;5p\u{1B}OP\u{1B}[200~", &keyboard)
        #expect(arrows.isEmpty)
        let bracket = self.typed("[", &keyboard)
        #expect(bracket == [.key(.lessLoad)])
    }

    @Test("A remark is typed, mended and kept; keys in it are letters.")
    func remark() {
        var keyboard = LiveKeyboard()
        let inputs = self.typed("apqö\u{7F}z?\r", &keyboard)
        #expect(inputs.last == .remark("pqz?"))
        #expect(inputs.dropLast().allSatisfy { $0 == .changed })
        #expect(keyboard.draft == nil)
        let afterwards = self.typed("p", &keyboard)
        #expect(afterwards == [.key(.holdArrivals)])
    }

    @Test("Escape gives a remark up, an empty one is none, and there is a longest.")
    func noRemark() {
        var keyboard = LiveKeyboard()
        let given = self.typed("aoops\u{1B}", &keyboard)
        #expect(given.last == .changed)
        #expect(keyboard.draft == nil)
        var other = LiveKeyboard()
        let blank = self.typed("a  \r", &other)
        #expect(blank.allSatisfy { $0 == .changed })
        _ = self.typed("a" + String(repeating: "x", count: 500), &other)
        #expect(other.draft?.count == LiveKeyboard.limit)
    }
}
