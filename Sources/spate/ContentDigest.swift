import CCrypto

/// SHA-256 of a text, so that a report can name the exact scenario it is about.
enum ContentDigest {
    /// The digest in lowercase hex.
    static func sha256(_ bytes: [UInt8]) -> String {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        let done = EVP_Digest(bytes, bytes.count, &digest, &length, EVP_sha256(), nil)
        precondition(done == 1 && length == 32, "libcrypto has SHA-256 and it cannot fail here")
        return digest.prefix(Int(length)).map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
    }
}
