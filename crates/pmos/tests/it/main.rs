//! The behaviour of PMOS, through the front door: the real server, the real database, a clock that is turned by hand.
//!
//! `PMOS_TEST_DATABASE` says on which database: `sqlite` (the default) or `postgres`.

mod support;

mod isolation;
mod matrix;
