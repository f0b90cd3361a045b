//! The protocol as data is what the rows say.

use std::path::Path;

/// `docs/protocol.json` is made from the rows: `make protocol` writes it.
#[test]
fn the_protocol_file_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/protocol.json");
    let kept: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let now = pmos_rpc::protocol::describe(&pmos::server::methods(), &pmos::server::events());
    assert_eq!(kept["hash"], now["hash"], "run `make protocol`, and read the difference");
}

/// Every method has words for a stranger, and every shape that is named is there.
#[test]
fn every_method_is_described() {
    let protocol = pmos_rpc::protocol::describe(&pmos::server::methods(), &pmos::server::events());
    let text = protocol.to_string();
    for (name, row) in protocol["methods"].as_object().unwrap() {
        assert!(row["doc"].as_str().unwrap().len() > 20, "{name} says too little");
    }
    for (at, word) in text.match_indices("\"#/$defs/") {
        let shape = text[at + word.len()..].split('"').next().unwrap();
        assert!(protocol["$defs"].get(shape).is_some(), "{shape} is named and not there");
    }
}
