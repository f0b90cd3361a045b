//! What code sees and gives.

use crate::support::{fault, run, value, values};
use pmos_jail::Form;
use serde_json::json;

/// A Code node for all items gives what it returned, dates as text, undefined fields left out.
#[tokio::test]
async fn code_for_all_items_gives_what_it_returns() {
    assert_eq!(
        value("return $input.all().map(i => ({ json: { n: i.json.n + 1 } }))").await,
        json!([{"json":{"n":1}},{"json":{"n":2}},{"json":{"n":3}}])
    );
    assert_eq!(
        value("return { d: new Date(0), u: undefined, n: NaN, k: await Promise.resolve(5) }").await,
        json!({"d":"1970-01-01T00:00:00.000Z","n":null,"k":5})
    );
    assert_eq!(value("total = 0; for (const item of items) total += item.json.n; return total").await, json!(3));
    assert_eq!(value("items = items.filter(i => i.json.n > 0); return items.length").await, json!(2));
}

/// What JSON lacks is told apart from null.
#[tokio::test]
async fn undefined_is_no_null() {
    let nothing = run(Form::AllItems, &["const a = 1;"]).await;
    assert_eq!((values(&nothing), nothing.undefined), (json!([null]), vec![0]));
    let null = run(Form::AllItems, &["return null"]).await;
    assert_eq!((values(&null), null.undefined), (json!([null]), vec![]));
}

/// Code for each item sees its own item, and a fault of one leaves the others alone.
#[tokio::test]
async fn code_for_each_item_sees_one() {
    let response = run(Form::EachItem, &["if ($json.n === 1) throw new Error('boom ' + $itemIndex);\nreturn { v: item.json.n, same: $input.item === item }"]).await;
    assert_eq!(values(&response), json!([{"v":0,"same":true}, null, {"v":2,"same":true}]));
    let (at, fault) = &response.faults[0];
    assert_eq!((*at, &*fault.message, fault.line), (1, "boom 1", Some(1)));
}

/// Expressions give a value for each item, the first expression's before the second's.
#[tokio::test]
async fn expressions_are_evaluated_for_every_item() {
    let response =
        run(Form::Expressions, &["$json.n * 10", "$json.x.y", "(() => 'f' + $itemIndex)() // why not", "1 +"]).await;
    assert_eq!(values(&response), json!([0, 10, 20, null, null, null, "f0", "f1", "f2", null, null, null]));
    assert_eq!(response.faults.len(), 6);
    assert_eq!(response.faults[0].1.message, "Cannot read properties of undefined (reading 'y')");
    assert_eq!(response.faults[3].1.name, "SyntaxError");
}

/// Other nodes are read by name; what is not there is refused in n8n's words.
#[tokio::test]
async fn other_nodes_can_be_read() {
    assert_eq!(value("return [$('Before').all().length, $('Before').first(1).json.n, $('Before').last().json.n, $('Before').item.json.n, $node['Before'].json.n, $('Idle').isExecuted, $('Before').params.p, $items('Before').length]").await, json!([2, 3, 2, 2, 2, false, 1, 2]));
    assert_eq!(value("let n = 0; try { while (true) $('Before').all(0, n++) } catch { return n }").await, json!(2));
    for (code, message) in [
        ("$('Nowhere').all()", "Referenced node doesn't exist"),
        ("$('Idle').first()", "Node 'Idle' hasn't been executed"),
        ("$('Before').all(5)", "Node 'Before' has no branch with index 5."),
        ("$('Before').itemMatching(2)", "Multiple matches"),
        ("$input.first(1)", "$input.first() should have no arguments"),
        ("$env.HOME", "access to env vars denied"),
        ("require('fs')", "Module 'fs' is disallowed"),
    ] {
        assert_eq!(fault(&format!("\nreturn {code}")).await.message, message);
    }
}

/// Static data is given back if it was changed, and only then; custom data if it was set.
#[tokio::test]
async fn data_that_outlives_the_run_is_given_back() {
    let response = run(Form::AllItems, &["const data = $getWorkflowStaticData('global'); data.count++; $getWorkflowStaticData('node').mine = 1; $execution.customData.set('a', 1); return $execution.customData.getAll()"]).await;
    assert_eq!(response.static_data.unwrap().get(), r#"{"global":{"count":2},"node:Code":{"mine":1}}"#);
    assert_eq!(response.custom_data.unwrap().get(), r#"{"a":"1"}"#);
    let response = run(Form::AllItems, &["return $getWorkflowStaticData('global').count"]).await;
    assert!(response.static_data.is_none() && response.custom_data.is_none());
}

/// Timers and promises run; the console is caught.
#[tokio::test]
async fn timers_run_and_the_console_is_caught() {
    let response = run(Form::AllItems, &["console.log('a', {b: 1}, 2); await new Promise(done => setTimeout(done, 20)); console.error(new Error('x')); const stop = setInterval(() => console.log('tick'), 5); await new Promise(done => setTimeout(done, 30)); clearInterval(stop); return 1"]).await;
    assert_eq!(response.console[..2], ["a {\"b\":1} 2", "Error: x"]);
    assert!(response.console[2..].iter().all(|line| line == "tick") && response.console.len() > 3);
}

/// Errors of the engine are worded as V8 words them, with the line of the code.
#[tokio::test]
async fn errors_have_the_words_of_v8() {
    for (code, message, line) in [
        ("\nconst a = {};\nreturn a.b.c", "Cannot read properties of undefined (reading 'c')", 3),
        ("const a = null; a.b = 1", "Cannot set properties of null (setting 'b')", 1),
        ("\n\nfoo()", "foo is not defined", 3),
        ("const a = { b: 1 };\na.b()", "a.b is not a function", 2),
        ("const x = 5;\n$json.n.map(i => i)", "$json.n.map is not a function", 2),
        ("const c = 1; c = 2", "Assignment to constant variable.", 1),
        ("x; let x = 1", "Cannot access 'x' before initialization", 1),
        ("function f() { f() }\nf()", "Maximum call stack size exceeded", 1),
        ("for (const a of $json.n) {}", "$json.n is not iterable", 1),
        ("\nreturn new $json.n(1)", "$json.n is not a constructor", 2),
        ("return JSON.parse('hello')", "Unexpected token 'h', \"hello\" is not valid JSON", 1),
        ("new Date(NaN).toISOString()", "Invalid time value", 1),
        ("return BigInt(1)", "Do not know how to serialize a BigInt", 0),
        ("const a = {}; a.a = a; return a", "Converting circular structure to JSON", 0),
        ("throw new Error('mine')", "mine", 1),
    ] {
        let fault = fault(code).await;
        assert_eq!((&*fault.message, fault.line.unwrap_or(0)), (message, line), "{code}");
    }
}
