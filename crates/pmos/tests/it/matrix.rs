//! The access matrix: every method, called by everybody, on the real server and the real store.
//!
//! The result is a golden file. A method without a sample fails. After each refused call all rows of A are as they were;
//! nothing that somebody of B is answered holds a word of A; each allowed write leaves exactly one audit row.

use crate::support::{Answer, App, Person};
use pmos_kit::Role;
use pmos_kit::clock::MINUTE;
use pmos_rpc::{Audit, Kind, Level, Method};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;

/// Whoever calls: a name for the column, and whether they are of workspace B.
struct Column {
    name: &'static str,
    person: Person,
    of_b: bool,
}

async fn columns(app: &App) -> Vec<Column> {
    let column = |name, person: &Person, of_b| Column { name, person: person.clone(), of_b };
    let key = app.a.admin.call("apiKeys.create", json!({ "name": "narrow", "scopes": ["read"] })).await.ok();
    let mut narrow = Person::with_key(app.running.address, key["secret"].as_str().unwrap());
    narrow.enter(&app.a.id);
    let revoked = app.sign_in_anew(&app.a.admin).await;
    revoked.call("accounts.logout", json!({})).await.ok();
    vec![
        column("anonymous", &app.anonymous.inside(&app.a.id), false),
        column("revoked", &revoked, false),
        column("b-viewer", &app.b.viewer, true),
        column("b-member", &app.b.member, true),
        column("b-admin", &app.b.admin, true),
        column("b-admin@a", &app.b.admin.inside(&app.a.id), true),
        column("super", &app.root.inside(&app.a.id), true),
        column("read-key", &narrow, false),
        column("viewer", &app.a.viewer, false),
        column("colleague", &app.a.colleague, false),
        column("member", &app.a.member, false),
        column("admin", &app.a.admin, false),
    ]
}

