//! Who belongs to a workspace, as what, and how that ends.

use crate::support::{App, Person, Workspace};
use pmos_kit::Role;
use serde_json::{Value, json};
use std::time::Duration;

async fn set_role(actor: &Person, person: &Person, role: &str) -> crate::support::Answer {
    actor.call("members.setRole", json!({ "personId": person.id, "role": role })).await
}

async fn admins(workspace: &Workspace) -> usize {
    let members = workspace.viewer.call("members.list", json!({})).await.ok();
    members["members"].as_array().unwrap().iter().filter(|member| member["role"] == "admin").count()
}

/// Viewers know their colleagues by name; members by address too.
#[tokio::test(flavor = "multi_thread")]
async fn viewers_are_not_told_addresses() {
    let app = App::bare().await;
    let seen = app.a.viewer.call("members.list", json!({})).await.ok();
    assert_eq!(seen["members"].as_array().unwrap().len(), 4);
    assert!(!seen.to_string().contains('@'), "{seen}");
    let seen = app.a.member.call("members.list", json!({})).await.ok();
    assert!(seen.to_string().contains(&app.a.admin.email), "{seen}");
}

/// A new role holds at once, on what is open too.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_role_holds_at_once() {
    let app = App::bare().await;
    let mut socket = app.a.member.connect().await;
    let make = |name: &str| json!({ "name": name });
    socket.call("agents.create", make("first")).await;
    set_role(&app.a.admin, &app.a.member, "viewer").await.ok();
    let error = socket.try_call("agents.create", make("second")).await.unwrap_err();
    assert!(error.to_string().contains("operator.write"), "{error}");
    app.a.member.call("agents.create", make("second")).await.refused("FORBIDDEN");
    set_role(&app.a.admin, &app.a.member, "member").await.ok();
    socket.call("agents.create", make("second")).await;
    set_role(&app.a.admin, &app.root, "member").await.is_not_found();
}

/// A workspace always has an admin: the last one can neither be demoted, nor removed, nor leave.
#[tokio::test(flavor = "multi_thread")]
async fn the_last_admin_stays() {
    let app = App::bare().await;
    let admin = &app.a.admin;
    for role in ["member", "viewer"] {
        set_role(admin, admin, role).await.refused("CONFLICT");
    }
    admin.call("members.remove", json!({ "personId": admin.id })).await.refused("CONFLICT");
    admin.call("members.leave", json!({})).await.refused("CONFLICT");
    assert_eq!(admins(&app.a).await, 1);
    let second = app.newcomer(&app.a, Role::Admin).await;
    admin.call("members.leave", json!({})).await.ok();
    second.call("members.leave", json!({})).await.refused("CONFLICT");
}

/// Two admins who act on each other at the same moment do not leave the workspace without one.
#[tokio::test(flavor = "multi_thread")]
async fn two_admins_cannot_demote_each_other_at_once() {
    let app = App::bare().await;
    let (first, second) = (&app.a.admin, app.newcomer(&app.a, Role::Admin).await);
    for _ in 0..10 {
        let (left, right) = futures_util::join!(set_role(first, &second, "member"), set_role(&second, first, "member"));
        assert_eq!(admins(&app.a).await, 1, "{left:?} {right:?}");
        let (winner, loser) = if left.status == 200 { (first, &second) } else { (&second, first) };
        set_role(winner, loser, "admin").await.ok();
    }
}

/// Two admins who leave at the same moment do not either.
#[tokio::test(flavor = "multi_thread")]
async fn two_admins_cannot_leave_at_once() {
    let app = App::bare().await;
    let second = app.newcomer(&app.a, Role::Admin).await;
    let (left, right) =
        futures_util::join!(app.a.admin.call("members.leave", json!({})), second.call("members.leave", json!({})));
    let mut codes = [left.code(), right.code()];
    codes.sort();
    assert_eq!(codes, ["CONFLICT", "ok"]);
    assert_eq!(admins(&app.a).await, 1);
}

