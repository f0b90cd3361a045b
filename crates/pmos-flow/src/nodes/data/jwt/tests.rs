//! Tokens of RFC 7515, and keys as OpenSSL writes them.

use super::{Rules, decode, sign, verify};
use crate::value::{Object, Value, parse, to_string};
use base64::Engine;
use std::sync::Arc;

/// The example of RFC 7515, appendix A.1.
const EXAMPLE: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// An RSA key of 2048 bits, made for these tests as all keys here are.
const RSA: &str = "-----BEGIN PRIVATE KEY-----
MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQDhQZfSfgoDldzt
xWih9npk5ZH5dL34I0xzG3CPg9SNiP5VDvuXDrc1HJRHE75wWU/0oRAHWCFTSjpm
JPILSQEaConKr585fftzhVBbJtNHKxbphpF+aQBuadIZiscasEqUKUXd+mqIz+Y1
iBl1zI/062oW3eadCBCjmFDaqy02l/VGDthvy+BPBvqHc88Jn5DaCoJ3atYt1LU8
1vVLnP+ZXO1pEZB8zjGuE7aVBLrzVSoMXkvzh6PFnhT3MgPpvHhFMgZGmV6zSV65
MhiwYLxD09qODHgccFBc6iwD413Unlt3lHIvUhP+HpGwJRjt7wcIZ/fUVxkHNY70
YxR2vWULAgMBAAECggEAEt9/C/jZd/FvgFCA8skG+jst3tvEKu0yM5bB+JRQE8e9
n3zQ4ZgvC3koh0gFNb6V72YrRKJCsIrQl8xSp1VnjToCz4OlcJi4n7Y0xF5dZ2IZ
2lkXCaNckOO24cL56aeJqB5JJ08a6/mXTTbpAzCvgxLSYbYX42JQmpRheeDLuf4b
IX6519io4IUFxJRqb9L8+RXKWb7E9Jrun3Slx8N8WEAH8gYJMtZb9tip9f2bFueT
W+wkt3gGcD2VMosGQIalGgWFZs0ncJrvCWzuOPv62B0kmXMPxL3Z03VevT3tAdNB
3/dzkkGBmuTBQdBUYDPQBZNyPK2kQjXwhhBMHRS/+QKBgQD3nO4ADM/a1F7b2pNo
6dOzy2dJgv3gK+EGcOzukaPuynrSngqtEPO5IIjegSXgCqXamr3kBUSk8jWJKfJZ
0uG5uQOJADuDky7vhumMNBwFPYkZdaSNl8w9w08M5CqsEVwj6kJQYv7fmczuPcbq
lNX+V4K7D/JAIVISWOTjEGjJhwKBgQDo4s5bCm0jfsOc/f1lmaVRGGR+9Kc0mmkE
44ntiBNDFCVHCNkkXw2T3RitJ7R44t9pY5HsZrKcuKWBxa+E/9QAZJ4JFBUdYtki
TOfrFbzd/vkWGxREOkAW1AOLiZ10pzoGism9A/zeH30JSetjtIOlvdWgt+erunl7
NWZQepIZXQKBgF0TjVdReZR9fgbQm9a1BpIwJGw6pCnu9JBSRI3NCz1IuXCQXdz+
YU82jpxtGYqlFgEdZ8HdxRbnwP4FWYcwQQ9qH40RHE3yNpNtOD8um1XQ8scyNJ/Q
7sJMt1tWLUAu6l7JwRGslLgCfUkUycAGIIaR6J9eeCZpIAurhKZh1bHjAoGAaHDm
2H9piKSd93cUwA7Sy/ajgygXIIkrFe0xexwuf0O2oA/AygXy4eAi4+zNi/U6+lmU
JK+95HkOiI9ucrgEjJSTJ0EhYwdkl3RkAdLC29AwRxCn2x1AhrxYRqjVu24PoMV3
SdRTAA6hFZxX+2QGMjtbZfNz61j6iB3fn7IIeWUCgYAN+qnzYOXNEO5daLsz0uQ7
XNPrGGIPKqC7OacZzqJTNXB08wNcaQAMNAghm8ifp0gfn5GaERHkkP4cUQAXUr/i
TQOYSd/TfIoajU4V+mUzRcoTOm/1q4A7Yl+rrVeodIFcoml96LTZIuJC9XmASxnN
eWxuQ84MAB7WcG+xp75b8w==
-----END PRIVATE KEY-----";
/// The public key of the same.
const RSA_PUBLIC: &str = "-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA4UGX0n4KA5Xc7cVoofZ6
ZOWR+XS9+CNMcxtwj4PUjYj+VQ77lw63NRyURxO+cFlP9KEQB1ghU0o6ZiTyC0kB
GgqJyq+fOX37c4VQWybTRysW6YaRfmkAbmnSGYrHGrBKlClF3fpqiM/mNYgZdcyP
9OtqFt3mnQgQo5hQ2qstNpf1Rg7Yb8vgTwb6h3PPCZ+Q2gqCd2rWLdS1PNb1S5z/
mVztaRGQfM4xrhO2lQS681UqDF5L84ejxZ4U9zID6bx4RTIGRples0leuTIYsGC8
Q9Pajgx4HHBQXOosA+Nd1J5bd5RyL1IT/h6RsCUY7e8HCGf31FcZBzWO9GMUdr1l
CwIDAQAB
-----END PUBLIC KEY-----";
/// A key of P-256, with the parameters before it.
const P256: &str = "-----BEGIN EC PARAMETERS-----
BggqhkjOPQMBBw==
-----END EC PARAMETERS-----
-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIIwyiEhPFZT6Y8te4A/IB9ssASuIEyLrn2f10XT6dSFOoAoGCCqGSM49
AwEHoUQDQgAEuc5RAqOe2B/9D9cmgnYh197fNodUtD7iz3E3rORBGcjFL2ZwwnFe
gRJJ5YpfksQWleKTDIg80iBmFlaWJNSmuw==
-----END EC PRIVATE KEY-----";
/// The same in PKCS #8, its line breaks lost.
const P256_PKCS8: &str = "-----BEGIN PRIVATE KEY----- MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgjDKISE8VlPpjy17g D8gH2ywBK4gTIuufZ/XRdPp1IU6hRANCAAS5zlECo57YH/0P1yaCdiHX3t82h1S0 PuLPcTes5EEZyMUvZnDCcV6BEknlil+SxBaV4pMMiDzSIGYWVpYk1Ka7 -----END PRIVATE KEY-----";
/// A certificate of the same.
const P256_CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----
MIIBczCCARmgAwIBAgIUV0Vfzmn5qD750RZLslBES69TFRQwCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEdGVzdDAeFw0yNjExMjQwMzI2NTFaFw0zNjExMjEwMzI2NTFa
MA8xDTALBgNVBAMMBHRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAS5zlEC
o57YH/0P1yaCdiHX3t82h1S0PuLPcTes5EEZyMUvZnDCcV6BEknlil+SxBaV4pMM
iDzSIGYWVpYk1Ka7o1MwUTAdBgNVHQ4EFgQUsmzJdC749gnA16lBc3/ff4HHQ1Ew
HwYDVR0jBBgwFoAUsmzJdC749gnA16lBc3/ff4HHQ1EwDwYDVR0TAQH/BAUwAwEB
/zAKBggqhkjOPQQDAgNIADBFAiEAhQIjFPH6i65hX2q3W4QbvLWnV5eiCFTBanFJ
EU1w9vYCIAXnXLHxahXXA3SalF+dto8A1feQCZgJCGeEmSfYqVGY
-----END CERTIFICATE-----";
/// A key of P-384.
const P384: &str = "-----BEGIN EC PRIVATE KEY-----
MIGkAgEBBDDyaV/F6CGr08GzvusRV7RUEK5E7efIJW3iPrRjsQ3c5UQtzvh7KmdQ
U0XA6eR3EcGgBwYFK4EEACKhZANiAARPttsQI17+xGJ0wUeTKmGX29KIQvaDn8Ep
BV2Krh3YJ8KvlUxYjS2iGHwKXb8+Tli5qpJjWx3ZPmmD0D20yCOKTD72EHDQKep5
WmAAaIUzp8WZqRDBiqy4xpz4LhrdbYo=
-----END EC PRIVATE KEY-----";

