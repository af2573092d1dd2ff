import Primitives
import Scenarios

extension ExperimentDesign {
    /// E9: no lookups.
    mutating func pinnedAddress() throws(ExperimentRefusal) {
        guard case .url(let url) = self.scenario.target, let address = self.knowledge.address,
            let origin = ExperimentDesign.origin(url),
            let pin = try? ConnectionRoute.Pin(from: origin, to: address)
        else {
            throw self.refusal(
                "the target has no name that is looked up, so there is nothing to pin")
        }
        self.scenario.http.lookupLifetime = nil
        self.scenario.http.route.pins.append(pin)
    }

    /// `host:port` of a URL whose host is a name; nil for numeric ones.
    private static func origin(_ url: String) -> String? {
        let isSecure = url.lowercased().hasPrefix("https://")
        let rest = url.dropFirst((isSecure ? "https://" : "http://").count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let host = authority.split(separator: "@").last ?? ""
        let parts = host.split(separator: ":")
        guard let name = parts.first, parts.count <= 2,
            name.contains(where: { $0.isLetter })
        else { return nil }
        return parts.count == 2 ? String(host) : "\(name):\(isSecure ? 443 : 80)"
    }

    /// E10: http instead of https.
    mutating func plainText() throws(ExperimentRefusal) {
        guard case .url(let url) = self.scenario.target, url.lowercased().hasPrefix("https://")
        else { throw self.refusal("the target is not spoken to over TLS") }
        self.scenario.target = .url("http://" + url.dropFirst("https://".count))
    }

    /// E12: a quarter of the processor time for each item.
    mutating func cheaperItems() throws(ExperimentRefusal) {
        guard case .intake(var settings) = self.scenario.target,
            let index = settings.firstIndex(where: { $0.path == "cpuCost" }),
            let cost = try? UnitText.duration(settings[index].value), cost > .zero
        else {
            throw self.refusal(
                "only the bundled intake with a cpuCost can be told to need less of it; for a"
                    + " server of your own write a scenario of cheaper items")
        }
        settings[index].value = "\((cost / 4).microseconds)us"
        self.scenario.target = .intake(settings: settings)
    }
}
