/// Crowds that take genuine people's place.
extension StarterScenario {
    static let upload = StarterScenario(
        name: "upload", about: "Genuine uploads beside a flood that nobody asked for.",
        text: uploadText)

    private static let uploadText = """
        # Genuine uploads beside a flood that nobody asked for: who still gets in?
        version: 1
        name: An upload flood
        target:                             # or http://127.0.0.1:8080
          intake: { workers: 4, serviceTime: 20ms, queue: 1400 }
        seed: 1                             # the same seed gives the same run, byte for byte
        http: { timeout: 5s }
        scenarios:
          people:
            class: genuine                  # what must keep working
            executor: constant-arrival-rate
            rate: 10/s
            duration: 60s
            arrivals: poisson
            flow:
              - post:
                  url: /v1/tips
                  multipart:
                    text: "I saw it, number {{ $seq }}"
                    video: { generate: mp4, size: { lognormal: { median: 12KiB, p99: 192KiB } } }
                  expect: { status: [201] }
          flood:
            class: noise                    # what crowds it out; the server cannot tell
            executor: ramping-arrival-rate
            startRate: 1/s
            stages:
              - { name: quiet, duration: 20s, target: 1/s }
              - { name: flood, duration: 20s, target: 300/s }
              - { name: over, duration: 20s, target: 1/s, shape: step }
            flow:
              - post:
                  url: /v1/tips
                  multipart:
                    video: { generate: mp4, size: { lognormal: { median: 12KiB, p99: 192KiB } } }
                  expect: { status: [201] }
        timeline:
          - { at: 20s, kind: trigger, label: "The flood begins" }
        probes:                             # what the server tells of itself, once a second;
          control: /healthz                 # the bundled intake is read in full without a word
          # process: { port: 8080 }         # your own server: its processor, memory, descriptors
          # prometheus: { url: http://127.0.0.1:9100/metrics }
        thresholds:
          "http_req_failed{class:genuine}":
            - { threshold: "rate<1%", phase: quiet }
          dropped_iterations: [ "count==0" ]

        """

    static let viralFlood = StarterScenario(
        name: "viral-flood", about: "A post that everybody passes on, from four numbers.",
        text: viralFloodText)

    private static let viralFloodText = """
        # A post that everybody passes on, from four numbers: twelve hours in a minute.
        version: 1
        name: A viral flood
        timeScale: 720                      # story seconds per second; rates are those of the wall
        seed: 1
        target:                             # or http://127.0.0.1:8080
          intake:
            workers: 2                      # 2 / 20 ms = 100 requests a second
            serviceTime: 20ms
            queue: 500                      # 5 s of work: longer than anybody waits
            abandoned: work                 # it does not notice that a client has left
        http: { timeout: 5s }
        scenarios:
          people:
            class: genuine
            executor: constant-arrival-rate
            rate: 10/s
            duration: 12h                   # story time: 60 s of the wall
            arrivals: poisson
            flow:
              - post:
                  url: /v1/tips
                  json: { text: "I saw it, number {{ $seq }}" }
                  expect: { status: [201] }
          fans:
            class: noise
            executor: viral
            startTime: 2h                   # when the call was posted
            seen: 90000                     # how many saw it in the end
            share: 0.04                     # how many of them did as they were told
            doubling: 40m                   # how fast it spread at first
            halfLife: 3h                    # when it was half as exciting
            duration: 10h
            flow:
              - post:
                  url: /v1/tips
                  multipart:
                    text: "my favourite stage"
                    video: { generate: mp4, size: 8KiB }
                  expect: { status: [201] }
        timeline:
          - { at: 2h, kind: trigger, label: "The call is posted" }
        probes:                             # what the server tells of itself, once a second;
          control: /healthz                 # the bundled intake is read in full without a word
          # process: { port: 8080 }         # your own server: its processor, memory, descriptors
          # prometheus: { url: http://127.0.0.1:9100/metrics }
        thresholds:
          "http_req_failed{class:genuine}": # an outage is what this file is for
            - { threshold: "rate<1%", expect: fail, name: "the flood crowds people out" }
          dropped_iterations: [ "count==0" ]

        """
}
