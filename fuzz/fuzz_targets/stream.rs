//! A model provider's answer, of either API: the same events, however the bytes are cut into packets.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: (bool, u16, &[u8])| {
    let (is_anthropic, cut, bytes) = input;
    pmos_agent::fuzzing::stream(is_anthropic, bytes, usize::from(cut));
});
