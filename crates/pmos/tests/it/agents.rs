//! Agents: who sees them, who changes them, and what goes with them.

use crate::support::{App, Person};
use serde_json::{Value, json};
use std::time::Duration;

async fn create(person: &Person, params: Value) -> String {
    person.call("agents.create", params).await.ok()["agentId"].as_str().unwrap().to_owned()
}

async fn get(person: &Person, agent: &str) -> Value {
    person.call("agents.get", json!({ "agentId": agent })).await.ok()
}

/// What was said of an agent is what everybody in the workspace is told of it.
#[tokio::test(flavor = "multi_thread")]
async fn an_agent_is_what_it_was_made() {
    let app = App::bare().await;
    let params = json!({ "name": " Scout ", "emoji": "🦊", "theme": "curious", "description": "Finds\nthings.",
        "model": "fake/fake-model", "workspace": "/etc" });
    let id = create(&app.a.member, params).await;
    let agent = get(&app.a.viewer, &id).await;
    assert_eq!(agent["identity"], json!({ "name": "Scout", "emoji": "🦊", "theme": "curious" }));
    assert_eq!((&agent["description"], &agent["visibility"]), (&json!("Finds\nthings."), &json!("workspace")));
    assert_eq!((&agent["model"]["primary"], &agent["createdBy"]), (&json!("fake/fake-model"), &json!(app.a.member.id)));
    assert_eq!(agent["workspace"], format!("pmos://agents/{id}"), "nothing that a tenant names becomes a path");
    let listed = app.a.viewer.call("agents.list", json!({})).await.ok()["agents"].clone();
    let names: Vec<&Value> = listed.as_array().unwrap().iter().map(|agent| &agent["name"]).collect();
    assert_eq!(names, ["Assistant", "Scout"]);
}

/// What is absent stays; `null` goes back to the workspace's model.
#[tokio::test(flavor = "multi_thread")]
async fn an_update_changes_what_it_names() {
    let app = App::bare().await;
    let id =
        create(&app.a.member, json!({ "name": "Scout", "emoji": "🦊", "model": "fake/other", "description": "d" }))
            .await;
    app.a.member.call("agents.update", json!({ "agentId": id, "name": "Ranger" })).await.ok();
    let agent = get(&app.a.member, &id).await;
    assert_eq!((&agent["name"], &agent["identity"]["emoji"]), (&json!("Ranger"), &json!("🦊")));
    assert_eq!((&agent["model"]["primary"], &agent["description"]), (&json!("fake/other"), &json!("d")));
    app.a.member.call("agents.update", json!({ "agentId": id, "model": null })).await.ok();
    assert_eq!(get(&app.a.member, &id).await["model"]["primary"], "fake/fake-model");
}

/// Members change their own agents, admins all, viewers none.
#[tokio::test(flavor = "multi_thread")]
async fn an_agent_is_changed_by_its_maker_and_by_admins() {
    let app = App::bare().await;
    let id = create(&app.a.member, json!({ "name": "Scout" })).await;
    for (method, params) in [
        ("agents.update", json!({ "agentId": id, "name": "Mine" })),
        ("agents.files.set", json!({ "agentId": id, "name": "AGENTS.md", "content": "x" })),
        ("agents.files.delete", json!({ "agentId": id, "name": "AGENTS.md" })),
        ("agents.delete", json!({ "agentId": id })),
    ] {
        app.a.colleague.call(method, params.clone()).await.refused("FORBIDDEN");
        app.a.viewer.call(method, params.clone()).await.refused("FORBIDDEN");
        app.a.admin.call(method, params).await.ok();
    }
}

