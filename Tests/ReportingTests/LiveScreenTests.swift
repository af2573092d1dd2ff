import Testing

@testable import Reporting

@Suite struct LiveScreenTests {
    @Test("The first picture is whole, the next writes changed rows only, the same nothing.")
    func changes() {
        var screen = LiveScreen()
        let first = screen.update(["a", "b"], width: 80, height: 24)
        #expect(
            first
                == "\u{1B}[?2026h\u{1B}[2J\u{1B}[1;1Ha\u{1B}[K\u{1B}[2;1Hb\u{1B}[K\u{1B}[?2026l")
        let same = screen.update(["a", "b"], width: 80, height: 24)
        #expect(same.isEmpty)
        let second = screen.update(["a", "c"], width: 80, height: 24)
        #expect(
            second
                == "\u{1B}[?2026h\u{1B}[2;1Hc\u{1B}[K\u{1B}[?2026l")
        let third = screen.update(["a"], width: 80, height: 24)
        #expect(
            third
                == "\u{1B}[?2026h\u{1B}[2;1H\u{1B}[K\u{1B}[?2026l")
    }

    @Test("A resize and a stop draw everything anew.")
    func anew() {
        var screen = LiveScreen()
        _ = screen.update(["a"], width: 80, height: 24)
        let narrower = screen.update(["a"], width: 79, height: 24)
        #expect(narrower.contains("\u{1B}[2J"))
        screen.forget()
        let again = screen.update(["a"], width: 79, height: 24)
        #expect(again.contains("\u{1B}[1;1Ha"))
    }

    @Test("What leaves the screen undoes what entered it.")
    func leave() {
        for mode in ["?1049", "?25", "?7"] {
            let isShown = LiveScreen.enter.contains("\u{1B}[\(mode)h")
            #expect(LiveScreen.leave.contains("\u{1B}[\(mode)\(isShown ? "l" : "h")"), "\(mode)")
        }
    }
}

@Suite struct TerminalFactsTests {
    private func facts(
        _ environment: [String: String], terminal: Bool = true, ascii: Bool = false,
        colour: ColourChoice = .auto
    ) -> TerminalFacts {
        TerminalFacts(
            environment: environment, isTerminal: terminal, isASCII: ascii, colour: colour)
    }

    @Test("UTF-8 is what the first locale variable that is set says.")
    func locale() {
        #expect(self.facts(["LANG": "de_DE.UTF-8"]).usesUnicode)
        #expect(self.facts(["LANG": "C", "LC_CTYPE": "C.utf8"]).usesUnicode)
        #expect(!self.facts(["LANG": "en_US.UTF-8", "LC_ALL": "C"]).usesUnicode)
        #expect(self.facts(["LANG": "en_US.UTF-8", "LC_ALL": ""]).usesUnicode)
        #expect(!self.facts([:]).usesUnicode)
        #expect(!self.facts(["LANG": "en_US.UTF-8"], ascii: true).usesUnicode)
    }

    @Test("The command line outranks FORCE_COLOR, that NO_COLOR, and that the terminal.")
    func colour() {
        #expect(self.facts([:]).usesColour)
        #expect(!self.facts([:], terminal: false).usesColour)
        #expect(!self.facts(["TERM": "dumb"]).usesColour)
        #expect(!self.facts(["NO_COLOR": "1"]).usesColour)
        #expect(self.facts(["NO_COLOR": ""]).usesColour)
        #expect(self.facts(["NO_COLOR": "1", "FORCE_COLOR": "1"], terminal: false).usesColour)
        #expect(!self.facts(["FORCE_COLOR": "0"]).usesColour)
        #expect(self.facts(["NO_COLOR": "1"], colour: .always).usesColour)
        #expect(!self.facts(["FORCE_COLOR": "1"], colour: .never).usesColour)
    }

    @Test("A dumb terminal and a pipe have no cursor; CI has nobody who watches.")
    func cursor() {
        #expect(self.facts(["TERM": "xterm"]).canMove)
        #expect(!self.facts(["TERM": "dumb"]).canMove)
        #expect(!self.facts(["TERM": "xterm"], terminal: false).canMove)
        #expect(self.facts(["CI": "true"]).isUnattended)
        #expect(!self.facts(["CI": ""]).isUnattended)
    }
}
