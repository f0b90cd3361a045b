//! JavaScript of tenants: the program as its own jailed worker.

use pmos_jail::{Form, Limits, Pool, Request, Settings};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::process::Command;

fn pool() -> Pool {
    Pool::new(Settings { program: env!("CARGO_BIN_EXE_pmos").into(), ..Settings::of_this_program(["jail-worker"]) })
}

async fn evaluate(form: Form, code: &[&str]) -> Value {
    let sees = json!({ "now": 1_704_067_200_000_i64, "zone": "America/New_York" });
    let request = Request {
        form,
        code: code.iter().map(|code| (*code).to_owned()).collect(),
        items: br#"[{"json":{"name":"ada lovelace"}}]"#.to_vec(),
        nodes: b"{}".to_vec(),
        sees: RawValue::from_string(sees.to_string()).unwrap(),
        limits: Limits { time_ms: 10_000, ..Limits::default() },
    };
    let response = pool().run("w", request).await.unwrap();
    assert_eq!(response.faults, []);
    serde_json::from_slice(&response.values).unwrap()
}

/// Code has luxon's times, in the zone of the workflow, and JMESPath.
#[tokio::test]
async fn code_knows_times() {
    for (code, expected) in [
        ("$now.toISO()", json!("2023-12-31T19:00:00.000-05:00")),
        ("$today.toISODate()", json!("2023-12-31")),
        ("DateTime.fromISO('2024-02-28').plus({ days: 2 }).toFormat('yyyy-MM-dd')", json!("2024-03-01")),
        ("DateTime.fromMillis(0, { zone: 'utc' })", json!("1970-01-01T00:00:00.000Z")),
        ("DateTime.fromISO('x').isValid", json!(false)),
        ("DateTime.fromISO('2024-03-01').diff(DateTime.fromISO('2024-02-01'), 'days').days", json!(29)),
        ("Interval.fromDateTimes($now, $now.plus({ hours: 2 })).length('hours')", json!(2)),
        ("$now.minus({ months: 1 }) < $now && $now.setZone('Asia/Tokyo').hour", json!(9)),
        ("Duration.fromObject({ hours: 36 }).as('days')", json!(1.5)),
        ("$now.setLocale('de').monthLong", json!("Dezember")),
        ("$jmespath({ a: [{ b: 1 }, { b: 2 }] }, 'a[].b')", json!([1, 2])),
        ("(1234.5).toLocaleString('de-DE')", json!("1.234,5")),
        ("typeof 'x'.toTitleCase", json!("undefined")),
    ] {
        assert_eq!(evaluate(Form::AllItems, &[&format!("return {code}")]).await, json!([expected]), "{code}");
    }
}

/// Expressions in the jail have n8n's methods, as those that are evaluated here.
#[tokio::test]
async fn expressions_have_the_methods_of_n8n() {
    let code = [
        "={{ $json.name.toTitleCase() }}",
        "={{ [1, 2, 3].sum() + 0.5 }}",
        "={{ $ifEmpty('', 'none') }}",
        "=it is {{ $now.toFormat('yyyy') }}",
    ];
    assert_eq!(evaluate(Form::Expressions, &code).await, json!(["Ada Lovelace", 6.5, "none", "it is 2023"]));
}

/// `pmos doctor` starts a worker, tries its walls, and says which stand.
#[test]
fn doctor_says_which_walls_stand() {
    let folder = tempfile::tempdir().unwrap();
    #[expect(clippy::disallowed_methods, reason = "the program under test, not a tenant's")]
    let mut command = Command::new(env!("CARGO_BIN_EXE_pmos"));
    let output = command.args(["doctor", "--json", "--data-dir"]).arg(folder.path()).env_clear().output().unwrap();
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    let finding = said["findings"].as_array().unwrap().iter().find(|finding| finding["name"] == "jail").unwrap();
    let found = finding["found"].as_str().unwrap();
    assert!(found.contains("limits") && (found.contains("seccomp") || found.contains("landlock")), "{finding}");
}
