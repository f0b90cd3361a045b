//! Floor 0: the jail: what tenants wrote runs in a process of its own, behind walls.
//!
//! - The server's side is [`Pool`]: it keeps warm workers, each of which belongs to one workspace, and gives them
//!   [`Request`]s.
//! - The worker's side is [`work`]: the same program, started anew with an empty environment. It raises the [`Walls`]
//!   around itself before it reads a byte of input, then runs JavaScript, each request in a fresh engine.
//! - [`Host`] is what the program adds to the worker's JavaScript: functions written in Rust.
//!
//! The engine is not the boundary: whoever breaks out of it stands in a process that can open no file, no socket and no
//! other process, and that holds nothing but the data that the code was given anyway.

mod frame;
mod message;
mod pool;
mod walls;
mod worker;

pub use message::{Fault, Form, Limits, Request, Response};
pub use pool::{JailError, Pool, Settings};
pub use walls::{Wall, Walls};
pub use worker::{Call, Host, HostError, work};
