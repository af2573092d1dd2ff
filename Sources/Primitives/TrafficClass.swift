/// What a population of clients stands for; the server never sees it.
package enum TrafficClass: String, Sendable, Hashable, Codable, CaseIterable {
    /// People the service exists for.
    case genuine
    /// Everything that crowds them out.
    case noise
    /// Measuring requests of ours; never counted as people.
    case probe
}
