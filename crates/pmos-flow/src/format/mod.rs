//! n8n's workflow file: what it says, read once into what the engine needs.
//!
//! A reader takes what n8n's own does: every top-level key may be missing, unknown keys are ignored, old spellings are
//! understood. What the engine cannot run without is an error that names the place: a list of nodes, connections
//! that lead somewhere.

mod connections;
mod read;
mod settings;
mod workflow;

pub use connections::{Connections, Target};
pub use read::ReadError;
pub use settings::{Order, Settings};
pub use workflow::{CredentialRef, Node, NodeIndex, OnError, Retry, Workflow};