/// Whoever is removed is out within a second: sockets, keys, sign-in and invitations.
#[tokio::test(flavor = "multi_thread")]
async fn removal_takes_everything_that_let_somebody_act() {
    let app = App::bare().await;
    let gone = app.newcomer(&app.a, Role::Admin).await;
    let key = gone.call("apiKeys.create", json!({ "name": "ci", "scopes": ["admin"] })).await.ok();
    let key = Person::with_key(app.running.address, key["secret"].as_str().unwrap());
    let invite = gone.call("invites.create", json!({ "role": "admin" })).await.ok();
    let mut page = gone.connect().await;
    let mut program = crate::support::Socket::of_client(gone.address, key.key.as_ref().unwrap(), json!([])).await;
    key.call("agents.list", json!({})).await.ok();

    app.a.admin.call("members.remove", json!({ "personId": gone.id })).await.ok();
    let within = Duration::from_secs(1);
    assert_eq!(tokio::time::timeout(within, page.closed()).await.expect("the page's socket is closed").0, 4001);
    assert_eq!(tokio::time::timeout(within, program.closed()).await.expect("the key's socket is closed").0, 4001);
    gone.call("agents.list", json!({})).await.is_not_found();
    key.call("agents.list", json!({})).await.refused("UNAUTHENTICATED");
    app.anonymous.call("invites.preview", json!({ "token": invite["token"] })).await.is_not_found();
    assert_eq!(gone.call("workspaces.list", json!({})).await.ok()["workspaces"], json!([]));
}

/// Somebody who comes back is a member again, and their old keys stay dead.
#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_does_not_get_old_keys_back() {
    let app = App::bare().await;
    let key = app.a.member.call("apiKeys.create", json!({ "name": "ci", "scopes": ["write"] })).await.ok();
    app.a.member.call("members.leave", json!({})).await.ok();
    app.a.member.call("agents.list", json!({})).await.is_not_found();
    app.rejoin(&app.a, &app.a.member, Role::Member).await;
    app.a.member.call("agents.list", json!({})).await.ok();
    let key = Person::with_key(app.running.address, key["secret"].as_str().unwrap());
    key.call("agents.list", json!({})).await.refused("UNAUTHENTICATED");
}

/// What somebody made stays when they go.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_member_made_stays() {
    let app = App::new().await;
    app.a.admin.call("members.remove", json!({ "personId": app.a.member.id })).await.ok();
    app.a.colleague.call("agents.get", json!({ "agentId": app.a.agent })).await.ok();
    let history = app.a.colleague.call("chat.history", json!({ "sessionKey": app.a.session })).await.ok();
    assert_eq!(history["totalMessages"], 2);
    app.a.admin.call("agents.delete", json!({ "agentId": app.a.agent })).await.ok();
}

/// One person works in several workspaces with one sign-in, and is in each what they are there.
#[tokio::test(flavor = "multi_thread")]
async fn one_sign_in_works_in_several_workspaces() {
    let app = App::new().await;
    app.rejoin(&app.b, &app.a.admin, Role::Viewer).await;
    let both = app.a.admin.call("workspaces.list", json!({})).await.ok();
    let roles: Vec<&Value> =
        both["workspaces"].as_array().unwrap().iter().map(|workspace| &workspace["role"]).collect();
    assert_eq!(roles, ["admin", "viewer"]);

    let in_b = app.a.admin.inside(&app.b.id);
    let agents = in_b.call("agents.list", json!({})).await.ok().to_string();
    assert!(agents.contains(app.b.canary) && !agents.contains(app.a.canary), "{agents}");
    let agents = app.a.admin.call("agents.list", json!({})).await.ok().to_string();
    assert!(agents.contains(app.a.canary) && !agents.contains(app.b.canary), "{agents}");
    in_b.call("agents.create", json!({ "name": "no" })).await.refused("FORBIDDEN");
    in_b.call("agents.get", json!({ "agentId": app.a.agent })).await.is_not_found();
    let nowhere = Person { workspace: None, ..app.a.admin.clone() };
    nowhere.call("agents.list", json!({})).await.refused("INVALID_REQUEST");
}

/// Everybody in the workspace hears that its members changed, and nobody else does.
#[tokio::test(flavor = "multi_thread")]
async fn changes_of_members_are_told() {
    let app = App::bare().await;
    let (mut here, mut elsewhere) = (app.a.viewer.connect().await, app.b.admin.connect().await);
    set_role(&app.a.admin, &app.a.member, "viewer").await.ok();
    here.event("members.changed").await;
    let heard = elsewhere.until_quiet(Duration::from_millis(200)).await;
    assert!(heard.iter().all(|frame| frame["event"] != "members.changed"), "{heard:?}");
}
