//! The bytes behind an upgrade: frames of a WebSocket, in pieces.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: (u16, bool, &[u8])| {
    let (cut, is_trusted, bytes) = input;
    pmos_gateway::fuzzing::socket(bytes, usize::from(cut), is_trusted);
});