fn object(json: &str) -> Object {
    let Ok(Value::Object(object)) = parse(json) else { panic!("no object") };
    Arc::unwrap_or_clone(object)
}

fn refusal<T>(result: Result<T, crate::node::NodeError>) -> String {
    result.err().map(|error| error.message).unwrap_or_default()
}

#[test]
fn the_example_of_the_rfc_is_verified() {
    // Bytes that are no text cannot be a secret here: the signature is verified with the hash alone.
    let key = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
    let key = base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(key).unwrap();
    let (signed, signature) = EXAMPLE.rsplit_once('.').unwrap();
    let mac = super::Hash::named("SHA256").unwrap().mac(&key, signed.as_bytes());
    assert_eq!(base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(mac), signature);
    let read = decode(EXAMPLE).unwrap().unwrap();
    assert_eq!(to_string(&read.payload), r#"{"iss":"joe","exp":1300819380,"http://example.com/is_root":true}"#);
    assert_eq!(refusal(verify(EXAMPLE, "other", "HS256", &Rules::default(), 0)), "invalid signature");
    assert_eq!(refusal(verify(EXAMPLE, "other", "HS512", &Rules::default(), 0)), "invalid algorithm");
}

#[test]
fn what_is_signed_is_verified() {
    let rules = Rules::default();
    for (algorithm, private, public) in [
        ("HS256", "secret", "secret"),
        ("HS384", "secret", "secret"),
        ("HS512", "secret", "secret"),
        ("RS256", RSA, RSA_PUBLIC),
        ("RS512", RSA, RSA),
        ("PS384", RSA, RSA_PUBLIC),
        ("ES256", P256, P256_CERTIFICATE),
        ("ES256", P256_PKCS8, P256),
        ("ES384", P384, P384),
    ] {
        let token = sign(object(r#"{"a":1}"#), private, algorithm, Some("k"), 7).unwrap();
        let read = verify(&token, public, algorithm, &rules, 7).unwrap().complete();
        assert_eq!(to_string(read.get("header").unwrap()), format!(r#"{{"alg":"{algorithm}","typ":"JWT","kid":"k"}}"#));
        assert_eq!(to_string(read.get("payload").unwrap()), r#"{"a":1,"iat":7}"#);
        let (signed, _) = token.rsplit_once('.').unwrap();
        assert_eq!(refusal(verify(&format!("{signed}.AAAA"), public, algorithm, &rules, 7)), "invalid signature");
    }
}

#[test]
fn keys_must_fit_the_algorithm() {
    for (algorithm, key, words) in [
        ("HS256", "", "secretOrPrivateKey must have a value"),
        ("HS256", RSA, "secretOrPrivateKey must be a symmetric key when using HS256"),
        ("RS256", "secret", "secretOrPrivateKey must be an asymmetric key when using RS256"),
        ("RS256", P256, "\"alg\" parameter for \"ec\" key type must be one of: ES256, ES384, ES512."),
        ("ES384", P256, "\"alg\" parameter \"ES384\" requires curve \"secp384r1\"."),
        ("none", "secret", "\"algorithm\" must be a valid string enum value"),
    ] {
        assert_eq!(refusal(sign(Object::new(), key, algorithm, None, 0)), words);
    }
    let forged = sign(Object::new(), "secret", "HS256", None, 0).unwrap();
    let words = "secretOrPublicKey must be a symmetric key when using HS256";
    assert_eq!(refusal(verify(&forged, RSA_PUBLIC, "HS256", &Rules::default(), 0)), words);
}

#[test]
fn times_are_held() {
    let token = sign(object(r#"{"exp":100,"nbf":50}"#), "s", "HS256", None, 0).unwrap();
    let at = |now, rules| refusal(verify(&token, "s", "HS256", &rules, now));
    assert_eq!(at(49, Rules::default()), "jwt not active");
    assert_eq!(at(50, Rules::default()), "");
    assert_eq!(at(100, Rules::default()), "jwt expired");
    assert_eq!(at(49, Rules { ignore_not_before: true, ..Rules::default() }), "");
    assert_eq!(at(900, Rules { ignore_expiration: true, ..Rules::default() }), "");
    assert_eq!(at(104, Rules { clock_tolerance: 5.0, ..Rules::default() }), "");
    let words = "\"exp\" should be a number of seconds";
    assert_eq!(refusal(sign(object(r#"{"exp":"soon"}"#), "s", "HS256", None, 0)), words);
}

#[test]
fn what_is_no_token_is_refused() {
    for (text, words) in [
        ("", "jwt must be provided"),
        ("a.b", "jwt malformed"),
        ("a.b.c", "invalid token"),
        ("e30.e30.", "jwt signature is required"),
    ] {
        assert_eq!(refusal(verify(text, "s", "HS256", &Rules::default(), 0)), words);
    }
    assert!(decode("no token").unwrap().is_none());
}
