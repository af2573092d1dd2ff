import Foundation

/// nginx from the distribution, in a folder of the test's own.
final class NginxProcess: @unchecked Sendable {
    // `@unchecked`: used by one test at a time.
    private let process = Process()

    /// Starts nginx and waits until it answers.
    ///
    /// - Parameters:
    ///   - http: what stands in the block of that name, beside the log and the paths.
    ///   - logFormat: of each line of `access.log` in the folder.
    ///   - probe: curl's arguments for a request that is answered `status` once it is up.
    init(
        in folder: String, http: String, logFormat: String, probe: [String], status: String
    ) throws {
        try BuiltProgram.write(
            """
            daemon off;
            worker_processes 1;
            pid \(folder)/nginx.pid;
            error_log \(folder)/error.log;
            events { worker_connections 1024; }
            http {
                log_format own '\(logFormat)';
                access_log \(folder)/access.log own;
                client_body_temp_path \(folder)/body;
                proxy_temp_path \(folder)/proxy;
                fastcgi_temp_path \(folder)/fastcgi;
                uwsgi_temp_path \(folder)/uwsgi;
                scgi_temp_path \(folder)/scgi;
            \(http)
            }
            """, to: "nginx.conf", in: folder)
        self.process.executableURL = URL(fileURLWithPath: "/usr/sbin/nginx")
        self.process.arguments = ["-p", folder, "-c", folder + "/nginx.conf"]
        self.process.standardError = FileHandle.nullDevice
        try self.process.run()
        let deadline = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < deadline {
            let answer = try BuiltProgram.shell(
                "curl", ["-s", "-o", "/dev/null", "-w", "%{http_code}"] + probe)
            if answer.output == status { return }
        }
        self.stop()
        throw CocoaError(.executableNotLoadable)
    }

    /// Asks it to finish what it does, so that its log is complete, and waits.
    func stop() {
        guard self.process.isRunning else { return }
        kill(self.process.processIdentifier, SIGQUIT)
        self.process.waitUntilExit()
    }
}
