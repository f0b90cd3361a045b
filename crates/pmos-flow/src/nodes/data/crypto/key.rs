//! Keys of RSA and of elliptic curves: read, signed with, verified with.

use super::der::{BIT_STRING, Der, INTEGER, OBJECT_ID, OCTET_STRING, blocks};
use crate::node::NodeError;
use ring::rand::SystemRandom;
use ring::signature::{
    self as ring_of, EcdsaKeyPair, EcdsaSigningAlgorithm, KeyPair, RsaEncoding, RsaKeyPair, UnparsedPublicKey,
    VerificationAlgorithm,
};

/// A curve that keys lie on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::nodes::data) enum Curve {
    P256,
    P384,
    P521,
}

/// What a signature is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::nodes::data) enum Scheme {
    /// RSA, PKCS #1 1.5.
    Pkcs1,
    /// RSA, PSS.
    Pss,
    /// Of a curve, two numbers of fixed length, as tokens have it.
    Fixed,
    /// Of a curve, two numbers in DER, as files have it.
    Der,
}

/// A private key.
pub(in crate::nodes::data) enum PrivateKey {
    /// `RSAPrivateKey` of PKCS #1.
    Rsa(Vec<u8>),
    /// A number, and the point that follows from it.
    Curve { curve: Curve, number: Vec<u8>, point: Vec<u8> },
}

/// A public key.
pub(in crate::nodes::data) enum PublicKey {
    /// `RSAPublicKey` of PKCS #1.
    Rsa(Vec<u8>),
    /// A point.
    Curve { curve: Curve, point: Vec<u8> },
}

impl PrivateKey {
    /// The first private key of a PEM file: of PKCS #8, PKCS #1 or SEC 1, and not encrypted.
    pub(in crate::nodes::data) fn read(pem: &str) -> Option<Self> {
        blocks(pem).find_map(|(label, der)| match label {
            "RSA PRIVATE KEY" => Some(Self::Rsa(der)),
            "EC PRIVATE KEY" => Self::sec1(&der, None),
            "PRIVATE KEY" => {
                let mut info = Der(&der).sequence()?;
                info.take(INTEGER)?;
                let kind = kind(info.sequence()?)?;
                let key = info.take(OCTET_STRING)?;
                match kind {
                    None => Some(Self::Rsa(key.to_vec())),
                    curve => Self::sec1(key, curve),
                }
            }
            _ => None,
        })
    }

    fn sec1(der: &[u8], curve: Option<Curve>) -> Option<Self> {
        let mut key = Der(der).sequence()?;
        key.take(INTEGER)?;
        let number = key.take(OCTET_STRING)?.to_vec();
        let (mut curve, mut point) = (curve, None);
        while let Some((tag, content)) = key.value() {
            match tag {
                0xa0 => curve = curve_of(Der(content).take(OBJECT_ID)?),
                0xa1 => point = bits(&mut Der(content)),
                _ => {}
            }
        }
        Some(Self::Curve { curve: curve?, number, point: point?.to_vec() })
    }

    /// Signs with a hash of SHA-2 of so many bits.
    ///
    /// Fails where the key is too weak or broken, and for curves and hashes that do not go together.
    pub(in crate::nodes::data) fn sign(&self, scheme: Scheme, size: u16, data: &[u8]) -> Result<Vec<u8>, NodeError> {
        let random = SystemRandom::new();
        match self {
            Self::Rsa(der) => {
                let key = RsaKeyPair::from_der(der)
                    .map_err(|error| NodeError::new(format!("The private key cannot be used: {error}")))?;
                let padding: &dyn RsaEncoding = match (scheme, size) {
                    (Scheme::Pkcs1, 256) => &ring_of::RSA_PKCS1_SHA256,
                    (Scheme::Pkcs1, 384) => &ring_of::RSA_PKCS1_SHA384,
                    (Scheme::Pkcs1, 512) => &ring_of::RSA_PKCS1_SHA512,
                    (Scheme::Pss, 256) => &ring_of::RSA_PSS_SHA256,
                    (Scheme::Pss, 384) => &ring_of::RSA_PSS_SHA384,
                    (Scheme::Pss, 512) => &ring_of::RSA_PSS_SHA512,
                    _ => return Err(unfit()),
                };
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(padding, &random, data, &mut signature).map_err(|_| unfit())?;
                Ok(signature)
            }
            Self::Curve { curve, number, point } => {
                let algorithm: &'static EcdsaSigningAlgorithm = match (curve, scheme, size) {
                    (Curve::P256, Scheme::Fixed, 256) => &ring_of::ECDSA_P256_SHA256_FIXED_SIGNING,
                    (Curve::P384, Scheme::Fixed, 384) => &ring_of::ECDSA_P384_SHA384_FIXED_SIGNING,
                    (Curve::P256, Scheme::Der, 256) => &ring_of::ECDSA_P256_SHA256_ASN1_SIGNING,
                    (Curve::P384, Scheme::Der, 384) => &ring_of::ECDSA_P384_SHA384_ASN1_SIGNING,
                    _ => return Err(unfit()),
                };
                let key = EcdsaKeyPair::from_private_key_and_public_key(algorithm, number, point, &random)
                    .map_err(|error| NodeError::new(format!("The private key cannot be used: {error}")))?;
                Ok(key.sign(&random, data).map_err(|_| unfit())?.as_ref().to_vec())
            }
        }
    }

    /// The public key that belongs to it; nothing where it is broken or too weak.
    fn public(self) -> Option<PublicKey> {
        match self {
            Self::Rsa(der) => Some(PublicKey::Rsa(RsaKeyPair::from_der(&der).ok()?.public_key().as_ref().to_vec())),
            Self::Curve { curve, point, .. } => Some(PublicKey::Curve { curve, point }),
        }
    }
}

