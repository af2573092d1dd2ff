/// Malformed scenario files with the exact text that people read, part 1.
extension MalformedScenarioTests {
    static let cases1: [Malformed] = [
        Malformed(
            "nothing",
            text: """

                """,
            rendered: """
                viral.yaml:1:1: the file is empty; 'spate new' writes a scenario to start from
                    1 | 
                      | ^
                1 mistake in viral.yaml
                """),
        Malformed(
            "only a comment",
            text: """
                # nothing here


                """,
            rendered: """
                viral.yaml:1:1: the file is empty; 'spate new' writes a scenario to start from
                    1 | # nothing here
                      | ^
                1 mistake in viral.yaml
                """),
        Malformed(
            "a list at the root",
            text: """
                - version: 1
                - target: x

                """,
            rendered: """
                viral.yaml:1:1: a scenario is a mapping: 'version: 1' and further keys
                    1 | - version: 1
                      | ^
                1 mistake in viral.yaml
                """),
        Malformed(
            "a word at the root",
            text: """
                hello

                """,
            rendered: """
                viral.yaml:1:1: a scenario is a mapping: 'version: 1' and further keys
                    1 | hello
                      | ^
                1 mistake in viral.yaml
                """),
        Malformed(
            "a tab for indentation",
            text: """
                version: 1
                target: http://127.0.0.1:8080
                scenarios:
                \tone: {}

                """,
            rendered: """
                viral.yaml:4:1: a tab cannot indent; use spaces
                    4 | \tone: {}
                      | ^
                1 mistake in viral.yaml
                """),
        Malformed(
            "an open quote",
            text: """
                version: 1
                target: http://127.0.0.1:8080
                name: "never closed
                scenarios:
                  one:
                    executor: constant-arrival-rate
                    rate: 5/s
                    duration: 1m
                    flow:
                      - get: /

                """,
            rendered: """
                viral.yaml:3:7: this quote is never closed
                    3 | name: "never closed
                      |       ^
                1 mistake in viral.yaml
                """),
        Malformed(
            "a brace that never closes",
            text: """
                version: 1
                target: http://127.0.0.1:8080
                http: { timeout: 5s
                scenarios:
                  one:
                    executor: constant-arrival-rate
                    rate: 5/s
                    duration: 1m
                    flow:
                      - get: /

                """,
            rendered: """
                viral.yaml:3:7: this '{' is never closed, or a ',' is missing after it
                    3 | http: { timeout: 5s
                      |       ^
                1 mistake in viral.yaml
                """),
        Malformed(
            "wrong indentation",
            text: """
                version: 1
                target: http://127.0.0.1:8080
                scenarios:
                  one:
                    executor: constant-vus
                   vus: 3

                """,
            rendered: """
                viral.yaml:6:4: this does not belong to the mapping that begins in line 4; mend the indentation
                    6 |    vus: 3
                      |    ^
                1 mistake in viral.yaml
                """),
        Malformed(
            "a colon in a text",
            text: """
                version: 1
                target: http://127.0.0.1:8080
                name: flood: the story
                scenarios:
                  one:
                    executor: constant-arrival-rate
                    rate: 5/s
                    duration: 1m
                    flow:
                      - get: /

                """,
            rendered: """
                viral.yaml:3:12: a ':' cannot stand here; put the text in quotes, or mend the indentation
                    3 | name: flood: the story
                      |            ^
                1 mistake in viral.yaml
                """),
        Malformed(
            "two documents",
            text: """
                version: 1
                target: http://127.0.0.1:8080
                scenarios:
                  one:
                    executor: constant-arrival-rate
                    rate: 5/s
                    duration: 1m
                    flow:
                      - get: /
                ---
                version: 1

                """,
            rendered: """
                viral.yaml:10:1: a second document begins here; a scenario is one document
                   10 | ---
                      | ^
                1 mistake in viral.yaml
                """),
        Malformed(
            "an alias without anchor",
            text: """
                version: 1
                target: http://127.0.0.1:8080
                http: *defaults
                scenarios:
                  one:
                    executor: constant-arrival-rate
                    rate: 5/s
                    duration: 1m
                    flow:
                      - get: /

                """,
            rendered: """
                viral.yaml:3:7: no anchor (&name) before this alias has its name
                    3 | http: *defaults
                      |       ^
                1 mistake in viral.yaml
                """),
        Malformed(
            "a NUL",
            text: """
                version: 1
                target: http://127.0.0.1:8080
                name: a\u{0}b
                scenarios:
                  one:
                    executor: constant-arrival-rate
                    rate: 5/s
                    duration: 1m
                    flow:
                      - get: /

                """,
            rendered: """
                viral.yaml:3:8: the control character U+0000 is not allowed in a scenario
                    3 | name: a�b
                      |        ^
                1 mistake in viral.yaml
                """),
        Malformed(
            "a bare duration and a misspelt key",
            text: """
                version: 1
                target: http://127.0.0.1:8080
                scenarios:
                  one:
                    executor: ramping-arrival-rate
                    duration: 60
                    stagse:
                      - { duration: 60, target: 5/s }
                    flow:
                      - get: /

                """,
            rendered: """
                viral.yaml:6:5: 'duration' does not belong to ramping-arrival-rate
                    6 |     duration: 60
                      |     ^
                viral.yaml:6:15: duration: 60 has no unit; write 60s or 60ms
                    6 |     duration: 60
                      |               ^
                viral.yaml:7:5: unknown key 'stagse'; did you mean 'stages'?
                    7 |     stagse:
                      |     ^
                3 mistakes in viral.yaml
                """),
        Malformed(
            "everything missing",
            text: """
                name: nothing

                """,
            rendered: """
                viral.yaml:1:1: the scenario: 'version' is missing
                    1 | name: nothing
                      | ^
                viral.yaml:1:1: the scenario: 'target' is missing
                    1 | name: nothing
                      | ^
                viral.yaml:1:1: the scenario: 'scenarios' is missing
                    1 | name: nothing
                      | ^
                3 mistakes in viral.yaml
                """),
        Malformed(
            "another version",
            text: """
                version: 2
                target: http://127.0.0.1:8080
                scenarios:
                  one:
                    executor: constant-arrival-rate
                    rate: 5/s
                    duration: 1m
                    flow:
                      - get: /

                """,
            rendered: """
                viral.yaml:1:10: version: 2 is not known; this program reads version 1
                    1 | version: 2
                      |          ^
                1 mistake in viral.yaml
                """),
        Malformed(
            "a duplicate key",
            text: """
                version: 1
                target: http://127.0.0.1:8080
                seed: 1
                name: a
                seed: 2
                scenarios:
                  one:
                    executor: constant-arrival-rate
                    rate: 5/s
                    duration: 1m
                    flow:
                      - get: /
                    duration: 2m

                """,
            rendered: """
                viral.yaml:5:1: 'seed' is given twice
                    5 | seed: 2
                      | ^
                viral.yaml:13:5: 'duration' is given twice
                   13 |     duration: 2m
                      |     ^
                2 mistakes in viral.yaml
                """),
        Malformed(
            "reserved words",
            text: """
                version: 1
                target: http://127.0.0.1:8080
                compare: {}
                scenarios:
                  one:
                    executor: replay
                    clients: { cookies: none }
                    rate: 5/s
                    duration: 1m
                    flow:
                      - get: { url: /, auth: basic }
                      - log: sent

                """,
            rendered: """
                viral.yaml:3:1: 'compare' is reserved: it comes in a later version
                    3 | compare: {}
                      | ^
                viral.yaml:6:15: executor: 'replay' is reserved: it comes in a later version
                    6 |     executor: replay
                      |               ^
                viral.yaml:7:16: 'cookies' is reserved: it comes in a later version
                    7 |     clients: { cookies: none }
                      |                ^
                viral.yaml:11:24: 'auth' is reserved: it comes in a later version
                   11 |       - get: { url: /, auth: basic }
                      |                        ^
                viral.yaml:12:9: 'log' is reserved: it comes in a later version
                   12 |       - log: sent
                      |         ^
                5 mistakes in viral.yaml
                """),
    ]
}
