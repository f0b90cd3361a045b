//! JavaScript for workflows, in the jail.
//!
//! [`Jailed`] is this side: it stands behind [`crate::port::Sandbox`]. [`worker`] is the other: what the program is when the
//! jail starts it as a worker, with the functions that expressions and code call in Rust.

mod host;
mod jailed;

pub use jailed::Jailed;

use pmos_jail::work;
use std::process::ExitCode;

/// The life of a worker: to be called first of all in a program that was started as one.
pub fn worker() -> ExitCode {
    work(host::host())
}
