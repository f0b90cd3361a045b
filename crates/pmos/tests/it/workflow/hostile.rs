//! A malicious workflow is stopped, with words, within its limits.

use super::{Bench, Ran, chain, node, trigger};
use serde_json::{Value, json};

fn run(nodes: &[Value]) -> Ran {
    let bench = Bench::new();
    let mut all = vec![trigger()];
    all.extend_from_slice(nodes);
    bench.file("workflow.json", &chain(&all));
    bench.run(&["run", "workflow.json", "--json", "--timeout", "20", "--script-timeout", "2"])
}

fn code(script: &str) -> Value {
    node("Code", "code", 2.0, json!({ "jsCode": script }))
}

fn set(expression: &str) -> Value {
    node(
        "Set",
        "set",
        3.4,
        json!({ "assignments": { "assignments": [{ "name": "x", "value": expression, "type": "string" }] } }),
    )
}

/// The run failed with these words in its error.
fn refused(ran: &Ran, words: &[&str]) {
    assert_eq!(ran.code, Some(1), "{}{}", ran.out, ran.err);
    let error = ran.json()["data"]["resultData"]["error"]["message"].as_str().unwrap_or_default().to_lowercase();
    assert!(words.iter().any(|words| error.contains(&words.to_lowercase())), "{error}");
}

#[test]
fn an_endless_loop_ends() {
    refused(&run(&[code("while (true) {}")]), &["longer than"]);
}

#[test]
fn an_endless_expression_ends() {
    refused(&run(&[set("={{ (() => { while (true) {} })() }}")]), &["time", "steps", "limit", "long"]);
}

#[test]
fn a_gigabyte_is_not_to_be_had() {
    refused(&run(&[code("const a = []; while (true) a.push(new Array(1e6).fill('x')); return a")]), &["memory"]);
}

#[test]
fn an_expression_cannot_fill_the_memory() {
    // JavaScript throws here, which an expression swallows: what counts is that nothing came of it.
    let ran = run(&[set("={{ 'x'.repeat(1e9).repeat(100) }}")]);
    assert!(ran.out.len() < 10_000, "{} bytes came out", ran.out.len());
    refused(
        &run(&[set("={{ Array.from({ length: 1e9 }, (_, i) => 'item ' + i).length }}")]),
        &["memory", "limit", "large", "long"],
    );
}

#[test]
fn deep_recursion_ends() {
    refused(&run(&[code("const f = () => f() + 1; return [{ json: { x: f() } }]")]), &["stack", "recursion"]);
}

#[test]
fn files_of_the_machine_are_out_of_reach() {
    refused(
        &run(&[node("Read", "readWriteFile", 1.0, json!({ "operation": "read", "fileSelector": "/etc/passwd" }))]),
        &["folder", "not allowed", "--files"],
    );
    refused(
        &run(&[code("return [{ json: { x: require('fs').readFileSync('/etc/passwd', 'utf8') } }]")]),
        &["module", "require", "fs"],
    );
}

#[test]
fn the_environment_is_out_of_reach() {
    refused(&run(&[set("={{ $env.PATH }}")]), &["access to env vars denied"]);
    let ran = run(&[code("return [{ json: { p: typeof process, g: Object.keys(globalThis).includes('process') } }]")]);
    assert_eq!(last(&ran), json!({ "p": "undefined", "g": false }));
}

#[test]
fn inner_addresses_are_out_of_reach() {
    for url in
        ["http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:22/", "http://[::1]:80/", "http://10.0.0.1/"]
    {
        let ran = run(&[node("Get", "httpRequest", 4.2, json!({ "url": url }))]);
        refused(&ran, &["address", "not allowed", "refused", "public"]);
    }
}

/// What one run does to prototypes is gone in the next, and reaches no host object.
#[test]
fn prototypes_lead_nowhere() {
    let pollute =
        code("Object.prototype.polluted = 1; Array.prototype.map = () => 'mine'; return [{ json: { a: 1 } }]");
    let look = node(
        "Look",
        "code",
        2.0,
        json!({ "jsCode": "return [{ json: { p: ({}).polluted ?? null, m: [1].map((x) => x + 1)[0] } }]" }),
    );
    assert_eq!(last(&run(&[pollute, look])), json!({ "p": null, "m": 2 }));
    for trick in [
        "={{ ({}).constructor.constructor('return process')() }}",
        "={{ ''['__proto__'] }}",
        "={{ [].filter.constructor('return 1')() }}",
    ] {
        let ran = run(&[set(trick)]);
        assert!(
            ran.code == Some(1) || last(&ran)["x"].as_str().is_none_or(|x| !x.contains("process")),
            "{trick}: {}",
            ran.out
        );
    }
}

