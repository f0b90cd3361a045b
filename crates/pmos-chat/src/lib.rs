//! Floor 4: models, agents and their files, sessions, chat, and the runs that answer.
//!
//! Domains, each of which may use those before it: models → agents → sessions → runs → chat → health.

pub mod agents;
mod chat;
#[cfg(fuzzing)]
pub mod fuzzing;
mod health;
pub mod models;
pub mod runs;
mod sessions;

use pmos_rpc::Method;
use pmos_rpc::protocol::EventRow;

pub use models::Models;
pub use runs::Runs;

/// The rows of all domains of this floor.
pub fn methods() -> Vec<Method> {
    [models::methods(), agents::methods(), sessions::methods(), runs::methods(), chat::methods(), health::methods()]
        .into_iter()
        .flatten()
        .collect()
}

/// The events that this floor publishes.
pub fn events() -> Vec<EventRow> {
    [agents::events(), sessions::events(), runs::events(), health::events()].into_iter().flatten().collect()
}
