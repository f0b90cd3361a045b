//! What OpenClaw's own client sent us, replayed: the answers have the shapes that it was content with.
//!
//! `tests/transcripts` was recorded with the real `openclaw@2026.9.6` (`make clients`, `--record`). Ids and keys are mapped to
//! this server's, the device proof is left out (its vectors are tested in the gateway), and answers are compared by
//! shape: the same members with the same kinds of values, whatever the values.

use crate::support::{App, Socket};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A line of a transcript that holds a frame.
struct Line {
    conn: u64,
    from_client: bool,
    frame: Value,
}

fn transcript(path: &Path) -> Vec<Line> {
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines
        .filter(|line| line.get("frame").is_some())
        .map(|line| Line {
            conn: line["conn"].as_u64().unwrap(),
            from_client: line["dir"] == "c>s",
            frame: line["frame"].clone(),
        })
        .collect()
}

/// The members of a value and the kinds of what they hold, as paths.
fn shape(value: &Value, at: &str, paths: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| shape(value, &format!("{at}.{name}"), paths)),
        Value::Array(items) => items.iter().for_each(|item| shape(item, &format!("{at}[]"), paths)),
        Value::Null => drop(paths.insert(format!("{at}: null"))),
        Value::Bool(_) => drop(paths.insert(format!("{at}: bool"))),
        Value::Number(_) => drop(paths.insert(format!("{at}: number"))),
        Value::String(_) => drop(paths.insert(format!("{at}: text"))),
    }
}

fn shape_of(value: &Value) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    shape(value, "", &mut paths);
    paths
}

/// What a client must find in an answer: all that it found when it was recorded, except what depends on what the
/// workspace held that day.
fn must_have(recorded: &Value) -> BTreeSet<String> {
    let held = [
        "sessions[]",
        "recent[]",
        "byAgent[]",
        "messages[]",
        "presence[]",
        "sessionInfo",
        "session.",
        "nextOffset",
        "entry.",
    ];
    shape_of(recorded).into_iter().filter(|path| !held.iter().any(|part| path.contains(part))).collect()
}

/// The frame with this server's ids in the place of the recorded ones.
fn mapped(frame: &Value, app: &App, agent: &str) -> Value {
    let text = frame.to_string();
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("agt_") {
        out.push_str(&rest[..at]);
        out.push_str(agent);
        rest = &rest[at + agent.len()..];
    }
    out.push_str(rest);
    let mut frame: Value = serde_json::from_str(&out).unwrap();
    if frame["method"] == "connect"
        && let Some(params) = frame["params"].as_object_mut()
    {
        params.remove("device");
        let wrong = params["auth"]["token"] != "<token>";
        let token = if wrong { "wrong".to_owned() } else { app.a.admin.key.clone().unwrap() };
        params.insert("auth".into(), json!({ "token": token }));
    }
    frame
}

async fn replay(app: &App, path: &Path, agent: &str) -> (usize, Vec<String>) {
    let (mut answered, mut wrong) = (0, Vec::new());
    let mut by_connection: BTreeMap<u64, Vec<Line>> = BTreeMap::new();
    for line in transcript(path) {
        by_connection.entry(line.conn).or_default().push(line);
    }
    for lines in by_connection.values() {
        let mut socket = Socket::open(app.running.address, "/", &[]).await.unwrap();
        for asked in lines.iter().filter(|line| line.from_client) {
            app.clock.advance(1_000);
            let frame = mapped(&asked.frame, app, agent);
            let id = frame["id"].as_str().unwrap().to_owned();
            let recorded: Vec<&Line> =
                lines.iter().filter(|line| !line.from_client && line.frame["id"] == id.as_str()).collect();
            socket.send(frame.clone()).await;
            for line in recorded {
                let answer = socket.answer(&id).await;
                answered += 1;
                let words = format!("{}: {}", path.file_name().unwrap().to_string_lossy(), frame["method"]);
                wrong.extend(difference(&words, &line.frame, &answer));
            }
        }
    }
    (answered, wrong)
}

fn difference(place: &str, recorded: &Value, answer: &Result<Value, Value>) -> Option<String> {
    let wanted = if recorded["ok"] == true { &recorded["payload"] } else { &recorded["error"] };
    let (ok, given) = match answer {
        Ok(payload) => (true, payload),
        Err(error) => (false, error),
    };
    if ok != (recorded["ok"] == true) {
        return Some(format!("{place}: recorded {recorded}, answered {answer:?}"));
    }
    if !ok && wanted["code"] != given["code"] {
        return Some(format!("{place}: recorded {wanted}, answered {given}"));
    }
    let given = shape_of(given);
    let missing: Vec<String> = must_have(wanted).into_iter().filter(|path| !given.contains(path)).collect();
    (!missing.is_empty()).then(|| format!("{place}: {missing:?} is missing"))
}

/// Every request of every recorded scenario is answered as it was when the real client was content.
#[tokio::test(flavor = "multi_thread")]
async fn the_real_client_would_be_content() {
    let mut app = App::new().await;
    let key = app
        .a
        .admin
        .call("apiKeys.create", json!({ "name": "replay", "kind": "service", "scopes": ["admin"] }))
        .await
        .ok();
    app.a.admin.key = Some(key["secret"].as_str().unwrap().to_owned());
    let agents = app.a.viewer.call("agents.list", json!({})).await.ok();
    let agent = agents["defaultId"].as_str().unwrap().to_owned();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|end| end == "jsonl"));
    files.sort();
    let (mut answered, mut wrong) = (0, Vec::new());
    for file in &files {
        let (count, found) = replay(&app, file, &agent).await;
        answered += count;
        wrong.extend(found);
    }
    assert!(
        files.len() >= 12 && answered > 50,
        "{} transcripts, {answered} answers: too few to prove anything",
        files.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A shape tells a member that went away from one that changed its kind.
#[test]
fn shapes_tell_what_changed() {
    let recorded = json!({ "ok": true, "payload": { "a": 1, "b": [{ "c": "x" }] } });
    assert!(difference("", &recorded, &Ok(json!({ "a": 2, "b": [{ "c": "y", "d": 1 }] }))).is_none());
    for changed in [json!({ "b": [{ "c": "y" }] }), json!({ "a": "1", "b": [{ "c": "y" }] }), Value::Object(Map::new())]
    {
        assert!(difference("", &recorded, &Ok(changed)).is_some());
    }
}
