//! A store of its own for each test, with two workspaces.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use pmos_kit::{AgentId, OsRng, PersonId, Result, Role, SystemClock, WorkspaceId, uuid_v4};
use pmos_store::{Database, Scope, Store, Surroundings, Write, args, global_sql, sql};
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;
use tokio_postgres::{Client, NoTls};

/// Where a store's rows are, for as long as a test runs.
pub(crate) struct Place {
    data: TempDir,
    /// The name of the database, on PostgreSQL.
    name: Option<String>,
}

/// A workspace with its admin.
pub(crate) struct Tenant {
    pub(crate) workspace: WorkspaceId,
    pub(crate) person: PersonId,
}

/// A store with workspaces A and B.
pub(crate) struct World {
    pub(crate) store: Arc<Store>,
    pub(crate) a: Tenant,
    pub(crate) b: Tenant,
    pub(crate) place: Place,
}

fn server() -> String {
    #[expect(clippy::disallowed_methods, reason = "the tests' own switch")]
    let url = std::env::var("PMOS_TEST_POSTGRES_URL");
    url.unwrap_or_else(|_| "postgres://root@127.0.0.1:5432/postgres".into())
}

pub(crate) fn on_postgres() -> bool {
    #[expect(clippy::disallowed_methods, reason = "the tests' own switch")]
    let chosen = std::env::var("PMOS_TEST_DATABASE");
    chosen.is_ok_and(|chosen| chosen == "postgres")
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

impl Place {
    pub(crate) async fn new() -> Self {
        let data = TempDir::new().unwrap();
        if !on_postgres() {
            return Self { data, name: None };
        }
        let name = format!("pmos_store_{}", uuid_v4(&OsRng).replace('-', ""));
        connect(&server()).await.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
        Self { data, name: Some(name) }
    }

    fn url(&self) -> String {
        let server = server();
        format!("{}/{}", server.rsplit_once('/').unwrap().0, self.name.as_ref().unwrap())
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.data.path().join("pmos.db")
    }

    /// The file, past the store.
    pub(crate) fn sqlite(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.file()).unwrap()
    }

    /// The server, past the store, as whoever owns the tables.
    pub(crate) async fn postgres(&self) -> Client {
        connect(&self.url()).await
    }

    pub(crate) async fn open(&self) -> Result<Store> {
        let database = if self.name.is_some() { Database::Postgres(self.url()) } else { Database::Sqlite(self.file()) };
        Store::open(&database, Surroundings::new(Arc::new(SystemClock), Arc::new(OsRng))).await
    }
}

impl Drop for Place {
    /// The database goes with the test; on a thread of its own, because a test's runtime may be gone.
    fn drop(&mut self) {
        let Some(name) = self.name.take() else { return };
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let client = connect(&server()).await;
                let gone = client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
                gone.unwrap_or_else(|error| eprintln!("a test's database was left behind: {error}"));
            });
        });
        // A test that failed already must not be hidden by a second panic.
        drop(dropped.join());
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        let place = Place::new().await;
        let store = Arc::new(place.open().await.unwrap());
        let (a, b) = (tenant(&store).await, tenant(&store).await);
        Self { store, a, b, place }
    }

    /// The same rows, in a store that was opened anew.
    pub(crate) async fn reopened(mut self) -> Self {
        drop(self.store);
        self.store = Arc::new(self.place.open().await.unwrap());
        self
    }

    /// Run a handler over the tenant's workspace.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        tenant: &Tenant,
        body: impl for<'a> FnOnce(&'a Scope<Write>) -> BoxFuture<'a, Result<T>> + Send + 'static,
    ) -> Result<T> {
        let grant = self.store.admit_work(&tenant.workspace, &tenant.person).await?;
        self.store.write(grant, Box::new(body)).await.map(|(value, _)| value)
    }

    /// Add an agent of this name.
    pub(crate) async fn add(&self, tenant: &Tenant, name: &str) -> Result<()> {
        let name = name.to_owned();
        self.write(tenant, move |scope| async move { insert(scope, &name).await }.boxed()).await
    }

    /// The names of the tenant's agents.
    pub(crate) async fn names(&self, tenant: &Tenant) -> Vec<String> {
        let grant = self.store.admit_work(&tenant.workspace, &tenant.person).await.unwrap();
        let names = sql!("SELECT name FROM agents WHERE workspace_id = $1 ORDER BY name");
        self.store.read(grant).rows(names, args![]).await.unwrap()
    }
}

/// Add an agent of this name, inside a handler.
pub(crate) async fn insert(scope: &Scope<Write>, name: &str) -> Result<()> {
    scope
        .run(
            sql!(
                "INSERT INTO agents (workspace_id, id, name, visibility, created_by, created_at, updated_at)
                 VALUES ($1, $2, $3, 'workspace', $4, 1, 1)"
            ),
            args![AgentId::new(scope.clock(), scope.rng()), name, scope.person()],
        )
        .await
        .map(drop)
}

async fn tenant(store: &Store) -> Tenant {
    let (workspace, person) = (WorkspaceId::new(&OsRng), PersonId::new(&SystemClock, &OsRng));
    let (id, admin) = (workspace.clone(), person.clone());
    let founded = store.write_global(Box::new(move |global| {
        async move {
            let found = global_sql!(
                Lifecycle,
                "INSERT INTO workspaces (workspace_id, name, created_by, created_at) VALUES ($1, 'W', $2, 1)"
            );
            global.run(found, args![id, admin]).await?;
            let scope = global.within(id, admin.clone(), Role::Admin);
            let join = sql!(
                "INSERT INTO members (workspace_id, person_id, role, email, name, joined_at) VALUES ($1, $2, 'admin', 'a@b.c', 'A', 1)"
            );
            scope.run(join, args![admin]).await
        }
        .boxed()
    }));
    founded.await.unwrap();
    Tenant { workspace, person }
}
