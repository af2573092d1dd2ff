import Foundation
import Primitives
import TestSupport
import Testing

@testable import Probes

@Suite("Processes")
struct ProcessProbeTests {
    @Test("This process can be read, and stays the same one.")
    func ownProcess() async throws {
        let pid = Int(ProcessInfo.processInfo.processIdentifier)
        let probe = ProcessProbe(name: "self", choice: .pid(pid))
        #expect(probe.objection == nil)
        let first = await probe.read().values
        let second = await probe.read().values
        #expect(Set(first.keys).isSubset(of: probe.figures))
        #expect(first["proc.pid"] == Double(pid))
        #expect(first["mem.rss"] ?? 0 > 1_000_000)
        #expect(first["fds.open"] ?? 0 >= 3)
        #expect(first["fds.limit"] ?? 0 >= first["fds.open"] ?? 1)
        #expect(first["threads"] ?? 0 >= 1)
        #expect(first["cpu.cores"] ?? 0 >= 1)
        #expect(second["proc.restarts"] == 0)
        #expect(second["proc.start_time"] == first["proc.start_time"])
    }

    @Test("Without such a process that is the problem, and there is no sample.")
    func noProcess() async {
        let probe = ProcessProbe(name: "none", choice: .pid(Int(Int32.max)))
        #expect(probe.objection == "there is no process 2147483647")
        #expect(await probe.read() == ProbeReading(problem: "there is no process 2147483647"))
        let file = ProcessProbe(name: "none", choice: .pidFile("/no/such/file"))
        #expect(file.objection == "/no/such/file cannot be read")
        let none = ProcessProbe(name: "none", choice: .pidFile("/proc/version"))
        #expect(none.objection == "/proc/version holds no process number")
    }

    @Test("A port's owner is found, with the connections that wait and their room.")
    func queue() async throws {
        let listener = try UnattendedListener(backlog: 7)
        defer { listener.stop() }
        let probe = ProcessProbe(name: "owner", choice: .owner(port: listener.port))
        let before = await probe.read().values
        #expect(before["proc.pid"] == Double(ProcessInfo.processInfo.processIdentifier))
        #expect(before["listen.recvq"] == 0)
        #expect(before["listen.sendq"] == 7)
        try listener.connect()
        try listener.connect()
        #expect(await probe.read().values["listen.recvq"] == 2)
    }

    @Test("A port at which nobody listens is a problem that says so.")
    func noOwner() async throws {
        let server = try ScriptedServer(script: nil)
        let port = server.port
        server.stop()
        let probe = ProcessProbe(name: "owner", choice: .owner(port: Int(port)))
        #expect(probe.objection == "nobody listens at port \(port)")
    }

