//! Providers of models, and their keys.

use crate::support::{App, Person};
use serde_json::{Value, json};
use tokio::net::TcpListener;

const KEY: &str = "sk-proj-4f8e1c07b2a96d35e8";

/// A provider of A's own, with a key, that is not asked for its models.
async fn set(app: &App, more: Value) -> crate::support::Answer {
    let mut params = json!({ "kind": "openai", "name": "own", "models": ["gpt-x", "gpt-y"] });
    params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    app.a.admin.call("models.providers.set", params).await
}

async fn list(person: &Person) -> Value {
    person.call("models.providers.list", json!({})).await.ok()
}

/// A key goes in and never comes out: no answer shows more than its last four characters.
#[tokio::test(flavor = "multi_thread")]
async fn a_providers_key_is_never_shown() {
    let app = App::bare().await;
    let made = set(&app, json!({ "apiKey": KEY })).await;
    let id = serde_json::from_str::<Value>(&made.text).unwrap()["provider"]["id"].clone();
    let mut answers = vec![made.text];
    for (method, params) in [
        ("models.providers.list", json!({})),
        ("models.list", json!({})),
        ("agents.list", json!({})),
        ("audit.list", json!({})),
        ("models.providers.set", json!({ "providerId": id, "kind": "openai", "name": "renamed", "models": ["gpt-x"] })),
        ("models.providers.set", json!({ "kind": "openai", "name": "renamed", "apiKey": KEY, "models": ["gpt-x"] })),
        ("models.providers.set", json!({ "kind": "openai", "name": "NOT A NAME", "apiKey": KEY, "models": ["gpt-x"] })),
        (
            "models.providers.set",
            json!({ "kind": "openai", "name": "b", "apiKey": KEY, "baseUrl": "http://127.0.0.1:9/v1" }),
        ),
        ("models.providers.delete", json!({ "providerId": id })),
    ] {
        answers.push(app.a.admin.call(method, params).await.text);
    }
    let told = answers.join("\n");
    assert!(!told.contains(&KEY[3..12]), "{told}");
    assert_eq!(told.matches("…35e8").count(), 3, "the hint tells keys apart: {told}");
}

/// Whoever steals the database does not have the keys: neither its rows nor its files hold one.
#[tokio::test(flavor = "multi_thread")]
async fn a_providers_key_is_sealed_in_the_database() {
    let app = App::bare().await;
    set(&app, json!({ "apiKey": KEY })).await.ok();
    let rows = app.checksum(&app.a.id).await;
    assert!(rows.contains("gpt-x") && rows.contains("workspace_keys: "), "the provider is stored: {rows}");
    assert!(!rows.contains(KEY), "{rows}");
    let data = app.data();
    assert!(!data.windows(KEY.len()).any(|window| window == KEY.as_bytes()));
}

/// A key belongs to an address: whoever changes the address gives a key anew, or the key would go to a stranger.
#[tokio::test(flavor = "multi_thread")]
async fn a_changed_address_drops_the_key() {
    let app = App::bare().await;
    let made = set(&app, json!({ "apiKey": KEY })).await.ok()["provider"].clone();
    let same = json!({ "providerId": made["id"], "baseUrl": made["baseUrl"], "defaultModel": "gpt-y" });
    let kept = set(&app, same).await.ok()["provider"].clone();
    assert_eq!((&kept["keyHint"], &kept["defaultModel"]), (&json!("…35e8"), &json!("gpt-y")));
    let moved = json!({ "providerId": made["id"], "baseUrl": "https://models.example.org/v1" });
    let moved = set(&app, moved).await.ok()["provider"].clone();
    assert_eq!(moved.get("keyHint"), None);
    let back = json!({ "providerId": made["id"], "baseUrl": made["baseUrl"] });
    assert_eq!(set(&app, back).await.ok()["provider"].get("keyHint"), None, "it does not come back with the address");
}

/// A workspace reaches nothing behind the server: not its loopback, not the network, not by another spelling.
#[tokio::test(flavor = "multi_thread")]
async fn private_addresses_are_refused_for_workspaces() {
    let app = App::bare().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let operators = app.model.openai_url();
    let here = app.running.address.port();
    for address in [
        format!("http://127.0.0.1:{port}/v1"),
        format!("http://localhost:{port}/v1"),
        format!("http://[::1]:{port}/v1"),
        format!("http://[::ffff:127.0.0.1]:{port}/v1"),
        format!("http://2130706433:{port}/v1"),
        format!("http://0x7f.1:{port}/v1"),
        format!("http://0.0.0.0:{port}/v1"),
        format!("http://user:pass@127.0.0.1:{port}/v1"),
        format!("http://127.0.0.1:{here}"),
        operators,
        "http://10.0.0.1/v1".into(),
        "http://192.168.1.1/v1".into(),
        "http://169.254.169.254/latest".into(),
        "http://[fd00:ec2::254]/latest".into(),
        "file:///etc/passwd".into(),
        "gopher://127.0.0.1".into(),
        "nonsense".into(),
    ] {
        let params = json!({ "kind": "openai", "name": "inside", "apiKey": KEY, "baseUrl": address });
        let error = app.a.admin.call("models.providers.set", params).await.refused("INVALID_REQUEST");
        assert_eq!(error["details"]["field"], "baseUrl", "{address}: {error}");
    }
    let nobody = tokio::time::timeout(std::time::Duration::from_millis(50), listener.accept()).await;
    assert!(nobody.is_err(), "somebody was connected to");
}

