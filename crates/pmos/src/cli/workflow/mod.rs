//! `pmos workflow …`: workflow files of n8n, run and looked at without a server.

mod check;
mod conformance;
mod coverage;
mod nodes;
mod run;
mod table;

use super::{Failure, wait};
use crate::config::Env;
use clap::Subcommand;
use pmos_flow::format::Workflow;
use std::path::Path;

/// Run n8n's workflow files, and look into them.
#[derive(Debug, Subcommand)]
pub(super) enum Workflows {
    Run(Box<run::Run>),
    Check(check::Check),
    Conformance(conformance::Conformance),
    Coverage(coverage::Coverage),
    Nodes(nodes::Nodes),
}

impl Workflows {
    pub(super) fn run(self, env: &Env) -> Result<(), Failure> {
        match self {
            Self::Run(run) => wait(run.run(env)),
            Self::Check(check) => check.run(),
            Self::Conformance(conformance) => wait(conformance.run()),
            Self::Coverage(coverage) => coverage.run(),
            Self::Nodes(nodes) => nodes.run(),
        }
    }

    pub(super) fn json(&self) -> bool {
        match self {
            Self::Run(run) => run.json,
            Self::Check(check) => check.json,
            Self::Conformance(conformance) => conformance.json,
            Self::Coverage(coverage) => coverage.json,
            Self::Nodes(nodes) => nodes.json,
        }
    }
}

fn read(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|cause| Failure::usage(format!("{} cannot be read: {cause}", file.display())))
}

fn read_workflow(file: &Path) -> Result<Workflow, Failure> {
    Workflow::parse(&read(file)?).map_err(|error| Failure::usage(format!("{}: {error}", file.display())))
}
