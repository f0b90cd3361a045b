//! Floor 3: dispatch, the one pipeline in front of every effect, and the domains that every other stands on.
//!
//! Domains, each of which may use those before it: audit → limits → usage → jobs → secrets → person → workspaces → members →
//! invites → accounts → api_keys → grants → people.

pub mod accounts;
pub mod api_keys;
pub mod audit;
pub mod bus;
pub mod dispatch;
#[cfg(fuzzing)]
pub mod fuzzing;
pub mod grants;
pub mod invites;
pub mod jobs;
pub mod limits;
pub mod members;
pub mod people;
mod person;
pub mod secrets;
pub mod usage;
pub mod workspaces;

pub use bus::Bus;
pub use dispatch::Dispatch;

/// The methods of this floor's domains, in their order.
pub fn methods() -> Vec<pmos_rpc::Method> {
    let domains = [
        accounts::methods(),
        workspaces::methods(),
        members::methods(),
        invites::methods(),
        api_keys::methods(),
        grants::methods(),
        people::methods(),
        audit::methods(),
        usage::methods(),
    ];
    domains.into_iter().flatten().collect()
}

/// The events that this floor publishes.
pub fn events() -> Vec<pmos_rpc::protocol::EventRow> {
    members::events()
}
