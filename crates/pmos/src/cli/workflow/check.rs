//! `pmos workflow check FILE`.

use super::read_workflow;
use crate::cli::{Failure, say, say_json};
use clap::Args;
use pmos_flow::run::problems;
use serde_json::json;
use std::path::PathBuf;

/// Say whether a workflow file can be run, and if not, why.
#[derive(Debug, Args)]
pub(in crate::cli) struct Check {
    /// The workflow, as n8n exports it.
    file: PathBuf,
    /// Print one JSON object.
    #[arg(long)]
    pub(in crate::cli) json: bool,
}

impl Check {
    pub(super) fn run(self) -> Result<(), Failure> {
        let workflow = read_workflow(&self.file)?;
        let problems = problems(&workflow);
        if self.json {
            let list: Vec<_> =
                problems.iter().map(|problem| json!({ "node": &*problem.node, "message": problem.message })).collect();
            say_json(&json!({ "name": &*workflow.name, "nodes": workflow.nodes.len(), "problems": list }))?;
        } else {
            for problem in &problems {
                say(&format!("{}: {}", problem.node, problem.message))?;
            }
            say(&format!("{}: {} nodes, {} problems", workflow.name, workflow.nodes.len(), problems.len()))?;
        }
        if problems.is_empty() { Ok(()) } else { Err(Failure::failed("")) }
    }
}
