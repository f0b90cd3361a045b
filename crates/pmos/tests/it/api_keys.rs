//! Keys with which programs act for a person in one workspace.

use crate::support::{App, Person, Socket};
use pmos_kit::clock::{DAY, MINUTE};
use serde_json::{Value, json};

async fn make(maker: &Person, scopes: Value) -> (Person, Value) {
    let made = maker.call("apiKeys.create", json!({ "name": "ci", "scopes": scopes })).await.ok();
    (Person::with_key(maker.address, made["secret"].as_str().unwrap()), made)
}

/// A key may do what its scopes allow, and no more than that.
#[tokio::test(flavor = "multi_thread")]
async fn scopes_narrow_a_key() {
    let app = App::bare().await;
    let (read, _) = make(&app.a.admin, json!(["read"])).await;
    let (write, _) = make(&app.a.admin, json!(["write"])).await;
    let (admin, _) = make(&app.a.admin, json!(["admin"])).await;
    let may = async |key: &Person| {
        let mut codes = Vec::new();
        for (method, params) in [
            ("agents.list", json!({})),
            ("sessions.create", json!({})),
            ("workspaces.rename", json!({ "name": "Renamed" })),
        ] {
            codes.push(key.call(method, params).await.code());
        }
        codes.join(" ")
    };
    assert_eq!(may(&read).await, "ok FORBIDDEN FORBIDDEN");
    assert_eq!(may(&write).await, "ok ok FORBIDDEN");
    assert_eq!(may(&admin).await, "ok ok ok");
    let error = read.call("sessions.create", json!({})).await.refused("FORBIDDEN");
    assert!(error.to_string().contains("operator.write"), "it is told what it lacks: {error}");
}

/// Nobody makes a key that may do more than they may, and none without scopes.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_may_not_do_more_than_its_maker() {
    let app = App::bare().await;
    let ask = |scopes: Value| app.a.member.call("apiKeys.create", json!({ "name": "ci", "scopes": scopes }));
    ask(json!(["admin"])).await.refused("FORBIDDEN");
    ask(json!(["read", "admin"])).await.refused("FORBIDDEN");
    ask(json!([])).await.refused("INVALID_REQUEST");
    ask(json!(["root"])).await.refused("INVALID_REQUEST");
    ask(json!(["read", "write"])).await.ok();
}

/// When its maker's role shrinks, so does the key.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_shrinks_with_its_makers_role() {
    let app = App::bare().await;
    let (key, _) = make(&app.a.member, json!(["write"])).await;
    key.call("sessions.create", json!({})).await.ok();
    app.a.admin.call("members.setRole", json!({ "personId": app.a.member.id, "role": "viewer" })).await.ok();
    key.call("sessions.create", json!({})).await.refused("FORBIDDEN");
    key.call("sessions.list", json!({})).await.ok();
}

/// A key works to its last minute and not after, on what it has open too.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_ends_when_it_was_said_to() {
    let app = App::bare().await;
    let params = json!({ "name": "ci", "scopes": ["read"], "expiresInDays": 2 });
    let made = app.a.member.call("apiKeys.create", params).await.ok();
    let key = Person::with_key(app.running.address, made["secret"].as_str().unwrap());
    let mut socket = Socket::of_client(app.running.address, key.key.as_ref().unwrap(), json!([])).await;
    app.clock.advance(2 * DAY - MINUTE);
    key.call("agents.list", json!({})).await.ok();
    socket.call("agents.list", json!({})).await;
    app.clock.advance(MINUTE);
    key.call("agents.list", json!({})).await.refused("UNAUTHENTICATED");
    socket.try_call("agents.list", json!({})).await.unwrap_err();
    assert_eq!(socket.closed().await.0, 4001);
    for days in [0, 366] {
        let member = app.sign_in_anew(&app.a.member).await;
        let params = json!({ "name": "ci", "scopes": ["read"], "expiresInDays": days });
        member.call("apiKeys.create", params).await.refused("INVALID_REQUEST");
    }
}

/// The key's text is in the answer to making it, and nowhere else: neither in lists nor in the database.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_shown_once() {
    let app = App::bare().await;
    let (_, made) = make(&app.a.member, json!(["read"])).await;
    let secret = made["secret"].as_str().unwrap();
    let listed = app.a.member.call("apiKeys.list", json!({})).await.ok();
    assert_eq!(listed["keys"][0]["hint"], format!("pmos_live_api_…{}", &secret[secret.len() - 4..]));
    assert!(!listed.to_string().contains(secret));
    assert!(!app.checksum(&app.a.id).await.contains(secret));
}

