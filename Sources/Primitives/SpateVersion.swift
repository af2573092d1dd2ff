/// The version of Spate, as `--version`, the user agent and reports say it.
package enum SpateVersion {
    /// Semantic version of this source tree.
    package static let current = "0.1.0"
}
