//! The running server: all crates, wired.
//!
//! - [`House`]: the store with the services of all domains, and the pipeline in front of it. The admin commands open one
//!   too, so that they go through the same pipeline as everybody.
//! - [`Server`]: a house with its door open: the gateway on a port and the work in the background.

mod background;
mod house;
mod models;
mod news;
mod running;

pub use house::{House, Outside, events, master_key_path, methods};
pub use models::egress;
pub(crate) use models::ollama_listens;
pub use news::News;
pub use running::Server;

use crate::config::Config;
use pmos_gateway::Ui;

/// The version of this program, as every surface tells it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Is the UI part of this program?
pub fn ui_is_built_in() -> bool {
    cfg!(feature = "embed-ui")
}

/// Where the UI's files come from: the folder that is named, the program itself, or the build beside the sources.
pub fn ui(config: &Config) -> Ui {
    match &config.server.ui_dir {
        Some(dir) => Ui::Dir(dir.clone()),
        None if ui_is_built_in() => Ui::Embedded,
        None => Ui::None,
    }
}
