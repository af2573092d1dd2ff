import Primitives

/// A key path into the settings that may cross tasks.
private typealias Path<Value> = any WritableKeyPath<IntakeSettings, Value> & Sendable

extension SettingsTable {
    /// The table itself.
    static let rows: [Setting] = [
        whole("workers", \.workers, 1...10_000, "units of work served at once"),
        duration("serviceTime", \.serviceTime, "how long a worker is held per unit"),
        duration("serviceJitter", \.serviceJitter, "uniform, both ways, around serviceTime"),
        duration("cpuCost", \.cpuCost, "processor time burnt per unit"),
        whole("queue", \.queue, 0...1_000_000, "units that may wait for a worker"),
        word("queueOrder", \.queueOrder, "order of waiting: fifo, lifo"),
        word("abandoned", \.abandoned, "work whose client left: work, drop"),
        word("admission", \.admission, "a worker is taken: before-body, after-body"),
        whole("backlog", \.backlog, 1...65_535, "the listener's backlog", live: false),
        optionalWhole(
            "maxConnections", \.maxConnections, 1...1_000_000, "connections open at once"),
        size("bodyLimit", \.bodyLimit, "largest request body"),
        flag("resumable", \.resumable, "interrupted media may go on: true, false"),
        optionalSize("spoolQuota", \.spoolQuota, "spool size, story bytes; none is 2 GB real"),
        whole(
            "databasePool", \.databasePool, 1...1_000, "requests in the store at once",
            live: false),
        word("durability", \.durability, "commits: normal, full", live: false),
        limiterRate,
        whole("limiter.burst", \.limiter.burst, 1...1_000_000, "tokens a full bucket holds"),
        limiterKey,
        whole("limiter.status", \.limiter.status, 400...599, "status of a limiter's refusal"),
        optionalWhole(
            "shed.above", \.shed.above, 0...1_000_000, "refuse while more than this wait"),
        whole("shed.status", \.shed.status, 400...599, "status of a shed request"),
        retryAfter,
        serviceArea,
        blockList,
        whole("review.analysts", \.review.analysts, 0...10_000, "analysts at work"),
        duration("review.perItem", \.review.perItem, "story time per reviewed tip"),
        word("review.order", \.review.order, "tips are taken by: arrival, relevance"),
        timeScale,
        faults,
    ]

    private static func isNone(_ text: String) -> Bool { text == "none" || text == "null" }

