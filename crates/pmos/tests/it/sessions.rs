//! Sessions: finding them, and who sees them.

use crate::support::{App, Person};
use pmos_kit::clock::MINUTE;
use serde_json::{Value, json};

async fn create(person: &Person, params: Value) -> String {
    person.call("sessions.create", params).await.ok()["key"].as_str().unwrap().to_owned()
}

async fn list(person: &Person, params: Value) -> Value {
    person.call("sessions.list", params).await.ok()
}

fn labels(list: &Value) -> Vec<&str> {
    list["sessions"].as_array().unwrap().iter().map(|row| row["label"].as_str().unwrap_or("-")).collect()
}

/// Sessions with these labels, made in this order, a minute apart.
async fn labelled(app: &App, person: &Person, names: &[&str]) -> Vec<String> {
    let mut keys = Vec::new();
    for name in names {
        app.clock.advance(MINUTE);
        keys.push(create(person, json!({ "label": name })).await);
    }
    keys
}

/// Pages follow each other without a gap, the latest first.
#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_read_in_pages() {
    let app = App::bare().await;
    labelled(&app, &app.a.member, &["one", "two", "three", "four", "five"]).await;
    let first = list(&app.a.viewer, json!({ "limit": 2 })).await;
    assert_eq!(labels(&first), ["five", "four"]);
    assert_eq!((&first["totalCount"], &first["hasMore"], &first["nextOffset"]), (&json!(5), &json!(true), &json!(2)));
    assert_eq!(labels(&list(&app.a.viewer, json!({ "limit": 2, "offset": 2 })).await), ["three", "two"]);
    let last = list(&app.a.viewer, json!({ "limit": 2, "offset": 4 })).await;
    assert_eq!((labels(&last), &last["hasMore"], last.get("nextOffset")), (vec!["one"], &json!(false), None));
    assert_eq!(last["totalCount"], 5);
}

/// Search finds label and words, in any case, and takes no sign for a pattern.
#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_found_by_words() {
    let app = App::new().await;
    labelled(&app, &app.a.member, &["Taxes 100%", "Travel_plan", "travel notes!"]).await;
    let found = async |search: &str| {
        let list = list(&app.a.viewer, json!({ "search": search })).await;
        labels(&list).join(", ")
    };
    assert_eq!(found("TRAVEL").await, "travel notes!, Travel_plan");
    assert_eq!(found("%").await, "Taxes 100%");
    assert_eq!(found("l_p").await, "Travel_plan");
    assert_eq!(found("s!").await, "travel notes!");
    assert_eq!(found("nowhere").await, "");
    assert_eq!(
        found(&format!("hello {}", app.a.canary)).await,
        format!("Session {}", app.a.canary),
        "by what was said"
    );
}

/// What is archived is out of the way until it is asked for; what is pinned comes first.
#[tokio::test(flavor = "multi_thread")]
async fn archived_sessions_are_apart_and_pinned_ones_first() {
    let app = App::bare().await;
    let keys = labelled(&app, &app.a.member, &["one", "two", "three"]).await;
    app.a.member.call("sessions.patch", json!({ "key": keys[2], "archived": true })).await.ok();
    app.a.member.call("sessions.patch", json!({ "key": keys[0], "pinned": true })).await.ok();
    assert_eq!(labels(&list(&app.a.viewer, json!({})).await), ["one", "two"]);
    assert_eq!(labels(&list(&app.a.viewer, json!({ "archived": true })).await), ["three"]);
    app.a.member.call("sessions.patch", json!({ "key": keys[2], "archived": false })).await.ok();
    assert_eq!(labels(&list(&app.a.viewer, json!({})).await), ["one", "three", "two"]);
}

/// The list can be narrowed to an agent, to a label, and to what was used of late.
#[tokio::test(flavor = "multi_thread")]
async fn the_list_can_be_narrowed() {
    let app = App::new().await;
    labelled(&app, &app.a.member, &["one", "two"]).await;
    assert_eq!(labels(&list(&app.a.viewer, json!({ "agentId": "main" })).await), ["two", "one"]);
    assert_eq!(list(&app.a.viewer, json!({ "agentId": app.a.agent })).await["sessions"][0]["key"], app.a.session);
    assert_eq!(labels(&list(&app.a.viewer, json!({ "label": "one" })).await), ["one"]);
    app.clock.advance(MINUTE);
    assert_eq!(labels(&list(&app.a.viewer, json!({ "activeMinutes": 1 })).await), ["two"]);
    let foreign = json!({ "agentId": app.b.agent });
    app.a.viewer.call("sessions.list", foreign).await.is_not_found();
}

