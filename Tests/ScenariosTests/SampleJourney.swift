extension SampleScenarios {
    /// A flow with everything that decides about its way.
    static let journey = """
        version: 1
        target: http://127.0.0.1:8080
        data:
          phones: { inline: [ { area: in }, { area: out } ], order: once }
        scenarios:
          visitors:
            executor: constant-arrival-rate
            rate: 1/s
            duration: 2s
            flow:
              - get: { url: /v1/app, capture: [ { json: $.state, as: state, default: open } ] }
              - when: state == 'open' and not failed or phones.area != 'out'
                optional: true
                post: { url: /v1/devices, capture: [ { json: $.device, as: device, optional: true } ] }
              - parallel:
                  - get: /style.css
                  - flow: [ { get: /logo.png }, { think: 10ms } ]
              - loop: [ { think: 1s }, { get: "/v1/devices/{{ device }}" } ]
                until: status == 2xx or (device == "" and status > 299)
                max: 5
              - loop: [ { get: / } ]
                while: not failed
                count: 2
              - pick: [ { weight: 3, flow: [ { get: /a } ] }, { weight: 1 } ]
            onFailure:
              - when: rejected
                post: { url: /v1/reviews, json: { stars: 1 } }

        """
}
