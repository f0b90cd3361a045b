//! Signing in and out, and passwords.

use crate::support::{App, PASSWORD};
use pmos_kit::clock::{HOUR, MINUTE, SECOND};
use serde_json::{Value, json};

const ANOTHER: &str = "sieben Zwerge singen laut";

/// Whether an address has an account cannot be told from the answer to a wrong password.
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_an_unknown_address_are_answered_alike() {
    let app = App::bare().await;
    let carol = app.with_password("carol@example.org").await;
    let nobody = json!({ "email": "nobody@example.org", "password": ANOTHER });
    let mut wrong = carol.log_in(ANOTHER).await.refused("UNAUTHENTICATED");
    let mut unknown = app.anonymous.call("accounts.login", nobody).await.refused("UNAUTHENTICATED");
    (wrong["requestId"], unknown["requestId"]) = (Value::Null, Value::Null);
    assert_eq!(wrong.to_string(), unknown.to_string());
}

/// 1, 2, 4 … seconds: even the right password waits, and being right starts the count anew.
#[tokio::test(flavor = "multi_thread")]
async fn each_failure_makes_the_next_attempt_wait_longer() {
    let app = App::bare().await;
    let carol = app.with_password("carol@example.org").await;
    for wait in [1, 2, 4] {
        carol.log_in(ANOTHER).await.refused("UNAUTHENTICATED");
        let error = carol.log_in(PASSWORD).await.refused("RATE_LIMITED");
        assert_eq!(error["retryAfterMs"], wait * SECOND, "{error}");
        app.clock.advance(wait * SECOND);
    }
    carol.log_in(PASSWORD).await.ok();
    carol.log_in(ANOTHER).await.refused("UNAUTHENTICATED");
    app.clock.advance(SECOND);
    carol.log_in(PASSWORD).await.ok();
}

/// An address without an account is guarded the same way, or the waiting would tell which ones have one.
#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_address_waits_too() {
    let app = App::bare().await;
    let nobody = json!({ "email": "nobody@example.org", "password": ANOTHER });
    app.anonymous.call("accounts.login", nobody.clone()).await.refused("UNAUTHENTICATED");
    let error = app.anonymous.call("accounts.login", nobody).await.refused("RATE_LIMITED");
    assert_eq!(error["retryAfterMs"], SECOND);
}

/// Ten guesses at once are not ten tries for the price of one.
#[tokio::test(flavor = "multi_thread")]
async fn guesses_at_once_take_turns() {
    let app = App::bare().await;
    let carol = app.with_password("carol@example.org").await;
    let guesses = futures_util::future::join_all((0..10).map(|_| carol.log_in(ANOTHER))).await;
    let codes: Vec<String> = guesses.iter().map(|answer| answer.code()).collect();
    assert_eq!(codes.iter().filter(|code| *code == "UNAUTHENTICATED").count(), 1, "{codes:?}");
    assert_eq!(codes.iter().filter(|code| *code == "RATE_LIMITED").count(), 9, "{codes:?}");
}

/// A stranger who guesses elsewhere cannot keep the owner out.
#[tokio::test(flavor = "multi_thread")]
async fn failures_in_one_network_lock_nobody_out_in_another() {
    let app = App::bare().await;
    let carol = app.with_password("carol@example.org").await;
    #[expect(clippy::disallowed_methods, reason = "the tests are the world outside")]
    let stranger = reqwest::Client::builder().local_address(std::net::IpAddr::from([127, 0, 99, 1])).no_proxy().build();
    let guess = stranger
        .unwrap()
        .post(format!("http://{}/api/v1/call/accounts.login", app.running.address))
        .header("content-type", "application/json")
        .body(json!({ "email": carol.email, "password": ANOTHER }).to_string());
    assert_eq!(guess.send().await.unwrap().status(), 401);
    carol.log_in(PASSWORD).await.ok();
}

