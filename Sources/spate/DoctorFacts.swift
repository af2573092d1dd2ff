import Engine
import Foundation
import Measurements
import Targets
import Transport

/// What `doctor` reads and measures, as plain values.
struct DoctorFacts {
    /// The limits that go into a manifest.
    var host: HostFacts
    /// The descriptor limit the shell gave, before it was raised.
    var softDescriptors: Int
    /// `net.ipv4.tcp_tw_reuse`.
    var timeWaitReuse: Int64?
    /// `net.core.somaxconn`.
    var somaxconn: Int?
    /// `net.ipv4.tcp_max_syn_backlog`.
    var synBacklog: Int64?
    /// `net.ipv4.tcp_mem`: low, pressure, high, in pages.
    var tcpMemory: [Int64]
    /// `net.ipv4.tcp_wmem`: least, default, most, in bytes.
    var sendBuffer: [Int64]
    /// `net.ipv4.tcp_rmem`, likewise.
    var receiveBuffer: [Int64]
    /// A control group's quota of processor time in cores.
    var quota: Double?
    /// Bytes of memory this process can have.
    var memory: Int64?
    /// Bytes of swap in use.
    var swapUsed: Int64
    /// Processes that want to run, averaged over a minute.
    var load: Double?
    /// Share of the last 10 s in which something waited for a processor, in percent.
    var pressure: Double?
    /// Share of processor time that the host took while `doctor` looked, in percent.
    var steal: Double?
    /// The kernel's clock source.
    var clockSource: String
    /// How late a bare timer is.
    var jitter: TimerJitter?
    /// Where reports would go: the folder itself or the nearest above it.
    var reports: String
    /// Bytes free there.
    var diskFree: Int64?
    /// Seconds to write 4 MB there and have them on the disk; nil when it cannot be done.
    var diskSeconds: Double?
    /// The linked libcurl.
    var curl: CurlVersion
    /// The path of `spate-intake`, if it is found.
    var intake: String?

    /// Reads and measures; takes a second for the timer.
    static func gather() -> DoctorFacts {
        var limit = rlimit()
        _ = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let soft = Int(clamping: limit.rlim_cur)
        let before = self.processorTimes()
        let jitter = TimerJitter.measure()
        let steal = self.steal(from: before, to: self.processorTimes())
        let reports = MachineFacts.existingFolder(above: "reports")
        let environment = ProcessInfo.processInfo.environment
        let ipv4 = "/proc/sys/net/ipv4/"
        let swap = ["SwapTotal", "SwapFree"].map {
            SystemFile.field($0, in: "/proc/meminfo") ?? 0
        }
        return DoctorFacts(
            host: MachineFacts.host(), softDescriptors: soft,
            timeWaitReuse: SystemFile.number(ipv4 + "tcp_tw_reuse"),
            somaxconn: MachineFacts.somaxconn(),
            synBacklog: SystemFile.number(ipv4 + "tcp_max_syn_backlog"),
            tcpMemory: SystemFile.numbers(ipv4 + "tcp_mem"),
            sendBuffer: SystemFile.numbers(ipv4 + "tcp_wmem"),
            receiveBuffer: SystemFile.numbers(ipv4 + "tcp_rmem"),
            quota: CgroupLimits.current.cpus, memory: MachineFacts.availableMemory(),
            swapUsed: (swap[0] - swap[1]) * 1_024, load: self.firstNumber("/proc/loadavg"),
            pressure: self.pressure(), steal: steal,
            clockSource: SystemFile.text(
                "/sys/devices/system/clocksource/clocksource0/current_clocksource"
            ).trimmingCharacters(in: .whitespacesAndNewlines),
            jitter: jitter, reports: reports, diskFree: MachineFacts.diskFree(at: reports),
            diskSeconds: self.timeToWrite(megabytes: 4, in: reports), curl: CurlVersion.current,
            intake: try? IntakeProcess.locate(
                besides: Invocation.binary, path: environment["PATH"] ?? ""))
    }

    // MARK: - Readings

    private static func firstNumber(_ path: String) -> Double? {
        SystemFile.text(path).split { $0.isWhitespace }.first.flatMap { Double($0) }
    }

    /// `some avg10=` of the processor's pressure.
    private static func pressure() -> Double? {
        let words = SystemFile.text("/proc/pressure/cpu").split { $0.isWhitespace }
        return words.first { $0.hasPrefix("avg10=") }.flatMap { Double($0.dropFirst(6)) }
    }

    /// The first line of `/proc/stat`: ticks by kind, of which the eighth was stolen.
    private static func processorTimes() -> [Int64] {
        let line = SystemFile.text("/proc/stat").prefix { $0 != "\n" }
        return line.split(separator: " ").dropFirst().prefix(8).compactMap { Int64($0) }
    }

    private static func steal(from before: [Int64], to after: [Int64]) -> Double? {
        guard before.count == 8, after.count == 8 else { return nil }
        let all = zip(before, after).reduce(Int64(0)) { $0 + $1.1 - $1.0 }
        return all > 0 ? Double(after[7] - before[7]) / Double(all) * 100 : nil
    }

    /// Writes a file, waits until the disk has it, and removes it.
    private static func timeToWrite(megabytes: Int, in folder: String) -> Double? {
        let path = folder + "/.spate-doctor-\(getpid())"
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { return nil }
        defer {
            close(file)
            unlink(path)
        }
        let block = [UInt8](repeating: 0x5a, count: 1_000_000)
        let start = DispatchTime.now().uptimeNanoseconds
        for _ in 0..<megabytes {
            guard write(file, block, block.count) == block.count else { return nil }
        }
        guard fsync(file) == 0 else { return nil }
        return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    }
}
