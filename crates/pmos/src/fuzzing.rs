//! What `fuzz/` reaches into. Compiled for it alone.

use crate::client::Address;

/// What a person writes on the command line: a server's address, and the parameters of a call.
pub fn text(text: &str) {
    if let Ok(address) = Address::parse(text) {
        assert!(address.socket().starts_with("ws"));
        drop(address.host_port());
    }
    crate::cli::fuzz(text);
}
