import Transport

/// Where the seconds of a run are sent, in which form: `--telemetry KIND=URL`.
package struct CollectorDestination: Sendable, Hashable {
    /// A form of sending.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// OTLP/HTTP, JSON.
        case otlp
        /// Prometheus remote write 1.0.
        case prometheus
        /// InfluxDB's line protocol.
        case influx

        /// Where a collector takes it, unless the URL has a path of its own.
        var path: String {
            switch self {
            case .otlp: "/v1/metrics"
            case .prometheus: "/api/v1/write"
            case .influx: "/write?db=spate"
            }
        }
    }
    /// A header that goes with every request.
    package struct Header: Sendable, Hashable {
        /// Its name.
        package var name: String
        /// Its value; may be a secret.
        package var value: String

        /// A header.
        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }
    /// The form.
    package var kind: Kind
    /// The whole URL, with what secrets it may hold.
    package var url: String
    /// The URL without user, password and the values of its query: what may be written down.
    package var redactedURL: String
    /// Headers beside those of the form itself.
    package var headers: [Header] = []

    /// Reads `KIND=URL`; a URL without a path gets the form's usual one.
    ///
    /// - Throws: `.arguments` for a kind that is not known and a URL that is none.
    package init(_ text: String) throws(TelemetryError) {
        let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
        guard halves.count == 2, let kind = Kind(rawValue: String(halves[0])) else {
            throw TelemetryError(
                .arguments, "--telemetry takes KIND=URL, and KIND is one of \(known)",
                hint: "for example --telemetry otlp=http://127.0.0.1:4318")
        }
        let parsed: ParsedURL
        do { parsed = try parseURL(String(halves[1])) } catch {
            throw TelemetryError(
                .arguments, "--telemetry \(kind.rawValue): \(error.message)",
                hint: "for example --telemetry \(kind.rawValue)=http://127.0.0.1:4318")
        }
        var path = parsed.path
        // The URL ends with its path and query.
        let origin = parsed.text.dropLast(path.utf8.count)
        if path == "/" { path = kind.path }
        if kind == .influx { path = try Self.withPrecision(path) }
        self.kind = kind
        self.url = origin + path
        let bare = path.prefix { $0 != "?" }
        self.redactedURL =
            "\(parsed.scheme)://\(parsed.authority)\(bare)" + (bare == path ? "" : "?***")
    }

    /// Time stamps are sent in milliseconds, and InfluxDB has to be told.
    private static func withPrecision(_ path: String) throws(TelemetryError) -> String {
        let query = path.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        for field in query.split(separator: "&") where field.hasPrefix("precision=") {
            guard field == "precision=ms" else {
                throw TelemetryError(
                    .arguments, "--telemetry influx: times are sent in milliseconds",
                    hint: "leave \(field) out of the URL")
            }
            return path
        }
        return path + (path.contains("?") ? "&" : "?") + "precision=ms"
    }

    /// The headers of the form itself, which a collector insists on.
    package var ownHeaders: [Header] {
        switch self.kind {
        case .otlp: [Header(name: "Content-Type", value: "application/json")]
        case .prometheus:
            [
                Header(name: "Content-Type", value: "application/x-protobuf"),
                Header(name: "Content-Encoding", value: "snappy"),
                Header(name: "X-Prometheus-Remote-Write-Version", value: "0.1.0"),
            ]
        case .influx: [Header(name: "Content-Type", value: "text/plain; charset=utf-8")]
        }
    }

    /// The body for some frames.
    package func encode(_ frames: [MetricFrame], version: String) -> [UInt8] {
        switch self.kind {
        case .otlp: OTLPEncoding.encode(frames, version: version)
        case .prometheus: RemoteWriteEncoding.encode(frames)
        case .influx: InfluxEncoding.encode(frames)
        }
    }
}
