//! What a start made and found, in a few lines for whoever watches it.

use super::{master_key_path, ui_is_built_in};
use crate::config::Config;
use pmos_store::Database;

/// What a start made and found.
#[derive(Debug, Default)]
pub struct News {
    made_data_dir: bool,
    made_master_key: bool,
    /// Is there no master key, so that no secret can be kept?
    pub vault_is_sealed: bool,
    lines: Vec<String>,
}

impl News {
    /// What is there before anything is made.
    pub(super) fn before(config: &Config) -> Self {
        let is_file = config.storage.database_url.is_none();
        Self {
            made_data_dir: is_file && !config.storage.data_dir.exists(),
            made_master_key: is_file && config.storage.master_key.is_none() && !master_key_path(config).exists(),
            ..Self::default()
        }
    }

    /// The house is open.
    pub(super) fn after(&mut self, config: &Config, database: &Database) {
        let made = if self.made_data_dir { " (made just now)" } else { "" };
        match database {
            Database::Sqlite(path) => self.say("data", format!("{}{made}", path.display())),
            Database::Postgres(_) => self.say("data", "PostgreSQL, with row-level security proven".to_owned()),
        }
        if self.made_master_key {
            self.say(
                "key",
                format!(
                    "{} was made: back it up, without it stored provider keys are lost",
                    master_key_path(config).display()
                ),
            );
        }
        if self.vault_is_sealed {
            let path = master_key_path(config);
            self.say("key", format!("there is no master key, so workspaces cannot store provider keys: (umask 077; openssl rand -hex 32 > {})", path.display()));
        }
        if config.server.ui_dir.is_none() && !ui_is_built_in() {
            self.say(
                "ui",
                "not in this build: make ui/dist with `npm run build` there and give --ui-dir ui/dist".to_owned(),
            );
        }
    }

    fn say(&mut self, topic: &str, words: String) {
        self.lines.push(format!("  {topic:<6} {words}"));
    }

    /// The lines.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }
}
