//! The files of an agent.

use crate::support::App;
use pmos_kit::clock::MINUTE;
use pmos_store::{args, sql};
use serde_json::{Value, json};

const MIB: usize = 1024 * 1024;

async fn set(app: &App, name: &str, content: &str) -> crate::support::Answer {
    app.a.member.call("agents.files.set", json!({ "agentId": app.a.agent, "name": name, "content": content })).await
}

async fn get(app: &App, name: &str) -> crate::support::Answer {
    app.a.viewer.call("agents.files.get", json!({ "agentId": app.a.agent, "name": name })).await
}

/// A file is what was last written into it; the well-known ones are listed though nobody wrote them.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_what_was_written() {
    let app = App::new().await;
    set(&app, "notes/Über uns.md", "first").await.ok();
    set(&app, "notes/Über uns.md", "zweite Fassung: ✓\r\n").await.ok();
    let file = get(&app, "notes/Über uns.md").await.ok()["file"].clone();
    assert_eq!((&file["content"], &file["size"]), (&json!("zweite Fassung: ✓\r\n"), &json!(21)));
    assert_eq!(
        get(&app, "SOUL.md").await.ok()["file"],
        json!({ "name": "SOUL.md", "path": "SOUL.md", "missing": true })
    );
    get(&app, "notes/none.md").await.is_not_found();

    let listed = app.a.viewer.call("agents.files.list", json!({ "agentId": app.a.agent })).await.ok();
    let files = listed["files"].as_array().unwrap();
    let present: Vec<&Value> = files.iter().filter(|file| file["missing"] == false).map(|file| &file["name"]).collect();
    assert_eq!((files.len(), present), (9, vec![&json!("AGENTS.md"), &json!("notes/Über uns.md")]));
}

/// A file that was deleted is gone; deleting it again says so.
#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_file_is_gone() {
    let app = App::new().await;
    let name = json!({ "agentId": app.a.agent, "name": "AGENTS.md" });
    app.a.member.call("agents.files.delete", name.clone()).await.ok();
    assert_eq!(get(&app, "AGENTS.md").await.ok()["file"]["missing"], true);
    app.a.member.call("agents.files.delete", name).await.is_not_found();
}

/// 1 MiB fits over HTTP, one byte more does not.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_has_at_most_one_mebibyte() {
    let app = App::new().await;
    let write = |bytes: usize| json!({ "agentId": app.a.agent, "name": "big.md", "content": "x".repeat(bytes) });
    app.a.member.call("agents.files.set", write(MIB)).await.ok();
    app.a.member.call("agents.files.set", write(MIB + 1)).await.refused("INVALID_REQUEST");
    assert_eq!(get(&app, "big.md").await.ok()["file"]["size"], MIB);
    assert_eq!(app.a.member.call("agents.files.set", write(3 * MIB)).await.status, 413);
}

/// A path is a name in a table: nothing that could mean a place on the host is one.
#[tokio::test(flavor = "multi_thread")]
async fn a_path_is_a_plain_relative_name() {
    let app = App::new().await;
    let before = app.checksum(&app.a.id).await;
    for bad in [
        "",
        ".",
        "..",
        "/etc/passwd",
        "../AGENTS.md",
        "a/../b",
        "a//b",
        "a/",
        "a\\b",
        "C:\\x",
        "a\0b",
        "a\nb",
        " a",
        "a /b",
        "~/x:y",
        "a/b/c/d/e/f/g/h/i",
        "%2e%2e/x",
        "a\u{202e}b",
        &"x".repeat(201),
    ] {
        for method in ["agents.files.set", "agents.files.get", "agents.files.delete"] {
            let mut params = json!({ "agentId": app.a.agent, "name": bad });
            if method == "agents.files.set" {
                params["content"] = json!("x");
            }
            let error = app.a.member.call(method, params).await.refused("INVALID_REQUEST");
            assert!(bad.contains('\0') || error["details"]["field"] == "name", "{method} {bad:?}: {error}");
        }
        app.clock.advance(MINUTE);
    }
    assert_eq!(app.checksum(&app.a.id).await, before);
}

/// An agent keeps 500 files; the next one is refused, and writing one that is there is not.
#[tokio::test(flavor = "multi_thread")]
async fn an_agent_keeps_five_hundred_files() {
    let app = App::new().await;
    let store = app.running.house.store();
    let grant = store.admit_work(&app.a.id, &app.a.member.id).await.unwrap();
    let agent = app.a.agent.clone();
    let fill = store.write(
        grant,
        Box::new(move |scope| {
            Box::pin(async move {
                for number in 0..499 {
                    let path = format!("notes/{number}.md");
                    scope
                        .run(
                            sql!("INSERT INTO agent_files (workspace_id, agent_id, path, content, size_bytes, updated_at) VALUES ($1, $2, $3, '', 0, 0)"),
                            args![agent, path],
                        )
                        .await?;
                }
                Ok(())
            })
        }),
    );
    fill.await.unwrap();
    set(&app, "one-too-many.md", "x").await.refused("CONFLICT");
    get(&app, "one-too-many.md").await.is_not_found();
    set(&app, "notes/7.md", "x").await.ok();
}

/// Two agents have files of the same name, each its own.
#[tokio::test(flavor = "multi_thread")]
async fn files_belong_to_their_agent() {
    let app = App::new().await;
    app.a
        .admin
        .call("agents.files.set", json!({ "agentId": "main", "name": "AGENTS.md", "content": "other" }))
        .await
        .ok();
    assert_eq!(get(&app, "AGENTS.md").await.ok()["file"]["content"], format!("Say {}.", app.a.canary));
    let foreign = json!({ "agentId": app.a.agent, "name": "AGENTS.md" });
    app.b.admin.call("agents.files.get", foreign.clone()).await.is_not_found();
    app.b.admin.call("agents.files.delete", foreign).await.is_not_found();
}
