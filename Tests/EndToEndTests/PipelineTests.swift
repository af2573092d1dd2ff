import Foundation
import Testing

@Suite("Spate in other people's pipelines")
struct PipelineTests {
    private static let root = BuiltProgram.root.path

    /// Runs the step of `action.yml` by its own command, in a folder with a scenario.
    private func action(
        in folder: String, _ variables: [String: String]
    ) throws -> BuiltProgram.Outcome {
        let command = try #require(
            self.text(Self.root + "/action.yml").components(separatedBy: "      run: '").last?
                .components(separatedBy: "'\n").first)
        let step = [
            "GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": folder, "SPATE_CI_ACTION": Self.root,
            "GITHUB_OUTPUT": folder + "/output", "GITHUB_STEP_SUMMARY": folder + "/summary",
        ]
        return try self.shell(command, in: folder, step.merging(variables) { $1 })
    }

    /// Runs a script of `scripts/ci` in a folder with a scenario.
    private func script(
        _ name: String, in folder: String, _ variables: [String: String]
    ) throws -> BuiltProgram.Outcome {
        try self.shell("'\(Self.root)/scripts/ci/\(name)'", in: folder, variables)
    }

    private func shell(
        _ command: String, in folder: String, _ variables: [String: String]
    ) throws -> BuiltProgram.Outcome {
        try BuiltProgram.write(FormatFilesTests.scenario, to: "my files.yaml", in: folder)
        let wishes = [
            "SPATE_CI_PROGRAM": BuiltProgram.folder + "/spate",
            "SPATE_CI_SCENARIO": "my files.yaml",
        ].merging(variables) { $1 }.map { "\($0)=\($1)" }
        return try BuiltProgram.shell(
            "env",
            ["-C", folder] + wishes + [
                "bash", "-e", "-o", "pipefail", "-c", "exec 2>&1\n" + command,
            ])
    }

    private func text(_ path: String) -> String {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// The outputs of a step, as GitHub reads them: the last of a name counts.
    private func outputs(_ path: String) -> [String: String] {
        var found: [String: String] = [:]
        for line in self.text(path).split(separator: "\n") {
            let halves = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if halves.count == 2 { found[String(halves[0])] = String(halves[1]) }
        }
        return found
    }

    @Test("The action runs the scenario, annotates what broke, sets outputs and fails the step.")
    func step() async throws {
        try await BuiltProgram.withFolder { folder in
            let step = try self.action(
                in: folder,
                [
                    "SPATE_CI_ARGS": "--seed 5  --max-duration 60s",
                    "SPATE_CI_FAIL_ON": "regression\nthresholds\n",
                ])
            #expect(step.status == 99, "\(step.output)")
            let title = "title=Spate%3A #1%3A 100%25%2C <is> \"broken\"::"
            #expect(step.output.contains("\n::error file=my files.yaml,line=19,\(title)"))
            let outputs = self.outputs(folder + "/output")
            #expect(outputs["finding"] == "thresholds" && outputs["exit_code"] == "99")
            #expect(outputs["thresholds_broken"] == "1")
            #expect(outputs["directory"] == "spate-report")
            let report = try BuiltProgram.json(folder + "/spate-report/report.json")
            #expect(number(report, "run.seed") == 5)
            // Whether the machine was quiet meanwhile is not for this test to say.
            let validity = report["validity"] as? [String: Any]
            let state = try #require(validity?["state"] as? String)
            #expect(outputs["validity"] == state)
            for file in ["report_path", "junit"] {
                let path = try #require(outputs[file])
                #expect(FileManager.default.fileExists(atPath: folder + "/" + path), "\(file)")
            }
            #expect(self.text(folder + "/summary").hasPrefix("# Files "))
            let declared = self.text(Self.root + "/action.yml")
                .components(separatedBy: "steps.run.outputs.").dropFirst()
                .map { String($0.prefix { $0.isLetter || $0.isNumber || $0 == "_" }) }
            // Nothing was compared.
            #expect(Set(declared) == Set(outputs.keys).union(["comparison"]))
        }
    }

    @Test("Arguments one a line keep their blanks; a finding that may be does not fail the step.")
    func lines() async throws {
        try await BuiltProgram.withFolder { folder in
            let step = try self.action(
                in: folder,
                [
                    "SPATE_CI_ARGS": "--set=name=two words; $(touch hacked)\n--duration=1s\n",
                    "SPATE_CI_FAIL_ON": "inconclusive regression", "SPATE_CI_OUT_DIR": "my out",
                    "SPATE_CI_JUNIT": "my junit.xml",
                ])
            #expect(step.status == 0, "\(step.output)")
            #expect(step.output.contains("thresholds (exit code 99), which does not fail here"))
            #expect(self.outputs(folder + "/output")["finding"] == "passed")
            #expect(self.outputs(folder + "/output")["thresholds_broken"] == "1")
            let report = try BuiltProgram.json(folder + "/my out/report.json")
            #expect(value(report, "run.scenario") as? String == "two words; $(touch hacked)")
            #expect(FileManager.default.fileExists(atPath: folder + "/my junit.xml"))
            #expect(!FileManager.default.fileExists(atPath: folder + "/hacked"))
        }
    }

    @Test("A comparison is in the summary, and what it found is said as an annotation.")
    func comparison() async throws {
        try await BuiltProgram.withFolder { folder in
            // Nobody listens there: every request is refused at once.
            let step = try self.action(
                in: folder,
                [
                    "SPATE_CI_ARGS":
                        "--no-thresholds --duration 1s --target http://127.0.0.1:1",
                    "SPATE_CI_BASELINE_TARGET": "http://127.0.0.1:1", "SPATE_CI_REPEAT": "2",
                ])
            #expect(step.status == 95, "\(step.output)")
            #expect(step.output.contains("\n::warning title=Spate%3A INCONCLUSIVE::"))
            #expect(self.text(folder + "/summary").contains("\n## INCONCLUSIVE\n"))
            #expect(self.outputs(folder + "/output")["finding"] == "inconclusive")
            #expect(self.outputs(folder + "/output")["comparison"] == "inconclusive")
            let path = self.outputs(folder + "/output")["report_path"]
            #expect(path == "spate-report/new-2/report.html")
        }
    }

    @Test("Mistakes fail a step that fails on nothing, and say how to mend them.")
    func mistakes() async throws {
        try await BuiltProgram.withFolder { folder in
            let mistakes: [([String: String], Int32, String)] = [
                (["SPATE_CI_FAIL_ON": "none", "SPATE_CI_SCENARIO": "gone.yaml"], 104, "gone.yaml"),
                (["SPATE_CI_SCENARIO": ""], 64, "hint: set the input 'scenario'"),
                (["SPATE_CI_FAIL_ON": "treshold"], 64, "write some of: time-limit"),
                (["SPATE_CI_FAIL_ON": "regression\ntreshold"], 64, "'treshold' is nothing"),
                (["SPATE_CI_PROGRAM": "/nowhere/spate"], 64, "no program /nowhere/spate"),
            ]
            for (variables, status, words) in mistakes {
                let step = try self.action(in: folder, variables)
                #expect(step.status == status, "\(step.output)")
                #expect(step.output.contains(words), "\(step.output)")
            }
            #expect(!FileManager.default.fileExists(atPath: folder + "/spate-report"))
        }
    }

    @Test("Without a program the checkout is built, both products, where it was asked for.")
    func building() async throws {
        try await BuiltProgram.withFolder { folder in
            // Stands for Swift: notes what it is asked for, and has it ready.
            let swift = """
                #!/bin/sh
                echo "$@" >> '\(folder)/asked'
                mkdir -p '\(folder)/built/release'
                ln -sf '\(BuiltProgram.folder)/spate' '\(BuiltProgram.folder)/spate-intake' \
                    '\(folder)/built/release/'
                """
            try FileManager.default.createDirectory(
                atPath: folder + "/bin", withIntermediateDirectories: true)
            try BuiltProgram.write(swift, to: "bin/swift", in: folder)
            #expect(try BuiltProgram.shell("chmod", ["+x", folder + "/bin/swift"]).status == 0)
            let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
            let job = try self.script(
                "gitlab-job.sh", in: folder,
                [
                    "SPATE_CI_PROGRAM": "", "SPATE_CI_SCRATCH": folder + "/built",
                    "SPATE_CI_ARGS": "--duration 1s --no-thresholds",
                    "PATH": folder + "/bin:" + path,
                ])
            #expect(job.status == 0, "\(job.output)")
            let build =
                "build -c release --package-path \(Self.root) --scratch-path \(folder)/built"
                + " --product"
            #expect(self.text(folder + "/asked") == "\(build) spate\n\(build) spate-intake\n")
        }
    }

    @Test("The GitLab job writes the files that its template names.")
    func gitLab() async throws {
        try await BuiltProgram.withFolder { folder in
            let job = try self.script("gitlab-job.sh", in: folder, ["SPATE_CI_FAIL_ON": "none"])
            #expect(job.status == 0, "\(job.output)")
            #expect(job.output.contains("the report is spate-report/report.html"))
            let template = self.text(Self.root + "/templates/spate.yml")
            for report in ["junit", "load_performance", "metrics"] {
                let line = try #require(
                    template.split(separator: "\n").first { $0.hasPrefix("      \(report): ") })
                let path = line.drop { $0 == " " }.dropFirst(report.count + 2)
                #expect(
                    FileManager.default.fileExists(atPath: folder + "/" + path),
                    "\(report): \(path)")
            }
            let summary = try BuiltProgram.json(folder + "/spate-ci/load-performance.json")
            #expect(number(summary, "metrics.http_reqs.rate") ?? 0 > 30)
        }
    }

    @Test("The template's own lines fetch Spate, keep what was built, and run the job.")
    func templateScript() async throws {
        try await BuiltProgram.withFolder { folder in
            let template = self.text(Self.root + "/templates/spate.yml")
            let block = try #require(
                template.components(separatedBy: "  script:\n    - |\n").last?
                    .components(separatedBy: "  cache:").first)
            let lines = block.split(separator: "\n").map { $0.dropFirst(6) }
            #expect(lines.count > 10)
            try BuiltProgram.write(
                lines.joined(separator: "\n"), to: "template.sh", in: folder)
            // A repository with Spate's scripts, and a folder that a cache brought.
            let made = try BuiltProgram.shell(
                "sh",
                [
                    "-ec",
                    """
                    mkdir -p "$1/origin" "$1/.spate/.build/release"
                    cp -RL "$0/scripts" "$1/origin"
                    ln -s "$2/spate" "$2/spate-intake" "$1/.spate/.build/release"
                    cd "$1/origin" && git init --quiet --initial-branch main && git add .
                    git -c user.name=a -c user.email=a@b commit --quiet --message scripts
                    """, Self.root, folder, BuiltProgram.folder,
                ])
            #expect(made.status == 0, "\(made.output)")
            try BuiltProgram.write(FormatFilesTests.scenario, to: "load.yaml", in: folder)
            func job(_ repository: String) throws -> BuiltProgram.Outcome {
                try BuiltProgram.shell(
                    "env",
                    [
                        "-C", folder, "CI_PROJECT_DIR=" + folder, "SPATE_CI_REF=main",
                        "SPATE_CI_REPOSITORY=" + repository, "SPATE_CI_SCENARIO=load.yaml",
                        "SPATE_CI_ARGS=--duration 1s --no-thresholds", "SPATE_CI_OUT_DIR=",
                        "SPATE_CI_PROGRAM=.spate/.build/release/spate",
                        "sh", "-ec", "exec 2>&1; . ./template.sh",
                    ])
            }
            let nowhere = try job("")
            #expect(nowhere.status == 64)
            #expect(nowhere.output.contains("hint: set the input 'repository'"))
            // Twice: the second job finds everything there.
            for _ in 0..<2 {
                let done = try job("file://\(folder)/origin")
                #expect(done.status == 0, "\(done.output)")
                let report = folder + "/spate-report/report.json"
                #expect(FileManager.default.fileExists(atPath: report))
                #expect(FileManager.default.fileExists(atPath: folder + "/spate-ci/metrics.txt"))
                #expect(!FileManager.default.fileExists(atPath: folder + "/.spate-new"))
                try FileManager.default.removeItem(atPath: folder + "/spate-report")
            }
        }
    }

    @Test("The action and the template hand over each wish, and no input stands in a command.")
    func wishes() throws {
        let scripts = ["job.sh", "github-action.sh", "gitlab-job.sh"]
            .map { self.text(Self.root + "/scripts/ci/" + $0) }.joined()
        for (name, words) in [
            ("action.yml", "${{ inputs."), ("templates/spate.yml", "$[[ inputs."),
        ] {
            let file = self.text(Self.root + "/" + name)
            let known = Set(
                file.components(separatedBy: "SPATE_CI_").dropFirst().map {
                    "SPATE_CI_" + String($0.prefix { $0.isLetter || $0 == "_" })
                })
            #expect(known.count > 8)
            for variable in known where !file.contains("$\(variable)") {
                #expect(scripts.contains("${\(variable)"), "\(variable) of \(name)")
            }
            let commands = file.components(separatedBy: name == "action.yml" ? " run: " : "script:")
            #expect(
                commands.last?.components(separatedBy: "artifacts:").first?
                    .components(separatedBy: "cache:").first?.contains(words) == false)
        }
    }

    @Test("The shell scripts are such by bash, and by shellcheck where it is.")
    func syntax() throws {
        let folder = Self.root + "/scripts/ci"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        #expect(names == ["github-action.sh", "gitlab-job.sh", "job.sh"])
        for name in names {
            #expect(try BuiltProgram.shell("bash", ["-n", folder + "/" + name]).status == 0)
        }
        guard try BuiltProgram.shell("which", ["shellcheck"]).status == 0 else { return }
        let checked = try BuiltProgram.shell(
            "shellcheck", ["-x", "-P", Self.root] + names.map { folder + "/" + $0 })
        #expect(checked.status == 0, "\(checked.output)")
    }
}
