//! The trail of a workspace.

use crate::support::{App, Person};
use serde_json::{Value, json};

async fn trail(person: &Person, params: Value) -> Value {
    person.call("audit.list", params).await.ok()
}

/// Every change is there with who did it, numbered without gaps; what was refused or only read is not.
#[tokio::test(flavor = "multi_thread")]
async fn the_trail_has_every_change_and_no_gap() {
    let app = App::bare().await;
    let start = trail(&app.a.admin, json!({ "limit": 1 })).await["items"][0]["seq"].as_i64().unwrap_or(0);
    let agent = app.a.member.call("agents.create", json!({ "name": "Noted" })).await.ok()["agentId"].clone();
    app.a.member.call("agents.create", json!({ "name": "Noted" })).await.refused("CONFLICT");
    app.a.colleague.call("agents.delete", json!({ "agentId": agent })).await.refused("FORBIDDEN");
    app.a.viewer.call("agents.list", json!({})).await.ok();
    let key = app.a.member.call("apiKeys.create", json!({ "name": "ci", "scopes": ["write"] })).await.ok();
    let program = Person::with_key(app.running.address, key["secret"].as_str().unwrap());
    program.call("agents.delete", json!({ "agentId": agent })).await.ok();

    let items = trail(&app.a.admin, json!({})).await["items"].clone();
    let told: Vec<Value> = items
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["seq"].as_i64().unwrap() > start)
        .map(|entry| json!([entry["seq"], entry["action"], entry["actor"], entry["actorKind"], entry["resource"]]))
        .collect();
    let member = &app.a.member.id;
    let wanted = [
        json!([start + 3, "agents.delete", member, "key", agent]),
        json!([start + 2, "apiKeys.create", member, "person", key["key"]["id"]]),
        json!([start + 1, "agents.create", member, "person", agent]),
    ];
    assert_eq!(told, wanted);
    assert_eq!(items[0]["onBehalfOf"], key["key"]["id"]);
}

/// Pages follow each other without a gap, and one method can be asked for.
#[tokio::test(flavor = "multi_thread")]
async fn the_trail_is_read_in_pages() {
    let app = App::new().await;
    let all = trail(&app.a.admin, json!({ "limit": 200 })).await["items"].clone();
    let mut pages = Vec::new();
    let mut cursor = Value::Null;
    loop {
        let page = trail(&app.a.admin, json!({ "limit": 2, "cursor": cursor })).await;
        pages.extend(page["items"].as_array().unwrap().clone());
        cursor = page["nextCursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!(Value::from(pages), all);
    let made = trail(&app.a.admin, json!({ "action": "agents.create" })).await["items"].clone();
    assert_eq!(made.as_array().unwrap().len(), 1);
    assert_eq!(made[0]["resource"], app.a.agent);
    app.a.admin.call("audit.list", json!({ "cursor": "x" })).await.refused("INVALID_REQUEST");
}
