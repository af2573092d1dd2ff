import Foundation

/// Reads a JSON array of flat objects as rows; the columns are the keys, sorted.
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
        let objects: [[String: Scalar]]
        do {
            objects = try JSONDecoder().decode([[String: Scalar]].self, from: Data(bytes))
        } catch {
            throw Mistake(message: "the file is no JSON array of flat objects")
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
