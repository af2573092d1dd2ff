/// The upload buffer for that many clients at one time, in bytes.
///
/// The body's bytes are read into it and sent from it, and should still lie in the core's cache by
/// then. Measured per MB sent (us of CPU, medians of three or four alternating rounds):
///
/// | clients | 64 KB | 128 KB | 256 KB | 512 KB | 1 MB |
/// |---|---|---|---|---|---|
/// | 4 | 403 | 445 | 384 | 366 | |
/// | 16 | 449 | 457 | 340 | 416 | |
/// | 64 | 399 | 325 | 363 | 420 | 578 |
/// | 250 | 695 | 462 | 462 | 462 | |
///
/// Each upload in progress holds one, so all together may take 32 MB, and none less than 16 KB,
/// which is libcurl's own least.
package func uploadBuffer(clients: Int) -> Int {
    var size = clients <= 32 ? 262_144 : 131_072
    while size > 16_384, size * clients > 33_554_432 { size /= 2 }
    return size
}

/// The receive buffer for that many clients at one time, in bytes.
///
/// libcurl takes it from the heap for each transfer in progress: with 8,000 at one time 16 KB
/// kept 7 KB of memory each, 4 KB keep 4. A long response then takes more reads.
package func receiveBuffer(clients: Int) -> Int {
    switch clients {
    case ..<1_024: 16_384
    case ..<4_096: 4_096
    default: 2_048
    }
}