    private static func integer(
        _ text: String, _ range: ClosedRange<Int>
    ) throws(UnitError) -> Int {
        guard let value = Int(text), range.contains(value) else {
            throw UnitError(
                "'\(text)' is not a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    private static func whole(
        _ path: String, _ key: Path<Int>, _ range: ClosedRange<Int>, _ help: String,
        live: Bool = true
    ) -> Setting {
        Setting(path: path, help: help, isLive: live) { text, settings throws(UnitError) in
            settings[keyPath: key] = try integer(text, range)
        } json: {
            .integer($0[keyPath: key])
        }
    }

    private static func optionalWhole(
        _ path: String, _ key: Path<Int?>, _ range: ClosedRange<Int>, _ help: String
    ) -> Setting {
        Setting(path: path, help: help) { text, settings throws(UnitError) in
            settings[keyPath: key] = isNone(text) ? nil : try integer(text, range)
        } json: {
            $0[keyPath: key].map(JSONValue.integer) ?? .null
        }
    }

    private static func duration(
        _ path: String, _ key: Path<Nanoseconds>, _ help: String
    ) -> Setting {
        Setting(path: path, help: help) { text, settings throws(UnitError) in
            settings[keyPath: key] = try UnitText.duration(text)
        } json: {
            .string(durationText($0[keyPath: key]))
        }
    }

    private static func flag(
        _ path: String, _ key: Path<Bool>, _ help: String
    ) -> Setting {
        Setting(path: path, help: help) { text, settings throws(UnitError) in
            guard text == "true" || text == "false" else {
                throw UnitError("'\(text)' is neither true nor false")
            }
            settings[keyPath: key] = text == "true"
        } json: {
            .bool($0[keyPath: key])
        }
    }

    private static func size(
        _ path: String, _ key: Path<ByteCount>, _ help: String
    ) -> Setting {
        Setting(path: path, help: help) { text, settings throws(UnitError) in
            settings[keyPath: key] = try UnitText.size(text)
        } json: {
            .integer(Int($0[keyPath: key].count))
        }
    }

    private static func optionalSize(
        _ path: String, _ key: Path<ByteCount?>, _ help: String
    ) -> Setting {
        Setting(path: path, help: help) { text, settings throws(UnitError) in
            settings[keyPath: key] = isNone(text) ? nil : try UnitText.size(text)
        } json: {
            $0[keyPath: key].map { .integer(Int($0.count)) } ?? .null
        }
    }

    private static func word<Word>(
        _ path: String, _ key: Path<Word>, _ help: String, live: Bool = true
    ) -> Setting
    where Word: RawRepresentable & CaseIterable & Sendable, Word.RawValue == String {
        Setting(path: path, help: help, isLive: live) { text, settings throws(UnitError) in
            guard let word = Word(rawValue: text) else {
                let allowed = Word.allCases.map(\.rawValue).joined(separator: " or ")
                throw UnitError("'\(text)' is not \(allowed)")
            }
            settings[keyPath: key] = word
        } json: {
            .string($0[keyPath: key].rawValue)
        }
    }

    /// A span in a form that `UnitText.duration` reads back without loss.
    static func durationText(_ span: Nanoseconds) -> String {
        let count = span.count
        if count == 0 { return "0" }
        if count % 1_000_000_000 == 0 { return "\(count / 1_000_000_000)s" }
        if count % 1_000_000 == 0 { return "\(count / 1_000_000)ms" }
        if count % 1_000 == 0 { return "\(count / 1_000)us" }
        return "\(count)ns"
    }
}

// MARK: - The rows that are like no other
extension SettingsTable {
    private static let limiterRate = Setting(
        path: "limiter.rate", help: "tokens per client, such as 10/m, story time"
    ) { text, settings throws(UnitError) in
        settings.limiter.rate = isNone(text) ? nil : try UnitText.rate(text)
    } json: {
        $0.limiter.rate.map { .string("\($0.perSecond)/s") } ?? .null
    }

    private static let limiterKey = Setting(
        path: "limiter.key", help: "what tells clients apart: address or a header's name"
    ) { text, settings throws(UnitError) in
        let isName = text.utf8.allSatisfy {
            ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2D
        }
        guard !text.isEmpty, isName else {
            throw UnitError("'\(text)' is neither 'address' nor the name of a header")
        }
        settings.limiter.key = text
    } json: {
        .string($0.limiter.key)
    }

    private static let retryAfter = Setting(
        path: "retryAfter", help: "the Retry-After of refusals, whole seconds"
    ) { text, settings throws(UnitError) in
        settings.retryAfter = isNone(text) ? nil : try UnitText.duration(text)
    } json: {
        $0.retryAfter.map { .string(durationText($0)) } ?? .null
    }

    private static let serviceArea = Setting(
        path: "serviceArea", help: "where phones may register: south,west,north,east"
    ) { text, settings throws(UnitError) in
        if isNone(text) || text.isEmpty {
            settings.serviceArea = nil
            return
        }
        let numbers = text.split(separator: ",").compactMap { part in
            Double(part.filter { $0 != " " })
        }
        guard numbers.count == 4, numbers.allSatisfy(\.isFinite), numbers[0] <= numbers[2],
            numbers[1] <= numbers[3]
        else {
            throw UnitError("'\(text)' is not south,west,north,east in degrees")
        }
        settings.serviceArea = ServiceArea(
            south: numbers[0], west: numbers[1], north: numbers[2], east: numbers[3])
    } json: {
        $0.serviceArea.map {
            .array([$0.south, $0.west, $0.north, $0.east].map(JSONValue.number))
        } ?? .null
    }

    private static let blockList = Setting(
        path: "blockList", help: "devices refused, comma-separated; a trailing * is any ending"
    ) { text, settings throws(UnitError) in
        settings.blockList = isNone(text) ? [] : text.split(separator: ",").map(String.init)
    } json: {
        .array($0.blockList.map(JSONValue.string))
    }

    private static let timeScale = Setting(
        path: "timeScale", help: "seconds of story per second of wall time", isLive: false
    ) { text, settings throws(UnitError) in
        guard let scale = Double(text), scale >= 1, scale <= 1e9 else {
            throw UnitError("'\(text)' is not a number from 1 up")
        }
        settings.timeScale = scale
    } json: {
        .number($0.timeScale)
    }

    private static let faults = Setting(
        path: "faults", help: "what shall go wrong: 'cpu at=20s cost=5ms; crash afterCount=500'",
        isLive: false
    ) { text, settings throws(UnitError) in
        settings.faults = try FaultSpec.list(text)
    } json: {
        .array($0.faults.map(\.json))
    }
}
