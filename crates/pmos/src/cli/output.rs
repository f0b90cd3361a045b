//! Words on stdout and stderr.

use super::failure::{Code, Failure};
use serde::Serialize;
use std::io::Write;

/// Write a line to stdout.
pub(crate) fn say(line: &str) -> Result<(), Failure> {
    write(&format!("{line}\n"))
}

/// Write a piece of a line to stdout, seen at once.
pub(crate) fn write(piece: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    // Whoever closed the pipe, as `head` does, wants to hear no more, not even an error.
    out.write_all(piece.as_bytes()).and_then(|()| out.flush()).map_err(|_| Failure::new(Code::Failed, ""))
}

/// Write a value to stdout as one line of JSON.
pub(crate) fn say_json(value: &impl Serialize) -> Result<(), Failure> {
    say(&serde_json::to_string(value).map_err(pmos_kit::Error::internal)?)
}

/// Write a line to stderr. Nothing can be done where that fails.
pub(crate) fn tell(line: &str) {
    drop(writeln!(std::io::stderr(), "{line}"));
}
