import Foundation

/// Reads a JSON array as rows: of flat objects, whose keys, sorted, are the columns, or of plain
/// values, which become the column `value`.
struct JSONTable: Equatable {
    /// What is wrong.
    struct Mistake: Error, Equatable {
        var message: String
    }

    /// A scalar of JSON as a template shows it.
    private enum Scalar: Decodable {
        case text(String)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .text("")
            } else if let flag = try? container.decode(Bool.self) {
                self = .text(flag ? "true" : "false")
            } else if let whole = try? container.decode(Int64.self) {
                self = .text(String(whole))
            } else if let number = try? container.decode(Double.self) {
                self = .text(String(number))
            } else {
                self = .text(try container.decode(String.self))
            }
        }

        var text: String {
            switch self {
            case .text(let text): text
            }
        }
    }

    var columns: [String]
    var rows: [[String]]

    init(_ bytes: [UInt8]) throws(Mistake) {
        let decoder = JSONDecoder()
        if let values = try? decoder.decode([Scalar].self, from: Data(bytes)) {
            self.columns = ["value"]
            self.rows = values.map { [$0.text] }
            return
        }
        let objects: [[String: Scalar]]
        do {
            objects = try decoder.decode([[String: Scalar]].self, from: Data(bytes))
        } catch {
            throw Mistake(message: "the file is no JSON array of flat objects or of plain values")
        }
        let columns = Set(objects.flatMap(\.keys)).sorted()
        var rows: [[String]] = []
        for (index, object) in objects.enumerated() {
            var row: [String] = []
            for column in columns {
                guard let value = object[column] else {
                    throw Mistake(message: "object \(index + 1) has no '\(column)'")
                }
                row.append(value.text)
            }
            rows.append(row)
        }
        self.columns = columns
        self.rows = rows
    }
}
