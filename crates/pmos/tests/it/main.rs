//! The behaviour of PMOS, through the front door: the real server, the real database, a clock that is turned by hand.
//!
//! `PMOS_TEST_DATABASE` says on which database: `sqlite` (the default) or `postgres`.

mod support;

mod accounts;
mod agent_files;
mod agents;
mod api_keys;
mod audit;
mod browser;
mod architecture;
mod protocol;
mod chat;
mod durability;
mod grants;
mod invites;
mod isolation;
mod matrix;
mod members;
mod models;
mod session_life;
mod sessions;
mod sign_up;
mod socket;
mod transcripts;
mod workspaces;
