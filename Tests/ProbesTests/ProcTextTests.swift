import Testing

@testable import Probes

@Suite("Texts of /proc")
struct ProcTextTests {
    @Test("A process's name may hold spaces and parentheses.")
    func stat() throws {
        let text = """
            15062 (a) b (c) R 15060 15060 4034 0 -1 4194304 98 0 0 0 12 34 0 0 20 0 1 0 4306323 \
            3133440 360 18446744073709551615
            """
        let stat = try #require(ProcText.stat(text))
        #expect(stat.pid == 15062)
        #expect(stat.userTicks == 12)
        #expect(stat.systemTicks == 34)
        #expect(stat.startTicks == 4_306_323)
        #expect(ProcText.stat("15062 (cat") == nil)
        #expect(ProcText.stat("15062 (cat) R 1") == nil)
    }

    @Test("Memory is in bytes, and what is not told is missing.")
    func status() {
        let text = "Name:\tcat\nVmRSS:\t    1620 kB\nThreads:\t3\n"
        #expect(ProcText.status(text) == ["mem.rss": 1_658_880, "threads": 3])
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
            ProcText.listeners(text) == [ProcText.Listener(port: 8080, waiting: 26, inode: 4711)])
    }
}
