//! `pmos protocol`: the protocol as data, for docs/protocol.json.

use super::{Failure, say};
use crate::server::{events, methods};
use clap::Args;

/// Print the protocol, from which docs/protocol.json and the UI's types are made.
#[derive(Debug, Args)]
pub(super) struct Protocol {}

impl Protocol {
    pub(super) fn run(self) -> Result<(), Failure> {
        say(&text()?)
    }
}

fn text() -> Result<String, Failure> {
    let protocol = pmos_rpc::protocol::describe(&methods(), &events());
    Ok(serde_json::to_string_pretty(&protocol).map_err(pmos_kit::Error::internal)?)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_protocol_in_docs_is_the_one_of_the_methods() {
        let stored = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/protocol.json");
        let stored = std::fs::read_to_string(stored).unwrap_or_default();
        let same = stored.trim_end() == super::text().unwrap();
        assert!(same, "docs/protocol.json is not what the methods say: run `make protocol`");
    }
}
