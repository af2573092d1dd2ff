/// Malformed scenario files with the exact text that people read, part 4.
extension MalformedScenarioTests {
    static let cases4: [Malformed] = [
        Malformed(
            "a value where a list belongs",
            text: """
                version: 1
                target: http://127.0.0.1:8080
                outputs: html
                scenarios: [one]

                """,
            rendered: """
                viral.yaml:3:10: outputs must be a list, not a single value
                    3 | outputs: html
                      |          ^
                viral.yaml:4:12: scenarios must be a mapping, not a list
                    4 | scenarios: [one]
                      |            ^
                2 mistakes in viral.yaml
                """),
        Malformed(
            "captures",
            text: """
                version: 1
                target: http://127.0.0.1:8080
                scenarios:
                  one:
                    executor: constant-arrival-rate
                    rate: 5/s
                    duration: 1m
                    flow:
                      - get: { url: /, capture: [ { json: id, as: id }, { regex: 'id=', as: x }, { header: A, json: $.b, as: y }, { regex: '(', as: 1a } ] }

                """,
            rendered: """
                viral.yaml:9:43: json: 'id' is no path; write for example $.id or $.items[0].name
                    9 |       - get: { url: /, capture: [ { json: id, as: id }, { regex: 'id=', as: x }, { header: A, json: $.b, as: y }, { regex: '(', as: 1a } ] }
                      |                                           ^
                viral.yaml:9:66: regex: 'id=' has no group ( ) to capture
                    9 |       - get: { url: /, capture: [ { json: id, as: id }, { regex: 'id=', as: x }, { header: A, json: $.b, as: y }, { regex: '(', as: 1a } ] }
                      |                                                                  ^
                viral.yaml:9:95: 'json' cannot stand beside 'header'
                    9 |       - get: { url: /, capture: [ { json: id, as: id }, { regex: 'id=', as: x }, { header: A, json: $.b, as: y }, { regex: '(', as: 1a } ] }
                      |                                                                                               ^
                viral.yaml:9:124: regex: '(' is no regular expression
                    9 |       - get: { url: /, capture: [ { json: id, as: id }, { regex: 'id=', as: x }, { header: A, json: $.b, as: y }, { regex: '(', as: 1a } ] }
                      |                                                                                                                            ^
                viral.yaml:9:133: as: '1a' is no name; use letters, digits and '_', and begin with a letter
                    9 |       - get: { url: /, capture: [ { json: id, as: id }, { regex: 'id=', as: x }, { header: A, json: $.b, as: y }, { regex: '(', as: 1a } ] }
                      |                                                                                                                                     ^
                5 mistakes in viral.yaml
                """),
        Malformed(
            "connect longer than the whole",
            text: """
                version: 1
                target: http://127.0.0.1:8080
                http: { timeout: 1s, connectTimeout: 2s }
                scenarios:
                  one:
                    executor: constant-arrival-rate
                    rate: 5/s
                    duration: 1m
                    flow:
                      - get: /

                """,
            rendered: """
                viral.yaml:3:38: connectTimeout: longer than the whole attempt's timeout of 1 s
                    3 | http: { timeout: 1s, connectTimeout: 2s }
                      |                                      ^
                1 mistake in viral.yaml
                """),
        Malformed(
            "a tag and a merge of a text",
            text: """
                version: 1
                target: http://127.0.0.1:8080
                name: !shout loud
                http: { <<: text }
                scenarios:
                  one:
                    executor: constant-arrival-rate
                    rate: 5/s
                    duration: 1m
                    flow:
                      - get: /

                """,
            rendered: """
                viral.yaml:3:7: the tag '!shout' has no meaning here; remove it
                    3 | name: !shout loud
                      |       ^
                viral.yaml:4:13: '<<' merges mappings only
                    4 | http: { <<: text }
                      |             ^
                2 mistakes in viral.yaml
                """),
    ]
}
