import Engine
import Foundation
import Planning
import Primitives
import Scenarios

/// `hit --save`: the scenario a one-shot measurement is equal to, as a file to go on from.
enum HitScenarioFile {
    /// Writes the scenario.
    ///
    /// - Parameter http: settings of `http` by path, their values in YAML.
    /// - Throws: `Failure` when the file exists or cannot be written.
    static func write(
        _ spec: HitSpec, http: [(path: String, value: String)], to path: String
    ) throws {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw Failure(
                "--save: \(path) exists", hint: "choose another name, or remove it first",
                status: .internalError)
        }
        do {
            try Data(self.text(spec, http: http).utf8).write(to: URL(fileURLWithPath: path))
        } catch {
            throw Failure(cannotWrite: path, error)
        }
    }

    /// The scenario's text.
    static func text(_ spec: HitSpec, http: [(path: String, value: String)] = []) -> String {
        var lines = [
            "version: 1", "name: hit", "target: \(quoted(spec.url))",
            "http: \(self.http(spec, http))", "scenarios:", "  hit:",
        ]
        lines += self.executor(spec).map { "    " + $0 }
        lines += ["    flow:", "      - \(spec.method.rawValue.lowercased()):"]
        lines.append("          url: \(quoted(spec.url))")
        if !spec.headers.isEmpty {
            lines.append("          headers:")
            lines += spec.headers.map { "            \(quoted($0.name)): \(quoted($0.value))" }
        }
        lines += self.body(spec).map { "          " + $0 }
        return lines.joined(separator: "\n") + "\n"
    }

    /// One line: `{ timeout: 20s, version: "2", tls: { minVersion: 1.3 } }`.
    private static func http(_ spec: HitSpec, _ given: [(path: String, value: String)]) -> String {
        var parts = ["timeout: \(exact(spec.timeout))"]
        var inner: [(name: String, parts: [String])] = []
        for (path, value) in given {
            let steps = path.split(separator: ".").dropFirst().map(String.init)
            // A file that people pass on is no place for a secret.
            let shown = steps.last == "keyPassword" ? "\"{{ $env.KEY_PASSWORD }}\"" : value
            guard steps.count == 2 else {
                parts.append("\(steps[0]): \(shown)")
                continue
            }
            if inner.last?.name != steps[0] { inner.append((steps[0], [])) }
            inner[inner.count - 1].parts.append("\(steps[1]): \(shown)")
        }
        parts += inner.map { "\($0.name): { \($0.parts.joined(separator: ", ")) }" }
        return "{ \(parts.joined(separator: ", ")) }"
    }

    private static func executor(_ spec: HitSpec) -> [String] {
        let length = exact(spec.length)
        if let rate = spec.rate {
            return [
                "executor: constant-arrival-rate", "rate: \(rate.perSecond)/s",
                "duration: \(length)", "maxInFlight: \(spec.clients)",
                "clients: { reuse: \(HitSpec.reuse) }",
            ]
        }
        if let requests = spec.requests {
            return [
                "executor: shared-iterations", "vus: \(min(spec.clients, requests))",
                "iterations: \(requests)", "maxDuration: \(length)",
            ]
        }
        return ["executor: constant-vus", "vus: \(spec.clients)", "duration: \(length)"]
    }

    private static func body(_ spec: HitSpec) -> [String] {
        switch spec.body {
        case nil: return []
        case .text(let text): return ["text: \(quoted(text))"]
        case .file(let facts): return ["file: \(quoted(facts.path))"]
        case .multipart(let fields):
            return ["multipart:"]
                + fields.map { field in
                    switch field.part {
                    case .value(let value): "  \(quoted(field.name)): \(quoted(value))"
                    case .file(let facts):
                        "  \(quoted(field.name)): { file: \(quoted(facts.path)) }"
                    }
                }
        }
    }

    private static func exact(_ span: Nanoseconds) -> String {
        span.count % 1_000_000_000 == 0
            ? "\(span.count / 1_000_000_000)s" : "\(span.count / 1_000_000)ms"
    }

    /// A double-quoted YAML scalar; JSON's quoting is YAML's.
    private static func quoted(_ text: String) -> String {
        let data = try? JSONEncoder().encode([text])
        let array = data.map { String(decoding: $0, as: UTF8.self) } ?? "[\"\"]"
        return String(array.dropFirst().dropLast()).replacingOccurrences(of: "\\/", with: "/")
    }
}
