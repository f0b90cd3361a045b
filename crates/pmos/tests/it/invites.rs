//! How people come into a workspace.

use crate::support::{App, Person};
use pmos_kit::clock::{DAY, MINUTE};
use serde_json::{Value, json};

/// An invitation into A, with what else is said.
async fn invitation(app: &App, role: &str, more: Value) -> Value {
    let mut params = json!({ "role": role });
    params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    app.a.admin.call("invites.create", params).await.ok()
}

async fn accept(person: &Person, invite: &Value) -> crate::support::Answer {
    person.call("invites.accept", json!({ "token": invite["token"] })).await
}

/// The link says where it leads before anybody signs in, and makes a member of whoever accepts.
#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_makes_a_member() {
    let app = App::bare().await;
    let invite = invitation(&app, "viewer", json!({})).await;
    assert_eq!(invite["path"], format!("/invite#token={}", invite["token"].as_str().unwrap()));
    let preview = app.anonymous.call("invites.preview", json!({ "token": invite["token"] })).await.ok();
    assert_eq!(preview["workspaceName"], format!("Workspace {}", app.a.canary));
    assert_eq!((&preview["role"], &preview["invitedBy"]), (&json!("viewer"), &json!("alpha-admin")));

    assert_eq!(accept(&app.b.member, &invite).await.ok()["workspaceId"], app.a.id.as_str());
    let there = app.b.member.inside(&app.a.id).call("workspaces.get", json!({})).await.ok();
    assert_eq!((&there["role"], &there["members"]), (&json!("viewer"), &json!(5)));
    let invites = app.a.admin.call("invites.list", json!({})).await.ok();
    assert_eq!(invites["invites"][0]["state"], "accepted");
}

/// The trail names who came in as the person that they are, with an account of their own or with a new one.
#[tokio::test(flavor = "multi_thread")]
async fn the_trail_names_who_accepted() {
    let app = App::bare().await;
    let (first, second) = (invitation(&app, "viewer", json!({})).await, invitation(&app, "viewer", json!({})).await);
    accept(&app.b.member, &first).await.ok();
    let sign_up = app.anonymous.sign_up("eve@example.org", json!({ "inviteToken": second["token"] })).await.ok();
    let trail = app.a.admin.call("audit.list", json!({ "action": "invites.accept" })).await.ok();
    let told: Vec<_> = trail["items"].as_array().unwrap().iter().map(|it| (&it["actor"], &it["actorKind"])).collect();
    let person = json!("person");
    assert_eq!(told, [(&sign_up["person"]["id"], &person), (&json!(app.b.member.id), &person)]);
}

/// A token that is wrong, used, expired or revoked is answered with the same bytes, whatever it is used for.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_does_not_hold_says_nothing_of_why() {
    let app = App::bare().await;
    let (used, revoked) = (invitation(&app, "viewer", json!({})).await, invitation(&app, "viewer", json!({})).await);
    let expired = invitation(&app, "viewer", json!({ "expiresInDays": 1 })).await;
    accept(&app.b.member, &used).await.ok();
    app.a.admin.call("invites.revoke", json!({ "inviteId": revoked["invite"]["id"] })).await.ok();
    app.clock.advance(DAY);
    let app_b = app.sign_in_anew(&app.b.viewer).await;
    let wrong = json!({ "token": "pmos_inv_wrong" });
    let silence = app.anonymous.call("invites.preview", wrong.clone()).await.is_not_found();
    for token in [
        wrong,
        json!({ "token": used["token"] }),
        json!({ "token": revoked["token"] }),
        json!({ "token": expired["token"] }),
    ] {
        assert_eq!(app.anonymous.call("invites.preview", token.clone()).await.is_not_found(), silence);
        assert_eq!(app_b.call("invites.accept", token.clone()).await.is_not_found(), silence);
        let sign_up = app.anonymous.sign_up("eve@example.org", json!({ "inviteToken": token["token"] })).await;
        assert_eq!(sign_up.is_not_found(), silence);
    }
}

