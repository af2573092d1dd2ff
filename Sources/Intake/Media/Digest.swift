import CCrypto

/// SHA-256 over bytes that arrive in pieces, by libcrypto's EVP interface.
///
/// Used by one request at a time; about 0.5 ns a byte where the processor has the instructions.
final class Digest {
    private let context: OpaquePointer

    init() {
        guard let context = EVP_MD_CTX_new(),
            EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
        else {
            preconditionFailure("libcrypto has no SHA-256 or no memory")
        }
        self.context = context
    }

    deinit {
        EVP_MD_CTX_free(self.context)
    }

    /// Adds bytes.
    func update(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
        let ok = EVP_DigestUpdate(self.context, start, bytes.count)
        precondition(ok == 1, "EVP_DigestUpdate failed")
    }

    /// The digest of everything added, as 64 hexadecimal digits; called once.
    func finish() -> String {
        let digest = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { output in
            var length: UInt32 = 0
            let ok = EVP_DigestFinal_ex(self.context, output.baseAddress, &length)
            precondition(ok == 1, "EVP_DigestFinal_ex failed")
            return Array(output[..<Int(length)])
        }
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self)
    }

    /// The digest of one text.
    static func hex(_ text: String) -> String {
        let digest = Digest()
        var copy = text
        copy.withUTF8 { digest.update(UnsafeRawBufferPointer($0)) }
        return digest.finish()
    }
}
