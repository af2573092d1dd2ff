package import Primitives

/// What limited the generator, with its figure and what mends it.
package struct GeneratorLimit: Sendable, Hashable {
    /// The resource.
    package var resource: GeneratorResource
    /// What happened and how much of it, for people: no full stop, no capital.
    package var figure: String
    /// Commands and flags to type.
    package var remedy: String

    /// A limit; the remedy is the resource's own.
    init(
        _ resource: GeneratorResource, _ figure: String, needed: Int? = nil, available: Int? = nil
    ) {
        self.resource = resource
        self.figure = figure
        self.remedy = resource.remedy(needed: needed, available: available)
    }

    /// Resource and figure: `local ports: 312 attempts failed (EADDRNOTAVAIL)`.
    package var summary: String { "\(self.resource.name): \(self.figure)" }
}
