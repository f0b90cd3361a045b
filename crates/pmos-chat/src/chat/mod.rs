//! Chat: what a person says to an agent, and what was said.
//!
//! - `chat.send` answers once the message and its run are stored; the words come as `chat` events.
//! - The same idempotency key in the same session is one message, however often it is sent.

mod attach;
mod history;
mod send;

use pmos_rpc::Method;

/// The rows of this domain.
pub(crate) fn methods() -> Vec<Method> {
    send::methods().into_iter().chain(history::methods()).collect()
}

/// What `fuzz/` reaches into: a cursor, and attachments.
#[cfg(fuzzing)]
pub(crate) fn fuzz(text: &str) {
    drop((history::parse_cursor(text), serde_json::from_str(text).map(attach::text_files)));
}