impl PublicKey {
    /// The first key of a PEM file: a public one, that of a certificate, or the one that belongs to a private key.
    pub(in crate::nodes::data) fn read(pem: &str) -> Option<Self> {
        let public = blocks(pem).find_map(|(label, der)| match label {
            "RSA PUBLIC KEY" => Some(Self::Rsa(der)),
            "PUBLIC KEY" => Self::info(Der(&der).sequence()?),
            "CERTIFICATE" => {
                let mut body = Der(&der).sequence()?.sequence()?;
                // The version is optional; after it: serial number, algorithm, issuer, validity, subject.
                let before = if body.0.first() == Some(&0xa0) { 6 } else { 5 };
                for _ in 0..before {
                    body.value()?;
                }
                Self::info(body.sequence()?)
            }
            _ => None,
        });
        public.or_else(|| PrivateKey::read(pem)?.public())
    }

    /// Of a `SubjectPublicKeyInfo`.
    fn info(mut info: Der<'_>) -> Option<Self> {
        let kind = kind(info.sequence()?)?;
        let key = bits(&mut info)?.to_vec();
        Some(match kind {
            None => Self::Rsa(key),
            Some(curve) => Self::Curve { curve, point: key },
        })
    }

    /// Is this the signature of the data, with a hash of SHA-2 of so many bits?
    pub(in crate::nodes::data) fn verifies(&self, scheme: Scheme, size: u16, data: &[u8], signature: &[u8]) -> bool {
        let (algorithm, key): (&'static dyn VerificationAlgorithm, _) = match (self, scheme, size) {
            (Self::Rsa(key), Scheme::Pkcs1, 256) => (&ring_of::RSA_PKCS1_2048_8192_SHA256, key),
            (Self::Rsa(key), Scheme::Pkcs1, 384) => (&ring_of::RSA_PKCS1_2048_8192_SHA384, key),
            (Self::Rsa(key), Scheme::Pkcs1, 512) => (&ring_of::RSA_PKCS1_2048_8192_SHA512, key),
            (Self::Rsa(key), Scheme::Pss, 256) => (&ring_of::RSA_PSS_2048_8192_SHA256, key),
            (Self::Rsa(key), Scheme::Pss, 384) => (&ring_of::RSA_PSS_2048_8192_SHA384, key),
            (Self::Rsa(key), Scheme::Pss, 512) => (&ring_of::RSA_PSS_2048_8192_SHA512, key),
            (Self::Curve { curve: Curve::P256, point }, Scheme::Fixed, 256) => {
                (&ring_of::ECDSA_P256_SHA256_FIXED, point)
            }
            (Self::Curve { curve: Curve::P384, point }, Scheme::Fixed, 384) => {
                (&ring_of::ECDSA_P384_SHA384_FIXED, point)
            }
            _ => return false,
        };
        UnparsedPublicKey::new(algorithm, key).verify(data, signature).is_ok()
    }
}

fn unfit() -> NodeError {
    NodeError::new("The private key cannot be used with this algorithm")
        .described("RSA keys of 2048 bits or more sign with SHA256, SHA384 and SHA512, keys of P-256 with SHA256, keys of P-384 with SHA384")
}

/// What an `AlgorithmIdentifier` says of a key: it lies on a curve, or else it is of RSA.
fn kind(mut algorithm: Der<'_>) -> Option<Option<Curve>> {
    match algorithm.take(OBJECT_ID)? {
        b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01" => Some(None),
        b"\x2a\x86\x48\xce\x3d\x02\x01" => curve_of(algorithm.take(OBJECT_ID)?).map(Some),
        _ => None,
    }
}

fn curve_of(id: &[u8]) -> Option<Curve> {
    match id {
        b"\x2a\x86\x48\xce\x3d\x03\x01\x07" => Some(Curve::P256),
        b"\x2b\x81\x04\x00\x22" => Some(Curve::P384),
        b"\x2b\x81\x04\x00\x23" => Some(Curve::P521),
        _ => None,
    }
}

/// The next value, which is a string of bits that fills its bytes.
fn bits<'d>(der: &mut Der<'d>) -> Option<&'d [u8]> {
    der.take(BIT_STRING)?.strip_prefix(&[0])
}