/// A private agent is its maker's alone: for everybody else, admins included, it is not there.
#[tokio::test(flavor = "multi_thread")]
async fn a_private_agent_is_not_there_for_others() {
    let app = App::bare().await;
    let id = create(&app.a.member, json!({ "name": "Diary", "visibility": "private" })).await;
    let session = app.a.member.call("sessions.create", json!({ "agentId": id })).await.ok()["key"].clone();
    for person in [&app.a.admin, &app.a.colleague] {
        for (method, params) in [
            ("agents.get", json!({ "agentId": id })),
            ("agents.update", json!({ "agentId": id, "name": "Open" })),
            ("agents.delete", json!({ "agentId": id })),
            ("agents.files.list", json!({ "agentId": id })),
            ("agents.files.get", json!({ "agentId": id, "name": "AGENTS.md" })),
            ("agents.files.set", json!({ "agentId": id, "name": "AGENTS.md", "content": "x" })),
            ("agent.identity.get", json!({ "agentId": id })),
            ("agent.identity.get", json!({ "sessionKey": session })),
            ("sessions.create", json!({ "agentId": id })),
            ("sessions.list", json!({ "agentId": id })),
            ("chat.send", json!({ "sessionKey": format!("agent:{id}:x"), "message": "hi", "idempotencyKey": "k" })),
            ("chat.history", json!({ "sessionKey": session })),
            ("sessions.describe", json!({ "key": session })),
        ] {
            person.call(method, params).await.is_not_found();
        }
        let seen = person.call("agents.list", json!({})).await.ok().to_string();
        assert!(!seen.contains("Diary") && !seen.contains(&id), "{seen}");
        assert_eq!(person.call("workspaces.get", json!({})).await.ok()["agents"], 1);
    }
    get(&app.a.member, &id).await;
}

/// Only its maker hears of a private agent.
#[tokio::test(flavor = "multi_thread")]
async fn news_of_a_private_agent_reaches_its_maker_alone() {
    let app = App::bare().await;
    let (mut maker, mut admin) = (app.a.member.connect().await, app.a.admin.connect().await);
    let private = create(&app.a.member, json!({ "name": "Diary", "visibility": "private" })).await;
    let open = create(&app.a.member, json!({ "name": "Scout" })).await;
    maker.event_where("agents.changed", |change| change["agentId"] == private).await;
    assert_eq!(admin.event("agents.changed").await, json!({ "agentId": open, "reason": "create" }));
}

/// A name is taken within its workspace, and free in every other.
#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_unique_in_its_workspace_and_free_in_others() {
    let app = App::bare().await;
    create(&app.a.member, json!({ "name": "Scout" })).await;
    let other = create(&app.a.member, json!({ "name": "Ranger" })).await;
    app.a.colleague.call("agents.create", json!({ "name": " Scout" })).await.refused("CONFLICT");
    app.a.member.call("agents.update", json!({ "agentId": other, "name": "Scout" })).await.refused("CONFLICT");
    create(&app.b.member, json!({ "name": "Scout" })).await;
}

/// `main` names the workspace's default agent, which stays.
#[tokio::test(flavor = "multi_thread")]
async fn main_is_the_default_agent_and_stays() {
    let app = App::bare().await;
    let id = app.a.viewer.call("agents.list", json!({})).await.ok()["defaultId"].clone();
    for method in ["agents.get", "agents.files.list", "agent.identity.get"] {
        let answer = app.a.viewer.call(method, json!({ "agentId": "main" })).await.ok();
        assert!([&answer["id"], &answer["agentId"]].contains(&&id), "{method}: {answer}");
    }
    assert_ne!(app.b.viewer.call("agents.list", json!({})).await.ok()["defaultId"], id);
    app.a.admin.call("agents.delete", json!({ "agentId": "main" })).await.refused("CONFLICT");
    app.a.admin.call("agents.update", json!({ "agentId": "main", "name": "Concierge" })).await.ok();
    assert_eq!(app.a.viewer.call("agent.identity.get", json!({})).await.ok()["name"], "Concierge");
}

/// With an agent go its files, sessions and messages.
#[tokio::test(flavor = "multi_thread")]
async fn what_belongs_to_an_agent_goes_with_it() {
    let app = App::new().await;
    app.a.member.call("agents.delete", json!({ "agentId": app.a.agent, "deleteFiles": false })).await.ok();
    app.a.member.call("agents.get", json!({ "agentId": app.a.agent })).await.is_not_found();
    app.a.member.call("chat.history", json!({ "sessionKey": app.a.session })).await.is_not_found();
    let rows = app.checksum(&app.a.id).await;
    let left = rows.lines().filter(|row| row.contains(&app.a.agent) && !row.starts_with("audit: "));
    assert_eq!(left.collect::<Vec<_>>(), Vec::<&str>::new());
    assert!(!rows.contains("\nmessages: ") && !rows.contains("\nruns: "), "{rows}");
}

