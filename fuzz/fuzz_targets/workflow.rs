//! A workflow file, read and looked over.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| pmos_flow::fuzzing::workflow(text));
