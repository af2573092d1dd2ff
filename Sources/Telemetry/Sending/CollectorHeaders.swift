/// Headers for collectors, from options and from the environment.
package enum CollectorHeaders {
    /// Gives every destination its headers.
    ///
    /// An option is `Name: value` for all destinations, or `KIND=Name: value` for those of a kind.
    /// The environment has OpenTelemetry's form, `name=value,name=value`: `SPATE_TELEMETRY_HEADERS`
    /// for all, `OTEL_EXPORTER_OTLP_HEADERS` for `otlp`; `INFLUX_TOKEN` is a token for `influx`.
    /// An option wins over a variable of the same name.
    ///
    /// - Throws: `.arguments` for a header that is none; its text is not repeated.
    package static func add(
        _ options: [String], environment: [String: String],
        to destinations: inout [CollectorDestination]
    ) throws(TelemetryError) {
        for index in destinations.indices {
            let kind = destinations[index].kind
            var headers: [CollectorDestination.Header] = []
            if kind == .influx, let token = environment["INFLUX_TOKEN"], !token.isEmpty {
                headers.append(.init(name: "Authorization", value: "Token \(token)"))
            }
            let variables =
                ["SPATE_TELEMETRY_HEADERS"]
                + (kind == .otlp ? ["OTEL_EXPORTER_OTLP_HEADERS"] : [])
            for name in variables {
                for header in try Self.variable(name, environment[name] ?? "") {
                    Self.set(header, in: &headers)
                }
            }
            for option in options {
                if let header = try Self.option(option, for: kind) {
                    Self.set(header, in: &headers)
                }
            }
            destinations[index].headers = headers
        }
    }

    private static func set(
        _ header: CollectorDestination.Header, in headers: inout [CollectorDestination.Header]
    ) {
        headers.removeAll { $0.name.lowercased() == header.name.lowercased() }
        headers.append(header)
    }

    /// Nil for a header of another kind.
    private static func option(
        _ text: String, for kind: CollectorDestination.Kind
    ) throws(TelemetryError) -> CollectorDestination.Header? {
        var rest = Substring(text)
        for other in CollectorDestination.Kind.allCases where text.hasPrefix(other.rawValue + "=") {
            if other != kind { return nil }
            rest = rest.dropFirst(other.rawValue.count + 1)
        }
        guard let colon = rest.firstIndex(of: ":"), colon > rest.startIndex else {
            throw TelemetryError(
                .arguments, "--telemetry-header takes 'Name: value', or 'KIND=Name: value'",
                hint: "for example --telemetry-header 'Authorization: Bearer …'")
        }
        let value = rest[rest.index(after: colon)...].drop { $0 == " " }
        return CollectorDestination.Header(name: String(rest[..<colon]), value: String(value))
    }

    private static func variable(
        _ name: String, _ text: String
    ) throws(TelemetryError) -> [CollectorDestination.Header] {
        var headers: [CollectorDestination.Header] = []
        for entry in text.split(separator: ",") {
            let halves = entry.split(separator: "=", maxSplits: 1)
            guard halves.count == 2 else {
                throw TelemetryError(
                    .arguments, "\(name) holds an entry that is not name=value",
                    hint: "entries are separated by commas, as OpenTelemetry has it")
            }
            let key = halves[0].filter { $0 != " " }
            headers.append(.init(name: key, value: Self.unescaped(halves[1])))
        }
        return headers
    }

    /// Percent escapes undone, as W3C Baggage has values; what is no escape stays.
    private static func unescaped(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.drop { $0 == " " }.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
