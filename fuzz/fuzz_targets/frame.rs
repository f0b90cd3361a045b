//! A text frame of a connection: understood, or answered with JSON that names the id that was offered.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pmos_kit::Error;
use pmos_rpc::frame::{self, Decoded};
use serde_json::Value;

fuzz_target!(|text: &str| match frame::decode(text) {
    Decoded::Request(request) => {
        let answer: Value = serde_json::from_str(&frame::ok(&request.id, "{}".into()).parts().concat()).expect("an answer is JSON");
        assert_eq!(answer["id"].as_str(), Some(&*request.id));
    }
    Decoded::Malformed { id, reason } => {
        let answer = frame::error(&id, &Error::invalid(reason), 4);
        serde_json::from_str::<Value>(&answer).expect("an error is JSON");
    }
    Decoded::Garbage => {}
});
