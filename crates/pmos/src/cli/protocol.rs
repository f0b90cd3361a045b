//! `pmos protocol`: the protocol as data, for docs/protocol.json.

use super::{Failure, say};
use crate::server::{events, methods};
use clap::Args;

/// Print the protocol, from which docs/protocol.json and the UI's types are made.
#[derive(Debug, Args)]
pub(super) struct Protocol {}

impl Protocol {
    pub(super) fn run(self) -> Result<(), Failure> {
        let protocol = pmos_rpc::protocol::describe(&methods(), &events());
        say(&serde_json::to_string_pretty(&protocol).map_err(pmos_kit::Error::internal)?)
    }
}