/// Names are one line that people can tell apart.
#[tokio::test(flavor = "multi_thread")]
async fn names_are_one_visible_line() {
    let app = App::bare().await;
    for bad in ["", "  ", "a\nb", "a\u{0}b", "a\u{200b}b", "a\u{202e}b", &"x".repeat(81)] {
        let error = app.a.member.call("agents.create", json!({ "name": bad })).await.refused("INVALID_REQUEST");
        assert!(bad.contains('\0') || error["details"]["field"] == "name", "{bad:?}: {error}");
        app.clock.advance(60_000);
    }
    create(&app.a.member, json!({ "name": "ü".repeat(80) })).await;
}

/// An agent that becomes private takes its sessions along, and is used by nobody else any more.
#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_becomes_private_takes_its_sessions_along() {
    let app = App::new().await;
    let (maker, colleague) = (&app.a.member, &app.a.colleague);
    let of_colleague = colleague.call("sessions.create", json!({ "agentId": app.a.agent })).await.ok()["key"].clone();
    let mut socket = colleague.connect().await;
    socket.call("sessions.subscribe", json!({})).await;
    maker.call("agents.update", json!({ "agentId": app.a.agent, "visibility": "private" })).await.ok();
    let frames = socket.until_quiet(Duration::from_millis(200)).await;
    let changed = frames.iter().find(|frame| frame["event"] == "agents.changed").unwrap();
    assert_eq!(changed["payload"]["agentId"], app.a.agent, "who sees it no more is told");
    let heard = frames.iter().filter(|frame| frame["event"] == "sessions.changed");
    let mut heard: Vec<_> = heard.map(|frame| (&frame["payload"]["sessionKey"], &frame["payload"]["reason"])).collect();
    heard.sort_by_key(|(key, reason)| (key.to_string(), reason.to_string()));
    let session = json!(app.a.session);
    let (went, stays) = (json!("delete"), json!("patch"));
    let mut wanted = vec![(&session, &went), (&of_colleague, &went), (&of_colleague, &stays)];
    wanted.sort_by_key(|(key, reason)| (key.to_string(), reason.to_string()));
    assert_eq!(heard, wanted, "theirs stays, the other's went");
    colleague.call("agents.get", json!({ "agentId": app.a.agent })).await.is_not_found();
    colleague.call("chat.history", json!({ "sessionKey": app.a.session })).await.is_not_found();
    let listed = colleague.call("sessions.list", json!({})).await.ok().to_string();
    assert!(!listed.contains(app.a.canary), "{listed}");
    let send = json!({ "sessionKey": of_colleague, "message": "hi", "idempotencyKey": "k" });
    colleague.call("chat.send", send).await.is_not_found();
    maker.call("chat.history", json!({ "sessionKey": app.a.session })).await.ok();
}

/// The default agent is everybody's: it does not become private.
#[tokio::test(flavor = "multi_thread")]
async fn the_default_agent_does_not_become_private() {
    let app = App::bare().await;
    let private = json!({ "agentId": "main", "visibility": "private" });
    app.a.admin.call("agents.update", private).await.refused("CONFLICT");
    app.a.member.call("sessions.create", json!({})).await.ok();
}

/// Text that no database of ours can hold is refused as such, on both of them.
#[tokio::test(flavor = "multi_thread")]
async fn a_null_character_is_refused_and_breaks_nothing() {
    let app = App::new().await;
    let (agent, key) = (&app.a.agent, &app.a.session);
    for (method, params) in [
        ("agents.update", json!({ "agentId": agent, "description": "a\0b" })),
        ("agents.files.set", json!({ "agentId": agent, "name": "AGENTS.md", "content": "a\0b" })),
        ("agents.get", json!({ "agentId": "agt_\0" })),
        ("sessions.list", json!({ "search": "a\0b" })),
        ("sessions.list", json!({ "label": "a\0b" })),
        ("sessions.resolve", json!({ "label": "a\0b" })),
        ("chat.send", json!({ "sessionKey": key, "message": "a\0b", "idempotencyKey": "null" })),
    ] {
        let code = app.a.member.call(method, params.clone()).await.code();
        assert!(["INVALID_REQUEST", "NOT_FOUND"].contains(&code.as_str()), "{method} {params}: {code}");
    }
}