/// Naming the models oneself is no way around that: a check and a chat are refused all the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_private_address_is_never_called() {
    let app = App::bare().await;
    let answer = set(&app, json!({ "apiKey": KEY, "baseUrl": app.model.openai_url() })).await;
    if answer.status == 200 {
        let id = answer.ok()["provider"]["id"].clone();
        let checked = app.a.admin.call("models.providers.check", json!({ "providerId": id })).await.ok();
        assert_eq!((&checked["ok"], &checked["models"]), (&json!(false), &json!([])), "{checked}");
        let send = json!({ "sessionKey": "main", "message": "hi", "idempotencyKey": "inside" });
        app.a.member.call("chat.send", send).await.ok();
        let ended = app.a.member.call("agent.wait", json!({ "runId": "inside", "timeoutMs": 20_000 })).await.ok();
        assert_eq!(ended["status"], "error", "{ended}");
    } else {
        assert_eq!(answer.refused("INVALID_REQUEST")["details"]["field"], "baseUrl");
    }
    assert!(app.model.requests().is_empty());
}

/// A workspace's first own provider gives its default model, and its models come before the operator's.
#[tokio::test(flavor = "multi_thread")]
async fn own_models_come_first() {
    let app = App::bare().await;
    assert_eq!(app.a.viewer.call("models.list", json!({})).await.ok()["models"][0]["provider"], "fake");
    set(&app, json!({ "apiKey": KEY, "defaultModel": "gpt-y" })).await.ok();
    let models = app.a.viewer.call("models.list", json!({})).await.ok()["models"].clone();
    let told: Vec<Value> =
        models.as_array().unwrap().iter().map(|m| json!([m["provider"], m["id"], m["isDefault"]])).collect();
    let wanted = [json!(["own", "gpt-x", false]), json!(["own", "gpt-y", true]), json!(["fake", "fake-model", false])];
    assert_eq!(told, wanted);
    assert_eq!(
        app.a.viewer.call("agents.get", json!({ "agentId": "main" })).await.ok()["model"]["primary"],
        "own/gpt-y"
    );
    let others = app.b.viewer.call("models.list", json!({})).await.ok();
    assert_eq!(others["models"].as_array().unwrap().len(), 1, "another workspace does not have them: {others}");
}

/// The operator's providers are shown and checked without a word of their keys, and no workspace changes them.
#[tokio::test(flavor = "multi_thread")]
async fn the_operators_providers_are_only_shown() {
    let app = App::bare().await;
    let listed = list(&app.a.admin).await["providers"].clone();
    assert_eq!((&listed[0]["id"], &listed[0]["source"]), (&json!("fake"), &json!("operator")));
    assert_eq!(listed[0].get("keyHint"), None);
    app.a.admin.call("models.providers.delete", json!({ "providerId": "fake" })).await.refused("INVALID_REQUEST");
    set(&app, json!({ "providerId": "fake", "apiKey": KEY })).await.refused("INVALID_REQUEST");
}

/// What was deleted is gone, with its models; a name is used once in a workspace.
#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_provider_is_gone() {
    let app = App::bare().await;
    let id = set(&app, json!({ "apiKey": KEY })).await.ok()["provider"]["id"].clone();
    set(&app, json!({ "apiKey": KEY })).await.refused("CONFLICT");
    for method in ["models.providers.delete", "models.providers.check"] {
        app.b.admin.call(method, json!({ "providerId": id })).await.is_not_found();
    }
    let foreign = json!({ "providerId": id, "kind": "openai", "name": "stolen", "models": ["m"] });
    app.b.admin.call("models.providers.set", foreign).await.is_not_found();
    app.a.admin.call("models.providers.delete", json!({ "providerId": id })).await.ok();
    app.a.admin.call("models.providers.delete", json!({ "providerId": id })).await.is_not_found();
    let models = app.a.viewer.call("models.list", json!({})).await.ok();
    assert!(!models.to_string().contains("gpt-x"), "{models}");
    set(&app, json!({})).await.ok();
}

/// Models are named with the provider's name, so it is a plain word.
#[tokio::test(flavor = "multi_thread")]
async fn a_providers_name_is_a_plain_word() {
    let app = App::bare().await;
    for bad in ["", "Own", "a b", "a/b", "ü", &"x".repeat(41)] {
        let error = set(&app, json!({ "name": bad })).await.refused("INVALID_REQUEST");
        assert_eq!(error["details"]["field"], "name", "{bad}");
    }
}
