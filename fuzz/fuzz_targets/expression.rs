//! An expression, compiled and evaluated within its bounds.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| pmos_flow::fuzzing::expression(text));
