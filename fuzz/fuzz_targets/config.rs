//! `pmos.toml` and variables, each behind a null: read and checked, or refused in words.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pmos::config::{Env, Flags, load};
use std::path::PathBuf;
use std::sync::LazyLock;

static FILE: LazyLock<PathBuf> =
    LazyLock::new(|| std::env::temp_dir().join(format!("pmos-fuzz-{}.toml", std::process::id())));

fuzz_target!(|input: &str| {
    let mut parts = input.split('\0');
    std::fs::write(&*FILE, parts.next().unwrap_or_default()).expect("the temporary folder can be written");
    let mut part = || parts.next().unwrap_or("127.0.0.1:1");
    let env = [("PMOS_LISTEN", part()), ("PMOS_TRUSTED_PROXIES", part()), ("OLLAMA_HOST", part()), ("HOME", "/home/x")];
    if let Err(error) = load(&Flags::new(Some(FILE.clone())), &Env::from(env)) {
        assert!(!error.public().is_empty());
    }
});
