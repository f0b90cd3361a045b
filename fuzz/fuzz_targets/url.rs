//! The URL of an outgoing request: what is checked is what is sent, and no address of this house gets through.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| pmos_egress::fuzzing::url(text));
