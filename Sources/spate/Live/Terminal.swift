import Foundation
import Reporting

/// The terminal of stderr: taken over for the live view, and given back on every way out.
///
/// Not thread-safe but for `giveBack`, which may also run in a signal handler or at exit: it does
/// its work once, whoever comes first.
enum Terminal {
    /// What a signal handler needs; it may allocate nothing and take no lock.
    private struct Kept {
        var settings = termios()
        var hasSettings = false
        var isTaken = false
        var leave: UnsafeMutableBufferPointer<UInt8>
        var handlers: [(signal: Int32, before: sigaction)] = []
    }
    // Unsafe in name only: written on the live view's queue before a signal can find it taken.
    private nonisolated(unsafe) static let kept: UnsafeMutablePointer<Kept> = {
        let bytes = Array(LiveScreen.leave.utf8)
        let leave = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
        _ = leave.initialize(from: bytes)
        let kept = UnsafeMutablePointer<Kept>.allocate(capacity: 1)
        kept.initialize(to: Kept(leave: leave))
        return kept
    }()

    /// Signals that end the process at once, with whoever handled them before.
    private static let fatal = [
        SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT, SIGSEGV, SIGTRAP,
    ]

    /// True while the terminal is the live view's.
    static var isTaken: Bool { self.kept.pointee.isTaken }

    /// True when this process may change the terminal and read from it.
    static var isForeground: Bool {
        let group = tcgetpgrp(STDERR_FILENO)
        // Another terminal than the one that controls us is nobody's turn.
        return group < 0 || group == getpgrp()
    }

    /// Lines and columns; 80 by 24 where the terminal does not say.
    static var size: (width: Int, height: Int) {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0,
            size.ws_row > 0
        else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Arranges that crashes and exits give the terminal back; to be called once.
    static func guardExits() {
        _ = self.kept
        atexit { Terminal.giveBack() }
        #if os(Linux)
            for number in self.fatal {
                var action = sigaction()
                action.__sigaction_handler.sa_handler = { number in
                    Terminal.giveBack()
                    Terminal.passOn(number)
                }
                var before = sigaction()
                if sigaction(number, &action, &before) == 0 {
                    self.kept.pointee.handlers.append((number, before))
                }
            }
        #endif
    }

    /// Takes the terminal: keys one by one and unseen, the alternate screen.
    ///
    /// Signals from the keyboard stay what they are.
    static func take() {
        guard !self.isTaken else { return }
        var found = termios()
        if isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, &found) == 0 {
            // After a stop nobody may have set back what we had set: that is not to be kept.
            if !self.kept.pointee.hasSettings || Self.isCanonical(found) {
                self.kept.pointee.settings = found
            }
            self.kept.pointee.hasSettings = true
        }
        self.kept.pointee.isTaken = true
        self.listen()
        Console.status(LiveScreen.enter)
    }

    /// True when somebody, such as a shell, has set the terminal back meanwhile.
    static var wasReset: Bool {
        guard self.isTaken, self.kept.pointee.hasSettings else { return false }
        var now = termios()
        return tcgetattr(STDIN_FILENO, &now) == 0 && Self.isCanonical(now)
    }

    private static func isCanonical(_ settings: termios) -> Bool {
        settings.c_lflag & tcflag_t(ICANON) != 0
    }

    /// Makes keys readable one by one.
    static func listen() {
        guard self.kept.pointee.hasSettings else { return }
        var settings = self.kept.pointee.settings
        settings.c_lflag &= ~(tcflag_t(ICANON) | tcflag_t(ECHO))
        withUnsafeMutableBytes(of: &settings.c_cc) { characters in
            // A read returns at once with what is there.
            characters[Int(VMIN)] = 0
            characters[Int(VTIME)] = 0
        }
        tcsetattr(STDIN_FILENO, TCSANOW, &settings)
    }

    /// The keys pressed since the last time; never waits.
    static func keys() -> [UInt8] {
        guard self.isTaken, self.kept.pointee.hasSettings else { return [] }
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = read(STDIN_FILENO, &buffer, buffer.count)
        return count > 0 ? Array(buffer.prefix(count)) : []
    }

    /// Gives the terminal back as it was found.
    static func giveBack() {
        guard self.kept.pointee.isTaken else { return }
        self.abandon()
        guard self.kept.pointee.hasSettings else { return }
        tcsetattr(STDIN_FILENO, TCSANOW, &self.kept.pointee.settings)
    }

    /// Leaves the screen to others without touching settings that are not ours now.
    static func abandon() {
        self.kept.pointee.isTaken = false
        let leave = self.kept.pointee.leave
        _ = write(STDERR_FILENO, leave.baseAddress, leave.count)
    }

    private static func passOn(_ number: Int32) {
        if number == SIGQUIT {
            // Somebody's wish, not a crash: the runtime's crash report would ask the keyboard
            // for half a minute what to do next.
            signal(number, SIG_DFL)
        } else {
            for handler in self.kept.pointee.handlers where handler.signal == number {
                var before = handler.before
                sigaction(number, &before, nil)
            }
        }
        raise(number)
    }
}
