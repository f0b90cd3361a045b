//! A server to test: two furnished workspaces, a fake model, and a clock that is turned by hand.

mod clock;
mod database;
mod fresh;
mod http;
mod process;
mod socket;

pub use clock::{MockClock, StoppedTimers};
pub use fresh::{Fresh, PASSWORD};
pub use http::{Answer, Person, client};
pub use process::Process;
pub use socket::Socket;

use database::TestDatabase;
use pmos::config::Config;
use pmos::server::{House, Outside, Server};
use pmos_kit::{LoginId, OsRng, PersonId, Role, WorkspaceId, token};
use pmos_store::{args, global_sql, sql};
use pmos_testkit::FakeModel;
use serde_json::json;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A running server with workspaces A and B.
pub struct App {
    pub a: Workspace,
    pub b: Workspace,
    /// Whoever runs the server, a member of neither workspace.
    pub root: Person,
    pub anonymous: Person,
    pub model: FakeModel,
    pub clock: Arc<MockClock>,
    pub running: Running,
    database: TestDatabase,
}

/// A workspace with people of every role, an agent, and a session in which something was said.
pub struct Workspace {
    pub id: WorkspaceId,
    pub admin: Person,
    pub member: Person,
    /// Another member, who made nothing of it.
    pub colleague: Person,
    pub viewer: Person,
    /// The member's agent.
    pub agent: String,
    /// The key of the member's session.
    pub session: String,
    pub session_id: String,
    /// Stands in every text of this workspace, and may be seen in no other.
    pub canary: &'static str,
}

/// A server process, as far as a test can be one.
pub struct Running {
    pub address: SocketAddr,
    pub house: Arc<House>,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<()>>,
}

impl App {
    /// A furnished server.
    pub async fn new() -> Self {
        let app = Self::bare().await;
        app.furnished().await
    }

    /// One without agents of people's own, and without sessions.
    pub async fn bare() -> Self {
        Self::configured(|_| {}).await
    }

    /// A bare one that is configured otherwise.
    pub async fn configured(change: impl FnOnce(&mut Config)) -> Self {
        let database = TestDatabase::make().await;
        let model = FakeModel::start().await;
        let clock = MockClock::new();
        let mut config = config(&database, &model);
        change(&mut config);
        let running = Running::start(&config, clock.clone()).await;
        let root = person(&running, "root", true).await;
        let anonymous = Person::anonymous(running.address);
        let a = workspace(&running, "alpha-canary-7f3a").await;
        let b = workspace(&running, "bravo-canary-91c2").await;
        Self { a, b, root, anonymous, model, clock, running, database }
    }

    async fn furnished(mut self) -> Self {
        for workspace in [&mut self.a, &mut self.b] {
            furnish(workspace).await;
        }
        self
    }

    /// A checksum of all rows of a workspace, in every table that has one, but for what merely notes that it was used.
    pub async fn checksum(&self, workspace: &WorkspaceId) -> String {
        self.database.checksum(workspace).await
    }
}

/// The configuration of a test's server.
fn config(database: &TestDatabase, model: &FakeModel) -> Config {
    let mut config = Config::default();
    config.server.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    config.storage.data_dir = database.data_dir().to_owned();
    config.storage.database_url = database.url();
    config.storage.master_key = Some(pmos_kit::Secret::new("5a".repeat(32)));
    let provider = json!({ "name": "fake", "base_url": model.openai_url(), "models": ["fake-model"],
        "prices": { "fake-model": { "input": "1", "output": "2" } } });
    config.models.providers = vec![serde_json::from_value(provider).unwrap()];
    config
}

impl Running {
    async fn start(config: &Config, clock: Arc<MockClock>) -> Self {
        let outside = Outside { clock, rng: Arc::new(OsRng) };
        let server = Server::start(config, outside).await.unwrap();
        let (address, house) = (server.address(), server.house().clone());
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            let shutdown = async { drop(stopped.await) };
            server.run(shutdown).await.unwrap();
        });
        Self { address, house, stop: Some(stop), task: Some(task) }
    }

    /// Let it end in good order.
    pub async fn stop(&mut self) {
        drop(self.stop.take());
        self.task.take().unwrap().await.unwrap();
    }
}

/// A hash of the right form that no password has.
const NOBODYS_PASSWORD: &str =
    "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A person with an account, signed in. Passwords are hashed slowly on purpose, so tests that are not about them go without.
async fn person(running: &Running, name: &str, is_super_admin: bool) -> Person {
    let store = running.house.store();
    let surroundings = store.surroundings();
    let id = PersonId::new(&*surroundings.clock, &*surroundings.rng);
    let email = format!("{name}@example.com");
    let (row, words) = (id.clone(), (name.to_owned(), email.clone()));
    store
        .write_global(Box::new(move |global| {
            Box::pin(async move {
                global
                    .run(
                        global_sql!(
                            OwnAccount,
                            "INSERT INTO people (id, email, name, password_hash, is_super_admin, created_at) VALUES ($1, $2, $3, $4, $5, $6)"
                        ),
                        args![row, words.1, words.0, NOBODYS_PASSWORD, is_super_admin, global.now()],
                    )
                    .await
            })
        }))
        .await
        .unwrap();
    let token = sign_in(running, &id).await;
    Person::signed_in(running.address, id, email, token)
}

