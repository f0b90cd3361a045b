//! How whoever runs the server acts inside a workspace, and the trails that tell of it.

use crate::support::{App, Person};
use pmos_kit::clock::MINUTE;
use pmos_store::{args, global_sql};
use serde_json::{Value, json};

async fn grant(app: &App, root: &Person, minutes: u32) -> Value {
    let params = json!({ "workspaceId": app.a.id, "reason": "a ticket of Carol's", "minutes": minutes });
    root.call("grants.create", params).await.ok()["grant"].clone()
}

/// Running the server is no membership: every workspace is closed, like one that does not exist.
#[tokio::test(flavor = "multi_thread")]
async fn a_super_admin_sees_nothing_without_a_grant() {
    let app = App::new().await;
    let inside = app.root.inside(&app.a.id);
    for (method, params) in [
        ("workspaces.get", json!({})),
        ("agents.list", json!({})),
        ("agents.get", json!({ "agentId": app.a.agent })),
        ("chat.history", json!({ "sessionKey": app.a.session })),
        ("audit.list", json!({})),
        ("members.list", json!({})),
    ] {
        inside.call(method, params).await.is_not_found();
    }
    assert_eq!(app.root.call("workspaces.list", json!({})).await.ok()["workspaces"], json!([]));
}

/// With a grant they are an admin of that one workspace, and see until when.
#[tokio::test(flavor = "multi_thread")]
async fn a_grant_lets_a_super_admin_into_one_workspace() {
    let app = App::bare().await;
    let granted = grant(&app, &app.root, 5).await;
    let listed = app.root.call("workspaces.list", json!({})).await.ok()["workspaces"].clone();
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!((&listed[0]["role"], &listed[0]["grantExpiresAt"]), (&json!("admin"), &granted["expiresAt"]));
    app.root.inside(&app.a.id).call("workspaces.rename", json!({ "name": "Helped" })).await.ok();
    app.root.inside(&app.b.id).call("workspaces.get", json!({})).await.is_not_found();
}

/// Nobody is let in without a reason, without an end, or to nowhere.
#[tokio::test(flavor = "multi_thread")]
async fn a_grant_has_a_reason_and_an_end() {
    let app = App::bare().await;
    let ask = |reason: &str, minutes: u32| {
        app.root.call("grants.create", json!({ "workspaceId": app.a.id, "reason": reason, "minutes": minutes }))
    };
    for (reason, minutes, field) in [
        ("", 5, "reason"),
        ("too short", 5, "reason"),
        ("          .          ", 5, "reason"),
        ("a ticket of Carol's", 4, "minutes"),
        ("a ticket of Carol's", 241, "minutes"),
    ] {
        let error = ask(reason, minutes).await.refused("INVALID_REQUEST");
        assert_eq!(error["details"]["field"], field, "{error}");
    }
    let nowhere = pmos_kit::WorkspaceId::new(&pmos_kit::OsRng);
    let params = json!({ "workspaceId": nowhere, "reason": "a ticket of Carol's", "minutes": 5 });
    app.root.call("grants.create", params).await.is_not_found();
    app.a.admin.call("grants.list", json!({})).await.refused("FORBIDDEN");
}

/// A grant ends by itself, to the minute, on what is open too.
#[tokio::test(flavor = "multi_thread")]
async fn a_grant_ends_by_itself() {
    let app = App::bare().await;
    grant(&app, &app.root, 60).await;
    let inside = app.root.inside(&app.a.id);
    let mut socket = inside.connect().await;
    app.clock.advance(60 * MINUTE - 1);
    inside.call("workspaces.get", json!({})).await.ok();
    socket.call("workspaces.get", json!({})).await;
    app.clock.advance(1);
    inside.call("workspaces.get", json!({})).await.is_not_found();
    socket.try_call("workspaces.get", json!({})).await.unwrap_err();
    assert_eq!(app.root.call("workspaces.list", json!({})).await.ok()["workspaces"], json!([]));
}

