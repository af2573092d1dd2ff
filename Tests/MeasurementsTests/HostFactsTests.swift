import Foundation
import Measurements
import Testing

@Suite struct HostFactsTests {
    @Test("A manifest keeps the number of source addresses, and everything else.")
    func roundTrip() throws {
        var manifest = SampleRuns.manifest()
        manifest.host.sources = 8
        manifest.host.timeWaitReuse = 2
        manifest.host.synRetries = SynRetries(linear: 4, retries: 6)
        let read = try JSONDecoder().decode(
            RunManifest.self, from: JSONEncoder().encode(manifest))
        #expect(read == manifest)
        #expect(read.host.sources == 8 && read.host.timeWaitReuse == 2)
        #expect(read.host.synRetries == SynRetries(linear: 4, retries: 6))
    }

    @Test("An older manifest without the number was made from one address.")
    func older() throws {
        let text = """
            {"cores":2,"descriptors":1024,"kernel":"k","localPorts":28232,"memory":1,"name":"h"}
            """
        let read = try JSONDecoder().decode(HostFacts.self, from: Data(text.utf8))
        #expect(read == SampleRuns.manifest().host)
        #expect(read.sources == 1 && read.timeWaitReuse == nil && read.synRetries == nil)
    }
}
