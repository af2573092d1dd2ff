import ArgumentParser
import Foundation
import Planning
import Primitives
import Targets
import Transport

/// The arguments about what this machine gives the load: addresses to connect from, and `--force`.
struct SourceArguments: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Connect from these local addresses, taken in turn: 127.0.0.2-127.0.0.9, a list, or an"
                + " interface such as eth0. Each has local ports of its own.",
            valueName: "addresses"),
        completion: .shellCommand("ls /sys/class/net; echo 127.0.0.2-127.0.0.9"))
    var source: [String] = []

    @Flag(name: .long, help: "Start even if this machine cannot give what the plan needs.")
    var force = false

    /// The numeric addresses to connect from, each of them tried; empty without `--source`.
    ///
    /// - Throws: `Failure` for a text that names none, and for addresses this machine lacks.
    func addresses() throws -> [String] { try self.addresses(targets: []) }

    /// The same, each of them able to reach the target.
    func addresses(for agreed: AgreedTarget) throws -> [String] {
        try self.addresses(targets: agreed.addresses)
    }

    private func addresses(targets: [String]) throws -> [String] {
        guard !self.source.isEmpty else { return [] }
        let found: [String]
        do {
            found = try SourceList.addresses(
                self.source.joined(separator: ","), interface: LocalAddresses.of(interface:))
        } catch {
            throw Failure("--source: \(error.message)", status: .usage)
        }
        do { return try LocalAddresses.usable(found, targets: targets) } catch {
            let lacks =
                "'ip addr' lists this machine's addresses; all of 127.0.0.0/8 are its own, others"
                + " are added with: ip addr add ADDRESS/24 dev INTERFACE"
            throw Failure(
                "--source: \(error.message)", hint: error.code == .resource ? lacks : nil,
                status: .usage)
        }
    }

    /// Refuses a plan that this machine cannot give what it needs, before anything is started.
    ///
    /// With `--force` the refusal becomes a warning.
    ///
    /// - Throws: `Failure` with one paragraph per resource (exit 95).
    func refuse(_ outline: PlanOutline) throws {
        let refused = outline.refused
        guard !refused.isEmpty else { return }
        let paragraphs = refused.map { need in
            let ways = need.remedies.enumerated().map { index, way in
                (index == 0 ? "  mend it:  " : "  or:       ") + way
            }
            return ([need.complaint ?? need.resource.name] + ways).joined(separator: "\n")
        }
        let text = paragraphs.joined(separator: "\n")
        if self.force {
            Console.note("warning: started by --force, though refused: \(text)")
            return
        }
        throw Failure(
            "refused, nothing was started: \(text)",
            hint: "--force runs it all the same; what fails for want of it makes the run invalid",
            status: .inconclusive)
    }
}

extension AgreedTarget {
    /// The target's numeric addresses as far as they are known without a lookup.
    fileprivate var addresses: [String] {
        guard let host = try? parseURL(self.url).host.lowercased() else { return [] }
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        if bare == "localhost" || bare.hasSuffix(".localhost") { return ["127.0.0.1", "::1"] }
        guard !self.resolve.isEmpty else { return [bare] }
        // Each entry is host:port:address; an IPv6 address keeps its colons.
        return self.resolve.compactMap { entry in
            guard entry.lowercased().hasPrefix(host + ":") else { return nil }
            let rest = entry.dropFirst(host.count + 1)
            return rest.firstIndex(of: ":").map { String(rest[rest.index(after: $0)...]) }
        }
    }
}
