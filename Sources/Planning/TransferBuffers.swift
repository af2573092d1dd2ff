/// The upload buffer for that many clients at one time, in bytes.
///
/// Measured per GB uploaded: 16 KB cost 0.72 CPU-s, 64 KB 0.65, 128 KB 0.42, 512 KB 0.37, 2 MB
/// 0.63; but each upload in progress holds one. All together may take 32 MB, and none less than
/// 16 KB, which is libcurl's own least.
///
/// | clients | 1 | 64 | 256 | 1,000 | 2,000 | 8,000 |
/// |---|---|---|---|---|---|---|
/// | buffer | 512 KB | 512 KB | 128 KB | 32 KB | 16 KB | 16 KB |
package func uploadBuffer(clients: Int) -> Int {
    var size = 524_288
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
