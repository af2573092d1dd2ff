/// Malformed scenario files with the exact text that people read, part 2.
extension MalformedScenarioTests {
    static let cases2: [Malformed] = [
        Malformed(
            "YAML's other booleans and numbers",
            text: """
                version: 1
                target: http://127.0.0.1:8080
                seed: 010
                http: { insecure: yes, expect100: on, followRedirects: 1:30, version: 4, timeout: 1:30 }
                scenarios:
                  one:
                    executor: constant-arrival-rate
                    rate: 5/s
                    duration: 1m
                    flow:
                      - get: /

                """,
            rendered: """
                viral.yaml:3:7: seed: 010 begins with a zero; write 10
                    3 | seed: 010
                      |       ^
                viral.yaml:4:19: insecure: 'yes' is neither true nor false
                    4 | http: { insecure: yes, expect100: on, followRedirects: 1:30, version: 4, timeout: 1:30 }
                      |                   ^
                viral.yaml:4:35: expect100: 'on' is neither true nor false
                    4 | http: { insecure: yes, expect100: on, followRedirects: 1:30, version: 4, timeout: 1:30 }
                      |                                   ^
                viral.yaml:4:56: followRedirects: '1:30' is not a number
                    4 | http: { insecure: yes, expect100: on, followRedirects: 1:30, version: 4, timeout: 1:30 }
                      |                                                        ^
                viral.yaml:4:71: version: '4' is not known; write one of: auto, 1.1, 2, 2-prior-knowledge, 3
                    4 | http: { insecure: yes, expect100: on, followRedirects: 1:30, version: 4, timeout: 1:30 }
                      |                                                                       ^
                viral.yaml:4:83: timeout: '1:30' is not a duration; write for example 30s, 200ms or 1h30m
                    4 | http: { insecure: yes, expect100: on, followRedirects: 1:30, version: 4, timeout: 1:30 }
                      |                                                                                   ^
                6 mistakes in viral.yaml
                """),
        Malformed(
            "keys of another executor",
            text: """
                version: 1
                target: http://127.0.0.1:8080
                scenarios:
                  one:
                    executor: constant-vus
                    rate: 5/s
                    duration: 1m
                    stages: [ { duration: 1m, target: 5 } ]
                    flow:
                      - get: /

                """,
            rendered: """
                viral.yaml:4:3: one: 'vus' is missing; constant-vus needs it
                    4 |   one:
                      |   ^
                viral.yaml:6:5: 'rate' does not belong to constant-vus
                    6 |     rate: 5/s
                      |     ^
                viral.yaml:8:5: 'stages' does not belong to constant-vus
                    8 |     stages: [ { duration: 1m, target: 5 } ]
                      |     ^
                3 mistakes in viral.yaml
                """),
        Malformed(
            "two bodies and a body on GET",
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
                      - post: { url: /a, json: {}, text: x }
                      - get: { url: /b, form: { a: b } }
                      - post: { url: /c, generate: mp5, size: 1MB }
                      - post: { url: /d, generate: mp4 }
                      - post: { url: /e, multipart: { v: { file: a.mp4, generate: mp4, size: 3 XB } } }

                """,
            rendered: """
                viral.yaml:10:36: 'text' cannot stand beside 'json'
                   10 |       - post: { url: /a, json: {}, text: x }
                      |                                    ^
                viral.yaml:11:25: GET has no body; use post, put or patch
                   11 |       - get: { url: /b, form: { a: b } }
                      |                         ^
                viral.yaml:12:36: generate: 'mp5' is not known; did you mean 'mp4'?
                   12 |       - post: { url: /c, generate: mp5, size: 1MB }
                      |                                    ^
                viral.yaml:13:26: 'generate' needs 'size' beside it
                   13 |       - post: { url: /d, generate: mp4 }
                      |                          ^
                viral.yaml:14:57: 'generate' cannot stand beside 'file'
                   14 |       - post: { url: /e, multipart: { v: { file: a.mp4, generate: mp4, size: 3 XB } } }
                      |                                                         ^
                viral.yaml:14:78: size: '3 XB' is not a size; write for example 512B, 25MB or 8MiB
                   14 |       - post: { url: /e, multipart: { v: { file: a.mp4, generate: mp4, size: 3 XB } } }
                      |                                                                              ^
                6 mistakes in viral.yaml
                """),
        Malformed(
            "templates",
            text: """
                version: 1
                target: http://127.0.0.1:8080
                vars: { city: Dallas, who: "{{ city }}" }
                data: { names: { inline: [ { first: Ann } ] } }
                scenarios:
                  one:
                    executor: constant-arrival-rate
                    rate: 5/s
                    duration: 1m
                    flow:
                      - get: /
                      - get: "/a/{{ ctiy }}/{{ names.last }}"
                      - get: /b/{{ $uid }}/{{ tips.text }}
                      - post: { url: /c, text: "open {{ city" }
                      - post: { url: /d, json: { a: [ 1, "{{ $randomInt 9 1 }}" ] } }
                      - get: {{ city }}

                """,
            rendered: """
                viral.yaml:3:29: only {{ $env.NAME }} may stand here
                    3 | vars: { city: Dallas, who: "{{ city }}" }
                      |                             ^
                viral.yaml:12:18: unknown variable 'ctiy'; did you mean 'city'?
                   12 |       - get: "/a/{{ ctiy }}/{{ names.last }}"
                      |                  ^
                viral.yaml:12:29: 'names' has no column 'last'; its columns are: first
                   12 |       - get: "/a/{{ ctiy }}/{{ names.last }}"
                      |                             ^
                viral.yaml:13:17: unknown function '$uid'; did you mean '$uuid'?
                   13 |       - get: /b/{{ $uid }}/{{ tips.text }}
                      |                 ^
                viral.yaml:13:28: unknown feeder 'tips'; describe it under 'data'
                   13 |       - get: /b/{{ $uid }}/{{ tips.text }}
                      |                            ^
                viral.yaml:14:38: '{{' is never closed by '}}'
                   14 |       - post: { url: /c, text: "open {{ city" }
                      |                                      ^
                viral.yaml:15:43: $randomInt takes a lowest and a highest whole number
                   15 |       - post: { url: /d, json: { a: [ 1, "{{ $randomInt 9 1 }}" ] } }
                      |                                           ^
                viral.yaml:16:9: get: 'url' is missing
                   16 |       - get: {{ city }}
                      |         ^
                viral.yaml:16:15: a key must be a text; a value that begins with '{{' needs quotes
                   16 |       - get: {{ city }}
                      |               ^
                9 mistakes in viral.yaml
                """),
        Malformed(
            "thresholds",
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
                thresholds:
                  http_req_fialed: [rate<1%]
                  http_req_duration{class:noise}: ["p(95)<500ms"]
                  http_req_failed{phase:peak}: ["rate<150%", "p(95)<1s", "rate<1s", "rate", { threshold: "rate<1%", phase: calm }]
                  http_reqs{klass:genuine}: []

                """,
            rendered: """
                viral.yaml:11:3: unknown metric 'http_req_fialed'; did you mean 'http_req_failed'?
                   11 |   http_req_fialed: [rate<1%]
                      |   ^
                viral.yaml:12:3: unknown class 'noise'; there are: genuine
                   12 |   http_req_duration{class:noise}: ["p(95)<500ms"]
                      |   ^
                viral.yaml:13:3: unknown phase 'peak'; there is none
                   13 |   http_req_failed{phase:peak}: ["rate<150%", "p(95)<1s", "rate<1s", "rate", { threshold: "rate<1%", phase: calm }]
                      |   ^
                viral.yaml:13:33: threshold: a share is at most 100% or 1; 'rate<150%' cannot be meant
                   13 |   http_req_failed{phase:peak}: ["rate<150%", "p(95)<1s", "rate<1s", "rate", { threshold: "rate<1%", phase: calm }]
                      |                                 ^
                viral.yaml:13:46: threshold: 'p(95)<1s' does not fit http_req_failed, which has: rate
                   13 |   http_req_failed{phase:peak}: ["rate<150%", "p(95)<1s", "rate<1s", "rate", { threshold: "rate<1%", phase: calm }]
                      |                                              ^
                viral.yaml:13:58: threshold: the unit 's' does not fit http_req_failed; use % or none
                   13 |   http_req_failed{phase:peak}: ["rate<150%", "p(95)<1s", "rate<1s", "rate", { threshold: "rate<1%", phase: calm }]
                      |                                                          ^
                viral.yaml:13:69: http_req_failed{phase:peak}[3]: 'rate' is no threshold; write for example p(95)<500ms, rate<1% or count==0
                   13 |   http_req_failed{phase:peak}: ["rate<150%", "p(95)<1s", "rate<1s", "rate", { threshold: "rate<1%", phase: calm }]
                      |                                                                     ^
                viral.yaml:13:108: unknown phase 'calm'; there is none
                   13 |   http_req_failed{phase:peak}: ["rate<150%", "p(95)<1s", "rate<1s", "rate", { threshold: "rate<1%", phase: calm }]
                      |                                                                                                            ^
                viral.yaml:14:3: unknown tag 'klass'; did you mean 'class'?
                   14 |   http_reqs{klass:genuine}: []
                      |   ^
                viral.yaml:14:29: http_reqs{klass:genuine} is empty
                   14 |   http_reqs{klass:genuine}: []
                      |                             ^
                10 mistakes in viral.yaml
                """),
        Malformed(
            "numbers that cannot be",
            text: """
                version: 1
                target: http://127.0.0.1:8080
                timeScale: 0
                safety: { maxRate: -1/s, maxBytes: many, maxDuration: 0 }
                scenarios:
                  one:
                    executor: constant-arrival-rate
                    rate: -5
                    duration: 0s
                    flow:
                      - get: /
                      - think: { uniform: { min: 2s, max: 1s } }
                      - think: { lognormal: { median: 2s, p99: 1s } }
                      - loop: [ { get: / } ]
                        count: 0

                """,
            rendered: """
                viral.yaml:3:12: timeScale: 0 is too small; it must be above 0
                    3 | timeScale: 0
                      |            ^
                viral.yaml:4:20: maxRate: '-1/s' is not a rate; write for example 50/s or 24000/h
                    4 | safety: { maxRate: -1/s, maxBytes: many, maxDuration: 0 }
                      |                    ^
                viral.yaml:4:36: maxBytes: 'many' is not a size; write for example 512B, 25MB or 8MiB
                    4 | safety: { maxRate: -1/s, maxBytes: many, maxDuration: 0 }
                      |                                    ^
                viral.yaml:4:55: maxDuration: 0 is no time at all
                    4 | safety: { maxRate: -1/s, maxBytes: many, maxDuration: 0 }
                      |                                                       ^
                viral.yaml:8:11: rate: -5 is negative
                    8 |     rate: -5
                      |           ^
                viral.yaml:9:15: duration: 0s is no time at all
                    9 |     duration: 0s
                      |               ^
                viral.yaml:12:27: uniform: min is above max
                   12 |       - think: { uniform: { min: 2s, max: 1s } }
                      |                           ^
                viral.yaml:13:29: lognormal: p99 is below the median
                   13 |       - think: { lognormal: { median: 2s, p99: 1s } }
                      |                             ^
                viral.yaml:15:16: count: 0 is too small; it must be at least 1
                   15 |         count: 0
                      |                ^
                9 mistakes in viral.yaml
                """),
    ]
}
