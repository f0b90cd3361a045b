//! The cases whose results the real n8n gave.

use super::Bench;
use std::path::{Path, PathBuf};

/// The folder of cases beside the checkout, wherever the checkout is.
fn shared() -> Option<PathBuf> {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|folder| folder.join("shared/n8n"))
        .find(|folder| folder.is_dir())
}

#[test]
fn every_case_gives_what_n8n_gives() {
    let Some(folder) = shared() else {
        println!("skipped: ../shared/n8n is not beside this checkout");
        return;
    };
    let (cases, expressions) = (folder.join("cases"), folder.join("expressions.json"));
    let ran =
        Bench::new().run(&["conformance", cases.to_str().unwrap(), "--expressions", expressions.to_str().unwrap()]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert!(ran.out.lines().last().unwrap().ends_with(" passed, 0 failed"), "{}", ran.out);
}
