//! The walls between workspaces.

use crate::matrix::golden;
use crate::support::App;
use pmos_kit::{AgentId, OsRng, SystemClock};
use serde_json::json;
use std::path::{Path, PathBuf};

/// A foreign id and a missing one are answered with the same bytes.
#[tokio::test(flavor = "multi_thread")]
async fn foreign_and_missing_are_the_same_bytes() {
    let app = App::new().await;
    let missing = AgentId::new(&SystemClock, &OsRng);
    for (method, field) in [("agents.get", "agentId"), ("agents.files.list", "agentId"), ("agents.delete", "agentId")] {
        let foreign = app.b.admin.call(method, json!({ field: app.a.agent })).await.is_not_found();
        let missing = app.b.admin.call(method, json!({ field: missing })).await.is_not_found();
        assert_eq!(foreign, missing, "{method}");
    }
    let foreign = app.b.admin.call("chat.history", json!({ "sessionKey": app.a.session })).await.is_not_found();
    let missing =
        app.b.admin.call("chat.history", json!({ "sessionKey": format!("agent:{missing}:x") })).await.is_not_found();
    assert_eq!(foreign, missing);
}

/// A workspace that is not yours answers like one that does not exist.
#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_workspace_is_a_missing_one() {
    let app = App::new().await;
    let nowhere = pmos_kit::WorkspaceId::new(&OsRng);
    let foreign = app.b.admin.inside(&app.a.id).call("agents.list", json!({})).await.is_not_found();
    let missing = app.b.admin.inside(&nowhere).call("agents.list", json!({})).await.is_not_found();
    assert_eq!(foreign, missing);
    app.root.inside(&app.a.id).call("agents.list", json!({})).await.is_not_found();
}

/// A session of B in an agent of A cannot be made by naming A's agent in a key.
#[tokio::test(flavor = "multi_thread")]
async fn a_nested_id_is_checked_too() {
    let app = App::new().await;
    let key = format!("agent:{}:mine", app.a.agent);
    let message = json!({ "sessionKey": key, "message": "hi", "idempotencyKey": "k1" });
    app.b.member.call("chat.send", message).await.is_not_found();
    app.b.member.call("sessions.create", json!({ "agentId": app.a.agent })).await.is_not_found();
    app.b.member.call("sessions.create", json!({ "key": key })).await.refused("INVALID_REQUEST");
}

/// Events of A reach no connection of B, and what is private reaches its maker alone.
#[tokio::test(flavor = "multi_thread")]
async fn events_stay_in_their_workspace() {
    let app = App::new().await;
    let mut b = app.b.admin.connect().await;
    b.call("sessions.subscribe", json!({})).await;
    let mut colleague = app.a.colleague.connect().await;
    colleague.call("sessions.subscribe", json!({})).await;
    let private =
        app.a.member.call("sessions.create", json!({ "agentId": app.a.agent, "visibility": "private" })).await.ok();
    for (place, key) in [app.a.session.as_str(), private["key"].as_str().unwrap()].into_iter().enumerate() {
        let message = format!("place-{place} {}", app.a.canary);
        let send = json!({ "sessionKey": key, "message": message, "idempotencyKey": format!("e{place}") });
        app.a.member.call("chat.send", send).await.ok();
        app.a.member.call("agent.wait", json!({ "runId": format!("e{place}"), "timeoutMs": 20_000 })).await.ok();
    }
    let quiet = std::time::Duration::from_millis(300);
    let told: String = b.until_quiet(quiet).await.iter().map(ToString::to_string).collect();
    assert!(!told.contains(app.a.canary) && !told.contains(&app.a.agent), "{told}");
    let told: String = colleague.until_quiet(quiet).await.iter().map(ToString::to_string).collect();
    assert!(told.contains("place-0") && !told.contains("place-1"), "{told}");
    app.a.colleague.call("chat.history", json!({ "sessionKey": private["key"] })).await.is_not_found();
}

/// Each statement that looks across workspaces stands in a list, with its reason.
#[test]
fn global_statements_are_a_closed_list() {
    let mut found = Vec::new();
    let files = rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
    assert!(files.len() > 60, "only {} files were read: the scanner is blind", files.len());
    for file in &files {
        let text = std::fs::read_to_string(file).unwrap();
        for (_, call) in text.match_indices("global_sql!(").map(|(at, word)| (at, &text[at + word.len()..])) {
            let (why, rest) = call.split_once(',').unwrap_or_default();
            let Some(statement) = rest.split('"').nth(1) else { continue };
            let words: Vec<&str> = statement.split_whitespace().collect();
            found.push(format!("{}: {}", why.trim(), words.join(" ")));
        }
    }
    found.sort();
    found.dedup();
    golden("global_sql.txt", &(found.join("\n") + "\n"));
}

/// The Rust sources of all crates, without tests.
pub fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap().map(Result::unwrap) {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() && !matches!(name.as_str(), "tests" | "target" | "examples") {
            files.extend(rust_files(&path));
        } else if name.ends_with(".rs") && name != "tests.rs" {
            files.push(path);
        }
    }
    files.sort();
    files
}
