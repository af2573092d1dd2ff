import Foundation
import Testing

@testable import Reporting

@Suite struct LiveViewTests {
    static var state: LiveState {
        var state = LiveState()
        state.name = "Viral flood at the tip line\u{1B}[2J 洪水"
        state.phase = "peak"
        state.t = 72
        state.plannedSeconds = 120
        state.timeScale = 480
        state.all.offered = 920
        state.all.done = 611
        state.all.good = 402
        state.all.dropped = 7
        state.all.inFlight = 3_412
        state.all.times.p50 = .init(1_900)
        state.all.times.p95 = .init(8_200)
        state.all.times.p99 = .init(10_000, isLeast: true)
        state.all.times.max = .init(9_990)
        state.all.times.serviceP99 = .init(4_000)
        var tips = state.all
        tips.name = "tips"
        tips.offered = 20
        var flood = state.all
        flood.name = "flood-of-copies"
        state.populations = [tips, flood]
        state.outcomes = [
            .init(name: "2xx", now: 402, total: 31_204),
            .init(name: "503", now: 121, total: 6_023, isBad: true),
            .init(name: "timeout", now: 88, total: 2_911, isBad: true),
        ]
        state.offeredHistory = (0..<40).map { Double(23 * $0) }
        state.goodHistory = (0..<40).map { min(402, Double(23 * $0)) }
        state.p99History = (0..<40).map { $0 < 3 ? nil : Double($0 * $0 * 5) }
        state.thresholds = [
            .init(text: "http_req_failed rate<0.1", value: "0.05", isKept: true),
            .init(text: "legit: intents_accepted rate>0.99", value: "0.41", isKept: false),
            .init(text: "checks rate>0.5 in fades", isKept: nil),
        ]
        state.cpu = 0.61
        state.lag = 0.3
        state.descriptors = 3_980
        state.descriptorLimit = 65_536
        state.waitingPorts = 12
        state.ports = 28_232
        state.hasKeys = true
        state.remark = "00:30 symptom: Operators report an empty tip queue"
        return state
    }

    private func lines(
        _ width: Int, _ height: Int, unicode: Bool = true, _ state: LiveState = Self.state
    ) -> [String] {
        LiveView(width: width, height: height, usesUnicode: unicode, usesColour: false)
            .lines(state)
    }

    /// Pictures kept in the repository; `SPATE_WRITE_GOLDEN=1` writes them anew.
    @Test(
        "The picture of each size is the one kept.",
        arguments: [
            (120, 40, true), (80, 24, true), (60, 12, true), (80, 24, false), (60, 11, true),
            (20, 5, false),
        ])
    func golden(width: Int, height: Int, unicode: Bool) throws {
        let name = "\(width)x\(height)\(unicode ? "" : "-ascii").txt"
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Golden/live/\(name)")
        let text = self.lines(width, height, unicode: unicode).joined(separator: "\n") + "\n"
        if ProcessInfo.processInfo.environment["SPATE_WRITE_GOLDEN"] != nil {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text, "\(name)")
    }

    @Test("Every size keeps within its rows and columns, in UTF-8 and in ASCII.")
    func sizes() {
        for (width, height) in [(120, 40), (80, 24), (80, 23), (60, 12), (59, 40), (20, 5), (1, 1)]
        {
            for unicode in [true, false] {
                for help in [true, false] {
                    var state = Self.state
                    state.showsHelp = help
                    let lines = self.lines(width, height, unicode: unicode, state)
                    #expect(lines.count <= height)
                    for line in lines {
                        let columns = LiveText.columns(of: line)
                        #expect(columns <= width, "\(width)x\(height): \(line)")
                        #expect(unicode || line.allSatisfy(\.isASCII))
                        #expect(!line.contains("\u{1B}"))
                    }
                }
            }
        }
    }

    @Test("Load, thresholds and the generator's health are on every screen.")
    func alwaysVisible() {
        for (width, height) in [(120, 40), (100, 24), (80, 24), (60, 12)] {
            let text = self.lines(width, height).joined(separator: "\n")
            for words in [
                "offered 920/s  done 611/s  good 402/s  dropped 7",
                "✗ legit: intents_accepted rate>0.99", "generator cpu 61%  lag p99 0.3 ms",
            ] {
                #expect(text.contains(words), "\(words) at \(width)x\(height)")
            }
        }
    }

    @Test("Twenty columns still tell what counts.")
    func narrow() {
        #expect(self.lines(20, 24) == ["x1o920 d611 g402 D7"])
    }

    @Test("A measurement that is not valid says so first, in every form.")
    func invalid() {
        var state = Self.state
        state.invalidity = "maxInFlight: 7 intents were never started"
        for (width, height) in [(80, 24), (60, 12), (120, 40)] {
            let first = self.lines(width, height, state).first
            #expect(first?.hasPrefix(" MEASUREMENT NOT VALID: maxInFlight: 7") == true)
        }
        #expect(self.lines(60, 5, state).first?.contains("NOT VALID") == true)
        #expect(self.lines(20, 5, state).first?.hasPrefix("!") == true)
        let coloured = LiveView(width: 80, height: 24, usesUnicode: true, usesColour: true)
        #expect(coloured.lines(state).first?.hasPrefix("\u{1B}[31m") == true)
    }

    @Test("What the operator does is on the screen: held, another rate, a remark being typed.")
    func operating() {
        var state = Self.state
        state.isHeld = true
        state.percent = 110
        state.draft = "restarted the pods"
        let text = self.lines(120, 40, state).joined(separator: "\n")
        #expect(text.contains("ARRIVALS HELD"))
        #expect(text.contains("rate 110 % of the plan"))
        #expect(text.contains("restarted the pods_"))
        #expect(self.lines(20, 5, state) == ["note: restarted the "])
    }

    @Test("With a population chosen its figures stand where those of all stood.")
    func population() {
        var state = Self.state
        state.selected = 0
        let text = self.lines(120, 40, state).joined(separator: "\n")
        #expect(text.contains("offered 20/s"))
        #expect(text.contains("tips: p50 1.9 s"))
        #expect(text.contains("> tips"))
    }
}
