//! `pmos config check|show|schema`.

use super::{Failure, Place, say, say_json, tell};
use crate::config::{self, Env};
use clap::{Args, Subcommand};
use serde_json::json;

/// Check, show and describe the configuration.
#[derive(Debug, Subcommand)]
pub(super) enum Configs {
    /// Say whether the configuration is sound.
    Check(Options),
    /// Print every value and where it came from. Secrets are not shown.
    Show(Options),
    /// Print the JSON Schema of pmos.toml.
    Schema,
}

#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(flatten)]
    place: Place,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl Configs {
    pub(super) fn json(&self) -> bool {
        match self {
            Configs::Check(options) | Configs::Show(options) => options.json,
            Configs::Schema => true,
        }
    }

    pub(super) fn run(self, env: &Env) -> Result<(), Failure> {
        match self {
            Configs::Check(options) => check(&options, env),
            Configs::Show(options) => show(&options, env),
            Configs::Schema => {
                let text = serde_json::to_string_pretty(&config::schema()).map_err(pmos_kit::Error::internal)?;
                say(&text)
            }
        }
    }
}

fn check(options: &Options, env: &Env) -> Result<(), Failure> {
    let loaded = options.place.load(env)?;
    let file = loaded.file.as_ref().map(|path| path.display().to_string());
    let unknown = env.unknown();
    for name in &unknown {
        tell(&format!("pmos: {name} is set and means nothing to pmos: is it misspelt?"));
    }
    if options.json {
        return say_json(&json!({ "ok": true, "file": file, "unknownVariables": unknown }));
    }
    match file {
        Some(file) => say(&format!("the configuration is sound ({file})")),
        None => say("the configuration is sound (no pmos.toml: defaults, environment and flags)"),
    }
}

fn show(options: &Options, env: &Env) -> Result<(), Failure> {
    let rows = config::rows(&options.place.load(env)?)?;
    if options.json {
        return say_json(&json!({ "values": rows }));
    }
    let line = |row: &config::Row| format!("{} = {}", row.key, row.value);
    let width = rows.iter().map(|row| line(row).len()).max().unwrap_or_default().min(60);
    rows.iter().try_for_each(|row| say(&format!("{:width$}  # {}", line(row), row.from)))
}
