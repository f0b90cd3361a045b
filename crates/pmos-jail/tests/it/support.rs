//! A pool of workers without a host, and requests in a line.

use pmos_jail::{Form, JailError, Limits, Pool, Request, Response, Settings};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::time::Duration;

pub(crate) fn settings() -> Settings {
    let program = env!("CARGO_BIN_EXE_pmos-jail-worker").into();
    Settings { program, ..Settings::of_this_program([] as [&str; 0]) }
}

pub(crate) fn pool() -> Pool {
    Pool::new(settings())
}

pub(crate) fn request(form: Form, code: &[&str], items: &Value) -> Request {
    let sees = json!({
        "now": 1_700_000_000_000_i64, "zone": "America/New_York", "mode": "manual", "runIndex": 0, "node": "Code",
        "workflow": { "id": "w1", "name": "Test", "active": false }, "execution": { "id": "7", "mode": "test" },
        "prevNode": { "name": "Before", "outputIndex": 0, "runIndex": 0 }, "vars": {}, "params": { "mode": "x" },
        "staticData": { "global": { "count": 1 } }, "names": ["Code", "Before", "Idle"],
    });
    let nodes = json!({ "Before": {
        "params": { "p": 1 }, "context": {}, "output": 0,
        "runs": [[[{ "json": { "n": 1 } }, { "json": { "n": 2 } }], [{ "json": { "n": 3 } }]]],
        "links": [{ "run": 0, "output": 0, "item": 1 }, null, { "error": "Multiple matches" }],
    } });
    Request {
        form,
        code: code.iter().map(|code| (*code).to_owned()).collect(),
        items: items.to_string().into_bytes(),
        nodes: nodes.to_string().into_bytes(),
        sees: RawValue::from_string(sees.to_string()).unwrap(),
        limits: Limits { time_ms: 10_000, ..Limits::default() },
    }
}

/// Three items: `{n: 0}`, `{n: 1}`, `{n: 2}`.
pub(crate) fn three() -> Value {
    (0..3).map(|n| json!({ "json": { "n": n } })).collect()
}

pub(crate) async fn run(form: Form, code: &[&str]) -> Response {
    pool().run("w", request(form, code, &three())).await.unwrap()
}

/// What code for all items returned.
pub(crate) async fn value(code: &str) -> Value {
    let response = run(Form::AllItems, &[code]).await;
    assert_eq!(response.faults, [], "{code}");
    values(&response)[0].take()
}

/// What code for all items threw.
pub(crate) async fn fault(code: &str) -> pmos_jail::Fault {
    let mut response = run(Form::AllItems, &[code]).await;
    response.faults.pop().unwrap().1
}

pub(crate) fn values(response: &Response) -> Value {
    serde_json::from_slice(&response.values).unwrap()
}

pub(crate) async fn limited(code: &str, time: Duration) -> Result<Response, JailError> {
    let mut request = request(Form::AllItems, &[code], &three());
    request.limits.time_ms = u64::try_from(time.as_millis()).unwrap();
    request.limits.memory_bytes = 64 << 20;
    pool().run("w", request).await
}
