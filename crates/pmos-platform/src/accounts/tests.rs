//! What the rules say, without a server.

use super::csrf_of;
use super::hashing::{hash_with, is_hash_of, is_outdated};
use super::password::weakness;
use super::throttle::{OF_NETWORK, OF_PAIR, network_of};
use crate::person::email;
use pmos_kit::Secret;

#[test]
fn an_address_is_lower_cased_and_what_is_none_is_refused() {
    assert_eq!(email(" Ada.Lovelace+pmos@Example.ORG ").unwrap(), "ada.lovelace+pmos@example.org");
    assert!(email("root@localhost").is_ok());
    for bad in
        ["", "ada", "@b.c", "a@", "a@b@c", "a b@c.d", "<script>@c.d", "a@-b.c", "a@b..c", "a@b\u{202e}.c", "ä@b.c"]
    {
        assert!(email(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn words_of_ones_own_are_a_good_password() {
    for good in [
        "correct horse battery stapler of Leeds",
        "vier Igel tanzen im Regen",
        "a much longer passphrase",
        "8402957163820475",
        "пароль из пяти хороших слов",
        "Tr0ub4dor&3-Zebra-Kiosk",
    ] {
        assert_eq!(weakness(good, &["ada@example.org", "Ada Lovelace"]), None, "{good:?}");
    }
}

#[test]
fn what_is_tried_first_is_refused() {
    let about = ["ada.lovelace@example.org", "Ada Lovelace"];
    for bad in [
        "fourteen-chars",
        "aaaaaaaaaaaaaaaaaaaa",
        "abcabcabcabcabcab",
        "hunter22 hunter22",
        "123456789012345678",
        "abcdefghijklmnop!",
        "To be, or not to be?",
        "correcthorsebatterystaple1",
        "Password-Password-2024",
        "pmos-admin-password-123",
        "AdaLovelace-example-1",
        "qwertyuiop asdfghjkl",
    ] {
        assert!(weakness(bad, &about).is_some(), "{bad:?}");
    }
    assert!(weakness(&"x1y2z3 ".repeat(20), &about).is_some());
}

#[test]
fn a_hash_knows_its_password_and_no_other() {
    let hash = hash_with(&Secret::new("vier Igel tanzen im Regen"), &[7; 16]).unwrap();
    assert!(!is_outdated(&hash), "{hash}");
    assert!(is_hash_of(&Secret::new("vier Igel tanzen im Regen"), &hash).unwrap());
    assert!(!is_hash_of(&Secret::new("fünf Igel tanzen im Regen"), &hash).unwrap());
    assert!(is_outdated("$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA"));
}

#[test]
fn each_failure_doubles_the_wait_up_to_a_quarter_of_an_hour() {
    let waits: Vec<i64> = (0..=12).map(|failures| OF_PAIR.lock_ms(failures) / 1_000).collect();
    assert_eq!(waits, [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
    assert_eq!([OF_NETWORK.lock_ms(50), OF_NETWORK.lock_ms(51), OF_NETWORK.lock_ms(i64::MAX)], [0, 1_000, 60_000]);
}

#[test]
fn neighbours_share_a_network() {
    assert_eq!(network_of(Some("203.0.113.7")), network_of(Some("::ffff:203.0.113.250")));
    assert_eq!(network_of(Some("2001:db8:1:2:3::4")), "2001:db8:1:2::/64");
    assert_eq!(network_of(Some("nonsense")), network_of(None));
}

#[test]
fn the_csrf_token_is_made_from_the_cookie_and_is_not_its_digest() {
    assert_eq!(csrf_of("pmos_sess_x").len(), 32);
    assert_ne!(csrf_of("pmos_sess_x"), csrf_of("pmos_sess_y"));
    assert!(!pmos_kit::token::digest("pmos_sess_x").starts_with(&csrf_of("pmos_sess_x")));
}