async fn sign_in(running: &Running, person: &PersonId) -> String {
    let store = running.house.store();
    let surroundings = store.surroundings();
    let token = token::mint("pmos_sess_", &OsRng);
    let digest = token::digest(token.expose());
    let login = LoginId::new(&*surroundings.clock, &*surroundings.rng);
    let person = person.clone();
    store
        .write_global(Box::new(move |global| {
            Box::pin(async move {
                let now = global.now();
                global
                    .run(
                        global_sql!(
                            OwnAccount,
                            "INSERT INTO logins (id, person_id, token_hash, created_at, last_seen_at, expires_at) VALUES ($1, $2, $3, $4, $4, $5)"
                        ),
                        args![login, person, digest, now, now + 7 * pmos_kit::clock::DAY],
                    )
                    .await
            })
        }))
        .await
        .unwrap();
    token.expose().to_owned()
}

impl App {
    /// The same person with a sign-in of its own, so that signing it out ends nobody else's.
    pub async fn sign_in_anew(&self, person: &Person) -> Person {
        if person.token.is_none() {
            return person.clone();
        }
        let token = sign_in(&self.running, &person.id).await;
        Person { token: Some(token), ..person.clone() }
    }

    /// Somebody new, who joins the workspace.
    pub async fn newcomer(&self, workspace: &Workspace, role: Role) -> Person {
        let name = format!("newcomer-{}", pmos_kit::uuid_v4(&OsRng));
        let mut newcomer = person(&self.running, &name, false).await;
        join(&self.running, &workspace.id, &newcomer, "Newcomer", role).await;
        newcomer.enter(&workspace.id);
        newcomer
    }

    /// Let somebody be a member again who left.
    pub async fn rejoin(&self, workspace: &Workspace, person: &Person, role: Role) {
        join(&self.running, &workspace.id, person, "Again", role).await;
    }
}

async fn workspace(running: &Running, canary: &'static str) -> Workspace {
    let letter = &canary[..5];
    let mut admin = person(running, &format!("{letter}-admin"), false).await;
    let made = admin.call("workspaces.create", json!({ "name": format!("Workspace {canary}") })).await.ok();
    let id: WorkspaceId = made["id"].as_str().unwrap().parse().unwrap();
    admin.enter(&id);
    let mut others = Vec::new();
    for (name, role) in [("member", Role::Member), ("colleague", Role::Member), ("viewer", Role::Viewer)] {
        let mut other = person(running, &format!("{letter}-{name}"), false).await;
        join(running, &id, &other, name, role).await;
        other.enter(&id);
        others.push(other);
    }
    let viewer = others.pop().unwrap();
    let colleague = others.pop().unwrap();
    let member = others.pop().unwrap();
    let none = String::new();
    Workspace {
        id,
        admin,
        member,
        colleague,
        viewer,
        agent: none.clone(),
        session: none.clone(),
        session_id: none,
        canary,
    }
}

async fn join(running: &Running, workspace: &WorkspaceId, person: &Person, name: &str, role: Role) {
    let (workspace, id, email, name) = (workspace.clone(), person.id.clone(), person.email.clone(), name.to_owned());
    running
        .house
        .store()
        .write_global(Box::new(move |global| {
            let scope = global.within(workspace, id.clone(), Role::Admin);
            Box::pin(async move {
                scope
                    .run(
                        sql!("INSERT INTO members (workspace_id, person_id, role, email, name, joined_at) VALUES ($1, $2, $3, $4, $5, $6)"),
                        args![id, role.as_str(), email, name, scope.now()],
                    )
                    .await
            })
        }))
        .await
        .unwrap();
}

/// The member makes an agent and a session, and talks; the canary stands in all of it.
async fn furnish(workspace: &mut Workspace) {
    let canary = workspace.canary;
    let member = &workspace.member;
    let agent = member
        .call("agents.create", json!({ "name": format!("Agent {canary}"), "description": canary, "emoji": "🦊" }))
        .await
        .ok();
    workspace.agent = agent["agentId"].as_str().unwrap().to_owned();
    member
        .call(
            "agents.files.set",
            json!({ "agentId": workspace.agent, "name": "AGENTS.md", "content": format!("Say {canary}.") }),
        )
        .await
        .ok();
    let session = member
        .call("sessions.create", json!({ "agentId": workspace.agent, "label": format!("Session {canary}") }))
        .await
        .ok();
    workspace.session = session["key"].as_str().unwrap().to_owned();
    workspace.session_id = session["sessionId"].as_str().unwrap().to_owned();
    let key = format!("first-{canary}");
    member
        .call(
            "chat.send",
            json!({ "sessionKey": workspace.session, "message": format!("Hello {canary}"), "idempotencyKey": key }),
        )
        .await
        .ok();
    let ended = member.call("agent.wait", json!({ "runId": key, "timeoutMs": 20_000 })).await.ok();
    assert_eq!(ended["status"], "ok", "{ended}");
}
