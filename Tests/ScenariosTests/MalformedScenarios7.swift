/// Malformed scenario files with the exact text that people read, part 7: journeys.
extension MalformedScenarioTests {
    static let cases7: [Malformed] = [
        Malformed(
            "journeys that never end or go nowhere",
            text: """
                version: 1
                target: http://127.0.0.1:8080
                scenarios:
                  one:
                    executor: constant-vus
                    vus: 1
                    duration: 10s
                    flow:
                      - get: /
                      - loop: [ { get: / } ]
                      - loop: [ { get: / } ]
                        until: status == 202
                      - loop: [ { get: / } ]
                        max: 3
                      - loop: [ { get: / } ]
                        count: 2
                        max: 3
                        while: failed
                        until: failed
                      - pick: [ { flow: [ { get: / } ] } ]
                      - pick: [ { weight: 0, flow: [ { get: / } ] }, { weigth: 2 } ]
                      - parallel: []
                      - until: failed
                        get: /

                """,
            rendered: """
                viral.yaml:10:9: 'loop' needs 'count' or 'max' beside it
                   10 |       - loop: [ { get: / } ]
                      |         ^
                viral.yaml:11:9: 'loop' needs 'count' or 'max' beside it
                   11 |       - loop: [ { get: / } ]
                      |         ^
                viral.yaml:13:9: max: is for loops with 'while' or 'until'; write count: to repeat so many times
                   13 |       - loop: [ { get: / } ]
                      |         ^
                viral.yaml:17:9: 'max' cannot stand beside 'count'
                   17 |         max: 3
                      |         ^
                viral.yaml:19:9: 'until' cannot stand beside 'while'
                   19 |         until: failed
                      |         ^
                viral.yaml:20:15: pick needs at least 2 items
                   20 |       - pick: [ { flow: [ { get: / } ] } ]
                      |               ^
                viral.yaml:21:27: weight: 0 is too small; it must be above 0
                   21 |       - pick: [ { weight: 0, flow: [ { get: / } ] }, { weigth: 2 } ]
                      |                           ^
                viral.yaml:21:56: unknown key 'weigth'; did you mean 'weight'?
                   21 |       - pick: [ { weight: 0, flow: [ { get: / } ] }, { weigth: 2 } ]
                      |                                                        ^
                viral.yaml:22:19: parallel is empty
                   22 |       - parallel: []
                      |                   ^
                viral.yaml:23:9: 'until' needs 'loop' beside it
                   23 |       - until: failed
                      |         ^
                10 mistakes in viral.yaml
                """),
        Malformed(
            "conditions that mean nothing",
            text: """
                version: 1
                target: http://127.0.0.1:8080
                scenarios:
                  one:
                    executor: constant-vus
                    vus: 1
                    duration: 10s
                    flow:
                      - get: { url: /, when: failed, capture: [ { json: $.id, as: id, default: x, optional: true } ] }
                      - when: "status = 202"
                        get: /
                      - { when: id == , get: / }
                      - when: stat == 200 and id
                        optional: perhaps
                        get: /
                      - ifTrue: id
                        get: /
                      - think: 1s
                        optional: true
                    onFailure: []

                """,
            rendered: """
                viral.yaml:9:24: unknown key 'when'; it stands beside the method, not below it
                    9 |       - get: { url: /, when: failed, capture: [ { json: $.id, as: id, default: x, optional: true } ] }
                      |                        ^
                viral.yaml:9:83: 'optional' cannot stand beside 'default'
                    9 |       - get: { url: /, when: failed, capture: [ { json: $.id, as: id, default: x, optional: true } ] }
                      |                                                                                   ^
                viral.yaml:10:23: '=' means nothing here; write ==
                   10 |       - when: "status = 202"
                      |                       ^
                viral.yaml:12:22: a value is missing here; write for example status == 202
                   12 |       - { when: id == , get: / }
                      |                      ^
                viral.yaml:13:15: unknown word 'stat'; did you mean 'status'?
                   13 |       - when: stat == 200 and id
                      |               ^
                viral.yaml:14:19: optional: 'perhaps' is neither true nor false
                   14 |         optional: perhaps
                      |                   ^
                viral.yaml:16:9: unknown key 'ifTrue'; write when: CONDITION beside the step
                   16 |       - ifTrue: id
                      |         ^
                viral.yaml:19:9: 'optional' cannot stand beside 'think'
                   19 |         optional: true
                      |         ^
                viral.yaml:20:16: onFailure is empty
                   20 |     onFailure: []
                      |                ^
                9 mistakes in viral.yaml
                """),
    ]
}
