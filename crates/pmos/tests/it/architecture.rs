//! The plan of the house, held against what the sources import.

use crate::isolation::rust_files;
use std::path::{Path, PathBuf};

/// Domains in their order: each may use those to its left.
const PLATFORM: [&str; 13] = [
    "audit",
    "limits",
    "usage",
    "jobs",
    "secrets",
    "person",
    "workspaces",
    "members",
    "invites",
    "accounts",
    "api_keys",
    "grants",
    "people",
];
const CHAT: [&str; 6] = ["models", "agents", "sessions", "runs", "chat", "health"];

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A domain uses only those before it.
#[test]
fn domains_use_only_those_before_them() {
    for (krate, order, least) in [("pmos-platform", &PLATFORM[..], 35), ("pmos-chat", &CHAT[..], 20)] {
        let source = crates().join(krate).join("src");
        let files = rust_files(&source);
        assert!(files.len() >= least, "only {} files of {krate} were read: the scanner is blind", files.len());
        let mut seen = 0;
        for file in &files {
            let Some(own) = place(file.strip_prefix(&source).unwrap(), order) else { continue };
            for used in imports(&std::fs::read_to_string(file).unwrap()) {
                let Some(other) = order.iter().position(|name| *name == used) else { continue };
                seen += 1;
                assert!(other <= own, "{} uses {used}, which comes after {}", file.display(), order[own]);
            }
        }
        assert!(seen > 10, "only {seen} imports of {krate} were seen: the scanner is blind");
    }
}

fn place(file: &Path, order: &[&str]) -> Option<usize> {
    let first = file.components().next()?.as_os_str().to_string_lossy().into_owned();
    let domain = first.strip_suffix(".rs").unwrap_or(&first).to_owned();
    order.iter().position(|name| *name == domain)
}

/// The first names behind `crate::`, braces included: `use crate::{invites, workspaces};` names two.
fn imports(text: &str) -> Vec<String> {
    let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let text = code.join("\n");
    let mut names = Vec::new();
    for (at, word) in text.match_indices("crate::") {
        if text[..at].ends_with('$') {
            continue;
        }
        let rest = &text[at + word.len()..];
        let list = rest.strip_prefix('{').and_then(|inner| inner.split('}').next()).unwrap_or(rest);
        let entries: Vec<&str> = if rest.starts_with('{') { list.split(',').collect() } else { vec![list] };
        for entry in entries {
            let name: String = entry.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            names.push(name);
        }
    }
    names
}

/// Only the store knows a database driver, only the gateway axum, only egress an HTTP client.
#[test]
fn each_of_the_outside_worlds_has_one_door() {
    let mut manifests = 0;
    for entry in std::fs::read_dir(crates()).unwrap().map(Result::unwrap) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Ok(manifest) = std::fs::read_to_string(entry.path().join("Cargo.toml")) else { continue };
        manifests += 1;
        let used = manifest.split("[dev-dependencies]").next().unwrap();
        for (dependency, owners) in [
            ("rusqlite", &["pmos-store"][..]),
            ("tokio-postgres", &["pmos-store"]),
            // The fake model of the tests is a server too.
            ("axum", &["pmos-gateway", "pmos-testkit"]),
            ("reqwest", &["pmos-egress"]),
            ("rquickjs", &["pmos-jail"]),
        ] {
            let depends =
                used.lines().any(|line| line.starts_with(dependency) && !line.starts_with(&format!("{dependency}-")));
            assert!(!depends || owners.contains(&name.as_str()), "{name} depends on {dependency}");
        }
    }
    assert!(manifests >= 10, "only {manifests} manifests were read");
}

/// Each file holds one idea: nothing of ours is longer than 500 lines.
#[test]
fn no_file_is_long() {
    for file in rust_files(&crates()) {
        let lines = std::fs::read_to_string(&file).unwrap().lines().count();
        assert!(lines <= 500, "{} has {lines} lines", file.display());
    }
}
