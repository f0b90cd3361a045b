//! Floor 7: the binary: command line, configuration, wiring.
//!
//! - [`config`]: typed sections from defaults, `pmos.toml`, environment and flags; the one reader of the environment.
//! - [`server`]: the wiring of all crates into a running server. The behaviour tests start it in their own process.
//! - [`cli`]: the commands, each in its own file, and what they exit with.

mod cli;
mod client;
pub mod config;
pub mod server;

pub use cli::main;
