//! What was sealed opens where it belongs and nowhere else.

use super::master::MasterKey;
use super::seal::{DataKey, Place};
use pmos_kit::{OsRng, Secret, WorkspaceId};

fn place<'a>(workspace: &'a WorkspaceId, owner: &'a str, field: &'a str) -> Place<'a> {
    Place { workspace, owner, field }
}

#[test]
fn a_secret_opens_in_its_place_alone() {
    let (ours, theirs) = (WorkspaceId::new(&OsRng), WorkspaceId::new(&OsRng));
    let key = DataKey::new(1, &OsRng);
    let sealed = key.seal(&place(&ours, "prv_1", "api_key"), &Secret::new("sk-ünïcode"), &OsRng).unwrap();
    assert_eq!(key.open(&place(&ours, "prv_1", "api_key"), &sealed).unwrap().expose(), "sk-ünïcode");
    for elsewhere in
        [place(&theirs, "prv_1", "api_key"), place(&ours, "prv_2", "api_key"), place(&ours, "prv_1", "token")]
    {
        assert!(key.open(&elsewhere, &sealed).is_err());
    }
    // The same letters, cut differently.
    assert!(key.open(&place(&ours, "prv_1a", "pi_key"), &sealed).is_err());
}

#[test]
fn another_key_another_version_or_one_changed_character_does_not_open() {
    let workspace = WorkspaceId::new(&OsRng);
    let (key, home) = (DataKey::new(1, &OsRng), place(&workspace, "prv_1", "api_key"));
    let sealed = key.seal(&home, &Secret::new("sk-secret"), &OsRng).unwrap();
    assert!(DataKey::new(1, &OsRng).open(&home, &sealed).is_err());
    assert!(key.open(&home, &sealed.replacen("s1.1.", "s1.2.", 1)).is_err());
    for at in 5..sealed.len() {
        let mut changed = sealed.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        assert!(key.open(&home, std::str::from_utf8(&changed).unwrap()).is_err(), "changed at {at}");
    }
    for junk in ["", "s1.", "s1.1.", "s1.1.AAAA", "s2.1.AAAA", "sk-secret"] {
        assert!(key.open(&home, junk).is_err(), "{junk:?}");
    }
}

#[test]
fn the_same_secret_never_looks_the_same() {
    let workspace = WorkspaceId::new(&OsRng);
    let (key, home) = (DataKey::new(1, &OsRng), place(&workspace, "prv_1", "api_key"));
    let seal = || key.seal(&home, &Secret::new("sk-secret"), &OsRng).unwrap();
    assert_ne!(seal(), seal());
}

#[test]
fn a_data_key_is_wrapped_for_its_workspace_by_one_master_key() {
    let (ours, theirs) = (WorkspaceId::new(&OsRng), WorkspaceId::new(&OsRng));
    let master = MasterKey::parse(&Secret::new("0123456789abcdefABCDEF0123456789".repeat(2))).unwrap();
    let other = MasterKey::parse(&Secret::new("f".repeat(64))).unwrap();
    let data = DataKey::new(1, &OsRng);
    let wrapped = master.wrap(&ours, &data, &OsRng).unwrap();
    assert_eq!(*master.unwrap(&ours, &wrapped, 1).unwrap().key, *data.key);
    assert!(master.unwrap(&theirs, &wrapped, 1).is_err() && master.unwrap(&ours, &wrapped, 2).is_err());
    assert!(other.unwrap(&ours, &wrapped, 1).is_err() && !other.wrapped(&wrapped) && master.wrapped(&wrapped));
}

#[test]
fn a_master_key_is_64_characters_of_hex() {
    for bad in ["", "f", &"f".repeat(63), &"g".repeat(64), &"é".repeat(32)] {
        assert!(MasterKey::parse(&Secret::new(bad.to_string())).is_err(), "{bad:?}");
    }
}

#[cfg(unix)]
#[test]
fn the_file_is_made_once_for_the_owner_alone_and_refused_when_shared() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("master.key");
    assert!(MasterKey::load(&path).unwrap().is_none());
    let workspace = WorkspaceId::new(&OsRng);
    let made = MasterKey::load_or_create(&path, &OsRng).unwrap();
    let wrapped = made.wrap(&workspace, &DataKey::new(1, &OsRng), &OsRng).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(MasterKey::load_or_create(&path, &OsRng).unwrap().wrapped(&wrapped), "the same key again");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    assert!(MasterKey::load(&path).is_err());
}
