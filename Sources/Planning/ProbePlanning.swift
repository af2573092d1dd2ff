import Primitives
package import Scenarios

extension Scenario {
    /// The sources of a run: those of the bundled intake included, paths made whole.
    var plannedProbes: ProbesSpec {
        var isIntake = false
        if case .intake = self.target { isIntake = true }
        func whole(_ path: String) -> String {
            path.hasPrefix("/") ? path : self.directory + "/" + path
        }
        var probes = self.probes.completed(isIntake: isIntake)
        probes.disk = probes.disk.map(whole)
        for index in probes.processes.indices {
            guard case .pidFile(let path) = probes.processes[index].choice else { continue }
            probes.processes[index].choice = .pidFile(whole(path))
        }
        return probes
    }
}

extension ProbesSpec {
    /// The sources in words, in the order in which figures are taken from them.
    package var outline: [PlanOutline.Probe] {
        var probes = self.processes.map { process in
            PlanOutline.Probe(
                name: process.title, source: process.choice.text,
                figures: "processor time, memory, descriptors, threads, queue of connections")
        }
        if self.host == true {
            let disk = self.disk.map { ", disk of \($0)" } ?? ""
            probes.append(
                PlanOutline.Probe(
                    name: "host", source: "this machine" + disk,
                    figures: "pressure, lost connections, memory, room"))
        }
        probes += self.pages.map { page in
            PlanOutline.Probe(
                name: page.title, source: page.url,
                figures: page.figures.isEmpty
                    ? "the names that are known" : page.figures.map(\.name).joined(separator: ", "))
        }
        if let control {
            probes.append(
                PlanOutline.Probe(
                    name: "control", source: control, figures: "whether it answers, and how soon"))
        }
        return probes
    }
}

extension ProbesSpec.Process {
    /// What the manifest and events call it.
    package var title: String { self.name ?? "process" }
}

extension ProbesSpec.Process.Choice {
    /// In words.
    package var text: String {
        switch self {
        case .pid(let pid): "process \(pid)"
        case .pidFile(let path): "the process named in \(path)"
        case .port(let port): "the process that listens at port \(port)"
        case .intake: "the bundled intake"
        }
    }
}

extension ProbesSpec.Page {
    /// What the manifest and events call it.
    package var title: String { self.name ?? "page" }
}
