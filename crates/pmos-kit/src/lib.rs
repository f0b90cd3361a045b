//! Floor 0: the words that every other crate uses.
//!
//! - [`ids`]: typed identifiers, so that an agent's id is never passed for a session's.
//! - [`Role`] and [`Scope`](role::ScopeName): who may do what.
//! - [`Clock`] and [`Rng`]: time and randomness are passed in; tests turn both by hand.
//! - [`Error`]: one error for every surface, with what went wrong and what to do.
//! - [`Secret`], [`token`]: text that never reaches a log, and tokens that tell a typo from a theft.
//! - [`NanoUsd`]: what a model call costs.

pub mod clock;
pub mod error;
pub mod ids;
pub mod money;
pub mod rng;
pub mod role;
pub mod secret;
pub mod token;

pub use clock::{Clock, Millis, SystemClock};
pub use error::{Error, Kind, Result};
pub use ids::*;
pub use money::NanoUsd;
pub use rng::{OsRng, Rng};
pub use role::Role;
pub use secret::Secret;
