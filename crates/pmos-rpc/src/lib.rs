//! Floor 2: frames, methods as rows, errors on the wire, and the protocol text made from them.
//!
//! A feature writes a row in [`methods!`] and a handler; dispatch, the hello's list, `docs/protocol.json`, OpenAPI, the
//! UI's types and the access matrix are all made from the rows.

mod caller;
pub mod frame;
mod json;
mod method;
mod params;
pub mod protocol;
pub mod wire;

pub use caller::{Call, Caller, Cookie, Transport};
pub use json::{Json, json};
pub use method::{Agents, Audit, Handler, Kind, Level, Method, RateClass, Schemas, schemas};
pub use params::{Ignored, Params, Text, check_text};

/// Some results say only that it is done.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
pub struct Done {
    /// Always true: a failure is an error.
    pub ok: bool,
}

/// It is done.
pub const DONE: Done = Done { ok: true };

/// Parameters of a method that takes none.
#[derive(Debug, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}
