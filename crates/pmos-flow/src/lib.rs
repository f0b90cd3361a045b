//! Floor 1: the workflow engine. It reads n8n's workflow format and runs it natively: give it a file and items, and it
//! gives the items that n8n would.
//!
//! In reading order: [`value`] (what flows), [`item`] (what a node gets and gives), [`format`] (the file), [`expression`]
//! (`{{ }}`), [`filter`] (the rules of If, Switch and Filter), [`data`] (what a run has given so far), [`node`] (what a node is, and what it may do), [`nodes`]
//! (the nodes), [`run`] (the engine), [`port`] (the outside world, as the engine sees it), [`conformance`] (is it what n8n gives?).
//!
//! The engine has no global, starts no task that outlives a run, and can be dropped at any await.

pub mod conformance;
pub mod data;
pub mod expression;
pub mod filter;
pub mod format;
#[cfg(fuzzing)]
pub mod fuzzing;
pub mod item;
pub mod node;
pub mod nodes;
pub mod port;
pub mod run;
pub mod sandbox;
pub mod time;
pub mod value;
