import Testing

@testable import Probes

@Suite("Texts of /proc")
struct ProcTextTests {
    @Test("A process's name may hold spaces and parentheses.")
    func stat() throws {
        let text = """
            15062 (a) b (c) R 15060 15060 4034 0 -1 4194304 98 0 0 0 12 34 5 6 20 0 1 0 4306323 \
            3133440 360 18446744073709551615
            """
        let stat = try #require(ProcText.stat(text))
        #expect(stat.pid == 15062)
        #expect(stat.userTicks == 12)
        #expect(stat.systemTicks == 34)
        #expect(stat.childUserTicks == 5)
        #expect(stat.childSystemTicks == 6)
        #expect(stat.parent == 15060)
        #expect(stat.isAlive)
        #expect(stat.startTicks == 4_306_323)
        let ended = text.replacing(") R ", with: ") Z ")
        #expect(ProcText.stat(ended)?.isAlive == false)
        #expect(ProcText.stat("15062 (cat") == nil)
        #expect(ProcText.stat("15062 (cat) R 1") == nil)
    }

    @Test("Memory is in bytes, and what is not told is missing.")
    func status() {
        let text = "Name:\tcat\nVmRSS:\t    1620 kB\nThreads:\t3\n"
        #expect(ProcText.status(text) == ["mem.rss": 1_658_880, "threads": 3])
        #expect(ProcText.status("Cpus_allowed_list:\t0-2,5\n") == ["cpu.cores": 4])
        #expect(ProcText.status("Cpus_allowed_list:\t\n").isEmpty)
        #expect(ProcText.status("Name:\tkthreadd\n").isEmpty)
    }

    @Test("The soft limit of open files counts, unless there is none.")
    func limits() {
        let row = "Max open files            20000                30000                files"
        #expect(ProcText.openFilesLimit("Limit Soft Hard\n" + row) == 20_000)
        #expect(ProcText.openFilesLimit("Max open files   unlimited   unlimited  files") == nil)
    }

    @Test("Pressure is the lost time so far.")
    func pressure() {
        let text = """
            some avg10=2.26 avg60=15.47 avg300=7.84 total=13247175381
            full avg10=0.00 avg60=0.00 avg300=0.00 total=0
            """
        #expect(
            ProcText.pressure(text, resource: "cpu")
                == ["psi.cpu.some": 13_247_175_381, "psi.cpu.full": 0])
    }

    @Test("Counters of TCP are found by name, not by place.")
    func tcp() {
        let text = """
            TcpExt: SyncookiesSent ListenOverflows ListenDrops
            TcpExt: 1 22 33
            IpExt: InNoRoutes
            IpExt: 4
            """
        #expect(
            ProcText.tcpExtension(text)
                == ["tcpext.ListenOverflows": 22, "tcpext.ListenDrops": 33])
        #expect(ProcText.retransmissions("Tcp: MaxConn RetransSegs\nTcp: -1 77") == 77)
        #expect(ProcText.retransmissions("Tcp: MaxConn\nTcp: -1") == nil)
    }

    @Test("Only listening sockets are listeners, their queue in hexadecimal.")
    func listeners() {
        let text = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid
               0: 0100007F:1F90 00000000:0000 0A 00000000:0000001A 00:00000000 00000000 0 0 4711 1
               1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000 0 0 4712 1
            """
        #expect(
            ProcText.listeners(text) == [
                ProcText.Listener(port: 8080, waiting: 26, room: nil, inode: 4711)
            ])
    }

    @Test("The kernel's list is read up to its first connection.")
    func firstConnection() {
        let head = "  sl  local_address rem_address   st tx_queue rx_queue\n"
        let listener = "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00\n"
        let connection = "   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00\n"
        #expect(!ProcText.holdsConnection(head + listener))
        #expect(ProcText.holdsConnection(head + listener + connection))
    }

    @Test("Waiting for the disk and what was stolen are seconds.")
    func processors() {
        let text = "cpu  4162701 9947 1067770 4188725 15257 0 391613 35854 0 0\ncpu0 1 2 3 4\n"
        #expect(
            ProcText.processors(text, ticksPerSecond: 100)
                == ["cpu.iowait": 152.57, "cpu.steal": 358.54])
        #expect(ProcText.processors("intr 1 2 3", ticksPerSecond: 100).isEmpty)
    }

    @Test("Named lines are found with and without a colon.")
    func named() {
        #expect(ProcText.named("pswpin 5\npswpout 6\n", ["pswpin": "in"]) == ["in": 5])
        let memory = "MemFree:  1 kB\nMemAvailable:   23848636 kB\n"
        #expect(ProcText.named(memory, ["MemAvailable": "kb"]) == ["kb": 23_848_636])
    }

    @Test("Traffic is that of all interfaces but loopback.")
    func traffic() {
        let text = """
            Inter-|   Receive                                                |  Transmit
             face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop
                lo: 3834513965719 836421024    0 232967    0     0          0         0 3834513965719 836421024    0    0    0     0       0          0
              eth0: 655002724   15634    0    2    0     0          0         0  1155625   10153    0    3    0     0       0          0
              eth1:10 1 0 0 0 0 0 0 20 1 0 1 0 0 0 0
            """
        #expect(
            ProcText.traffic(text) == ["net.rx": 655_002_734, "net.tx": 1_155_645, "net.drops": 6])
    }

    @Test("A disk is found by its numbers.")
    func disk() {
        let text = """
               7       0 loop0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
             254       0 vda 2027027 190341 104059370 2870189 1432170 901143 107532384 946996 0 436032 3990033
            """
        #expect(
            ProcText.disk(text, major: 254, minor: 0)
                == ProcText.Disk(operations: 3_459_197, waited: 3_817_185, busy: 436_032))
        #expect(ProcText.disk(text, major: 254, minor: 1) == nil)
    }

    @Test("Of control groups only version 2 is read.")
    func controlGroups() {
        #expect(ProcText.controlGroup("4:memory:/a\n0::/user.slice/b\n") == "/user.slice/b")
        #expect(ProcText.controlGroup("4:memory:/a\n") == nil)
        #expect(ProcText.quota("150000 100000\n") == 1.5)
        #expect(ProcText.quota("max 100000\n") == nil)
    }
}
