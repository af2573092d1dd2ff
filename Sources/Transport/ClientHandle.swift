/// Names one simulated client of one lane: its connections, TLS sessions and cookies.
///
/// An index with a generation, so that a handle kept after `retire` is noticed instead of naming
/// the next client.
package struct ClientHandle: Hashable, Sendable {
    let index: Int32
    let generation: Int32
}
