/// Outages that begin with something small.
extension StarterScenario {
    static let retryStorm = StarterScenario(
        name: "retry-storm", about: "A short push that retries turn into a lasting outage.",
        text: retryStormText)

    private static let retryStormText = """
        # A short push that retries turn into an outage that does not end by itself.
        version: 1
        name: A retry storm
        seed: 1
        target:                             # or http://127.0.0.1:8080
          intake:
            workers: 1                      # 1 / 50 ms = 20 requests a second
            serviceTime: 50ms
            queue: 100000                   # as good as unbounded
            abandoned: work                 # it works on what nobody waits for any more
        http: { timeout: 3s }
        scenarios:
          people:
            class: genuine
            executor: ramping-arrival-rate
            startRate: 14/s
            arrivals: poisson
            stages:
              - { name: before, duration: 20s, target: 14/s }
              - { name: push, duration: 20s, target: 35/s, shape: step }
              - { name: after, duration: 50s, target: 14/s, shape: step }
            retry:
              max: 3
              when: [error, 5xx]
              delay: 0s                     # at once; better: delay: 500ms, backoff: exponential,
              # jitter: full                # jitter full ...
              # budget: { kind: sre, shared: true }   # ... and one request in ten
            flow:
              - post:
                  url: /v1/tips
                  json: { text: "tip {{ $seq }}" }
                  expect: { status: [200, 201] } # 200: a retry of what was stored
        timeline:
          - { at: 20s, kind: trigger, label: "For 20 seconds more people come" }
          - { at: 40s, kind: info, label: "The crowd is as small as before" }
        probes:                             # what the server tells of itself, once a second;
          control: /healthz                 # the bundled intake is read in full without a word
          # process: { port: 8080 }         # your own server: its processor, memory, descriptors
          # prometheus: { url: http://127.0.0.1:9100/metrics }
        thresholds:
          "http_req_failed{class:genuine}":
            - { threshold: "rate<1%", phase: before, name: "all is well before" }
            - { threshold: "rate<10%", phase: after, expect: fail, name: "it outlives its cause" }
          dropped_iterations: [ "count==0" ]

        """

    static let slowLoris = StarterScenario(
        name: "slow-loris", about: "Slow uploads that hold every connection.",
        text: slowLorisText)

    private static let slowLorisText = """
        # Uploads so slow that a few dozen of them hold every connection the server has.
        version: 1
        name: Slow uploads hold the connections
        seed: 1
        target:                             # or http://127.0.0.1:8080
          intake:
            workers: 8
            serviceTime: 5ms
            maxConnections: 48
            backlog: 16
        http: { timeout: 3s, connectTimeout: 3s }
        scenarios:
          people:
            class: genuine
            executor: constant-arrival-rate
            rate: 5/s
            duration: 60s
            clients: { connections: new }
            flow:
              - post:
                  url: /v1/tips
                  json: { text: "tip {{ $seq }}" }
                  expect: { status: [201] }
          slow:
            class: noise
            executor: ramping-arrival-rate  # every one of them is harmless by itself
            startRate: 0/s
            gracefulStop: 1s
            stages:
              - { name: quiet, duration: 20s, target: 0/s }
              - { name: held, duration: 20s, target: 10/s, shape: step }
              - { name: over, duration: 20s, target: 0/s, shape: step }
            flow:
              - post:
                  url: /v1/tips
                  multipart:
                    video: { generate: mp4, size: 64KiB }
                  uploadRate: 16kbit/s      # 32 s for what takes a healthy phone a moment
                  timeout: 15s
        timeline:
          - { at: 20s, kind: trigger, label: "Slow uploads begin" }
        probes:                             # what the server tells of itself, once a second;
          control: /healthz                 # the bundled intake is read in full without a word
          # process: { port: 8080 }         # your own server: its processor, memory, descriptors
          # prometheus: { url: http://127.0.0.1:9100/metrics }
        thresholds:
          "http_req_failed{class:genuine}":
            - { threshold: "rate<1%", phase: quiet, name: "all is well before" }
            - { threshold: "rate<1%", phase: held, expect: fail, name: "people are kept out" }
          dropped_iterations: [ "count==0" ]

        """

    static let cacheStampede = StarterScenario(
        name: "cache-stampede", about: "Everything cached expires at once.",
        text: cacheStampedeText)

    private static let cacheStampedeText = """
        # Everything cached expires at once: requests cost ten times as much until it is warm.
        version: 1
        name: A cache stampede
        seed: 1
        target:                             # or your own, and empty its cache yourself
          intake:
            workers: 4                      # 4 / 20 ms = 200 requests a second while warm
            serviceTime: 20ms
            queue: 1000
            faults:
              - { id: cold, at: 20s, factor: 10, warmup: 15s }
        http: { timeout: 2s }
        scenarios:
          people:
            class: genuine
            executor: constant-arrival-rate
            rate: 60/s
            duration: 60s
            arrivals: poisson
            retry: { max: 1, when: [error, 5xx], delay: 500ms, jitter: full }
            flow:
              - post:
                  url: /v1/tips
                  json: { text: "tip {{ $seq }}" }
                  expect: { status: [200, 201] }
        timeline:
          - { at: 20s, kind: trigger, label: "The cache is emptied" }
        probes:                             # what the server tells of itself, once a second;
          control: /healthz                 # the bundled intake is read in full without a word
          # process: { port: 8080 }         # your own server: its processor, memory, descriptors
          # prometheus: { url: http://127.0.0.1:9100/metrics }
        thresholds:
          "http_req_failed{class:genuine}":
            - { threshold: "rate<1%", expect: fail, name: "a cold cache is felt" }
          dropped_iterations: [ "count==0" ]

        """
}
