import Foundation
import Reporting
import Synchronization

/// Where text goes: data to stdout, everything else to stderr.
enum Console {
    /// A result, on stdout, with a newline.
    static func result(_ text: String) {
        write(text + "\n", to: STDOUT_FILENO)
    }

    /// A result, on stdout, exactly as given.
    static func raw(_ text: String) {
        write(text, to: STDOUT_FILENO)
    }

    private static let listener = Mutex<(@Sendable (String) -> Void)?>(nil)

    /// Gives remarks to somebody else, as long as a screen would be spoilt by them; nil ends that.
    static func redirect(_ listener: (@Sendable (String) -> Void)?) {
        self.listener.withLock { $0 = listener }
    }

    /// A remark for people, on stderr.
    static func note(_ text: String) {
        if let listener = self.listener.withLock({ $0 }) { return listener(text) }
        write(text + "\n", to: STDERR_FILENO)
    }

    /// An error for people, on stderr, under the program's name.
    static func error(_ text: String) {
        write("spate: \(text)\n", to: STDERR_FILENO)
    }

    /// Text for the terminal, on stderr, exactly as given.
    static func status(_ text: String) {
        write(text, to: STDERR_FILENO)
    }

    /// True when colour is welcome on stdout.
    static func usesColour(_ choice: ColourChoice) -> Bool {
        TerminalFacts(
            environment: ProcessInfo.processInfo.environment,
            isTerminal: isatty(STDOUT_FILENO) == 1, colour: choice
        ).usesColour
    }

    /// The width in columns of the terminal at stderr; 100 where there is none.
    static var width: Int { self.columns(of: STDERR_FILENO) ?? 100 }

    /// The width in columns for results: of the terminal at stdout, else `COLUMNS`, else 100.
    static var resultWidth: Int {
        if let columns = self.columns(of: STDOUT_FILENO) { return columns }
        let told = ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) } ?? 100
        return told > 0 ? told : 100
    }

    private static func columns(of descriptor: Int32) -> Int? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    private static let isUTF8 = TerminalFacts(
        environment: ProcessInfo.processInfo.environment, isTerminal: true
    ).usesUnicode

    private static func write(_ text: String, to descriptor: Int32) {
        // Files and pipes get UTF-8 whatever the locale; a terminal gets what it can show.
        let text = !self.isUTF8 && isatty(descriptor) == 1 ? TerminalText.ascii(text) : text
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress, $0.count)
            }
            if written < 0 {
                if errno == EINTR || errno == EAGAIN { continue }
                // A closed pipe downstream is the reader's choice, not our failure.
                return
            }
            bytes = bytes.dropFirst(written)
        }
    }
}
