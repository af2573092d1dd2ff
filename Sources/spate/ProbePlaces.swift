import Engine
import Planning
import Primitives
import Scenarios
import Targets
import Transport

/// Where pages and the control endpoint are, and through which gate each is asked.
///
/// They need the same consent as the target: nothing is sent to a host that was not allowed.
struct ProbePlaces {
    /// What each URL or path, as it was written, may be asked through.
    private var options: [String: LaneOptions] = [:]
    /// Those on this machine: one clock, by construction.
    private var local: Set<String> = []

    /// Obtains consent for every place; without a plan there is none.
    ///
    /// - Throws: `TargetError` for a host that was not allowed or does not agree.
    static func agreed(
        _ plan: Plan?, target: AgreedTarget, request: ConsentRequest
    ) async throws(TargetError) -> ProbePlaces? {
        guard let plan else { return nil }
        var places = ProbePlaces()
        for place in plan.probes.pages.map(\.url) + (plan.probes.control.map { [$0] } ?? []) {
            try await places.add(place, plan, target: target, request: request)
        }
        return places
    }

    private mutating func add(
        _ place: String, _ plan: Plan, target: AgreedTarget, request: ConsentRequest
    ) async throws(TargetError) {
        var options = LaneOptions(plan)
        options.allowedAddresses = target.gate
        options.resolve = target.resolve
        if place.hasPrefix("/") || Self.host(of: place) == Self.host(of: target.url) {
            self.options[place] = options
            if target.gate == .loopback { self.local.insert(place) }
            return
        }
        // Another host: the target's routes are not its.
        options.connectTo = []
        options.unixSocket = nil
        let agreed = try await Consent.obtain(
            url: place, request: request, now: .now(), options: options)
        options.allowedAddresses = agreed.gate
        options.resolve = agreed.resolve
        self.options[place] = options
        if agreed.gate == .loopback { self.local.insert(place) }
    }

    /// True when the place is on this machine.
    func isLocal(_ place: String) -> Bool { self.local.contains(place) }

    /// A client for a place, and its whole URL.
    ///
    /// - Throws: `TransportError` when the client cannot be made.
    func client(
        for place: String, base: String
    ) throws(TransportError) -> (client: ControlClient, url: String) {
        var options = self.options[place] ?? LaneOptions()
        // Each question on a connection of its own shows the whole way; none is kept for it.
        options.reuseConnections = false
        let client = try ControlClient(options: options)
        guard place.hasPrefix("/") else { return (client, place) }
        return (client, (base.hasSuffix("/") ? String(base.dropLast()) : base) + place)
    }

    private static func host(of url: String) -> String? { try? parseURL(url).host }
}
