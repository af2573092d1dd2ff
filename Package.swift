// swift-tools-version: 6.2
import PackageDescription

let argumentParser: Target.Dependency = .product(
    name: "ArgumentParser", package: "swift-argument-parser")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let hummingbirdCore: Target.Dependency = .product(
    name: "HummingbirdCore", package: "hummingbird")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let histogramOracle: Target.Dependency = .product(
    name: "Histogram", package: "hdrhistogram-swift")

let package = Package(
    name: "spate",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "spate", targets: ["spate"]),
        .executable(name: "spate-intake", targets: ["spate-intake"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        // What Hummingbird is made of; the intake's listener uses it directly.
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        // The oracle in MeasurementsTests; no product depends on it.
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    ],
    targets: [
        // MARK: - The pipeline, in the order data flows through it
        .target(name: "Primitives"),
        .target(name: "Scenarios", dependencies: ["Primitives", yams]),
        .target(name: "Planning", dependencies: ["Primitives", "Scenarios"]),
        .target(name: "Measurements", dependencies: ["Primitives", "CZlib"]),
        .target(
            name: "Engine",
            dependencies: [
                "Primitives", "Scenarios", "Planning", "Measurements", "Transport", "CEpoll",
            ]),
        .target(
            name: "Diagnosis", dependencies: ["Primitives", "Measurements"],
            // Part of the binary: what was shipped and what was judged with are one.
            resources: [.embedInCode("weights.json"), .embedInCode("experiments.json")]),
        .target(name: "Comparison", dependencies: ["Primitives"]),
        .target(
            name: "Reporting",
            dependencies: ["Primitives", "Measurements", "Diagnosis", "Comparison"]),
        .target(name: "Telemetry", dependencies: ["Primitives", "Measurements", "Transport"]),

        // MARK: - The edges: libcurl, the target under test, the command line
        .target(name: "Transport", dependencies: ["Primitives", "CCurl", "CEpoll"]),
        .target(name: "Probes", dependencies: ["Primitives", "Measurements"]),
        .target(
            name: "Targets",
            dependencies: ["Primitives", "Transport", "Measurements", "Probes"]),
        .executableTarget(
            name: "spate",
            dependencies: [
                "Primitives", "Scenarios", "Planning", "Measurements", "Engine", "Transport",
                "Targets", "Probes", "Diagnosis", "Comparison", "Reporting", "Telemetry", "CCrypto",
                argumentParser,
            ]),

        // MARK: - C libraries
        .systemLibrary(
            name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CEpoll"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

        // MARK: - The reference intake
        .target(
            name: "Intake",
            dependencies: [
                "Primitives", "CCrypto", hummingbirdCore, nioCore, nioPosix,
                httpTypes, logging, grdb,
            ]),
        .executableTarget(
            name: "spate-intake", dependencies: ["Primitives", "Intake", argumentParser]),

        // MARK: - Tests
        .target(
            name: "TestSupport", dependencies: ["Primitives", "Measurements"],
            path: "Tests/TestSupport"),
        .target(
            name: "Fitting", dependencies: ["Diagnosis", "Measurements", "TestSupport"],
            path: "Tests/Fitting"),
        // `make fit`: Sources/Diagnosis/weights.json from labelled runs (docs/validation.md).
        .executableTarget(
            name: "spate-fit",
            dependencies: ["Diagnosis", "Fitting", "Measurements", "TestSupport"],
            path: "Tests/spate-fit"),
        .testTarget(name: "PrimitivesTests", dependencies: ["Primitives"]),
        .testTarget(name: "ScenariosTests", dependencies: ["Scenarios", "Primitives"]),
        .testTarget(name: "PlanningTests", dependencies: ["Planning", "Scenarios", "Primitives"]),
        .testTarget(
            name: "MeasurementsTests",
            dependencies: ["Measurements", "Primitives", "TestSupport", histogramOracle]),
        .testTarget(
            name: "TransportTests", dependencies: ["Transport", "Primitives", "TestSupport"]),
        .testTarget(
            name: "EngineTests",
            dependencies: [
                "Engine", "Scenarios", "Planning", "Measurements", "Transport", "Primitives",
                "TestSupport",
            ]),
        .testTarget(
            name: "TargetsTests",
            dependencies: ["Targets", "Measurements", "Transport", "Primitives", "TestSupport"]),
        .testTarget(
            name: "ProbesTests",
            dependencies: ["Probes", "Measurements", "Primitives", "TestSupport"]),
        .testTarget(
            name: "DiagnosisTests",
            dependencies: [
                "Diagnosis", "Fitting", "Measurements", "Primitives", "TestSupport",
            ]),
        .testTarget(name: "ComparisonTests", dependencies: ["Comparison", "Primitives"]),
        .testTarget(
            name: "ReportingTests",
            dependencies: [
                "Reporting", "Comparison", "Diagnosis", "Measurements", "Primitives",
                "TestSupport",
            ]),
        .testTarget(
            name: "TelemetryTests",
            dependencies: ["Telemetry", "Measurements", "Transport", "Primitives", "TestSupport"]),
        .testTarget(
            name: "IntakeTests",
            dependencies: ["Intake", "Scenarios", "Primitives", "TestSupport"]),
        .testTarget(name: "EndToEndTests", dependencies: ["Primitives", "TestSupport"]),
        .testTarget(
            name: "RepositoryTests",
            dependencies: ["Diagnosis", "Scenarios", "Planning", "Primitives"]),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system && target.type != .plugin {
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("MemberImportVisibility"),
            .treatAllWarnings(as: .error),
        ]
}
