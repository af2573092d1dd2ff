import Primitives
import Testing

@Suite struct GeneratorResourceTests {
    @Test(
        "A remedy is a command or a setting with its exact number.",
        arguments: [
            (GeneratorResource.descriptors, 6_000, 256, "ulimit -n 8192"),
            (.descriptors, nil, 256, "ulimit -n 65536"),
            (.descriptors, 100_000, 1_024, "docker run --ulimit nofile=125952"),
            (.localPorts, 40_000, 28_232, "net.ipv4.ip_local_port_range='1024 65535'"),
            (.localPorts, 40_000, 28_232, "--source 127.0.0.2-127.0.0.4"),
            (.localPorts, 60_000, 1_000, "--source 127.0.0.2-127.0.0.62"),
            (.localPorts, nil, 1_000, "sysctl -w net.ipv4.tcp_tw_reuse=1"),
            (.cpu, 1, 4, "--lanes 4"), (.cpu, 4, 4, "a lower rate"),
            (.maxInFlight, 1_234, 1_000, "`maxInFlight: 1300`"),
            (.journalDisk, 2_000_000, 10_000, "(2 MB are needed, 10 kB there)"),
            (.socketMemory, nil, nil, "sysctl -w net.ipv4.tcp_mem="),
        ] as [(GeneratorResource, Int?, Int?, String)])
    func remedies(_ resource: GeneratorResource, _ needed: Int?, _ have: Int?, _ text: String) {
        let remedy = resource.remedy(needed: needed, available: have)
        #expect(remedy.contains(text), "\(remedy)")
    }

    @Test("A range that is as wide as it can be is not proposed again.")
    func widestRange() {
        let remedy = GeneratorResource.localPorts.remedy(needed: 70_000, available: 64_512)
        #expect(!remedy.contains("ip_local_port_range"))
        #expect(remedy.contains("--source 127.0.0.2-127.0.0.4"))
    }

    @Test("Every resource has a name and a remedy.")
    func complete() {
        for resource in GeneratorResource.allCases {
            #expect(!resource.name.isEmpty)
            #expect(!resource.remedies().isEmpty)
        }
        #expect(Set(GeneratorResource.allCases.map(\.name)).count == 11)
    }

    @Test("Exactly the generator's faults point at a resource, but for our own safety gate.")
    func failures() {
        for failure in FailureClass.allCases where failure != .policy {
            #expect((GeneratorResource(failure) != nil) == failure.isGeneratorFault)
        }
    }
}
