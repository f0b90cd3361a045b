//! Configuration: typed sections, each with defaults and its own check.
//!
//! Sources, each over the one before it: defaults, `pmos.toml`, the environment, the command line. What the file does
//! not know is an error that names key and line. Nothing else in the program reads the environment.

mod check;
mod env;
mod layers;
mod redact;
mod sections;
mod show;
#[cfg(test)]
mod tests;

pub use env::Env;
pub use layers::{Flags, Loaded, Origin};
pub use sections::{
    Accounts, Config, Limits, Log, LogFormat, ModelPrice, ModelProvider, Models, Price, ProviderKind, Server, SignUp,
    Storage,
};
pub use show::{Row, rows, schema};

use pmos_kit::Result;

/// Read the configuration from all its sources and check it.
///
/// # Errors
/// `INVALID_REQUEST` naming the file and line, the variable or the flag at fault, and what to write instead.
pub fn load(flags: &Flags, env: &Env) -> Result<Loaded> {
    let loaded = layers::load(flags, env)?;
    loaded.check()?;
    Ok(loaded)
}
