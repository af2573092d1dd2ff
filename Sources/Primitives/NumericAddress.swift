#if canImport(Glibc)
    package import Glibc
#elseif canImport(Musl)
    package import Musl
#else
    package import Darwin
#endif

/// An IPv4 or IPv6 address as a number: parsed, compared and written in one place.
package struct NumericAddress: Sendable, Hashable {
    /// `AF_INET` or `AF_INET6`.
    package let family: Int32
    /// The address as a number, its first part highest; 32 bits of it for IPv4.
    package let bits: UInt128

    /// An address by its number.
    package init(family: Int32, bits: UInt128) {
        self.family = family
        self.bits = bits
    }

    /// Parses an address; nil for anything else, names included.
    package init?(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(four)
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            self.init(six)
        } else {
            return nil
        }
    }

    /// The address of a socket; nil for other families than IPv4 and IPv6, and for one cut short.
    ///
    /// - Parameter length: its bytes, where they are known.
    package init?(_ address: UnsafePointer<sockaddr>, length: Int = .max) {
        let raw = UnsafeRawPointer(address)
        switch Int32(address.pointee.sa_family) {
        case AF_INET where length >= MemoryLayout<sockaddr_in>.size:
            self.init(raw.loadUnaligned(as: sockaddr_in.self).sin_addr)
        case AF_INET6 where length >= MemoryLayout<sockaddr_in6>.size:
            self.init(raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr)
        default:
            return nil
        }
    }

    private init(_ four: in_addr) {
        self.init(family: AF_INET, bits: UInt128(UInt32(bigEndian: four.s_addr)))
    }

    private init(_ six: in6_addr) {
        let bits = withUnsafeBytes(of: six) { bytes in
            bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        }
        self.init(family: AF_INET6, bits: bits)
    }

    /// As the kernel takes it; of an IPv4 address its 32 bits.
    package var four: in_addr {
        in_addr(s_addr: UInt32(truncatingIfNeeded: self.bits).bigEndian)
    }

    /// As the kernel takes an IPv6 address.
    package var six: in6_addr {
        var six = in6_addr()
        withUnsafeMutableBytes(of: &six) { bytes in
            for index in 0..<16 {
                bytes[index] = UInt8(truncatingIfNeeded: self.bits >> UInt128(120 - 8 * index))
            }
        }
        return six
    }

    /// The number as an IPv6 address; an IPv4 one in its mapped form (`::ffff:127.0.0.1`).
    package var mapped: UInt128 {
        self.family == AF_INET ? 0xffff << 32 | self.bits : self.bits
    }

    /// True for 127.0.0.0/8, also written as IPv6, and for `::1`.
    package var isLoopback: Bool { self.mapped == 1 || self.mapped >> 24 == 0xffff_7f }

    /// This address with its last number replaced, as `127.0.0.2-9` means it; IPv4 only.
    package func withLastPart(_ text: String) -> NumericAddress? {
        guard self.family == AF_INET, let last = UInt8(text) else { return nil }
        return NumericAddress(family: AF_INET, bits: self.bits & ~0xff | UInt128(last))
    }

    /// The address in its usual spelling.
    package var text: String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        if self.family == AF_INET {
            var four = self.four
            inet_ntop(AF_INET, &four, &buffer, socklen_t(buffer.count))
        } else {
            var six = self.six
            inet_ntop(AF_INET6, &six, &buffer, socklen_t(buffer.count))
        }
        let end = buffer.firstIndex(of: 0) ?? buffer.endIndex
        return String(decoding: buffer[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
