//! The cases whose results the real n8n gave, with JavaScript in the jail.
//!
//! They lie beside the project's checkout; without them the test says so in a line. `CASES=<part of an id>` runs some.

use pmos_flow::conformance::{Suite, expressions};
use pmos_flow::sandbox::Jailed;
use pmos_jail::{Pool, Settings};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The folder `shared/n8n` beside the checkout, wherever the checkout is.
fn shared() -> Option<PathBuf> {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|folder| folder.join("shared/n8n"))
        .find(|folder| folder.is_dir())
}

#[tokio::test]
async fn every_case_gives_what_n8n_gives() {
    let Some(folder) = shared() else {
        println!("skipped: ../shared/n8n is not beside this checkout");
        return;
    };
    #[expect(clippy::disallowed_methods, reason = "a test is asked for some cases by a variable")]
    let wanted = std::env::var("CASES").unwrap_or_default();
    let settings = Settings {
        program: env!("CARGO_BIN_EXE_flow-worker").into(),
        ..Settings::of_this_program(Vec::<String>::new())
    };
    let sandbox = Arc::new(Jailed { pool: Pool::new(settings), key: "cases".to_owned() });
    let suite = Suite::load(&folder.join("cases")).unwrap();
    let mut verdicts = Vec::new();
    for (at, id) in suite.ids().iter().enumerate() {
        if id.contains(&wanted) {
            verdicts.push(suite.run(at, sandbox.clone()).await);
        }
    }
    let judged = expressions(&folder.join("expressions.json"), sandbox).await.unwrap();
    verdicts.extend(judged.into_iter().filter(|verdict| verdict.id.contains(&wanted)));
    let mut families: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for verdict in &verdicts {
        let (passed, failed) = families.entry(&verdict.family).or_default();
        *(if verdict.differences.is_empty() { passed } else { failed }) += 1;
        if !verdict.differences.is_empty() {
            println!("{}", verdict.id);
            verdict.differences.iter().take(4).for_each(|words| println!("    {words}"));
        }
    }
    for (family, (passed, failed)) in &families {
        println!("{family}: {passed} passed, {failed} failed");
    }
    let failed: usize = families.values().map(|(_, failed)| failed).sum();
    println!("{} passed, {failed} failed", verdicts.len() - failed);
    assert_eq!(failed, 0);
}
