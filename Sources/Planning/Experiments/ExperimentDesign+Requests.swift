import Primitives
import Scenarios

extension ExperimentDesign {
    /// E2: bodies times four, rates divided by it.
    mutating func largerBodies() throws(ExperimentRefusal) {
        var changed = false
        for index in self.people {
            guard
                let load = ExperimentDesign.scaled(
                    self.scenario.populations[index].load, by: 0.25)
            else { continue }
            var grown = false
            self.changeRequests(of: index) { request in
                guard let body = request.body?.scaled(by: 4) else { return }
                request.body = body
                grown = true
            }
            guard grown else { continue }
            self.scenario.populations[index].load = load
            changed = true
        }
        guard changed else {
            throw self.refusal(
                "no population with a rate sends generated bodies, whose size could change; files"
                    + " are what they are")
        }
    }

    /// E3: bodies sent four times as slowly; where the pace was the machine's own, within 2 s.
    mutating func longerHolds() throws(ExperimentRefusal) {
        var changed = false
        for index in self.people {
            self.changeRequests(of: index) { request in
                if let pace = request.uploadRate {
                    request.uploadRate = pace / 4
                } else if let size = request.body?.meanSize, size >= 1_000 {
                    request.uploadRate = .fixed(size / 2)
                } else {
                    return
                }
                changed = true
            }
        }
        guard changed else {
            throw self.refusal(
                "no request has a body of a kilobyte or more, or an uploadRate, to send slowly")
        }
    }

    /// E4: connections kept for a hundred intents, or a new one for each.
    mutating func otherReuse() throws(ExperimentRefusal) {
        let isKept =
            self.scenario.http.reuseConnections
            && self.people.contains {
                self.scenario.populations[$0].reuse > 1
                    || self.scenario.populations[$0].load.isClosed
            }
        if isKept {
            self.scenario.http.reuseConnections = false
            for index in self.people { self.scenario.populations[index].reuse = 1 }
        } else {
            self.scenario.http.reuseConnections = true
            for index in self.people where !self.scenario.populations[index].load.isClosed {
                self.scenario.populations[index].reuse = 100
            }
        }
    }

    /// E5: ten times as many clients at the same total.
    mutating func moreKeys() throws(ExperimentRefusal) {
        let shared = self.people.filter { self.scenario.populations[$0].reuse > 1 }
        guard !shared.isEmpty else {
            throw self.refusal(
                "each intent is a client of its own already; to change the address it comes from,"
                    + " use --source 127.0.0.2-127.0.0.21")
        }
        for index in shared {
            let reuse = self.scenario.populations[index].reuse
            self.scenario.populations[index].reuse = max(1, reuse / 10)
        }
    }

    /// E6: nobody tries again.
    mutating func noRetries() throws(ExperimentRefusal) {
        var changed = false
        for index in self.people {
            if self.scenario.populations[index].retry != nil
                || self.scenario.populations[index].person.pressAgain != nil
            {
                changed = true
            }
            self.scenario.populations[index].retry = nil
            self.scenario.populations[index].person.pressAgain = nil
            self.changeRequests(of: index) { request in
                if request.retry != nil { changed = true }
                request.retry = nil
            }
        }
        guard changed else { throw self.refusal("nobody tries again in this scenario as it is") }
    }

    /// E8: the same arrivals, one cheap page.
    mutating func staticPage() throws(ExperimentRefusal) {
        let page: String
        switch self.scenario.target {
        case .intake: page = "/healthz"
        case .url: page = "/"
        }
        for index in self.people {
            self.scenario.populations[index].flow = [
                .request(
                    RequestSpec(method: .get, url: Template(literal: page), name: "GET \(page)"))
            ]
            self.scenario.populations[index].onFailure = []
        }
    }

    mutating func changeRequests(
        of population: Int, _ change: (inout RequestSpec) -> Void
    ) {
        self.scenario.populations[population].flow = self.scenario.populations[population].flow.map
        { $0.changingRequests(change) }
        self.scenario.populations[population].onFailure =
            self.scenario.populations[population].onFailure.map { $0.changingRequests(change) }
    }
}
