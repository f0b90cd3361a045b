//! Floor 7: the binary: command line, configuration, wiring.
//!
//! - [`config`]: typed sections from defaults, `pmos.toml`, environment and flags; the one reader of the environment.
//! - [`server`]: the wiring of all crates into a running server. The behaviour tests start it in their own process.
//! - [`workflow`]: the machine as the outside world of a workflow that is run from the command line.
//! - [`cli`]: the commands, each in its own file, and what they exit with.

mod cli;
mod client;
pub mod config;
#[cfg(fuzzing)]
pub mod fuzzing;
pub mod server;
pub mod workflow;

pub use cli::main;
