/// Malformed scenario files with the exact text that people read, part 5: how crowds arrive.
extension MalformedScenarioTests {
    static let cases5: [Malformed] = [
        Malformed(
            "a cascade without its numbers",
            text: """
                version: 1
                target: http://127.0.0.1:8080
                scenarios:
                  one:
                    executor: viral
                    share: 0.1
                    flow: [ { get: / } ]
                  two:
                    executor: viral
                    seen: 1000
                    audience: 2000
                    share: 1.5
                    doubling: 0s
                    halfLife: 2h
                    rate: 5/s
                    flow: [ { get: / } ]

                """,
            rendered: """
                viral.yaml:4:3: one: 'halfLife' is missing; viral needs it
                    4 |   one:
                      |   ^
                viral.yaml:4:3: one: 'doubling' is missing; viral needs it, or 'reproduction'
                    4 |   one:
                      |   ^
                viral.yaml:11:5: 'audience' cannot stand beside 'seen'
                   11 |     audience: 2000
                      |     ^
                viral.yaml:12:12: share: 1.5 is too large; it may be at most 1
                   12 |     share: 1.5
                      |            ^
                viral.yaml:13:15: doubling: 0s is no time at all
                   13 |     doubling: 0s
                      |               ^
                viral.yaml:15:5: 'rate' does not belong to viral
                   15 |     rate: 5/s
                      |     ^
                6 mistakes in viral.yaml
                """),
        Malformed(
            "cascades that cannot be",
            text: """
                version: 1
                target: http://127.0.0.1:8080
                scenarios:
                  lost:
                    executor: viral
                    seen: 1000000
                    share: 0.1
                    reproduction: 1.5
                    seeds: 3
                    halfLife: 10m
                    flow: [ { get: / } ]
                  seeded: { executor: viral, audience: 100, seeds: 101, share: 0.1, doubling: 1h, halfLife: 2h, flow: [ { get: / } ] }
                  endless:
                    executor: viral
                    audience: 1000000000
                    seeds: 1
                    share: 0.1
                    delay: 1s
                    reproduction: 1.0001
                    halfLife: 100000d
                    flow: [ { get: / } ]

                """,
            rendered: """
                viral.yaml:6:11: seen: people lose interest before so many have seen it; write a longer halfLife, a shorter doubling or more seeds
                    6 |     seen: 1000000
                      |           ^
                viral.yaml:12:52: seeds: more people than the 100 it can reach
                   12 |   seeded: { executor: viral, audience: 100, seeds: 101, share: 0.1, doubling: 1h, halfLife: 2h, flow: [ { get: / } ] }
                      |                                                    ^
                viral.yaml:13:3: endless: from delay to fading is too long a way to compute; lengthen delay or shorten halfLife or duration
                   13 |   endless:
                      |   ^
                3 mistakes in viral.yaml
                """),
        Malformed(
            "a crowd that never ends",
            text: """
                version: 1
                target: http://127.0.0.1:8080
                scenarios:
                  one: { executor: hawkes, rate: 2/s, branching: 1, decay: 5s, duration: 1m, flow: [ { get: / } ] }
                  two: { executor: hawkes, rate: 2/s, branching: -0.1, decay: 0s, duration: 1m, flow: [ { get: / } ] }
                  three: { executor: hawkes, rate: 2/s, arrivals: poisson, decay: 5s, duration: 1m, flow: [ { get: / } ] }
                  four: { executor: diurnal, rate: 2/s, period: 1s, trough: 2, duration: 1d, flow: [ { get: / } ] }

                """,
            rendered: """
                viral.yaml:4:50: branching: 1 is too large; at 1 every arrival brings another and the crowd never ends, so write at most 0.99
                    4 |   one: { executor: hawkes, rate: 2/s, branching: 1, decay: 5s, duration: 1m, flow: [ { get: / } ] }
                      |                                                  ^
                viral.yaml:5:50: branching: -0.1 is too small; it must be at least 0
                    5 |   two: { executor: hawkes, rate: 2/s, branching: -0.1, decay: 0s, duration: 1m, flow: [ { get: / } ] }
                      |                                                  ^
                viral.yaml:6:3: three: 'branching' is missing; hawkes needs it
                    6 |   three: { executor: hawkes, rate: 2/s, arrivals: poisson, decay: 5s, duration: 1m, flow: [ { get: / } ] }
                      |   ^
                viral.yaml:6:41: 'arrivals' does not belong to hawkes
                    6 |   three: { executor: hawkes, rate: 2/s, arrivals: poisson, decay: 5s, duration: 1m, flow: [ { get: / } ] }
                      |                                         ^
                viral.yaml:7:49: period: the duration holds more than 1,000 of them; write a longer one
                    7 |   four: { executor: diurnal, rate: 2/s, period: 1s, trough: 2, duration: 1d, flow: [ { get: / } ] }
                      |                                                 ^
                viral.yaml:7:61: trough: 2 is too large; it may be at most 1
                    7 |   four: { executor: diurnal, rate: 2/s, period: 1s, trough: 2, duration: 1d, flow: [ { get: / } ] }
                      |                                                             ^
                6 mistakes in viral.yaml
                """),
        Malformed(
            "a trace cut to nothing",
            text: """
                version: 1
                target: http://127.0.0.1:8080
                timeScale: { fit: 1m }
                scenarios:
                  one: { executor: trace, file: a.log, from: 10m, to: 10m, flow: [ { get: / } ] }
                  two: { executor: trace, file: a.log, speed: 0, amplify: many, flow: [ { get: / } ] }
                  three: { executor: trace, flow: [ { get: / } ] }
                  four: { executor: trace, file: a.log, flow: [ { get: / } ] }

                """,
            rendered: """
                viral.yaml:3:19: fit: how long a trace lasts is only known from its file; give the trace 'to', or write a factor
                    3 | timeScale: { fit: 1m }
                      |                   ^
                viral.yaml:5:55: to: 10m is not after 'from', 10m
                    5 |   one: { executor: trace, file: a.log, from: 10m, to: 10m, flow: [ { get: / } ] }
                      |                                                       ^
                viral.yaml:6:47: speed: 0 is too small; it must be above 0
                    6 |   two: { executor: trace, file: a.log, speed: 0, amplify: many, flow: [ { get: / } ] }
                      |                                               ^
                viral.yaml:6:59: amplify: 'many' is not a number
                    6 |   two: { executor: trace, file: a.log, speed: 0, amplify: many, flow: [ { get: / } ] }
                      |                                                           ^
                viral.yaml:7:3: three: 'file' is missing; trace needs it
                    7 |   three: { executor: trace, flow: [ { get: / } ] }
                      |   ^
                5 mistakes in viral.yaml
                """),
    ]
}
