import Primitives
import Testing

@testable import Scenarios

@Suite struct ScenarioDecodingTests {
    let flood: Scenario

    init() throws {
        self.flood = try Scenario.decode(
            text: SampleScenarios.flood, file: "scenarios/viral-flood.yaml", directory: "scenarios")
    }

    @Test("The head of a file is read as written.")
    func head() throws {
        #expect(self.flood.name == "Viral flood")
        #expect(self.flood.description == "A public appeal goes viral.\n")
        #expect(self.flood.seed == 20_200_531)
        #expect(self.flood.timeScale == 1_200)
        #expect(self.flood.directory == "scenarios")
        #expect(self.flood.outputs == ["html", "json=out.json", "junit", "markdown"])
        #expect(self.flood.safety.maxRate == 2_000)
        #expect(self.flood.safety.maxBytes == ByteCount(10_000_000_000))
        #expect(self.flood.safety.stopWhenDown == .seconds(60))
        let least = try Scenario.decode(text: SampleScenarios.least, file: "a/b.c/least.yaml")
        #expect(least.name == "least")
        #expect(least.seed == 1)
        #expect(least.target == .url("http://127.0.0.1:8080"))
    }

    @Test("The intake's settings are flattened, lists joined with commas.")
    func intake() {
        guard case .intake(let settings) = self.flood.target else {
            Issue.record("not an intake")
            return
        }
        let pairs = settings.map { "\($0.path)=\($0.value)" }
        #expect(
            pairs == [
                "workers=4", "serviceTime=20ms", "queue=1400", "backlog=4096", "abandoned=work",
                "review.analysts=3", "review.perItem=90s", "review.order=arrival",
                "limiter.rate=5/s", "limiter.burst=10", "limiter.key=device",
                "limiter.status=429", "blockList=a-1,b-2", "spoolQuota=2GB",
            ])
    }

    @Test("Variables, feeders and defaults are read.")
    func defaults() {
        #expect(self.flood.variables.map(\.name) == ["city", "token"])
        #expect(self.flood.variables.map(\.isSecret) == [false, true])
        #expect(
            self.flood.variables.last?.value
                == Template(pieces: [.expression(.environment("TOKEN"))]))
        #expect(self.flood.feeders.map(\.order) == [.random, .sequence])
        #expect(
            self.flood.feeders.last?.source
                == .inline(rows: [
                    ["first": "Ann", "last": "Lee"], ["first": "Bob", "last": "Ray"],
                ]))
        #expect(self.flood.http.timeout == .seconds(5))
        #expect(self.flood.http.success == [.range(200...299), .range(300...399)])
        #expect(self.flood.http.headers.first?.value.pieces == [.expression(.variable("city"))])
    }

    @Test("Populations carry their load, class, caps and retries.")
    func populations() {
        let tips = self.flood.populations[0]
        let noise = self.flood.populations[1]
        #expect(tips.trafficClass == .genuine)
        #expect(noise.trafficClass == .noise)
        #expect(
            tips.load
                == .constantArrivalRate(
                    rate: Rate(perSecond: 20), duration: .seconds(144_000), spacing: .poisson))
        #expect(tips.maxInFlight == 500)
        #expect(noise.maxInFlight == 4_000)
        #expect(noise.reuse == 3)
        #expect(tips.tags == ["kind": "tip"])
        #expect(tips.finalStatuses == [.range(409...409), .range(413...413)])
        #expect(
            noise.retry
                == RetrySpec(
                    max: 3, when: [.timeout, .refused, .reset, .status(.range(503...503))],
                    delay: .seconds(2), backoff: .exponential, jitter: .full))
        guard case .rampingArrivalRate(let start, let stages, .uniform) = noise.load else {
            Issue.record("not ramping")
            return
        }
        #expect(start == Rate(perSecond: 2))
        #expect(stages.map(\.name) == ["quiet", "rise", "peak", "page", "after"])
        #expect(stages.map(\.target) == [2, 500, 500, 2, 2])
        #expect(stages.map(\.shape) == [.linear, .exponential, .linear, .step, .linear])
        #expect(stages[3].kind == .maintenance)
        #expect(self.flood.notes.count == 1)
    }

    @Test("A flow reads steps, merges, bodies, captures and loops.")
    func flow() throws {
        let flow = self.flood.populations[0].flow
        try #require(flow.count == 5)
        guard case .request(let get) = flow[0], case .think(let think) = flow[1],
            case .request(let post) = flow[2], case .request(let put) = flow[3],
            case .loop(let loop) = flow[4]
        else {
            Issue.record("other steps")
            return
        }
        #expect(get.name == "GET /healthz")
        #expect(think == .fixed(0.2))
        #expect(post.name == "upload")
        #expect(post.expect.statuses == [.range(201...201), .range(202...202)])
        #expect(post.expect.maxDuration == .seconds(2))
        #expect(
            post.headers == [
                HeaderSpec(name: "Idempotency-Key", value: Template(pieces: [.expression(.key)]))
            ])
        #expect(post.captures.map(\.source) == [.json(path: "$.id"), .header(name: "Location")])
        #expect(put.name == "PUT /v1/tips/{{ id }}/media")
        #expect(
            put.url.pieces == [
                .literal("/v1/tips/"), .expression(.variable("id")), .literal("/media"),
            ])
        #expect(put.retry?.max == 0)
        guard case .part(let part)? = put.body,
            case .generated(.mp4, let size, let limit, let unique) = part.content
        else {
            Issue.record("no generated body")
            return
        }
        #expect(size == .lognormal(median: 12_288, p99: 196_608))
        #expect(limit == ByteCount(2_000_000))
        #expect(unique)
        #expect(loop.most == 2)
        #expect(loop.steps.count == 2)
        guard case .request(let query) = loop.steps[0] else { return }
        #expect(
            query.url.pieces == [
                .literal("/v1/tips/"), .expression(.variable("id")), .literal("?who="),
                .expression(.column(feeder: "names", name: "first")), .literal("&a%20b="),
                .literal("c%26d"),
            ])
    }

    @Test("JSON bodies keep numbers by JSON's grammar only, and templates inside texts.")
    func jsonBody() {
        guard case .request(let post) = self.flood.populations[0].flow[2],
            case .json(let template)? = post.body
        else {
            Issue.record("no JSON body")
            return
        }
        #expect(
            template.pieces == [
                .literal("{\"text\":\""), .expression(.column(feeder: "tips", name: "text")),
                .literal("\",\"n\":\"010\",\"ok\":true,\"none\":null,\"at\":\"1:30\"}"),
            ])
    }

    @Test("Thresholds are normalised to milliseconds, ratios and bytes.")
    func thresholds() {
        let rules = self.flood.thresholds
        #expect(rules.map(\.limit) == [0.01, 0.5, 2_000, 0, 10_485_760])
        #expect(rules[0].selector == "http_req_failed{class:genuine}")
        #expect(rules[1].expectsFailure)
        #expect(rules[1].phase == "peak")
        #expect(rules[2].aggregation == .p(99))
        #expect(rules[2].tags == ["class": "genuine", "scenario": "tips"])
        #expect(rules[2].allowsEmpty)
        #expect(rules[3].comparison == .equal)
    }

    @Test("The timeline is in order of time and its requests are requests.")
    func timeline() {
        #expect(self.flood.timeline.map(\.at) == [.seconds(36_000), .seconds(108_000)])
        #expect(self.flood.timeline[1].request?.method == .put)
        #expect(self.flood.timeline[1].request?.url.pieces.first == .expression(.admin))
    }

    @Test("Closed executors are read with k6's defaults.")
    func closed() throws {
        let scenario = try Scenario.decode(text: SampleScenarios.closed, file: "closed.yaml")
        #expect(scenario.timeScale == 2)
        #expect(scenario.populations[0].load == .constantVUs(vus: 4, duration: .seconds(10)))
        #expect(
            scenario.populations[2].load
                == .perVUIterations(vus: 2, iterations: 3, maxDuration: .seconds(600)))
        #expect(
            scenario.populations[3].load
                == .sharedIterations(vus: 2, iterations: 30, maxDuration: .seconds(60)))
        guard case .rampingVUs(1, let stages, .seconds(5)) = scenario.populations[1].load else {
            Issue.record("not ramping")
            return
        }
        #expect(stages.map(\.target) == [10, 0])
    }
}
