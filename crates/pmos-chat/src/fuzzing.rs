//! What `fuzz/` reaches into. Compiled for it alone.

use crate::{chat, sessions};

/// Cursors, session keys and attachments.
pub fn text(text: &str) {
    chat::fuzz(text);
    drop((sessions::agent_of(text), serde_json::from_str::<sessions::SessionKey>(text)));
}