#[test]
fn a_regex_bomb_ends() {
    let bomb = format!("={{{{ /^(a+)+$/.test('{}b') }}}}", "a".repeat(60));
    let ran = run(&[set(&bomb)]);
    // An engine that is not fooled may simply answer.
    assert!(
        ran.code == Some(0) || ["limit", "time", "too long"].iter().any(|words| ran.out.contains(words)),
        "{}",
        ran.out
    );
    refused(
        &run(&[code(&format!("return [{{ json: {{ x: /^(a+)+$/.test('{}b') }} }}]", "a".repeat(60)))]),
        &["longer than"],
    );
}

#[test]
fn a_zip_bomb_is_not_unpacked() {
    let data = base64(&bomb());
    let input = json!([{ "json": {}, "binary": { "data": { "data": data, "mimeType": "application/gzip", "fileName": "bomb.gz", "fileExtension": "gz" } } }]);
    let bench = Bench::new();
    bench.file(
        "workflow.json",
        &chain(&[trigger(), node("Unpack", "compression", 1.1, json!({ "operation": "decompress" }))]),
    );
    bench.file("input.json", &input);
    refused(&bench.run(&["run", "workflow.json", "--json", "--input", "input.json"]), &["limit", "more data than"]);
}

/// Two gigabytes of zeros, packed: a zero, then "258 bytes, one back" over and over (RFC 1951, 3.2.6; RFC 1952).
fn bomb() -> Vec<u8> {
    let mut bits = 0_u64;
    let mut count = 0;
    let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut put = |value: u64, width: u32| {
        bits |= value << count;
        count += width;
        while count >= 8 {
            packed.push(bits as u8);
            bits >>= 8;
            count -= 8;
        }
    };
    // The last block, with the fixed codes; the literal 0.
    put(0b011, 3);
    put(u64::from(0x30_u8.reverse_bits()), 8);
    for _ in 0..8_400_000 {
        // The code of length 258, which is written from its highest bit on, and that of distance 1.
        put(u64::from(0b1100_0101_u8.reverse_bits()), 8);
        put(0, 5);
    }
    put(0, 7 + 8);
    packed.extend_from_slice(&[0; 8]);
    packed
}

#[test]
fn xml_entities_are_not_expanded() {
    let mut xml = String::from("<!DOCTYPE lolz [<!ENTITY a \"aaaaaaaaaa\">");
    for (name, inner) in
        [("b", "a"), ("c", "b"), ("d", "c"), ("e", "d"), ("f", "e"), ("g", "f"), ("h", "g"), ("i", "h")]
    {
        xml.push_str(&format!("<!ENTITY {name} \"{}\">", format!("&{inner};").repeat(10)));
    }
    xml.push_str("]><lolz>&i;</lolz>");
    let bench = Bench::new();
    bench.file("workflow.json", &chain(&[trigger(), node("Xml", "xml", 1.0, json!({}))]));
    bench.file("input.json", &json!([{ "data": xml }]));
    let ran = bench.run(&["run", "workflow.json", "--json", "--input", "input.json"]);
    assert!(ran.out.len() < 100_000, "{} bytes came out", ran.out.len());
}

#[test]
fn a_workflow_cannot_call_itself_for_ever() {
    let bench = Bench::new();
    let call = node(
        "Call",
        "executeWorkflow",
        1.2,
        json!({ "source": "database", "workflowId": { "__rl": true, "mode": "id", "value": "self" } }),
    );
    let start = node("Trigger", "executeWorkflowTrigger", 1.1, json!({ "inputSource": "passthrough" }));
    bench.file("self.json", &chain(&[start, call]));
    refused(&bench.run(&["run", "self.json", "--json"]), &["levels deep"]);
}

#[test]
fn a_loop_of_nodes_ends() {
    let bench = Bench::new();
    let mut workflow = chain(&[trigger(), node("A", "noOp", 1.0, json!({})), node("B", "noOp", 1.0, json!({}))]);
    workflow["connections"]["B"] = json!({ "main": [[{ "node": "A", "type": "main", "index": 0 }]] });
    bench.file("workflow.json", &workflow);
    refused(&bench.run(&["run", "workflow.json", "--json"]), &["endless loop"]);
}

/// The fields of the last node's first item.
fn last(ran: &Ran) -> Value {
    let report = ran.json();
    let data = &report["data"]["resultData"];
    let last = data["lastNodeExecuted"].as_str().unwrap_or_default();
    data["runData"][last][0]["data"]["main"][0][0]["json"].clone()
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().enumerate().fold(0_u32, |bits, (at, byte)| bits | u32::from(*byte) << (16 - 8 * at));
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize] as char;
            text.push(if place <= chunk.len() { letter } else { '=' });
        }
    }
    text
}
