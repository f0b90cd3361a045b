//! Which addresses belong to the public internet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Is this the address of a host on the public internet, and of nothing else?
///
/// The rule is the IANA special-purpose registries (RFC 6890 and its updates), read strictly: what carries an IPv4
/// address inside an IPv6 one (mapped, compatible, 6to4, Teredo, NAT64, ISATAP) is refused whatever it carries, because
/// the network may take it out again.
pub fn is_global(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_global_v4(address),
        IpAddr::V6(address) => is_global_v6(address),
    }
}

/// Networks of IPv4 that are not global unicast: address and prefix length.
const NOT_GLOBAL_V4: [([u8; 4], u32); 17] = [
    ([0, 0, 0, 0], 8),        // "this network", RFC 791
    ([10, 0, 0, 0], 8),       // private, RFC 1918
    ([100, 64, 0, 0], 10),    // carrier-grade NAT, RFC 6598; Alibaba's metadata
    ([127, 0, 0, 0], 8),      // loopback, RFC 1122
    ([168, 63, 129, 16], 32), // Azure's host agent: a public number that only virtual machines reach
    ([169, 254, 0, 0], 16),   // link-local, RFC 3927; the metadata of most clouds
    ([172, 16, 0, 0], 12),    // private, RFC 1918
    ([192, 0, 0, 0], 24),     // IETF protocol assignments, RFC 6890; Oracle's metadata
    ([192, 0, 2, 0], 24),     // documentation, RFC 5737
    ([192, 31, 196, 0], 24),  // AS112, RFC 7535
    ([192, 52, 193, 0], 24),  // AMT, RFC 7450
    ([192, 88, 99, 0], 24),   // 6to4 relays, RFC 7526
    ([192, 168, 0, 0], 16),   // private, RFC 1918
    ([192, 175, 48, 0], 24),  // AS112, RFC 7534
    ([198, 18, 0, 0], 15),    // benchmarks, RFC 2544
    ([198, 51, 100, 0], 24),  // documentation, RFC 5737
    ([203, 0, 113, 0], 24),   // documentation, RFC 5737
];

fn is_global_v4(address: Ipv4Addr) -> bool {
    // From 224 on: multicast (RFC 5771), reserved (RFC 1112), broadcast.
    address.octets()[0] < 224 && !NOT_GLOBAL_V4.iter().any(|(network, bits)| in_v4(address, *network, *bits))
}

fn in_v4(address: Ipv4Addr, network: [u8; 4], bits: u32) -> bool {
    (address.to_bits() ^ u32::from_be_bytes(network)) >> (32 - bits) == 0
}

/// Networks inside 2000::/3 that are not global unicast all the same.
const NOT_GLOBAL_V6: [(Ipv6Addr, u32); 5] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23), // IETF assignments, RFC 2928: Teredo, ORCHID, benchmarks
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32), // documentation, RFC 3849
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16), // 6to4, RFC 3056
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48), // AS112, RFC 7534
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20), // documentation, RFC 9637
];

fn is_global_v6(address: Ipv6Addr) -> bool {
    // Outside 2000::/3 nothing is assigned as global unicast (RFC 4291): this drops ::1, fc00::/7, fe80::/10, ff00::/8,
    // ::ffff:0:0/96, 64:ff9b::/96, 100::/64 and 5f00::/16 in one stroke.
    let is_unicast = address.segments()[0] >> 13 == 1;
    is_unicast && !is_isatap(address) && !NOT_GLOBAL_V6.iter().any(|(network, bits)| in_v6(address, *network, *bits))
}

fn in_v6(address: Ipv6Addr, network: Ipv6Addr, bits: u32) -> bool {
    (address.to_bits() ^ network.to_bits()) >> (128 - bits) == 0
}

/// RFC 5214: the interface identifier `[02]00:5efe` followed by an IPv4 address.
fn is_isatap(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    matches!(segments[4], 0 | 0x0200) && segments[5] == 0x5efe
}
