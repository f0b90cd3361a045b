//! Hashes by their names.

use hmac::{Mac, SimpleHmac};
use sha2::Digest;
use sha2::digest::core_api::BlockSizeUser;

/// A hash function.
pub(in crate::nodes::data) struct Hash {
    name: &'static str,
    digest: fn(&[u8]) -> Vec<u8>,
    mac: fn(&[u8], &[u8]) -> Vec<u8>,
}

static HASHES: &[Hash] = &[
    Hash::of::<md5::Md5>("MD5"),
    Hash::of::<sha1::Sha1>("SHA1"),
    Hash::of::<sha2::Sha224>("SHA224"),
    Hash::of::<sha2::Sha256>("SHA256"),
    Hash::of::<sha2::Sha384>("SHA384"),
    Hash::of::<sha2::Sha512>("SHA512"),
    Hash::of::<sha3::Sha3_224>("SHA3-224"),
    Hash::of::<sha3::Sha3_256>("SHA3-256"),
    Hash::of::<sha3::Sha3_384>("SHA3-384"),
    Hash::of::<sha3::Sha3_512>("SHA3-512"),
];

impl Hash {
    const fn of<D: Digest + BlockSizeUser>(name: &'static str) -> Self {
        Self { name, digest: digest::<D>, mac: mac::<D> }
    }

    /// The function of this name, whatever its case.
    pub(in crate::nodes::data) fn named(name: &str) -> Option<&'static Self> {
        HASHES.iter().find(|hash| hash.name.eq_ignore_ascii_case(name))
    }

    /// The hash of some bytes.
    pub(in crate::nodes::data) fn digest(&self, data: &[u8]) -> Vec<u8> {
        (self.digest)(data)
    }

    /// The HMAC (RFC 2104) of some bytes under a key of any length.
    pub(in crate::nodes::data) fn mac(&self, key: &[u8], data: &[u8]) -> Vec<u8> {
        (self.mac)(key, data)
    }
}

fn digest<D: Digest>(data: &[u8]) -> Vec<u8> {
    D::digest(data).to_vec()
}

fn mac<D: Digest + BlockSizeUser>(key: &[u8], data: &[u8]) -> Vec<u8> {
    // Keys of any length are taken.
    let Ok(mac) = SimpleHmac::<D>::new_from_slice(key) else { return Vec::new() };
    mac.chain_update(data).finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::Hash;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn hashes_are_known_by_name() {
        for (name, expected) in [
            ("md5", "900150983cd24fb0d6963f7d28e17f72"),
            ("SHA1", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            ("SHA256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            ("SHA3-256", "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"),
        ] {
            assert_eq!(hex(&Hash::named(name).unwrap().digest(b"abc")), expected);
        }
        assert!(Hash::named("SHA").is_none());
    }

    #[test]
    fn macs_are_those_of_rfc_4231() {
        let mac = |key: &[u8], data: &[u8]| hex(&Hash::named("SHA256").unwrap().mac(key, data));
        assert_eq!(mac(&[0x0b; 20], b"Hi There"), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        assert_eq!(
            mac(b"Jefe", b"what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        let long = b"Test Using Larger Than Block-Size Key - Hash Key First";
        assert_eq!(mac(&[0xaa; 131], long), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    }
}
