//! The head of a request: cookies, origins, forwarding headers, keys.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| pmos_gateway::fuzzing::head(text));
