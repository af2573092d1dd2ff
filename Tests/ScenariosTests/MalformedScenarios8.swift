/// Malformed scenario files with the exact text that people read, part 8: faults.
extension MalformedScenarioTests {
    static let cases8: [Malformed] = [
        Malformed(
            "faults of the intake",
            text: """
                version: 1
                target:
                  intake:
                    faults:
                      - { id: cpu, at: 20s }
                      - { id: cpu, at: 20, cost: 5ms }
                      - { id: crash, down: 1s }
                      - { id: crsh, at: 5s }
                      - { id: crash, at: 5s, afterCount: 3 }
                      - { id: lock, at: 5s, hold: 2ms }
                      - { id: odd, at: 5s, share: 2, kindd: cut }
                      - { id: limiter, at: 5s, rate: 5/s, status: 302 }
                      - { id: pause, at: 5s, freeze: 20s }
                scenarios:
                  one: { executor: constant-arrival-rate, rate: 5/s, duration: 1m, flow: [ { get: / } ] }

                """,
            rendered: """
                viral.yaml:5:9: cpu: one of these is missing: cost, threads
                    5 |       - { id: cpu, at: 20s }
                      |         ^
                viral.yaml:6:24: at: 20 has no unit; write 20s or 20ms
                    6 |       - { id: cpu, at: 20, cost: 5ms }
                      |                        ^
                viral.yaml:7:9: faults[2]: one of these is missing: at, afterCount, afterBytes, atRate
                    7 |       - { id: crash, down: 1s }
                      |         ^
                viral.yaml:8:15: id: 'crsh' is not known; did you mean 'crash'?
                    8 |       - { id: crsh, at: 5s }
                      |               ^
                viral.yaml:9:30: 'afterCount' cannot stand beside 'at'
                    9 |       - { id: crash, at: 5s, afterCount: 3 }
                      |                              ^
                viral.yaml:10:9: faults[5]: 'section' is missing; lock needs it
                   10 |       - { id: lock, at: 5s, hold: 2ms }
                      |         ^
                viral.yaml:10:29: 'hold' does not belong to lock
                   10 |       - { id: lock, at: 5s, hold: 2ms }
                      |                             ^
                viral.yaml:11:35: share: 2 is too large; it may be at most 1
                   11 |       - { id: odd, at: 5s, share: 2, kindd: cut }
                      |                                   ^
                viral.yaml:11:38: unknown key 'kindd'; did you mean 'kind'?
                   11 |       - { id: odd, at: 5s, share: 2, kindd: cut }
                      |                                      ^
                viral.yaml:12:51: status: limiter answers with 400 to 599
                   12 |       - { id: limiter, at: 5s, rate: 5/s, status: 302 }
                      |                                                   ^
                viral.yaml:13:38: pause: freeze is above 0, below period and at most 60s
                   13 |       - { id: pause, at: 5s, freeze: 20s }
                      |                                      ^
                11 mistakes in viral.yaml
                """)
    ]
}
