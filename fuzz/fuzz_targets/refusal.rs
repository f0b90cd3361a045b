//! A model provider's "no": status, `retry-after`, date and words, each behind a null. The key never stands in what is told.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let mut parts = input.splitn(4, |byte| *byte == 0);
    let mut text = || str::from_utf8(parts.next().unwrap_or_default()).unwrap_or_default();
    let (status, retry_after, date) = (text(), text(), text());
    pmos_agent::fuzzing::refusal(status.parse().unwrap_or(429), retry_after, date, parts.next().unwrap_or_default());
});
