//! How accounts come into being.

use crate::support::{Fresh, PASSWORD};
use pmos::config::SignUp;
use serde_json::json;

/// Whoever opens the link that the server printed makes the first account: it runs the server and has a workspace.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_account_needs_the_bootstrap_token() {
    let app = Fresh::new(SignUp::Open).await;
    assert_eq!(app.anonymous.call("accounts.state", json!({})).await.ok()["firstStart"], true);
    app.anonymous.sign_up("ada@example.org", json!({})).await.refused("FORBIDDEN");
    let mut wrong = app.bootstrap.clone();
    wrong.pop();
    app.anonymous.sign_up("ada@example.org", json!({ "bootstrapToken": wrong })).await.refused("FORBIDDEN");

    let made = app.anonymous.sign_up("Ada@Example.org", json!({ "bootstrapToken": app.bootstrap })).await.ok();
    assert_eq!(made["person"]["isSuperAdmin"], true);
    assert_eq!(made["person"]["email"], "ada@example.org");
    assert_eq!(made["workspaces"][0]["name"], "Ada's workspace");
    assert_eq!(made["workspaces"][0]["role"], "admin");
    assert_eq!(app.anonymous.call("accounts.state", json!({})).await.ok()["firstStart"], false);
}

/// The token is spent with the first account, and no start makes another one while somebody is here.
#[tokio::test(flavor = "multi_thread")]
async fn the_bootstrap_token_works_once_and_only_while_nobody_is_here() {
    let app = Fresh::new(SignUp::Invite).await;
    app.first().await;
    app.anonymous.sign_up("eve@example.org", json!({ "bootstrapToken": app.bootstrap })).await.refused("FORBIDDEN");
    assert_eq!(app.printed_at_the_next_start().await, None);
}

/// A link that somebody copied from an old terminal is worth nothing after the next start.
#[tokio::test(flavor = "multi_thread")]
async fn each_start_makes_a_new_bootstrap_token() {
    let app = Fresh::new(SignUp::Invite).await;
    let newer = app.printed_at_the_next_start().await.unwrap();
    app.anonymous.sign_up("ada@example.org", json!({ "bootstrapToken": app.bootstrap })).await.refused("FORBIDDEN");
    app.anonymous.sign_up("ada@example.org", json!({ "bootstrapToken": newer })).await.ok();
}

/// Two people with the same link do not both become the first.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_race_for_the_first_account_one_gets_it() {
    let app = Fresh::new(SignUp::Invite).await;
    let token = json!({ "bootstrapToken": app.bootstrap });
    let (left, right) = futures_util::join!(
        app.anonymous.sign_up("ada@example.org", token.clone()),
        app.anonymous.sign_up("eve@example.org", token.clone()),
    );
    let codes = [left.code(), right.code()];
    assert_eq!(codes.iter().filter(|code| *code == "ok").count(), 1, "{codes:?}");
    let winner = if left.status == 200 { left } else { right };
    let people = app.anonymous.as_answered(winner).call("people.list", json!({})).await.ok();
    assert_eq!(people["items"].as_array().unwrap().len(), 1, "{people}");
}

/// By invitation: the link makes an account that belongs to the workspace of the invitation, and to no other.
#[tokio::test(flavor = "multi_thread")]
async fn by_invitation_whoever_holds_one_signs_up_into_its_workspace() {
    let app = Fresh::new(SignUp::Invite).await;
    let ada = app.first().await;
    app.anonymous.sign_up("eve@example.org", json!({})).await.refused("FORBIDDEN");
    let invite = ada.call("invites.create", json!({ "role": "viewer" })).await.ok();
    let made = app.anonymous.sign_up("bob@example.org", json!({ "inviteToken": invite["token"] })).await.ok();
    assert_eq!(made["person"]["isSuperAdmin"], false);
    assert_eq!(made["workspaces"].as_array().unwrap().len(), 1);
    assert_eq!(made["workspaces"][0]["id"], ada.workspace.unwrap().as_str());
    assert_eq!(made["workspaces"][0]["role"], "viewer");
}

/// Open: everybody who reaches the server gets an account, with a workspace of their own.
#[tokio::test(flavor = "multi_thread")]
async fn where_sign_up_is_open_everybody_gets_a_workspace_of_their_own() {
    let app = Fresh::new(SignUp::Open).await;
    let ada = app.first().await;
    let bob = app.anonymous.sign_up("bob@example.org", json!({ "name": "Bob" })).await.ok();
    assert_eq!(bob["person"]["isSuperAdmin"], false);
    assert_eq!(bob["workspaces"][0]["name"], "Bob's workspace");
    assert_ne!(bob["workspaces"][0]["id"], ada.workspace.unwrap().as_str());
}

/// Closed: an invitation lets people in who have an account, and makes none.
#[tokio::test(flavor = "multi_thread")]
async fn where_sign_up_is_closed_an_invitation_makes_no_account() {
    let app = Fresh::new(SignUp::Closed).await;
    let ada = app.first().await;
    let invite = ada.call("invites.create", json!({ "role": "viewer" })).await.ok();
    app.anonymous.sign_up("bob@example.org", json!({ "inviteToken": invite["token"] })).await.refused("FORBIDDEN");
    app.anonymous.sign_up("bob@example.org", json!({})).await.refused("FORBIDDEN");
}

/// Length does the work; what is tried first is refused on top.
#[tokio::test(flavor = "multi_thread")]
async fn a_weak_password_is_refused_and_the_field_named() {
    let app = Fresh::new(SignUp::Invite).await;
    let long = "lantern orchard velvet ".repeat(6);
    for weak in [
        "fourteen chars",
        "aaaaaaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "12345678901234567890",
        "ada@example.org 2026",
        "password1234567890",
        &long,
    ] {
        let signing_up = json!({ "bootstrapToken": app.bootstrap, "password": weak });
        let error = app.anonymous.sign_up("ada@example.org", signing_up).await.refused("INVALID_REQUEST");
        assert_eq!(error["details"]["field"], "password", "{weak}: {error}");
        assert!(!error.to_string().contains(weak), "an error does not repeat a password");
    }
    app.first().await;
}

/// An address names one account, in whatever case it is written.
#[tokio::test(flavor = "multi_thread")]
async fn an_address_has_one_account() {
    let app = Fresh::new(SignUp::Open).await;
    app.first().await;
    app.anonymous.sign_up(" ADA@example.ORG ", json!({})).await.refused("CONFLICT");
    let login = json!({ "email": " ADA@example.ORG ", "password": PASSWORD });
    app.anonymous.call("accounts.login", login).await.ok();
}

/// What is no address is told as such, before anything else is looked at.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_address_is_refused() {
    let app = Fresh::new(SignUp::Open).await;
    for bad in
        ["", "ada", "ada@", "@example.org", "a b@example.org", "ada@exa_mple.org", "ada@example..org", "ada@-x.org"]
    {
        let signing_up = json!({ "bootstrapToken": app.bootstrap });
        let error = app.anonymous.sign_up(bad, signing_up).await.refused("INVALID_REQUEST");
        assert_eq!(error["details"]["field"], "email", "{bad:?}: {error}");
    }
}
