//! The smaller texts of callers: cursors, session keys, addresses, attachments, the command line's parameters.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    pmos::fuzzing::text(text);
    pmos_chat::fuzzing::text(text);
    pmos_platform::fuzzing::text(text);
});
