//! `pmos version`.

use super::{Failure, say, say_json};
use clap::Args;
use serde_json::json;

/// Say which version this is.
#[derive(Debug, Args)]
pub(super) struct Version {
    /// Print one JSON object.
    #[arg(long)]
    pub(super) json: bool,
}

impl Version {
    pub(super) fn run(self) -> Result<(), Failure> {
        let version = env!("CARGO_PKG_VERSION");
        if self.json {
            return say_json(&json!({
                "version": version,
                "schema": pmos_store::migrate::SCHEMA_VERSION,
                "ui": crate::server::ui_is_built_in(),
            }));
        }
        say(&format!("pmos {version}"))
    }
}
