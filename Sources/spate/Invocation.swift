import Foundation

/// How this process was called, with nothing secret in it.
enum Invocation {
    /// The path of this program's file.
    static var binary: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            ?? CommandLine.arguments[0]
    }

    /// The command line as it counts: what `SPATE_...` variables say stands behind the verb.
    static let arguments: [String] =
        CommandLine.arguments.prefix(1)
        + EnvironmentOptions.applied(
            to: Array(CommandLine.arguments.dropFirst()),
            environment: ProcessInfo.processInfo.environment)

    /// Options whose argument is known to be harmless and may be written down.
    private static let harmless: Set<String> = [
        "-c", "-z", "-n", "-q", "-m", "-t", "-D", "--body-file", "-o", "--out", "--out-dir",
        "--target", "--seed", "--time-scale", "--rate-factor", "--duration", "--baseline",
        "--repeat", "--allow-host", "--live", "--save", "--lanes", "--source", "--streams",
        "--tls-min", "--tls-max", "--cert", "--key", "--cacert", "--resolve", "--connect-to",
        "--unix-socket", "--dns-ttl", "--fps", "--color", "--serve-metrics", "--linger",
        "--baseline-target", "--alpha", "--max-regression", "--min-absolute", "--max-loss",
    ]
    /// Options whose argument keeps its name, as in `NAME=value`.
    private static let named: Set<String> = ["--set", "-e", "--env", "-F"]
    /// Options whose argument is a URL that may carry secrets in its query, too.
    private static let collectors: Set<String> = ["--telemetry"]
    /// Options without an argument.
    private static let flags: Set<String> = [
        "--json", "--keep-spool", "--quiet", "--no-color", "--i-own-this-host", "-v", "--verbose",
        "--insecure", "-k", "--force", "--http1.1", "--http2", "--http2-prior-knowledge", "--http3",
        "--no-keepalive", "--ascii", "--no-tls-resume", "--no-probes",
    ]

    /// The command line as it may be recorded: arguments not known to be harmless become `***`.
    ///
    /// A URL loses its user information. `--set` and `--env` keep the name and lose the value,
    /// because any value can be a secret.
    static func redacted(_ arguments: [String]) -> String {
        var words: [String] = ["spate"]
        var option: String?
        for argument in arguments.dropFirst() {
            if let name = option {
                words.append(recorded(argument, of: name))
                option = nil
            } else if argument.hasPrefix("-"), let equals = argument.firstIndex(of: "=") {
                let name = String(argument[..<equals])
                let value = String(argument[argument.index(after: equals)...])
                words.append(name + "=" + recorded(value, of: name))
            } else if argument.hasPrefix("-"), argument.count > 1 {
                words.append(argument)
                if !flags.contains(argument) { option = argument }
            } else {
                words.append(withoutUserInfo(argument))
            }
        }
        return words.map(quoted).joined(separator: " ")
    }

    /// An option's argument as it may be recorded.
    private static func recorded(_ value: String, of option: String) -> String {
        if harmless.contains(option) { return withoutUserInfo(value) }
        if collectors.contains(option) {
            let bare = value.prefix { $0 != "?" }
            return withoutUserInfo(String(bare)) + (bare.count < value.count ? "?***" : "")
        }
        // A header's value may hold an equal sign of its own, as Base64 does.
        guard named.contains(option), let equals = value.firstIndex(of: "=") else { return "***" }
        return String(value[..<equals]) + "=***"
    }

    private static func withoutUserInfo(_ text: String) -> String {
        guard let scheme = text.range(of: "://") else { return text }
        let rest = text[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard let sign = authority.lastIndex(of: "@") else { return text }
        return String(text[..<scheme.upperBound]) + "***@"
            + String(rest[rest.index(after: sign)...])
    }

    private static func quoted(_ word: String) -> String {
        let plain = word.allSatisfy { $0.isLetter || $0.isNumber || "-_./:=@%+,*".contains($0) }
        if plain, !word.isEmpty { return word }
        return "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
    }
}
