//! The store on both databases: its schema, its walls, its writer, and what it refuses to open.
//!
//! `PMOS_TEST_DATABASE` says on which database: `sqlite` (the default) or `postgres`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

mod opening;
mod schema;
mod walls;
mod writing;
