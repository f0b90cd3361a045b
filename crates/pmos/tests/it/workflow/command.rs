//! What the commands say, and what they exit with.

use super::{Bench, chain, node, trigger};
use serde_json::{Value, json};

fn greeting() -> Value {
    chain(&[
        trigger(),
        node(
            "Greet",
            "set",
            3.4,
            json!({ "assignments": { "assignments": [{ "name": "greeting", "value": "=Hello {{ $json.name }}", "type": "string" }] } }),
        ),
    ])
}

#[test]
fn a_workflow_runs_and_shows_what_each_node_gave() {
    let bench = Bench::new();
    bench.file("workflow.json", &greeting());
    bench.file("items.json", &json!([{ "name": "Ada" }, { "name": "Bo" }]));
    let ran = bench.run(&["run", "workflow.json", "--input", "items.json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    for words in ["Trigger", "Greet", "success", r#"{"greeting":"Hello Ada"}"#, r#"{"greeting":"Hello Bo"}"#] {
        assert!(ran.out.contains(words), "{words} is not in:\n{}", ran.out);
    }
    let report = bench.run(&["run", "workflow.json", "--input", "items.json", "--json"]).json();
    let run = &report["data"]["resultData"]["runData"]["Greet"][0];
    assert_eq!(run["source"], json!([{ "previousNode": "Trigger" }]));
    assert_eq!(run["data"]["main"][0][1], json!({ "json": { "greeting": "Hello Bo" }, "pairedItem": { "item": 1 } }));
}

/// An error names node, item and parameter.
#[test]
fn an_error_says_where_it_happened() {
    let bench = Bench::new();
    let broken = json!({ "assignments": { "assignments": [{ "name": "x", "value": "={{ $('Nobody').item.json.x }}", "type": "string" }] } });
    bench.file("workflow.json", &chain(&[trigger(), node("Broken", "set", 3.4, broken)]));
    let ran = bench.run(&["run", "workflow.json"]);
    assert_eq!(ran.code, Some(1));
    for words in ["'Broken'", "item 0", "assignments", "Referenced node doesn't exist"] {
        assert!(ran.err.contains(words), "{words} is not in: {}", ran.err);
    }
}

/// An unknown type imports, shows as such, and fails only when it is reached.
#[test]
fn an_unknown_type_fails_only_when_reached() {
    let bench = Bench::new();
    let unknown = node("Later", "somethingElse", 1.0, json!({}));
    let mut workflow = chain(&[
        trigger(),
        node(
            "Stop here",
            "filter",
            2.2,
            json!({ "conditions": { "combinator": "and", "options": {}, "conditions": [
        { "leftValue": 1, "rightValue": 2, "operator": { "type": "number", "operation": "equals" } }
    ] } }),
        ),
        unknown,
    ]);
    bench.file("workflow.json", &workflow);
    assert_eq!(bench.run(&["run", "workflow.json"]).code, Some(0));
    let checked = bench.run(&["check", "workflow.json"]);
    assert!(checked.out.contains("Later") && checked.out.contains("somethingElse"), "{}", checked.out);
    workflow["connections"]["Trigger"] = json!({ "main": [[{ "node": "Later", "type": "main", "index": 0 }]] });
    bench.file("workflow.json", &workflow);
    let ran = bench.run(&["run", "workflow.json"]);
    assert!(ran.code == Some(1) && ran.err.contains("n8n-nodes-base.somethingElse"), "{}", ran.err);
}

#[test]
fn what_is_no_workflow_is_said_to_be_none() {
    let bench = Bench::new();
    bench.file("nothing.json", &json!({ "hello": 1 }));
    let ran = bench.run(&["run", "nothing.json"]);
    assert!(ran.code == Some(2) && ran.err.contains("not a workflow"), "{}", ran.err);
    assert_eq!(bench.run(&["run", "absent.json"]).code, Some(2));
}

#[test]
fn coverage_counts_what_is_missing() {
    let bench = Bench::new();
    bench.file("a.json", &greeting());
    bench.file("b.json", &chain(&[trigger(), node("X", "somethingElse", 1.0, json!({}))]));
    bench.file("c.json", &json!({ "nodes": 1 }));
    bench.file("d.json", &json!({ "not": "a workflow" }));
    let covered = bench.run(&["coverage", ".", "--json"]).json();
    assert_eq!((&covered["files"], &covered["imported"], &covered["covered"]), (&json!(3), &json!(2), &json!(1)));
    assert_eq!(covered["missing"], json!([{ "type": "n8n-nodes-base.somethingElse", "files": 1 }]));
}

#[test]
fn the_catalogue_lists_types_and_their_parameters() {
    let bench = Bench::new();
    let list = bench.run(&["nodes"]);
    assert!(list.out.contains("n8n-nodes-base.httpRequest") && list.out.contains("n8n-nodes-base.set"), "{}", list.out);
    let one = bench.run(&["nodes", "if"]);
    assert!(one.out.contains("conditions"), "{}", one.out);
    assert_eq!(bench.run(&["nodes", "nonsense"]).code, Some(2));
}