/// Revoking a key hangs up what it has open.
#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_key_loses_its_socket() {
    let app = App::bare().await;
    let (key, made) = make(&app.a.member, json!(["read"])).await;
    let mut socket = Socket::of_client(app.running.address, key.key.as_ref().unwrap(), json!([])).await;
    app.a.member.call("apiKeys.revoke", json!({ "keyId": made["key"]["id"] })).await.ok();
    assert_eq!(socket.closed().await.0, 4001);
    key.call("agents.list", json!({})).await.refused("UNAUTHENTICATED");
    app.a.member.call("apiKeys.revoke", json!({ "keyId": made["key"]["id"] })).await.is_not_found();
}

/// A key works in its workspace alone, though its maker works in others too, and never on accounts.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_bound_to_one_workspace() {
    let app = App::bare().await;
    app.rejoin(&app.b, &app.a.admin, pmos_kit::Role::Admin).await;
    let (key, _) = make(&app.a.admin, json!(["admin"])).await;
    assert_eq!(key.call("workspaces.get", json!({})).await.ok()["id"], app.a.id.as_str());
    key.inside(&app.b.id).call("workspaces.get", json!({})).await.is_not_found();
    for method in ["accounts.me", "accounts.sessions.list", "workspaces.list", "people.list"] {
        key.call(method, json!({})).await.refused("FORBIDDEN");
    }
    key.call("members.leave", json!({})).await.refused("FORBIDDEN");
}

/// A stolen key cannot make its own successor.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_makes_no_keys() {
    let app = App::bare().await;
    let (key, _) = make(&app.a.admin, json!(["admin"])).await;
    key.call("apiKeys.create", json!({ "name": "next", "scopes": ["read"] })).await.refused("FORBIDDEN");
}

/// A typo, a stranger's key and nothing at all are told apart by nobody.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_with_a_typo_is_refused() {
    let app = App::bare().await;
    let (key, _) = make(&app.a.member, json!(["read"])).await;
    let secret = key.key.unwrap();
    let typo = secret.replacen('_', "-", 1);
    let unknown = pmos_kit::token::mint("pmos_live_api_", &pmos_kit::OsRng);
    let mut answers = Vec::new();
    for shown in [typo.as_str(), &secret[..secret.len() - 1], unknown.expose(), "nonsense"] {
        let stranger = Person::with_key(app.running.address, shown);
        let mut error = stranger.call("agents.list", json!({})).await.refused("UNAUTHENTICATED");
        error["requestId"] = Value::Null;
        answers.push(error.to_string());
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
}

/// Members see and revoke their own keys, admins everybody's.
#[tokio::test(flavor = "multi_thread")]
async fn members_see_their_own_keys_and_admins_all() {
    let app = App::bare().await;
    let (_, of_member) = make(&app.a.member, json!(["read"])).await;
    let (_, of_admin) = make(&app.a.admin, json!(["read"])).await;
    let count =
        async |person: &Person| person.call("apiKeys.list", json!({})).await.ok()["keys"].as_array().unwrap().len();
    assert_eq!((count(&app.a.member).await, count(&app.a.colleague).await, count(&app.a.admin).await), (1, 0, 2));
    let revoke = async |person: &Person, made: &Value| {
        person.call("apiKeys.revoke", json!({ "keyId": made["key"]["id"] })).await
    };
    revoke(&app.a.member, &of_admin).await.refused("FORBIDDEN");
    revoke(&app.b.admin, &of_member).await.is_not_found();
    revoke(&app.a.admin, &of_member).await.ok();
}

/// The list tells when a key was last used.
#[tokio::test(flavor = "multi_thread")]
async fn that_a_key_is_in_use_is_written_down() {
    let app = App::bare().await;
    let (key, made) = make(&app.a.member, json!(["read"])).await;
    assert_eq!(made["key"].get("lastUsedAt"), None);
    key.call("agents.list", json!({})).await.ok();
    let listed = app.a.member.call("apiKeys.list", json!({})).await.ok();
    assert_eq!(listed["keys"][0]["lastUsedAt"], made["key"]["createdAt"]);
}
