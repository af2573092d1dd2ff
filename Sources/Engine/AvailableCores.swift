import Foundation

/// The cores this process may run on: those online, less what its affinity leaves out.
package enum AvailableCores {
    /// Their number, at least 1; reads a file of the kernel, so ask once.
    package static func count() -> Int {
        // Foundation counts the machine's cores, whatever `taskset` or a container allows.
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let mask = status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed:") }
        let bits = mask?.dropFirst("Cpus_allowed:".count).compactMap(\.hexDigitValue)
            .reduce(0) { $0 + $1.nonzeroBitCount }
        if let bits, bits > 0 { return bits }
        return max(1, ProcessInfo.processInfo.activeProcessorCount)
    }
}
