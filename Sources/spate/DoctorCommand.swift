import ArgumentParser
import Foundation
import Measurements
import Primitives
import Transport

/// `spate doctor`: what this machine offers a generator, and how to get more.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Shows this machine's limits and what the linked libcurl can do.")

    func run() async throws {
        let host = MachineFacts.host()
        let curl = CurlVersion.current
        Console.result("spate        \(SpateVersion.current)")
        Console.result("libcurl      \(curl.version) (\(curl.features.joined(separator: " ")))")
        Console.result("kernel       \(host.kernel), \(host.cores) cores")
        Console.result("descriptors  \(host.descriptors) for this process")
        Console.result("local ports  \(host.localPorts) to one target address")
        if let backlog = MachineFacts.somaxconn() {
            Console.result("somaxconn    \(backlog): the longest backlog of a server here")
        }
        if host.descriptors < 20_000 {
            Console.note(
                "hint: thousands of clients need descriptors: ulimit -n 20000 before the run")
        }
        if host.localPorts < 20_000 {
            Console.note(
                "hint: sysctl -w net.ipv4.ip_local_port_range='32768 60999' gives more ports")
        }
        #if DEBUG
            Console.note("warning: this is a debug build; its figures are not worth believing")
        #endif
    }
}
