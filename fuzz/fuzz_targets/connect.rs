//! The first request of a connection, its device proof included.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| pmos_gateway::fuzzing::connect(text));
