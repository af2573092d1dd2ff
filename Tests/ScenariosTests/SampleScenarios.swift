/// Scenario texts that tests start from.
enum SampleScenarios {
    /// One of everything the language has, for open executors.
    static let flood = """
        # yaml-language-server: $schema=scenario.schema.json
        version: 1
        name: Viral flood
        description: |
          A public appeal goes viral.
        target:
          intake: { workers: 4, serviceTime: 20ms, queue: 1400, backlog: 4096,
            abandoned: work, review: { analysts: 3, perItem: 90s, order: arrival },
            limiter: { rate: 5/s, burst: 10, key: device, status: 429 },
            blockList: [a-1, b-2], spoolQuota: 2GB }
        seed: 20200531
        timeScale: { fit: 2m, rates: preserve }
        vars:
          city: Dallas
          token: { value: "{{ $env.TOKEN }}", secret: true }
        data:
          tips: { csv: tips.csv, order: random }
          names: { inline: [ { first: Ann, last: Lee }, { first: Bob, last: Ray } ] }
        http:
          timeout: 5s
          connectTimeout: 2s
          success: [2xx, 3xx]
          headers: { X-City: "{{ city }}", User-Agent: spate }
        x-retry: &impatient
          max: 3
          when: [timeout, refused, reset, 503]
          delay: 2s
          backoff: exponential
          jitter: full
        x-upload: &upload
          url: /v1/tips
          name: upload
          expect: { status: [201, 202], maxDuration: 2s }
        scenarios:
          tips:
            executor: constant-arrival-rate
            class: genuine
            rate: 20/s
            duration: 40h
            arrivals: poisson
            maxInFlight: 500
            tags: { kind: tip }
            final: [409, 413]
            flow:
              - get: /healthz
              - think: 200ms
              - post:
                  <<: *upload
                  headers: { Idempotency-Key: "{{ $key }}" }
                  json: { text: "{{ tips.text }}", n: 010, ok: true, none: null, at: 1:30 }
                  capture: [ { json: $.id, as: id }, { header: Location, as: place } ]
              - put:
                  url: /v1/tips/{{ id }}/media
                  body: { generate: mp4, size: { lognormal: { median: 12KiB, p99: 192KiB }, max: 2MB } }
                  retry: { max: 0 }
              - loop:
                  - get: { url: "/v1/tips/{{ id }}", query: { who: "{{ names.first }}", a b: c&d } }
                  - think: { uniform: { min: 1s, max: 2s } }
                count: 2
          flood:
            executor: ramping-arrival-rate
            class: noise
            startRate: 2/s
            maxVUs: 4000
            preAllocatedVUs: 10
            retry: *impatient
            clients: { reuse: 3 }
            stages:
              - { name: quiet, duration: 10h, target: 2/s }
              - { name: rise, duration: 8h, target: 500/s, shape: exponential }
              - { name: peak, duration: 6h, target: 500 }
              - { name: page, duration: 6h, target: 2/s, shape: step, kind: maintenance }
              - { name: after, duration: 10h, target: 2/s }
            flow:
              - post:
                  url: /v1/tips
                  multipart:
                    caption: fancam {{ $seq }} {{ $uuid }} {{ $randomInt 1 100 }}
                    video: { generate: mp4, size: 64KiB, unique: false, filename: clip.mp4 }
                    image: { file: [media/a.jpg, media/b.jpg], contentType: image/jpeg }
        timeline:
          - { at: 10h, kind: trigger, label: Fans are urged to send fancams }
          - { at: 30h, kind: mitigation, label: Page off, request: { url: "{{ $admin }}/admin/operator", method: PUT, json: { state: open } } }
        thresholds:
          http_req_failed{class:genuine}:
            - rate<1%
            - { threshold: "rate<50%", phase: peak, expect: fail, name: the outage reproduces }
          http_req_response_time{class:genuine, scenario:tips}:
            - { threshold: p(99)<2s, phase: after, allowEmpty: true }
          dropped_iterations: [count==0]
          data_sent: ["count<10MiB"]
        safety: { maxRate: 2000/s, maxBytes: 10GB, maxDuration: 10m, stopWhenDown: 60s }
        outputs: [html, json=out.json, junit, markdown]

        """

    /// The closed executors, in flow style and in block style.
    static let closed = """
        version: 1
        target: https://localhost:8443/base
        timeScale: 2
        scenarios:
          steady: { executor: constant-vus, vus: 4, duration: 10s, flow: [ { get: / } ] }
          ramp:
            executor: ramping-vus
            startVUs: 1
            gracefulRampDown: 5s
            stages:
            - {duration: 10s, target: 10}
            - duration: 5s
              target: 0
            flow:
            - patch: {url: /x, form: {a: '1', b: "{{ $seq }}"}, timeout: 250ms}
            - delete: /x
            - head: /x
          each:
            executor: per-vu-iterations
            vus: 2
            iterations: 3
            startTime: 1s
            flow: [{post: {url: /t, text: "hello", headers: {Content-Type: text/plain}}}]
          all:
            executor: shared-iterations
            class: probe
            vus: 2
            iterations: 30
            maxDuration: 1m
            flow:
              - post: { url: /f, file: media/a.bin, contentType: video/mp4 }
              - post: { url: /g, generate: random, size: 1kB }
        """

    /// The least that is a scenario.
    static let least = """
        version: 1
        target: http://127.0.0.1:8080
        scenarios:
          one:
            executor: constant-arrival-rate
            rate: 5
            timeUnit: 1m
            duration: 1m
            flow:
              - get: /
        """
}
