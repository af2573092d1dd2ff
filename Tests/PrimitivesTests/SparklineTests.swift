import Primitives
import Testing

@Suite struct SparklineTests {
    @Test("A sparkline has one character a column and a dot where nothing is known.")
    func columns() {
        #expect(Sparkline.text([0, 7, nil, 14], columns: 4, top: 14) == "▁▅·█")
        #expect(Sparkline.text((0..<100).map { Double($0) }, columns: 10, top: 99).count == 10)
        #expect(Sparkline.text([], columns: 10, top: 1) == "")
        #expect(Sparkline.text([0, 0], columns: 10, top: 0) == "▁▁")
    }
}
