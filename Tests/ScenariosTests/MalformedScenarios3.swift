/// Malformed scenario files with the exact text that people read, part 3.
extension MalformedScenarioTests {
    static let cases3: [Malformed] = [
        Malformed(
            "stages",
            text: """
                version: 1
                target: http://127.0.0.1:8080
                scenarios:
                  one:
                    executor: ramping-arrival-rate
                    stages:
                      - { name: up, duration: 1m, target: 50/s, shape: exponential }
                      - { name: up, duration: 1m, target: 50/s, shape: curved }
                      - { duration: 1m }
                    flow:
                      - get: /

                """,
            rendered: """
                viral.yaml:7:56: shape: exponential cannot begin or end at 0; use linear or smooth
                    7 |       - { name: up, duration: 1m, target: 50/s, shape: exponential }
                      |                                                        ^
                viral.yaml:8:17: name: another stage is called 'up' already
                    8 |       - { name: up, duration: 1m, target: 50/s, shape: curved }
                      |                 ^
                viral.yaml:8:56: shape: 'curved' is not known; write one of: linear, step, exponential, smooth
                    8 |       - { name: up, duration: 1m, target: 50/s, shape: curved }
                      |                                                        ^
                viral.yaml:9:9: stages[2]: 'target' is missing
                    9 |       - { duration: 1m }
                      |         ^
                4 mistakes in viral.yaml
                """),
        Malformed(
            "no values",
            text: """
                version: 1
                target: 
                http:
                seed: ~
                scenarios:
                  one:
                    executor: constant-arrival-rate
                    rate: 5/s
                    duration: 1m
                    flow:
                      - get: /

                """,
            rendered: """
                viral.yaml:2:1: target has no value
                    2 | target: 
                      | ^
                viral.yaml:3:1: http has no value
                    3 | http:
                      | ^
                viral.yaml:4:1: seed has no value
                    4 | seed: ~
                      | ^
                3 mistakes in viral.yaml
                """),
        Malformed(
            "addresses",
            text: """
                version: 1
                target: ftp://host
                scenarios:
                  one:
                    executor: constant-arrival-rate
                    rate: 5/s
                    duration: 1m
                    flow:
                      - get: /
                      - get: tips
                      - get: { url: /a b }

                """,
            rendered: """
                viral.yaml:2:9: target: 'ftp://host' must begin with http:// or https://
                    2 | target: ftp://host
                      |         ^
                viral.yaml:10:14: url: 'tips' must begin with /, http:// or https://
                   10 |       - get: tips
                      |              ^
                viral.yaml:11:21: url: '/a b' holds a space; write %20
                   11 |       - get: { url: /a b }
                      |                     ^
                3 mistakes in viral.yaml
                """),
        Malformed(
            "the timeline",
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
                timeline:
                  - { at: 2m, label: too late }
                  - { at: 10s, kind: trouble }
                  - { label: no time }

                """,
            rendered: """
                viral.yaml:11:11: at: 2m is after the run's end at 60 s
                   11 |   - { at: 2m, label: too late }
                      |           ^
                viral.yaml:12:5: timeline[1]: 'label' is missing
                   12 |   - { at: 10s, kind: trouble }
                      |     ^
                viral.yaml:12:22: kind: 'trouble' is not known; write one of: trigger, symptom, mitigation, recovery, info
                   12 |   - { at: 10s, kind: trouble }
                      |                      ^
                viral.yaml:13:5: timeline[2]: 'at' is missing
                   13 |   - { label: no time }
                      |     ^
                4 mistakes in viral.yaml
                """),
        Malformed(
            "a safety list and an output",
            text: """
                version: 1
                target: http://127.0.0.1:8080
                safety: { allowHosts: [example.org] }
                outputs: [html, prometheus, json=, xml]
                scenarios:
                  one:
                    executor: constant-arrival-rate
                    rate: 5/s
                    duration: 1m
                    flow:
                      - get: /

                """,
            rendered: """
                viral.yaml:3:11: unknown key 'allowHosts'; hosts are allowed with --allow-host HOST, not in the file
                    3 | safety: { allowHosts: [example.org] }
                      |           ^
                viral.yaml:4:17: outputs[1]: 'prometheus' is not known; write one of: json, html, markdown, junit, attempts, github, k6-summary, openmetrics, benchmark-action, k6-json, ndjson, csv, hlog, hdrplot
                    4 | outputs: [html, prometheus, json=, xml]
                      |                 ^
                viral.yaml:4:29: outputs[2]: 'json=' has no destination after =
                    4 | outputs: [html, prometheus, json=, xml]
                      |                             ^
                viral.yaml:4:36: outputs[3]: 'xml' is not known; did you mean 'html'?
                    4 | outputs: [html, prometheus, json=, xml]
                      |                                    ^
                4 mistakes in viral.yaml
                """),
        Malformed(
            "the intake's settings",
            text: """
                version: 1
                target:
                  intake: { worker: 4, queue: -1, serviceTime: 20, queueOrder: random, faults: 33, review: { analyst: 3 }, timeScale: 5 }
                scenarios:
                  one:
                    executor: constant-arrival-rate
                    rate: 5/s
                    duration: 1m
                    flow:
                      - get: /

                """,
            rendered: """
                viral.yaml:3:13: unknown key 'worker'; did you mean 'workers'?
                    3 |   intake: { worker: 4, queue: -1, serviceTime: 20, queueOrder: random, faults: 33, review: { analyst: 3 }, timeScale: 5 }
                      |             ^
                viral.yaml:3:31: queue: -1 is too small; it must be at least 0
                    3 |   intake: { worker: 4, queue: -1, serviceTime: 20, queueOrder: random, faults: 33, review: { analyst: 3 }, timeScale: 5 }
                      |                               ^
                viral.yaml:3:48: serviceTime: 20 has no unit; write 20s or 20ms
                    3 |   intake: { worker: 4, queue: -1, serviceTime: 20, queueOrder: random, faults: 33, review: { analyst: 3 }, timeScale: 5 }
                      |                                                ^
                viral.yaml:3:64: queueOrder: 'random' is not known; write one of: fifo, lifo
                    3 |   intake: { worker: 4, queue: -1, serviceTime: 20, queueOrder: random, faults: 33, review: { analyst: 3 }, timeScale: 5 }
                      |                                                                ^
                viral.yaml:3:80: faults must be a list, not a single value
                    3 |   intake: { worker: 4, queue: -1, serviceTime: 20, queueOrder: random, faults: 33, review: { analyst: 3 }, timeScale: 5 }
                      |                                                                                ^
                viral.yaml:3:94: unknown key 'analyst'; did you mean 'analysts'?
                    3 |   intake: { worker: 4, queue: -1, serviceTime: 20, queueOrder: random, faults: 33, review: { analyst: 3 }, timeScale: 5 }
                      |                                                                                              ^
                viral.yaml:3:108: unknown key 'timeScale'; the scenario's own timeScale is handed to the intake
                    3 |   intake: { worker: 4, queue: -1, serviceTime: 20, queueOrder: random, faults: 33, review: { analyst: 3 }, timeScale: 5 }
                      |                                                                                                            ^
                7 mistakes in viral.yaml
                """),
        Malformed(
            "retries and statuses",
            text: """
                version: 1
                target: http://127.0.0.1:8080
                http: { success: [200, 6xx, 99] }
                scenarios:
                  one:
                    executor: constant-arrival-rate
                    rate: 5/s
                    duration: 1m
                    retry: { when: [timeuot, 503, 5x], backoff: linear }
                    final: 404
                    flow:
                      - get: /

                """,
            rendered: """
                viral.yaml:3:24: success[1]: '6xx' is no status; write for example 404, 5xx or 500-504
                    3 | http: { success: [200, 6xx, 99] }
                      |                        ^
                viral.yaml:3:29: success[2]: '99' is no status; write for example 404, 5xx or 500-504
                    3 | http: { success: [200, 6xx, 99] }
                      |                             ^
                viral.yaml:9:5: retry: 'max' is missing
                    9 |     retry: { when: [timeuot, 503, 5x], backoff: linear }
                      |     ^
                viral.yaml:9:21: when[0]: 'timeuot' is no reason to retry; did you mean 'timeout'?
                    9 |     retry: { when: [timeuot, 503, 5x], backoff: linear }
                      |                     ^
                viral.yaml:9:35: when[2]: '5x' is no reason to retry; write timeout, refused, reset, connect, aborted, error or a status such as 503
                    9 |     retry: { when: [timeuot, 503, 5x], backoff: linear }
                      |                                   ^
                viral.yaml:9:49: backoff: 'linear' is not known; write one of: constant, exponential, decorrelated
                    9 |     retry: { when: [timeuot, 503, 5x], backoff: linear }
                      |                                                 ^
                viral.yaml:10:12: final must be a list, not a single value
                   10 |     final: 404
                      |            ^
                7 mistakes in viral.yaml
                """),
    ]
}
