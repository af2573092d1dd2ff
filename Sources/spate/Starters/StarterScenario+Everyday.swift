/// Load that nothing should break under.
extension StarterScenario {
    static let smoke = StarterScenario(
        name: "smoke", about: "Ten seconds of light load: does it answer at all?",
        text: smokeText)

    private static let smokeText = """
        # Ten seconds of light load: does it answer at all, and is everything in its place?
        version: 1
        name: Smoke
        target: { intake: {} }              # the bundled server; yours: http://127.0.0.1:8080
        http: { timeout: 5s }
        scenarios:
          visitors:
            class: genuine                  # what must keep working; also noise and probe
            executor: constant-arrival-rate # open: arrivals do not wait for answers
            rate: 5/s
            duration: 10s                   # a bare number is refused: always name the unit
            flow:
              - get: /v1/app
        probes:                             # what the server tells of itself, once a second;
          control: /healthz                 # the bundled intake is read in full without a word
          # process: { port: 8080 }         # your own server: its processor, memory, descriptors
          # prometheus: { url: http://127.0.0.1:9100/metrics }
        thresholds:                         # without any a run exits 0 whatever happened
          http_req_failed: [ "rate<1%" ]
          http_req_duration: [ "p(95)<500ms" ]
          dropped_iterations: [ "count==0" ]     # what the generator never started is its own fault

        """

    static let soak = StarterScenario(
        name: "soak", about: "Half an hour of the same load: what leaks or fills up?",
        text: soakText)

    private static let soakText = """
        # Half an hour of the same moderate load: what leaks, fills up or grows?
        version: 1
        name: A soak
        seed: 1
        target: { intake: { workers: 4, serviceTime: 20ms } }   # or http://127.0.0.1:8080
        http: { timeout: 5s }
        scenarios:
          people:
            class: genuine
            executor: constant-arrival-rate
            rate: 20/s                      # about a tenth of what it can do
            duration: 30m                   # --duration 8h for a night
            arrivals: poisson
            flow:
              - get: /v1/app
              - think: 1s
              - post:
                  url: /v1/tips
                  multipart:
                    text: "tip {{ $seq }}"
                    photo: { generate: jpeg, size: { lognormal: { median: 8KiB, p99: 64KiB } } }
                  expect: { status: [201] }
        probes:                             # what the server tells of itself, once a second;
          control: /healthz                 # the bundled intake is read in full without a word
          # process: { port: 8080 }         # your own server: its processor, memory, descriptors
          # prometheus: { url: http://127.0.0.1:9100/metrics }
        thresholds:
          http_req_failed: [ "rate<0.1%" ]
          http_req_duration: [ "p(99)<1s" ]
          dropped_iterations: [ "count==0" ]

        """
}
