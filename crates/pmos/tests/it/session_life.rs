//! What happens to a session: changed, begun anew, deleted.

use crate::support::App;
use pmos_testkit::fake_model::Reply;
use serde_json::{Value, json};
use std::time::Duration;

/// What is absent stays, `null` clears.
#[tokio::test(flavor = "multi_thread")]
async fn a_patch_changes_what_it_names_and_null_clears() {
    let app = App::new().await;
    let patch = async |changes: Value| {
        let mut params = json!({ "key": app.a.session });
        params.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        app.a.member.call("sessions.patch", params).await.ok()["entry"].clone()
    };
    let entry = patch(json!({ "model": "fake/other", "pinned": true })).await;
    assert_eq!((&entry["model"], &entry["modelProvider"]), (&json!("other"), &json!("fake")));
    let entry = patch(json!({ "label": "  Plans  " })).await;
    assert_eq!((&entry["label"], &entry["model"], &entry["pinned"]), (&json!("Plans"), &json!("other"), &json!(true)));
    let entry = patch(json!({ "label": null, "model": null })).await;
    assert_eq!((entry.get("label"), &entry["model"], &entry["pinned"]), (None, &json!("fake-model"), &json!(true)));
}

/// Members change their own sessions, admins all, viewers none.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_changed_by_its_maker_and_by_admins() {
    let app = App::new().await;
    for (method, params) in [
        ("sessions.patch", json!({ "key": app.a.session, "label": "Mine" })),
        ("sessions.reset", json!({ "key": app.a.session })),
        ("sessions.delete", json!({ "key": app.a.session })),
    ] {
        app.a.colleague.call(method, params.clone()).await.refused("FORBIDDEN");
        app.a.viewer.call(method, params.clone()).await.refused("FORBIDDEN");
        app.a.admin.call(method, params).await.ok();
    }
}

/// A reset begins the session anew under the same key: nothing of before is told to anybody, the model included.
#[tokio::test(flavor = "multi_thread")]
async fn a_reset_begins_anew_under_the_same_key() {
    let app = App::new().await;
    let entry = app.a.member.call("sessions.reset", json!({ "key": app.a.session })).await.ok()["entry"].clone();
    assert_eq!(
        (&entry["key"], &entry["messageCount"], &entry["totalTokens"]),
        (&json!(app.a.session), &json!(0), &json!(0))
    );
    assert_eq!((entry.get("derivedTitle"), entry.get("lastMessagePreview"), entry.get("status")), (None, None, None));
    let history = app.a.member.call("chat.history", json!({ "sessionKey": app.a.session })).await.ok();
    assert_eq!((&history["messages"], &history["totalMessages"]), (&json!([]), &json!(0)));
    let preview = app.a.member.call("sessions.preview", json!({ "keys": [app.a.session] })).await.ok();
    assert_eq!(preview["previews"][0]["status"], "empty");

    let send = json!({ "sessionKey": app.a.session, "message": "anew", "idempotencyKey": "anew" });
    app.a.member.call("chat.send", send).await.ok();
    app.a.member.call("agent.wait", json!({ "runId": "anew", "timeoutMs": 20_000 })).await.ok();
    let asked = app.model.requests().pop().unwrap().body;
    let told = asked["messages"].to_string();
    assert!(told.contains("anew") && !told.contains(&format!("Hello {}", app.a.canary)), "{told}");
}

/// A deleted session is gone with its messages; its key may be used for another.
#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_session_is_gone() {
    let app = App::new().await;
    let key = json!({ "key": app.a.session });
    let mut socket = app.a.viewer.connect().await;
    socket.call("sessions.subscribe", json!({})).await;
    app.a.member.call("sessions.delete", key.clone()).await.ok();
    let told = socket.event_where("sessions.changed", |change| change["reason"] == "delete").await;
    assert_eq!((&told["sessionKey"], told.get("session")), (&json!(app.a.session), None));
    for method in ["sessions.describe", "sessions.resolve", "sessions.reset", "sessions.delete"] {
        app.a.member.call(method, key.clone()).await.is_not_found();
    }
    let rows = app.checksum(&app.a.id).await;
    assert!(!rows.contains("\nmessages: ") && !rows.contains("\nsessions: "), "{rows}");
    let again = json!({ "agentId": app.a.agent, "key": app.a.session });
    assert_eq!(app.a.colleague.call("sessions.create", again).await.ok()["entry"]["messageCount"], 0);
}

/// While a run is on, a session is neither begun anew nor deleted under it.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_with_a_run_is_left_alone() {
    let app = App::new().await;
    app.model.script(vec![Reply::chunks(["slow "; 200], Duration::from_millis(50))]);
    let send = json!({ "sessionKey": app.a.session, "message": "take your time", "idempotencyKey": "slow" });
    app.a.member.call("chat.send", send).await.ok();
    for method in ["sessions.reset", "sessions.delete"] {
        app.a.member.call(method, json!({ "key": app.a.session })).await.refused("CONFLICT");
    }
    app.a.member.call("chat.abort", json!({ "sessionKey": app.a.session })).await.ok();
    app.a.member.call("agent.wait", json!({ "runId": "slow", "timeoutMs": 20_000 })).await.ok();
    app.a.member.call("sessions.delete", json!({ "key": app.a.session })).await.ok();
}

/// A key is used once in a workspace, and as often as one likes in others.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_names_one_session_of_its_workspace() {
    let app = App::bare().await;
    let made = app.a.member.call("sessions.create", json!({ "key": "plans" })).await.ok();
    app.a.colleague.call("sessions.create", json!({ "key": "plans" })).await.refused("CONFLICT");
    app.a.colleague.call("sessions.create", json!({ "key": made["key"] })).await.refused("CONFLICT");
    app.b.member.call("sessions.create", json!({ "key": "plans" })).await.ok();
    for bad in ["", "a\nb", &"x".repeat(513)] {
        app.a.member.call("sessions.create", json!({ "key": bad })).await.refused("INVALID_REQUEST");
    }
}

/// A session that becomes private is told to nobody else any more; they learn only that it went.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_becomes_private_goes_for_others() {
    let app = App::new().await;
    let mut colleague = app.a.colleague.connect().await;
    colleague.call("sessions.subscribe", json!({})).await;
    let patch = json!({ "key": app.a.session, "visibility": "private", "label": "Secret plans" });
    app.a.member.call("sessions.patch", patch).await.ok();
    app.a.member.call("sessions.patch", json!({ "key": app.a.session, "label": "More secrets" })).await.ok();
    let heard = colleague.until_quiet(Duration::from_millis(200)).await;
    let heard: Vec<&Value> = heard.iter().filter(|frame| frame["event"] == "sessions.changed").collect();
    assert_eq!(heard.len(), 1, "{heard:?}");
    assert_eq!((&heard[0]["payload"]["reason"], heard[0]["payload"].get("session")), (&json!("delete"), None));
}
