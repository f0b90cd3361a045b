//! Workspaces, their names and their end.

use crate::support::{App, Person, Socket};
use serde_json::{Value, json};
use std::time::Duration;

async fn delete(app: &App) {
    let name = format!("Workspace {}", app.a.canary);
    app.a.admin.call("workspaces.delete", json!({ "confirmName": name })).await.ok();
}

/// Nobody deletes the wrong workspace: its name has to be repeated exactly.
#[tokio::test(flavor = "multi_thread")]
async fn deletion_wants_the_exact_name() {
    let app = App::bare().await;
    let name = format!("Workspace {}", app.a.canary);
    for wrong in ["", "Workspace", &name.to_lowercase(), &format!("{name} "), &format!("Workspace {}", app.b.canary)] {
        let error =
            app.a.admin.call("workspaces.delete", json!({ "confirmName": wrong })).await.refused("INVALID_REQUEST");
        assert_eq!(error["details"]["field"], "confirmName");
    }
    app.a.viewer.call("workspaces.get", json!({})).await.ok();
}

/// From the moment of deletion everybody is outside, whatever they hold.
#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_workspace_is_not_there_for_anybody() {
    let app = App::new().await;
    let key = app.a.member.call("apiKeys.create", json!({ "name": "ci", "scopes": ["write"] })).await.ok();
    let key = Person::with_key(app.running.address, key["secret"].as_str().unwrap());
    let invite = app.a.admin.call("invites.create", json!({ "role": "viewer" })).await.ok();
    let grant = json!({ "workspaceId": app.a.id, "reason": "looking into a report", "minutes": 5 });
    app.root.call("grants.create", grant.clone()).await.ok();
    let mut page = app.a.viewer.connect().await;
    let mut program = Socket::of_client(app.running.address, key.key.as_ref().unwrap(), json!([])).await;

    delete(&app).await;
    assert_eq!(page.closed().await.0, 4001);
    assert_eq!(program.closed().await.0, 4001);
    for person in [&app.a.admin, &app.a.member, &app.a.viewer, &app.root.inside(&app.a.id)] {
        for method in ["workspaces.get", "agents.list", "members.list", "sessions.list"] {
            person.call(method, json!({})).await.is_not_found();
        }
        assert_eq!(person.call("workspaces.list", json!({})).await.ok()["workspaces"], json!([]));
    }
    let refused = key.call("agents.list", json!({})).await.code();
    assert!(["NOT_FOUND", "UNAUTHENTICATED"].contains(&refused.as_str()), "{refused}");
    app.anonymous.call("invites.preview", json!({ "token": invite["token"] })).await.is_not_found();
    app.root.call("grants.create", grant).await.is_not_found();
    let all = app.root.call("platform.workspaces.list", json!({})).await.ok();
    assert!(!all.to_string().contains(app.a.canary), "{all}");
}

/// The rows go soon after: nothing of the workspace is kept but the job that says it is done, and others lose nothing.
#[tokio::test(flavor = "multi_thread")]
async fn the_rows_of_a_deleted_workspace_go() {
    let app = App::new().await;
    let set = json!({ "kind": "openai", "name": "own", "apiKey": "sk-of-alpha", "models": ["m"] });
    app.a.admin.call("models.providers.set", set).await.ok();
    let b = app.checksum(&app.b.id).await;
    delete(&app).await;
    let mut rows = app.checksum(&app.a.id).await;
    for _ in 0..100 {
        if rows.lines().all(|row| row.starts_with("jobs: ")) && rows.contains("done") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        rows = app.checksum(&app.a.id).await;
    }
    assert_eq!(rows.lines().count(), 1, "{rows}");
    assert!(rows.starts_with("jobs: ") && rows.contains("done") && !rows.contains(app.a.canary), "{rows}");
    assert_eq!(app.checksum(&app.b.id).await, b);
    app.b.member.call("chat.history", json!({ "sessionKey": app.b.session })).await.ok();
}

/// The new name is what everybody sees, and is held to the rules of names.
#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_can_be_renamed() {
    let app = App::bare().await;
    let rename = |name: &str| app.a.admin.call("workspaces.rename", json!({ "name": name }));
    rename("  Sales & Söhne  ").await.ok();
    assert_eq!(app.a.viewer.call("workspaces.get", json!({})).await.ok()["name"], "Sales & Söhne");
    for bad in ["", "   ", "two\nlines", "x\u{202e}y", "\0", &"x".repeat(101)] {
        rename(bad).await.refused("INVALID_REQUEST");
    }
}

/// A new workspace has its maker as admin, and an agent to begin with.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_workspace_is_ready_to_use() {
    let app = App::bare().await;
    let made = app.a.viewer.call("workspaces.create", json!({ "name": "Mine" })).await.ok();
    assert_eq!(made["role"], "admin");
    let there = app.a.viewer.inside(&made["id"].as_str().unwrap().parse().unwrap());
    let overview = there.call("workspaces.get", json!({})).await.ok();
    assert_eq!((&overview["members"], &overview["agents"], &overview["sessions"]), (&json!(1), &json!(1), &json!(0)));
    assert_eq!(there.call("agents.get", json!({ "agentId": "main" })).await.ok()["isDefault"], true);
}

/// Whoever runs the server sees how many and how big, a page at a time, and nothing of what is inside.
#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_all_workspaces_tells_their_size_alone() {
    let app = App::new().await;
    let first = app.root.call("platform.workspaces.list", json!({ "limit": 1 })).await.ok();
    let next = json!({ "limit": 1, "cursor": first["nextCursor"] });
    let second = app.root.call("platform.workspaces.list", next).await.ok();
    let last = json!({ "limit": 1, "cursor": second["nextCursor"] });
    assert_eq!(app.root.call("platform.workspaces.list", last).await.ok(), json!({ "items": [] }));
    let mut ids = [&first["items"][0]["id"], &second["items"][0]["id"]].map(|id: &Value| id.as_str().unwrap());
    let mut both = [app.a.id.as_str(), app.b.id.as_str()];
    ids.sort_unstable();
    both.sort_unstable();
    assert_eq!(ids, both);
    let keys: Vec<&String> = first["items"][0].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["agents", "createdAt", "id", "members", "name"]);
    let found = app.root.call("platform.workspaces.list", json!({ "search": "ALPHA" })).await.ok();
    assert_eq!(found["items"][0]["members"], 4);
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
}
