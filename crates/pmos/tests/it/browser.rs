//! What a browser's cookie can do, from where, and for how long.

use crate::support::{App, PASSWORD, Person, StoppedTimers};
use pmos_kit::clock::{DAY, HOUR, MINUTE};
use serde_json::json;

/// A call as some page makes it: with the cookie, and whatever headers else.
async fn from_page(person: &Person, method: &str, headers: &[(&str, &str)]) -> u16 {
    let mut request = crate::support::client()
        .post(format!("http://{}/api/v1/call/{method}", person.address))
        .header("content-type", "application/json")
        .header("cookie", format!("pmos_session={}", person.token.as_ref().unwrap()))
        .body(if method == "accounts.update" { r#"{"name":"Mallory"}"# } else { "{}" });
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap().status().as_u16()
}

/// The cookie alone changes nothing: the page must know the token, which other sites cannot read.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_needs_the_csrf_token_of_its_own_sign_in() {
    let app = App::bare().await;
    let member = &app.a.member;
    let right = pmos_platform::accounts::csrf_of(member.token.as_ref().unwrap());
    let others = pmos_platform::accounts::csrf_of(app.a.colleague.token.as_ref().unwrap());
    let ours = ("sec-fetch-site", "same-origin");
    assert_eq!(from_page(member, "accounts.update", &[ours]).await, 403);
    assert_eq!(from_page(member, "accounts.update", &[ours, ("pmos-csrf", "")]).await, 403);
    assert_eq!(from_page(member, "accounts.update", &[ours, ("pmos-csrf", &others)]).await, 403);
    assert_eq!(from_page(member, "accounts.update", &[ours, ("pmos-csrf", &right)]).await, 200);
    assert_eq!(from_page(member, "accounts.me", &[ours]).await, 200, "a page that was reloaded asks for the token");
}

/// Another site's page gets nowhere with the cookie, whatever it knows.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_site_is_refused() {
    let app = App::bare().await;
    let (member, here) = (&app.a.member, format!("http://{}", app.running.address));
    let csrf = pmos_platform::accounts::csrf_of(member.token.as_ref().unwrap());
    let csrf = ("pmos-csrf", csrf.as_str());
    let port = app.running.address.port();
    for foreign in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("origin", &format!("http://127.0.0.1.evil.example:{port}")),
        ("origin", "http://127.0.0.1:1"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("sec-fetch-site", "none"),
        ("referer", &here),
    ] {
        assert_eq!(from_page(member, "accounts.update", &[foreign, csrf]).await, 403, "{foreign:?}");
        assert_eq!(from_page(member, "accounts.me", &[foreign]).await, 403, "{foreign:?}");
    }
    assert_eq!(from_page(member, "accounts.update", &[("origin", &here), csrf]).await, 200);
}

/// No other site signs somebody in as somebody else.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_site_cannot_sign_anybody_in() {
    let app = App::bare().await;
    app.with_password("carol@example.org").await;
    let send = |origin: &'static str| {
        crate::support::client()
            .post(format!("http://{}/api/v1/call/accounts.login", app.running.address))
            .header("content-type", "application/json")
            .header("origin", origin)
            .body(json!({ "email": "carol@example.org", "password": PASSWORD }).to_string())
            .send()
    };
    let answer = send("https://evil.example").await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers().contains_key("set-cookie")), (403, false));
}

/// Forms of other sites cannot send JSON, so nothing else is read.
#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_not_read() {
    let app = App::bare().await;
    let answer = crate::support::client()
        .post(format!("http://{}/api/v1/call/accounts.state", app.running.address))
        .header("content-type", "text/plain")
        .body("{}")
        .send();
    assert_eq!(answer.await.unwrap().status(), 415);
}

/// Scripts cannot read the cookie, other sites do not send it, and it goes when the sign-in does.
#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_is_for_this_server_and_no_script() {
    let app = App::bare().await;
    let carol = app.with_password("carol@example.org").await;
    let answer = carol.log_in(PASSWORD).await;
    let line = answer.headers["set-cookie"].to_str().unwrap().to_owned();
    let (pair, flags) = line.split_once("; ").unwrap();
    assert!(pair.starts_with("pmos_session=pmos_sess_"), "{line}");
    assert_eq!(flags, "Path=/; HttpOnly; SameSite=Lax; Max-Age=604800");
    let token = answer.cookie();
    assert!(!answer.text.contains(&token), "the token stands in the cookie alone");
    assert_eq!(answer.headers["cache-control"], "no-store");
}

/// Twelve hours without a call end a sign-in; a call every few hours keeps it.
#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_ends_after_twelve_hours_without_a_call() {
    let app = App::bare().await;
    for _ in 0..3 {
        app.clock.advance(11 * HOUR);
        app.a.member.call("accounts.me", json!({})).await.ok();
    }
    app.clock.advance(12 * HOUR + MINUTE);
    app.a.member.call("accounts.me", json!({})).await.refused("UNAUTHENTICATED");
}

/// Seven days end a sign-in, however much it is used.
#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_ends_after_seven_days_in_any_case() {
    let app = App::bare().await;
    let carol = app.with_password("carol@example.org").await;
    let carol = carol.as_answered(carol.log_in(PASSWORD).await);
    for _ in 0..20 {
        app.clock.advance(8 * HOUR);
        carol.call("accounts.me", json!({})).await.ok();
    }
    app.clock.advance(7 * DAY - 20 * 8 * HOUR - MINUTE);
    carol.call("accounts.me", json!({})).await.ok();
    app.clock.advance(MINUTE);
    carol.call("accounts.me", json!({})).await.refused("UNAUTHENTICATED");
}

/// A tab that is merely open makes no call: the socket goes on asking who it is, and the sign-in ends all the same.
#[tokio::test]
async fn an_open_tab_does_not_keep_its_sign_in() {
    let app = App::bare().await;
    let mut open = app.a.member.connect().await;
    let mut used = app.a.viewer.connect().await;
    let timers = StoppedTimers::new();
    // With each tick a socket looks whether it may still be there.
    for _ in 0..23 {
        app.clock.advance(30 * MINUTE);
        timers.advance(31).await;
        open.event("tick").await;
        used.call("agents.list", json!({})).await;
    }
    app.clock.advance(30 * MINUTE);
    timers.advance(31).await;
    assert_eq!(open.closed().await.0, 4001);
    app.a.member.call("accounts.me", json!({})).await.refused("UNAUTHENTICATED");
    app.a.viewer.call("accounts.me", json!({})).await.ok();
}

/// A socket that was open when its sign-in ended does nothing more.
#[tokio::test(flavor = "multi_thread")]
async fn an_open_socket_ends_with_its_sign_in() {
    let app = App::bare().await;
    let mut socket = app.a.member.connect().await;
    app.clock.advance(12 * HOUR + MINUTE);
    socket.try_call("agents.list", json!({})).await.unwrap_err();
    assert_eq!(socket.closed().await.0, 4001);
}