/// Methods that change what others of this table stand on come last.
fn in_order(methods: &[Method]) -> Vec<&Method> {
    let mut methods: Vec<&Method> = methods.iter().collect();
    methods.sort_by_key(|method| (method.name.starts_with("grants."), method.name));
    methods
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_may_do_what_the_golden_file_says_and_nothing_else() {
    let app = App::new().await;
    let columns = columns(&app).await;
    let mut table = String::from("# method: what each caller is answered. Ids in the parameters are of workspace A.\n");
    for method in in_order(app.running.house.dispatch.methods()) {
        write!(table, "{}:", method.name).unwrap();
        let makers =
            Makers { member: app.sign_in_anew(&app.a.member).await, admin: app.sign_in_anew(&app.a.admin).await };
        for column in &columns {
            let code = cell(&app, &makers, method, column).await;
            write!(table, " {}={code}", column.name).unwrap();
        }
        table.push('\n');
    }
    golden("access_matrix.txt", &table);
}

/// Who makes what the parameters name. They sign in for each method: a row of the table takes many minutes of its clock.
struct Makers {
    member: Person,
    admin: Person,
}

async fn cell(app: &App, makers: &Makers, method: &Method, column: &Column) -> String {
    app.clock.advance(MINUTE);
    let params = sample(app, makers, method.name).await;
    let caller = match column.name {
        "anonymous" | "revoked" | "read-key" => column.person.clone(),
        _ => app.sign_in_anew(&column.person).await,
    };
    let (rows, trail) = (app.checksum(&app.a.id).await, audit_rows(app).await);
    let answer = caller.call(method.name, params).await;
    let code = answer.code();
    let place = format!("{} as {}: {}", method.name, column.name, answer.text);
    if code != "ok" {
        assert_eq!(app.checksum(&app.a.id).await, rows, "a refused call changed rows: {place}");
    } else if method.audit == Audit::Always && method.level.role().is_some() && !column.of_b {
        assert_eq!(audit_rows(app).await, trail + 1, "an allowed write leaves one audit row: {place}");
    }
    if column.of_b && method.level != Level::Platform {
        assert!(!answer.text.contains(app.a.canary), "a word of A was told to B: {place}");
        if column.name != "super" {
            assert_eq!(app.checksum(&app.a.id).await, rows, "B changed rows of A: {place}");
        }
    }
    restore(app, method, column, &answer).await;
    code
}

/// What a call took away that later cells need.
async fn restore(app: &App, method: &Method, column: &Column, answer: &Answer) {
    if method.name == "members.leave" && answer.status == 200 {
        let role = match column.name {
            "viewer" | "b-viewer" => Role::Viewer,
            _ => Role::Member,
        };
        let workspace = if column.of_b { &app.b } else { &app.a };
        app.rejoin(workspace, &column.person, role).await;
    }
}

async fn audit_rows(app: &App) -> usize {
    app.checksum(&app.a.id).await.lines().filter(|line| line.starts_with("audit: ")).count()
}

/// Parameters that name things of A, fresh where the call uses them up.
async fn sample(app: &App, makers: &Makers, method: &str) -> Value {
    let (a, Makers { member, admin }) = (&app.a, makers);
    match method {
        "accounts.state" | "accounts.logout" | "accounts.me" | "accounts.sessions.list" => json!({}),
        "accounts.signup" => {
            json!({ "email": "new@example.com", "name": "New", "password": "lantern orchard velvet 42" })
        }
        "accounts.login" => {
            json!({ "email": format!("{}@example.com", fresh()), "password": "not the password of anybody" })
        }
        "accounts.update" => json!({ "name": "Renamed" }),
        "accounts.sessions.kill" => json!({ "sessionId": format!("lgn_{}", "0".repeat(26)) }),
        "accounts.password.change" => json!({ "currentPassword": "wrong", "newPassword": "lantern orchard velvet 42" }),
        "accounts.password.reset" => json!({ "token": "pmos_reset_x", "newPassword": "lantern orchard velvet 42" }),
        "workspaces.list" | "workspaces.get" => json!({}),
        "workspaces.create" => json!({ "name": "Another" }),
        "workspaces.rename" => json!({ "name": "Renamed" }),
        // The wrong name: whoever gets as far as being told so was let in.
        "workspaces.delete" => json!({ "confirmName": "not its name" }),
        "members.list" | "members.leave" => json!({}),
        "members.setRole" => json!({ "personId": app.newcomer(a, Role::Viewer).await.id, "role": "member" }),
        "members.remove" => json!({ "personId": app.newcomer(a, Role::Viewer).await.id }),
        "invites.create" => json!({ "role": "viewer" }),
        "invites.list" => json!({}),
        "invites.revoke" => json!({ "inviteId": invite(admin).await["invite"]["id"] }),
        "invites.preview" | "invites.accept" => json!({ "token": "pmos_invite_x" }),
        "apiKeys.list" => json!({}),
        "apiKeys.create" => json!({ "name": "another", "scopes": ["read"] }),
        "apiKeys.revoke" => {
            let made = member.call("apiKeys.create", json!({ "name": "fresh", "scopes": ["read"] })).await.ok();
            json!({ "keyId": made["key"]["id"] })
        }
        "grants.create" => json!({ "workspaceId": a.id, "reason": "looking into a report", "minutes": 5 }),
        "grants.list" | "platform.workspaces.list" | "people.list" => json!({}),
        "grants.revoke" => json!({ "grantId": format!("grt_{}", "0".repeat(26)) }),
        "people.resetPassword" => json!({ "personId": a.viewer.id }),
        "audit.list" | "usage.summary" | "models.list" | "models.providers.list" => json!({}),
        "models.providers.set" => {
            json!({ "kind": "openai", "name": format!("p-{}", fresh()), "apiKey": "sk-x", "models": ["m"] })
        }
        "models.providers.delete" | "models.providers.check" => json!({ "providerId": provider(admin).await }),
        "agents.list" => json!({}),
        "agents.get" | "agent.identity.get" | "agents.files.list" => json!({ "agentId": a.agent }),
        "agents.create" => json!({ "name": format!("Agent {}", fresh()) }),
        "agents.update" => json!({ "agentId": a.agent, "emoji": "🦊" }),
        "agents.delete" => json!({ "agentId": agent(member).await }),
        "agents.files.get" => json!({ "agentId": a.agent, "name": "AGENTS.md" }),
        "agents.files.set" => json!({ "agentId": a.agent, "name": "USER.md", "content": a.canary }),
        "agents.files.delete" => {
            let file = json!({ "agentId": a.agent, "name": "gone.md", "content": "x" });
            member.call("agents.files.set", file).await.ok();
            json!({ "agentId": a.agent, "name": "gone.md" })
        }
        "sessions.list" | "sessions.subscribe" => json!({}),
        "sessions.create" => json!({ "agentId": a.agent }),
        "sessions.preview" => json!({ "keys": [a.session] }),
        "sessions.describe" | "sessions.messages.subscribe" | "sessions.messages.unsubscribe" => {
            json!({ "key": a.session })
        }
        "sessions.resolve" => json!({ "sessionId": a.session_id }),
        "sessions.patch" => json!({ "key": a.session, "label": format!("Session {}", a.canary) }),
        "sessions.reset" | "sessions.delete" => json!({ "key": session(member, &a.agent).await }),
        "chat.history" | "chat.startup" => json!({ "sessionKey": a.session }),
        // What it does when it is allowed is a run; that it is allowed is shown by what it says of the key used before.
        "chat.send" => {
            json!({ "sessionKey": a.session, "message": "again", "idempotencyKey": format!("first-{}", a.canary) })
        }
        "agent" => {
            json!({ "sessionKey": a.session, "message": "again", "idempotencyKey": format!("first-{}", a.canary) })
        }
        "chat.abort" => json!({ "sessionKey": a.session }),
        "chat.inject" => json!({ "sessionKey": a.session, "message": format!("Noted {}", a.canary) }),
        "agent.wait" | "agent.result" => json!({ "runId": format!("first-{}", a.canary), "timeoutMs": 0 }),
        "health" | "status" | "system-presence" => json!({}),
        other => panic!("{other} has no sample: add one, so that the matrix covers it"),
    }
}

fn fresh() -> String {
    pmos_kit::uuid_v4(&pmos_kit::OsRng)[..8].to_owned()
}

async fn invite(admin: &Person) -> Value {
    admin.call("invites.create", json!({ "role": "viewer" })).await.ok()
}

async fn provider(admin: &Person) -> Value {
    let set = json!({ "kind": "openai", "name": format!("p-{}", fresh()), "apiKey": "sk-x", "models": ["m"] });
    admin.call("models.providers.set", set).await.ok()["provider"]["id"].clone()
}

async fn agent(member: &Person) -> Value {
    member.call("agents.create", json!({ "name": format!("Agent {}", fresh()) })).await.ok()["agentId"].clone()
}

async fn session(member: &Person, agent: &str) -> Value {
    member.call("sessions.create", json!({ "agentId": agent })).await.ok()["key"].clone()
}

/// Hold text against a file beside the tests; `UPDATE_GOLDEN=1` writes it anew, for a person to read the difference.
pub fn golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    #[expect(clippy::disallowed_methods, reason = "the tests' own switch")]
    let update = std::env::var("UPDATE_GOLDEN").is_ok();
    if update {
        std::fs::write(&path, text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let lines = kept.lines().zip(text.lines()).filter(|(kept, now)| kept != now);
    let differences: Vec<String> = lines.map(|(kept, now)| format!("- {kept}\n+ {now}")).collect();
    let same_length = kept.lines().count() == text.lines().count();
    assert!(
        differences.is_empty() && same_length,
        "{} differs; read it, then run with UPDATE_GOLDEN=1:\n{}",
        path.display(),
        differences.join("\n")
    );
}

/// Every method's row says who may call it; a level that is open to all is on a short list.
#[tokio::test(flavor = "multi_thread")]
async fn what_anybody_may_call_is_a_short_list() {
    let app = App::new().await;
    let open: Vec<&str> =
        app.running.house.dispatch.methods().iter().filter(|m| m.level == Level::Anyone).map(|m| m.name).collect();
    assert_eq!(
        open,
        ["accounts.state", "accounts.signup", "accounts.login", "accounts.password.reset", "invites.preview"]
    );
    let kinds = app.running.house.dispatch.methods().iter().filter(|m| m.kind == Kind::Call).count();
    assert!(kinds < 8, "most methods read or write; what waits outside a transaction is an exception");
}
