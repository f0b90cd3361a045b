//! The jail, from outside: real workers, real walls.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

mod browser;
mod code;
mod figures;
mod limits;
mod pool;
mod walls;
