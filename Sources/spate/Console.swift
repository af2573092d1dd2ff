import Foundation

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

    /// A remark for people, on stderr.
    static func note(_ text: String) {
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

    /// True when people watch stderr on a terminal that can move its cursor.
    static var isInteractive: Bool {
        let environment = ProcessInfo.processInfo.environment
        return isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
            && environment["CI"] == nil
    }

    /// True when colour is welcome on stdout (https://no-color.org).
    static func usesColour(disabled: Bool) -> Bool {
        let environment = ProcessInfo.processInfo.environment
        let refused = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        return !disabled && !refused && isatty(STDOUT_FILENO) == 1 && environment["TERM"] != "dumb"
    }

    /// The terminal's width in columns; 100 where there is none.
    static var width: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return 100
        }
        return Int(size.ws_col)
    }

    private static func write(_ text: String, to descriptor: Int32) {
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