/// Ending a grant before its time hangs up what is open by it.
#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_grant_ends_at_once() {
    let app = App::bare().await;
    let granted = grant(&app, &app.root, 60).await;
    let mut socket = app.root.inside(&app.a.id).connect().await;
    app.root.call("grants.revoke", json!({ "grantId": granted["id"] })).await.ok();
    assert_eq!(socket.closed().await.0, 4001);
    app.root.inside(&app.a.id).call("workspaces.get", json!({})).await.is_not_found();
    let listed = app.root.call("grants.list", json!({})).await.ok();
    assert_eq!(listed["grants"][0]["revokedAt"], granted["createdAt"]);
    assert_eq!(listed["grants"][0]["reason"], "a ticket of Carol's");
}

/// A grant is its maker's own: another super admin is not let in by it, and no key that was made by it either.
#[tokio::test(flavor = "multi_thread")]
async fn a_grant_is_for_its_maker_alone() {
    let app = App::bare().await;
    grant(&app, &app.root, 60).await;
    let second = app.another_root().await;
    second.call("grants.list", json!({})).await.ok();
    second.inside(&app.a.id).call("workspaces.get", json!({})).await.is_not_found();
    let key = json!({ "name": "left behind", "scopes": ["admin"] });
    let key = app.root.inside(&app.a.id).call("apiKeys.create", key).await.ok();
    let key = Person::with_key(app.running.address, key["secret"].as_str().unwrap());
    key.call("workspaces.get", json!({})).await.is_not_found();
    app.root.inside(&app.a.id).call("workspaces.get", json!({})).await.ok();
}

/// An invitation made by a grant ends with it, whether the grant ends by itself or before its time.
#[tokio::test(flavor = "multi_thread")]
async fn a_grants_invitations_end_with_it() {
    let app = App::bare().await;
    let invite = async || {
        let made = app.root.inside(&app.a.id).call("invites.create", json!({ "role": "admin" })).await.ok();
        (made["invite"]["expiresAt"].clone(), json!({ "token": made["token"] }))
    };
    let granted = grant(&app, &app.root, 60).await;
    let (expires_at, token) = invite().await;
    assert_eq!(expires_at, granted["expiresAt"]);
    app.anonymous.call("invites.preview", token.clone()).await.ok();
    app.root.call("grants.revoke", json!({ "grantId": granted["id"] })).await.ok();
    app.anonymous.call("invites.preview", token.clone()).await.is_not_found();
    app.b.member.call("invites.accept", token).await.is_not_found();

    grant(&app, &app.root, 5).await;
    let (_, token) = invite().await;
    app.clock.advance(5 * MINUTE - 1);
    app.anonymous.call("invites.preview", token.clone()).await.ok();
    app.clock.advance(1);
    app.anonymous.call("invites.preview", token).await.is_not_found();
}

/// The admins of the workspace see who came in, when, and what they did; so does the server's own trail.
#[tokio::test(flavor = "multi_thread")]
async fn a_grant_stands_in_both_trails() {
    let app = App::bare().await;
    let granted = grant(&app, &app.root, 60).await;
    app.root.inside(&app.a.id).call("workspaces.rename", json!({ "name": "Helped" })).await.ok();
    app.root.call("grants.revoke", json!({ "grantId": granted["id"] })).await.ok();

    let trail = app.a.admin.call("audit.list", json!({ "limit": 3 })).await.ok();
    let items = trail["items"].as_array().unwrap();
    assert!(items.iter().all(|entry| entry["actorKind"] == "person"), "{trail}");
    let told: Vec<(&str, &str, &str)> = items
        .iter()
        .map(|entry| ["action", "actor", "resource"].map(|field| entry[field].as_str().unwrap()))
        .map(|[action, actor, resource]| (action, actor, resource))
        .collect();
    let (root, id) = (app.root.id.as_str(), granted["id"].as_str().unwrap());
    let wanted =
        [("grants.revoke", root, id), ("workspaces.rename", root, app.a.id.as_str()), ("grants.create", root, id)];
    assert_eq!(told, wanted);

    let entries: Vec<(String, String)> = app
        .running
        .house
        .store()
        .global()
        .rows(
            global_sql!(Platform, "SELECT action, actor FROM system_audit WHERE resource = $1 ORDER BY seq"),
            args![id],
        )
        .await
        .unwrap();
    let entries: Vec<(&str, &str)> = entries.iter().map(|(action, actor)| (action.as_str(), actor.as_str())).collect();
    assert_eq!(entries, [("grants.create", root), ("grants.revoke", root)]);
}