/// A private session is its maker's alone: for everybody else, admins included, it is not there.
#[tokio::test(flavor = "multi_thread")]
async fn a_private_session_is_not_there_for_others() {
    let app = App::bare().await;
    let made = app.a.member.call("sessions.create", json!({ "label": "Diary", "visibility": "private" })).await.ok();
    let (key, id) = (&made["key"], &made["sessionId"]);
    for person in [&app.a.admin, &app.a.colleague] {
        assert_eq!(list(person, json!({})).await["totalCount"], 0);
        assert_eq!(list(person, json!({ "search": "diary" })).await["totalCount"], 0);
        assert_eq!(person.call("workspaces.get", json!({})).await.ok()["sessions"], 0);
        let preview = person.call("sessions.preview", json!({ "keys": [key] })).await.ok();
        assert_eq!(preview["previews"][0]["status"], "missing");
        for (method, params) in [
            ("sessions.describe", json!({ "key": key })),
            ("sessions.resolve", json!({ "key": key })),
            ("sessions.resolve", json!({ "sessionId": id })),
            ("sessions.resolve", json!({ "label": "Diary" })),
            ("sessions.patch", json!({ "key": key, "visibility": "workspace" })),
            ("sessions.reset", json!({ "key": key })),
            ("sessions.delete", json!({ "key": key })),
            ("sessions.messages.subscribe", json!({ "key": key })),
            ("chat.history", json!({ "sessionKey": key })),
            ("chat.send", json!({ "sessionKey": key, "message": "hi", "idempotencyKey": "k" })),
            ("chat.abort", json!({ "sessionKey": key })),
        ] {
            person.call(method, params).await.is_not_found();
        }
    }
    app.a.admin.call("chat.inject", json!({ "sessionKey": key, "message": "x" })).await.is_not_found();
    assert_eq!(list(&app.a.member, json!({})).await["totalCount"], 1);
}

/// A session is never more visible than its agent, whatever is asked for.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_of_a_private_agent_stays_private() {
    let app = App::bare().await;
    let agent = json!({ "name": "Diary", "visibility": "private" });
    let agent = app.a.member.call("agents.create", agent).await.ok()["agentId"].clone();
    let key = create(&app.a.member, json!({ "agentId": agent, "visibility": "workspace" })).await;
    app.a.colleague.call("sessions.describe", json!({ "key": key })).await.is_not_found();
    let patched = app.a.member.call("sessions.patch", json!({ "key": key, "visibility": "workspace" })).await.ok();
    assert_eq!(patched["entry"]["visibility"], "private");
    app.a.colleague.call("sessions.describe", json!({ "key": key })).await.is_not_found();
}

/// A session is found by its key, its id or its label, and by exactly one of them.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_resolved_by_one_of_three_names() {
    let app = App::new().await;
    let label = format!("Session {}", app.a.canary);
    for name in [json!({ "key": app.a.session }), json!({ "sessionId": app.a.session_id }), json!({ "label": label })] {
        assert_eq!(app.a.viewer.call("sessions.resolve", name.clone()).await.ok()["key"], app.a.session, "{name}");
        app.b.admin.call("sessions.resolve", name).await.is_not_found();
    }
    for bad in [json!({}), json!({ "key": app.a.session, "label": label })] {
        app.a.viewer.call("sessions.resolve", bad).await.refused("INVALID_REQUEST");
    }
    let main = create(&app.a.member, json!({ "key": "main" })).await;
    assert_eq!(app.a.viewer.call("sessions.resolve", json!({ "key": "main" })).await.ok()["key"], main);
}

/// A colleague's private session neither hides nor gives away another one with the same label.
#[tokio::test(flavor = "multi_thread")]
async fn a_label_resolves_to_a_session_that_the_caller_sees() {
    let app = App::bare().await;
    let open = create(&app.a.member, json!({ "label": "Plan" })).await;
    app.clock.advance(MINUTE);
    create(&app.a.colleague, json!({ "label": "Plan", "visibility": "private" })).await;
    assert_eq!(app.a.member.call("sessions.resolve", json!({ "label": "Plan" })).await.ok()["key"], open);
}