/// An invitation works until its time is over, 7 days where nothing is said.
#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_works_until_its_last_minute() {
    let app = App::bare().await;
    let invite = invitation(&app, "viewer", json!({})).await;
    app.clock.advance(7 * DAY - MINUTE);
    app.anonymous.call("invites.preview", json!({ "token": invite["token"] })).await.ok();
    app.clock.advance(MINUTE);
    app.anonymous.call("invites.preview", json!({ "token": invite["token"] })).await.is_not_found();
    let admin = app.sign_in_anew(&app.a.admin).await;
    assert_eq!(admin.call("invites.list", json!({})).await.ok()["invites"][0]["state"], "expired");
    for days in [0, 31] {
        admin
            .call("invites.create", json!({ "role": "viewer", "expiresInDays": days }))
            .await
            .refused("INVALID_REQUEST");
    }
}

/// Of two who click at the same moment one comes in.
#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_lets_one_person_in() {
    let app = App::bare().await;
    let invite = invitation(&app, "viewer", json!({})).await;
    let (left, right) = futures_util::join!(accept(&app.b.member, &invite), accept(&app.b.colleague, &invite));
    let mut codes = [left.code(), right.code()];
    codes.sort();
    assert_eq!(codes, ["NOT_FOUND", "ok"]);
}

/// One that names an address is for its account alone, and still works after somebody else tried.
#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_for_an_address_is_for_nobody_else() {
    let app = App::bare().await;
    let invite = invitation(&app, "member", json!({ "email": app.b.member.email.to_uppercase() })).await;
    accept(&app.b.colleague, &invite).await.refused("FORBIDDEN");
    let sign_up = json!({ "inviteToken": invite["token"] });
    app.anonymous.sign_up("eve@example.org", sign_up).await.refused("FORBIDDEN");
    app.b.colleague.inside(&app.a.id).call("workspaces.get", json!({})).await.is_not_found();
    accept(&app.b.member, &invite).await.ok();
}

/// Somebody who is a member already keeps their role, and the link stays good for whoever it was meant for.
#[tokio::test(flavor = "multi_thread")]
async fn a_member_does_not_use_an_invitation_up() {
    let app = App::bare().await;
    let invite = invitation(&app, "admin", json!({})).await;
    accept(&app.a.viewer, &invite).await.refused("CONFLICT");
    assert_eq!(app.a.viewer.call("workspaces.get", json!({})).await.ok()["role"], "viewer");
    accept(&app.b.member, &invite).await.ok();
}

/// Revoking twice is no mistake; revoking what was accepted says what to do instead.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_accepted_cannot_be_revoked() {
    let app = App::bare().await;
    let (used, idle) = (invitation(&app, "viewer", json!({})).await, invitation(&app, "viewer", json!({})).await);
    accept(&app.b.member, &used).await.ok();
    let revoke = |invite: &Value| app.a.admin.call("invites.revoke", json!({ "inviteId": invite["invite"]["id"] }));
    revoke(&used).await.refused("CONFLICT");
    revoke(&idle).await.ok();
    revoke(&idle).await.ok();
}

/// The token is in the answer to making it, and nowhere else: neither in lists nor in the database.
#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_shown_once() {
    let app = App::bare().await;
    let invite = invitation(&app, "viewer", json!({})).await;
    let token = invite["token"].as_str().unwrap();
    let list = app.a.admin.call("invites.list", json!({})).await.ok().to_string();
    assert!(!list.contains(token) && !list.contains("token"), "{list}");
    assert!(!app.checksum(&app.a.id).await.contains(token));
}

/// Who is no admin any more has no invitations in the world.
#[tokio::test(flavor = "multi_thread")]
async fn a_demoted_admins_invitations_end() {
    let app = App::bare().await;
    let second = app.newcomer(&app.a, pmos_kit::Role::Admin).await;
    let invite = second.call("invites.create", json!({ "role": "admin" })).await.ok();
    let demotion = json!({ "personId": second.id, "role": "member" });
    app.a.admin.call("members.setRole", demotion).await.ok();
    app.anonymous.call("invites.preview", json!({ "token": invite["token"] })).await.is_not_found();
}