/// The list shows each browser, and which one is asking.
#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_sign_ins_names_the_present_one() {
    let app = App::bare().await;
    app.clock.advance(MINUTE);
    let here = app.sign_in_anew(&app.a.member).await;
    let sessions = here.call("accounts.sessions.list", json!({})).await.ok()["sessions"].clone();
    let current: Vec<&Value> = sessions.as_array().unwrap().iter().map(|session| &session["current"]).collect();
    assert_eq!(current, [true, false], "the last used comes first");
    let theirs = app.a.colleague.call("accounts.sessions.list", json!({})).await.ok();
    assert_eq!(theirs["sessions"].as_array().unwrap().len(), 1, "only one's own");
}

/// Ending a sign-in from another browser hangs up what is open by it, and its cookie is worth nothing.
#[tokio::test(flavor = "multi_thread")]
async fn killing_a_sign_in_closes_its_live_socket() {
    let app = App::bare().await;
    let lost = app.sign_in_anew(&app.a.member).await;
    let mut socket = lost.connect().await;
    let listed = lost.call("accounts.sessions.list", json!({})).await.ok();
    let lost_id =
        listed["sessions"].as_array().unwrap().iter().find(|session| session["current"] == true).unwrap()["id"].clone();

    let theft = json!({ "sessionId": lost_id });
    app.a.colleague.call("accounts.sessions.kill", theft.clone()).await.is_not_found();
    app.a.member.call("accounts.sessions.kill", theft).await.ok();
    assert_eq!(socket.closed().await.0, 4001);
    lost.call("accounts.me", json!({})).await.refused("UNAUTHENTICATED");
    app.a.member.call("accounts.me", json!({})).await.ok();
}

/// Signing out hangs up and tells the browser to forget.
#[tokio::test(flavor = "multi_thread")]
async fn signing_out_closes_the_socket_and_clears_the_cookie() {
    let app = App::bare().await;
    let mut socket = app.a.member.connect().await;
    let answer = app.a.member.call("accounts.logout", json!({})).await;
    assert_eq!(answer.cookie(), "");
    assert!(answer.headers.contains_key("clear-site-data"));
    answer.ok();
    assert_eq!(socket.closed().await.0, 4001);
    app.a.member.call("accounts.me", json!({})).await.refused("UNAUTHENTICATED");
}

/// Whoever signs in where somebody is signed in takes that browser over: the old cookie ends.
#[tokio::test(flavor = "multi_thread")]
async fn signing_in_ends_the_sign_in_that_the_browser_held() {
    let app = App::bare().await;
    app.with_password("carol@example.org").await;
    let login = json!({ "email": "carol@example.org", "password": PASSWORD });
    app.a.member.call("accounts.login", login).await.ok();
    app.a.member.call("accounts.me", json!({})).await.refused("UNAUTHENTICATED");
}

/// A new password ends every other sign-in, and the browser that set it goes on with a new cookie.
#[tokio::test(flavor = "multi_thread")]
async fn a_changed_password_ends_every_other_sign_in() {
    let app = App::bare().await;
    let carol = app.with_password("carol@example.org").await;
    let here = carol.as_answered(carol.log_in(PASSWORD).await);
    let elsewhere = carol.as_answered(carol.log_in(PASSWORD).await);
    let reset = app.root.call("people.resetPassword", json!({ "personId": carol.id })).await.ok();

    let change = json!({ "currentPassword": PASSWORD, "newPassword": ANOTHER });
    let answer = here.call("accounts.password.change", change).await;
    let new = crate::support::Person { token: Some(answer.cookie()), ..here.clone() };
    let csrf = answer.ok()["csrfToken"].clone();
    assert_eq!(new.call("accounts.me", json!({})).await.ok()["csrfToken"], csrf);
    for old in [&here, &elsewhere] {
        old.call("accounts.me", json!({})).await.refused("UNAUTHENTICATED");
    }
    carol.log_in(PASSWORD).await.refused("UNAUTHENTICATED");
    app.clock.advance(SECOND);
    carol.log_in(ANOTHER).await.ok();
    let undo = json!({ "token": reset["token"], "newPassword": PASSWORD });
    app.anonymous.call("accounts.password.reset", undo).await.refused("INVALID_REQUEST");
}

