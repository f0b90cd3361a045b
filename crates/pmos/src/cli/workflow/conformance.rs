//! `pmos workflow conformance DIR`.

use super::table;
use crate::cli::{Failure, say, say_json, tell};
use crate::workflow;
use clap::Args;
use pmos_flow::conformance::{Suite, Verdict, expressions};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Run workflows whose results are known, and say where ours differ.
#[derive(Debug, Args)]
pub(in crate::cli) struct Conformance {
    /// The folder of cases, with an index.json.
    folder: PathBuf,
    /// Judge the expressions of this file too.
    #[arg(long, value_name = "FILE")]
    expressions: Option<PathBuf>,
    /// Run only the cases whose id contains this.
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Print one JSON object.
    #[arg(long)]
    pub(in crate::cli) json: bool,
}

impl Conformance {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let sandbox = workflow::sandbox(None);
        let suite = Suite::load(&self.folder).map_err(Failure::usage)?;
        let mut verdicts = Vec::new();
        for (at, id) in suite.ids().iter().enumerate() {
            if self.wants(id) {
                verdicts.push(suite.run(at, sandbox.clone()).await);
                if !self.json {
                    show(&verdicts[verdicts.len() - 1])?;
                }
            }
        }
        if let Some(file) = &self.expressions {
            let mut judged = expressions(file, sandbox).await.map_err(Failure::usage)?;
            judged.retain(|verdict| self.wants(&verdict.id));
            for verdict in judged {
                if !self.json {
                    show(&verdict)?;
                }
                verdicts.push(verdict);
            }
        }
        self.summary(&verdicts)
    }

    fn wants(&self, id: &str) -> bool {
        self.only.as_ref().is_none_or(|part| id.contains(part.as_str()))
    }

    fn summary(&self, verdicts: &[Verdict]) -> Result<(), Failure> {
        let mut families: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for verdict in verdicts {
            let (passed, failed) = families.entry(&verdict.family).or_default();
            *(if verdict.differences.is_empty() { passed } else { failed }) += 1;
        }
        let failed: usize = families.values().map(|(_, failed)| failed).sum();
        let passed = verdicts.len() - failed;
        if self.json {
            say_json(&json!({
                "passed": passed,
                "failed": failed,
                "families": families.iter().map(|(name, (passed, failed))| json!({ "name": name, "passed": passed, "failed": failed })).collect::<Vec<_>>(),
                "cases": verdicts.iter().map(|verdict| json!({ "id": verdict.id, "differences": verdict.differences })).collect::<Vec<_>>(),
            }))?;
        } else {
            let rows: Vec<Vec<String>> = families
                .iter()
                .map(|(name, (passed, failed))| {
                    vec![(*name).to_owned(), format!("{passed} passed"), format!("{failed} failed")]
                })
                .collect();
            for line in table::lines(&rows) {
                say(&line)?;
            }
            say(&format!("{passed} passed, {failed} failed"))?;
        }
        if verdicts.is_empty() {
            tell("pmos: no case has such an id");
        }
        if failed == 0 && !verdicts.is_empty() { Ok(()) } else { Err(Failure::failed("")) }
    }
}

fn show(verdict: &Verdict) -> Result<(), Failure> {
    if verdict.differences.is_empty() {
        return Ok(());
    }
    say(&format!("FAILED {}", verdict.id))?;
    for words in &verdict.differences {
        say(&format!("    {words}"))?;
    }
    Ok(())
}
