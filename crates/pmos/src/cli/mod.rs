//! The command line.

mod admin;
mod call;
mod chat;
mod configs;
mod doctor;
mod failure;
mod output;
mod protocol;
mod serve;
mod version;
mod worker;
mod workflow;

pub(crate) use failure::Failure;
pub(crate) use output::{say, say_json, tell};

use crate::config::{Env, Flags, Loaded, load};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// What `fuzz/` reaches into: the parameters of `pmos call`.
#[cfg(fuzzing)]
pub(crate) fn fuzz(params: &str) {
    // A dash would read this process's own input.
    if params != "-" {
        drop(call::params(params));
    }
}

const EXAMPLES: &str = "\
Examples:
  pmos serve                                   start the server and open the page that it prints
  pmos doctor                                  what is set up, what is not, and what to do about it
  pmos chat \"What can you do?\"                 ask an agent (needs PMOS_TOKEN, an API key)
  pmos call agents.list                        call any method of the API
  pmos admin create-user --email ada@example.com --name Ada
  pmos workflow run report.json                run a workflow file of n8n

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused or not signed in, 4 out of reach or busy.";

/// A server for teams of people and AI agents: one program, many workspaces.
#[derive(Debug, Parser)]
#[command(name = "pmos", version, after_help = EXAMPLES, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    Call(call::Call),
    Chat(chat::Chat),
    Admin(admin::Admin),
    Doctor(doctor::Doctor),
    #[command(subcommand)]
    Config(configs::Configs),
    Migrate(serve::Migrate),
    Version(version::Version),
    #[command(subcommand)]
    Workflow(workflow::Workflows),
    #[command(hide = true, name = crate::workflow::WORKER)]
    Worker(worker::Worker),
    #[command(hide = true)]
    Protocol(protocol::Protocol),
}

/// Where the configuration and the data are.
#[derive(Debug, Clone, Args)]
pub(crate) struct Place {
    /// Read this file instead of pmos.toml in the data folder [env: PMOS_CONFIG].
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Keep everything in this folder [env: PMOS_DATA_DIR] [default: ~/.local/share/pmos].
    #[arg(long, value_name = "FOLDER")]
    data_dir: Option<String>,
    /// Use this PostgreSQL server instead of the SQLite file [env: PMOS_DATABASE_URL].
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
}

impl Place {
    fn flags(&self) -> Flags {
        let mut flags = Flags::new(self.config.clone());
        flags.set("storage.data_dir", "--data-dir", self.data_dir.clone());
        flags.set("storage.database_url", "--database-url", self.database_url.clone());
        flags
    }

    fn load(&self, env: &Env) -> Result<Loaded, Failure> {
        Ok(load(&self.flags(), env)?)
    }
}

/// Run the program with this process's arguments.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let env = Env::of_process();
    let json = cli.command.wants_json();
    match cli.command.run(&env) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(json),
    }
}

impl Command {
    fn run(self, env: &Env) -> Result<(), Failure> {
        match self {
            Command::Serve(serve) => serve.run(env),
            Command::Call(call) => wait(call.run(env)),
            Command::Chat(chat) => wait(chat.run(env)),
            Command::Admin(admin) => wait(admin.run(env)),
            Command::Doctor(doctor) => wait(doctor.run(env)),
            Command::Config(configs) => configs.run(env),
            Command::Migrate(migrate) => wait(migrate.run(env)),
            Command::Version(version) => version.run(),
            Command::Workflow(workflows) => workflows.run(env),
            Command::Worker(worker) => worker.run(),
            Command::Protocol(protocol) => protocol.run(),
        }
    }

    fn wants_json(&self) -> bool {
        match self {
            Command::Call(_) => true,
            Command::Chat(chat) => chat.json,
            Command::Admin(admin) => admin.json,
            Command::Doctor(doctor) => doctor.json,
            Command::Config(configs) => configs.json(),
            Command::Migrate(migrate) => migrate.json,
            Command::Version(version) => version.json,
            Command::Workflow(workflows) => workflows.json(),
            Command::Serve(_) | Command::Worker(_) | Command::Protocol(_) => false,
        }
    }
}

/// Wait for a short command on this thread.
fn wait(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(pmos_kit::Error::internal)?;
    let result = runtime.block_on(work);
    // A thread that waits for a line of input would keep the program from ending.
    runtime.shutdown_background();
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_commands_are_well_formed_and_each_says_what_it_does() {
        let mut command = Cli::command();
        command.build();
        for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
            assert!(sub.get_about().is_some(), "{}", sub.get_name());
        }
        command.debug_assert();
    }
}