/// A stolen cookie is no way to guess the password faster.
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_current_password_counts_as_a_failure_to_sign_in() {
    let app = App::bare().await;
    let carol = app.with_password("carol@example.org").await;
    let here = carol.as_answered(carol.log_in(PASSWORD).await);
    let change = json!({ "currentPassword": ANOTHER, "newPassword": "lantern orchard velvet 42" });
    let error = here.call("accounts.password.change", change.clone()).await.refused("INVALID_REQUEST");
    assert_eq!(error["details"]["field"], "currentPassword");
    here.call("accounts.password.change", change).await.refused("RATE_LIMITED");
    carol.log_in(PASSWORD).await.refused("RATE_LIMITED");
}

/// A reset link works once; it ends every sign-in, and a newer link ends it.
#[tokio::test(flavor = "multi_thread")]
async fn a_reset_link_works_once() {
    let app = App::bare().await;
    let carol = app.with_password("carol@example.org").await;
    let here = carol.as_answered(carol.log_in(PASSWORD).await);
    let link = || app.root.call("people.resetPassword", json!({ "personId": carol.id }));
    let (older, newer) = (link().await.ok(), link().await.ok());
    assert_eq!(newer["path"], format!("/reset#token={}", newer["token"].as_str().unwrap()));
    here.call("accounts.me", json!({})).await.ok();

    let with = |link: &Value| json!({ "token": link["token"], "newPassword": ANOTHER });
    app.anonymous.call("accounts.password.reset", with(&older)).await.refused("INVALID_REQUEST");
    let weak = json!({ "token": newer["token"], "newPassword": "short" });
    let error = app.anonymous.call("accounts.password.reset", weak).await.refused("INVALID_REQUEST");
    assert_eq!(error["details"]["field"], "newPassword");
    app.anonymous.call("accounts.password.reset", with(&newer)).await.ok();
    app.anonymous.call("accounts.password.reset", with(&newer)).await.refused("INVALID_REQUEST");
    here.call("accounts.me", json!({})).await.refused("UNAUTHENTICATED");
    carol.log_in(ANOTHER).await.ok();
}

/// A reset link that lies in a mailbox for an hour is worth nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_reset_link_works_for_an_hour() {
    let app = App::bare().await;
    let link = app.root.call("people.resetPassword", json!({ "personId": app.a.member.id })).await.ok();
    app.clock.advance(HOUR);
    let reset = json!({ "token": link["token"], "newPassword": ANOTHER });
    app.anonymous.call("accounts.password.reset", reset).await.refused("INVALID_REQUEST");
}

/// Colleagues see a new name at once, in every workspace.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_name_shows_in_every_workspace() {
    let app = App::bare().await;
    app.rejoin(&app.b, &app.a.member, pmos_kit::Role::Viewer).await;
    app.a.member.call("accounts.update", json!({ "name": "  Robert  " })).await.ok();
    for colleague in [&app.a.admin, &app.b.admin] {
        let members = colleague.call("members.list", json!({})).await.ok();
        assert!(members.to_string().contains(r#""name":"Robert""#), "{members}");
    }
}

/// Whoever runs the server finds people by name or address, a page at a time.
#[tokio::test(flavor = "multi_thread")]
async fn people_are_listed_in_pages_and_found_by_words() {
    let app = App::bare().await;
    let mut seen = Vec::new();
    let mut cursor = Value::Null;
    loop {
        let page = app.root.call("people.list", json!({ "limit": 4, "cursor": cursor })).await.ok();
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["email"].as_str().unwrap().to_owned()));
        cursor = page["nextCursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!(seen.len(), 9, "{seen:?}");
    let found = app.root.call("people.list", json!({ "search": "ALPHA-M" })).await.ok();
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    assert_eq!(app.root.call("people.list", json!({ "search": "%" })).await.ok()["items"], json!([]));
}