    @Test("Netlink's question and answer, byte by byte.")
    func netlink() {
        let request = SocketDiagnosis.request(family: 2, port: 8080)
        #expect(request.count == 72)
        #expect(Array(request.prefix(16)) == [72, 0, 0, 0, 20, 0, 1, 3, 1, 0, 0, 0, 0, 0, 0, 0])
        #expect(
            Array(request[16..<28]) == [2, 6, 0, 0, 0, 4, 0, 0, 0x1F, 0x90, 0, 0])
        var answer = [UInt8](repeating: 0, count: 88)
        answer[0] = 88
        answer[4] = 20
        answer[17] = 10
        (answer[20], answer[21]) = (0x1F, 0x90)
        answer[72] = 3
        answer[76] = 16
        (answer[84], answer[85]) = (0x67, 0x12)
        let part = SocketDiagnosis.parse(answer)
        #expect(
            part.listeners
                == [ProcText.Listener(port: 8080, waiting: 3, room: 16, inode: 4711)])
        #expect(!part.isLast)
        let done: [UInt8] = [20, 0, 0, 0, 3, 0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        #expect(SocketDiagnosis.parse(done).isLast)
        #expect(SocketDiagnosis.parse(answer + done).isLast)
        // Cut off, or with a length that cannot be.
        #expect(SocketDiagnosis.parse(Array(answer.prefix(60))).listeners.isEmpty)
        #expect(SocketDiagnosis.parse([255, 255, 255, 255] + answer.dropFirst(4)).isLast)
    }

    @Test("Children belong to whom they were started by, without the load's own branch.")
    func tree() {
        var tree = ProcessTree()
        var parents = [1: 0, 10: 1, 11: 10, 12: 10, 13: 12, 20: 1, 21: 10]
        var asked: [Int] = []
        func update() {
            tree.update(parents.keys.sorted()) {
                asked.append($0)
                return parents[$0]
            }
        }
        update()
        #expect(tree.members(of: 10, excluding: 21) == [10, 11, 12, 13])
        #expect(asked.count == 7)
        // 13 loses its parent and stays; 14 is new, and only it is asked for.
        parents[12] = nil
        parents[13] = 1
        parents[14] = 11
        update()
        #expect(asked.count == 8)
        #expect(tree.members(of: 10, excluding: 0).sorted() == [10, 11, 14, 21])
    }

    @Test("Restarts: another main process, or a worker in the place of one that went.")
    func restarts() {
        func process(_ pid: Int) -> ProcessIdentity { ProcessIdentity(pid: pid, startTicks: 1) }
        var restarts = RestartCount()
        restarts.update(main: process(1), workers: [process(2), process(3)])
        #expect(restarts.count == 0)
        // One more is no restart; neither is one that goes.
        restarts.update(main: process(1), workers: [process(2), process(3), process(4)])
        restarts.update(main: process(1), workers: [process(2), process(4)])
        #expect(restarts.count == 0)
        restarts.update(main: process(1), workers: [process(2), process(4), process(5)])
        #expect(restarts.count == 1)
        // At once.
        restarts.update(main: process(1), workers: [process(6), process(4), process(5)])
        #expect(restarts.count == 2)
        // All of it.
        restarts.update(main: process(9), workers: [process(10)])
        #expect(restarts.count == 3)
        // The same number, started anew.
        restarts.update(main: ProcessIdentity(pid: 9, startTicks: 2), workers: [])
        #expect(restarts.count == 4)
    }

    @Test("A family's time, memory and threads are sums; descriptors those nearest to a limit.")
    func family() async throws {
        let root = try FakeProc()
        defer { root.remove() }
        try root.add(
            100, parent: 1, ticks: (10, 20, 1, 2), start: 500, rss: 1000, open: 4, limit: 100)
        try root.add(
            101, parent: 100, ticks: (100, 0, 0, 0), start: 510, rss: 50, open: 8, limit: 10)
        try root.add(102, parent: 100, ticks: (5, 5, 0, 0), start: 520, rss: 50, open: 5, limit: 10)
        try root.add(200, parent: 1, ticks: (9, 9, 9, 9), start: 1, rss: 9, open: 1, limit: 10)
        try root.listen("100", port: 8080, inode: 77, waiting: 3)
        try root.hold(101, inode: 77)
        let probe = ProcessProbe(
            name: "web", choice: .pid(100), port: 8080, files: ProcFiles(root: root.path))
        let ticks = Machine.ticksPerSecond
        var values = await probe.read().values
        #expect(values["cpu.user"] == 116 / ticks)
        #expect(values["cpu.sys"] == 27 / ticks)
        #expect(values["mem.rss"] == 1_126_400)
        #expect(values["threads"] == 6)
        #expect(values["fds.open"] == 9)
        #expect(values["fds.limit"] == 10)
        #expect(values["listen.recvq"] == 3)
        #expect(values["listen.sendq"] == nil)
        #expect(values["proc.restarts"] == 0)
        // A worker that listens dies and another takes its place; what it used stays in the sum.
        try root.remove(101)
        try root.add(
            100, parent: 1, ticks: (10, 20, 101, 2), start: 500, rss: 1000, open: 4, limit: 100)
        try root.add(103, parent: 100, ticks: (1, 0, 0, 0), start: 900, rss: 50, open: 1, limit: 10)
        try root.hold(103, inode: 77)
        values = await probe.read().values
        #expect(values["cpu.user"] == 117 / ticks)
        #expect(values["proc.restarts"] == 1)
        #expect(values["proc.pid"] == 100)
        // One that ended and was not waited for is gone.
        try root.add(
            100, parent: 1, ticks: (10, 20, 101, 2), start: 500, rss: 0, open: 0, limit: 1,
            state: "Z")
        #expect(await probe.read() == ProbeReading(problem: "there is no process 100"))
    }

    @Test("A port's owner that died is looked for anew: whoever listens then took its place.")
    func replaced() async throws {
        let root = try FakeProc()
        defer { root.remove() }
        func add(_ pid: Int, start: Int, inode: Int) throws {
            try root.add(
                pid, parent: 1, ticks: (1, 1, 0, 0), start: start, rss: 10, open: 2, limit: 10)
            try root.hold(pid, inode: inode)
            try root.listen("self", port: 8080, inode: inode, waiting: 0)
        }
        try add(100, start: 500, inode: 77)
        try root.add(
            90, parent: 1, ticks: (1, 1, 0, 0), start: 1, rss: 10, open: 2, limit: 10)
        let probe = ProcessProbe(
            name: "web", choice: .owner(port: 8080), files: ProcFiles(root: root.path))
        #expect(await probe.read().values["proc.pid"] == 100)
        try root.remove(100)
        let gone = await probe.read()
        #expect(gone.values.isEmpty)
        #expect(gone.problem?.contains("another user's process") == true)
        try add(300, start: 900, inode: 78)
        let values = await probe.read().values
        #expect(values["proc.pid"] == 300)
        #expect(values["proc.restarts"] == 1)
        // Two that share a socket: the older one is the server, the other its worker.
        try root.remove(300)
        try add(400, start: 950, inode: 79)
        try add(399, start: 960, inode: 79)
        #expect(await probe.read().values["proc.pid"] == 400)
    }
}
