//! The behaviour of PMOS, through the front door: the real server, the real database, a clock that is turned by hand.
//!
//! `PMOS_TEST_DATABASE` says on which database: `sqlite` (the default) or `postgres`.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]
#![expect(unreachable_pub, reason = "pub says what a helper offers; there is no crate outside")]

mod support;

mod accounts;
mod agent_files;
mod agents;
mod api_keys;
mod architecture;
mod audit;
mod browser;
mod chat;
mod durability;
mod grants;
mod invites;
mod isolation;
mod jail;
mod matrix;
mod members;
mod models;
mod protocol;
mod session_life;
mod sessions;
mod sign_up;
mod socket;
mod transcripts;
mod workflow;
mod workspaces;
