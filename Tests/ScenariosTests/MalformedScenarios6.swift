/// Malformed scenario files with the exact text that people read, part 6: what they send.
extension MalformedScenarioTests {
    static let cases6: [Malformed] = [
        Malformed(
            "spreads that are none",
            text: """
                version: 1
                target: http://127.0.0.1:8080
                scenarios:
                  one:
                    executor: per-vu-iterations
                    vus: 1
                    iterations: 1
                    flow:
                      - think: { exponential: { mean: 0s } }
                      - think: { normal: { mean: 1s, sd: 0s } }
                      - think: { pareto: { min: 1s, shape: 0.9 } }
                      - think: { pareto: { min: 1s, p99: 100s } }
                      - think: { pareto: { min: 1s, p99: 1s } }
                      - think: { pareto: { min: 1s, alpha: 2 } }
                      - think: { exponential: { mean: -1s } }
                      - think: { choices: [ 1s, 2 ] }
                      - think: { empirical: "{{ a }}" }
                      - post: { url: /, generate: mp4, size: { pareto: { min: 0, shape: 2 } } }
                      - post: { url: /, generate: mp4, size: { normal: { mean: 1, sd: .inf } } }

                """,
            rendered: """
                viral.yaml:9:39: exponential: the mean must be above 0
                    9 |       - think: { exponential: { mean: 0s } }
                      |                                       ^
                viral.yaml:10:42: normal: the standard deviation must be above 0
                   10 |       - think: { normal: { mean: 1s, sd: 0s } }
                      |                                          ^
                viral.yaml:11:44: pareto: a shape of 1 or less has no finite mean; write another, or a max
                   11 |       - think: { pareto: { min: 1s, shape: 0.9 } }
                      |                                            ^
                viral.yaml:12:42: pareto: a p99 of 100 times min or more has no finite mean; write another, or a max
                   12 |       - think: { pareto: { min: 1s, p99: 100s } }
                      |                                          ^
                viral.yaml:13:42: pareto: p99 is not above min
                   13 |       - think: { pareto: { min: 1s, p99: 1s } }
                      |                                          ^
                viral.yaml:14:37: unknown key 'alpha'; write shape
                   14 |       - think: { pareto: { min: 1s, alpha: 2 } }
                      |                                     ^
                viral.yaml:15:39: mean: '-1s' is not a duration; write for example 30s, 200ms or 1h30m
                   15 |       - think: { exponential: { mean: -1s } }
                      |                                       ^
                viral.yaml:16:33: choices[1]: 2 has no unit; write 2s or 2ms
                   16 |       - think: { choices: [ 1s, 2 ] }
                      |                                 ^
                viral.yaml:17:29: empirical: a path is needed, without templates
                   17 |       - think: { empirical: "{{ a }}" }
                      |                             ^
                viral.yaml:18:63: pareto: min must be above 0
                   18 |       - post: { url: /, generate: mp4, size: { pareto: { min: 0, shape: 2 } } }
                      |                                                               ^
                viral.yaml:19:71: sd: '.inf' is not a size; write for example 512B, 25MB or 8MiB
                   19 |       - post: { url: /, generate: mp4, size: { normal: { mean: 1, sd: .inf } } }
                      |                                                                       ^
                11 mistakes in viral.yaml
                """),
        Malformed(
            "parts that cannot be",
            text: """
                version: 1
                target: http://127.0.0.1:8080
                scenarios:
                  one:
                    executor: per-vu-iterations
                    vus: 1
                    iterations: 1
                    flow:
                      - post: { url: /, generate: mov, size: 1MB, clips: { exponent: 1 } }
                      - post: { url: /, file: [a, b], clips: { count: 3 } }
                      - post: { url: /, text: hello, fault: truncated }
                      - post: { url: /, fault: empty }
                      - post: { url: /, file: a, fault: empty, sends: 3kB }
                      - post: { url: /, clips: { count: 2 }, mix: [ { file: a, clips: {} } ] }
                      - post: { url: /, file: a, fault: oversized }
                      - post: { url: /, multipart: { m: { mix: [ { wieght: 2, file: a } ] } } }

                """,
            rendered: """
                viral.yaml:9:58: clips: 'count' is missing; only a list of files has a number of its own
                    9 |       - post: { url: /, generate: mov, size: 1MB, clips: { exponent: 1 } }
                      |                                                          ^
                viral.yaml:10:55: count: there are 2 files only
                   10 |       - post: { url: /, file: [a, b], clips: { count: 3 } }
                      |                                                       ^
                viral.yaml:11:38: 'fault' needs a file or generated content beside it
                   11 |       - post: { url: /, text: hello, fault: truncated }
                      |                                      ^
                viral.yaml:12:25: 'fault' needs a file or generated content beside it
                   12 |       - post: { url: /, fault: empty }
                      |                         ^
                viral.yaml:13:48: 'sends' belongs to fault: truncated
                   13 |       - post: { url: /, file: a, fault: empty, sends: 3kB }
                      |                                                ^
                viral.yaml:14:71: clips: the whole mix has clips already; write them here or there
                   14 |       - post: { url: /, clips: { count: 2 }, mix: [ { file: a, clips: {} } ] }
                      |                                                                       ^
                viral.yaml:15:41: fault: 'oversized' is not known; write one of: truncated, empty, mislabelled
                   15 |       - post: { url: /, file: a, fault: oversized }
                      |                                         ^
                viral.yaml:16:52: unknown key 'wieght'; did you mean 'weight'?
                   16 |       - post: { url: /, multipart: { m: { mix: [ { wieght: 2, file: a } ] } } }
                      |                                                    ^
                8 mistakes in viral.yaml
                """),
    ]
}
