//! `pmos jail-worker`: this program as a process that runs tenants' JavaScript.

use super::Failure;
use clap::Args;
use pmos_flow::sandbox::worker;

/// Run JavaScript for the process that started this one.
#[derive(Debug, Args)]
pub(super) struct Worker {}

impl Worker {
    pub(super) fn run(self) -> Result<(), Failure> {
        let code = worker();
        if code == std::process::ExitCode::SUCCESS { Ok(()) } else { Err(Failure::failed("")) }
    }
}
