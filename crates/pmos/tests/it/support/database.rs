//! A database of its own for each test: a file, or a copy of a migrated template on the PostgreSQL server.

use pmos_kit::{Secret, WorkspaceId};
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::OnceCell;
use tokio_postgres::{Client, NoTls};

/// The tables of a workspace, but for those that merely note use: what a refused call must leave as it is.
const TABLES: [&str; 15] = [
    "workspaces",
    "members",
    "invites",
    "api_keys",
    "act_grants",
    "workspace_keys",
    "audit",
    "quota_counters",
    "jobs",
    "providers",
    "agents",
    "agent_files",
    "sessions",
    "messages",
    "runs",
];

pub(super) enum TestDatabase {
    Sqlite(TempDir),
    /// With a connection to look at the rows with, once somebody does.
    Postgres {
        data: TempDir,
        name: String,
        looking: OnceCell<Box<Client>>,
    },
}

/// Where the PostgreSQL server of the tests is, without the name of a database.
fn server() -> String {
    #[expect(clippy::disallowed_methods, reason = "the tests' own switch")]
    let url = std::env::var("PMOS_TEST_POSTGRES_URL");
    url.unwrap_or_else(|_| "postgres://root@127.0.0.1:5432/postgres".into())
}

fn on_postgres() -> bool {
    #[expect(clippy::disallowed_methods, reason = "the tests' own switch")]
    let chosen = std::env::var("PMOS_TEST_DATABASE");
    match chosen.as_deref() {
        Ok("postgres") => true,
        Ok("sqlite") | Err(_) => false,
        Ok(other) => panic!("PMOS_TEST_DATABASE is sqlite or postgres, not {other:?}"),
    }
}

impl TestDatabase {
    pub(super) async fn make() -> Self {
        let data = TempDir::new().unwrap();
        if !on_postgres() {
            return Self::Sqlite(data);
        }
        let name = format!("pmos_test_{}", pmos_kit::uuid_v4(&pmos_kit::OsRng).replace('-', ""));
        let client = connect("postgres").await;
        client.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
        // What a power cut would take does not matter to a test, and half a thousand commits a second do.
        client.batch_execute(&format!("ALTER DATABASE {name} SET synchronous_commit = off")).await.unwrap();
        Self::Postgres { data, name, looking: OnceCell::new() }
    }

    pub(super) fn data_dir(&self) -> &Path {
        match self {
            Self::Sqlite(data) | Self::Postgres { data, .. } => data.path(),
        }
    }

    pub(super) fn url(&self) -> Option<Secret> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres { name, .. } => Some(Secret::new(url_of(name))),
        }
    }

    pub(super) async fn checksum(&self, workspace: &WorkspaceId) -> String {
        let mut sum = String::new();
        match self {
            Self::Sqlite(data) => {
                let file = data.path().join("pmos.db");
                let connection = rusqlite::Connection::open(file).unwrap();
                for table in TABLES {
                    let columns = columns_sqlite(&connection, table);
                    let text = format!("SELECT {} FROM {table} WHERE workspace_id = ?1 ORDER BY 1", joined(&columns));
                    let mut statement = connection.prepare(&text).unwrap();
                    let rows = statement.query_map([workspace.as_str()], |row| row.get::<_, String>(0)).unwrap();
                    rows.for_each(|row| sum.push_str(&format!("{table}: {}\n", row.unwrap())));
                }
            }
            Self::Postgres { name, looking, .. } => {
                let client = looking.get_or_init(async || Box::new(connect(name).await)).await;
                let rows_of = |table| {
                    format!(
                        "SELECT '{table}: ' || (to_jsonb(t) - 'last_used_at' - 'usage_seq')::text FROM {table} t WHERE workspace_id = $1"
                    )
                };
                // All at once: this is asked for after each of a thousand calls.
                let text = TABLES.map(rows_of).join(" UNION ALL ") + " ORDER BY 1";
                for row in client.query(&text, &[&workspace.as_str()]).await.unwrap() {
                    sum.push_str(&row.get::<_, String>(0));
                    sum.push('\n');
                }
            }
        }
        sum
    }
}

fn columns_sqlite(connection: &rusqlite::Connection, table: &str) -> Vec<String> {
    let mut statement = connection.prepare(&format!("PRAGMA table_info({table})")).unwrap();
    let names = statement.query_map([], |row| row.get::<_, String>(1)).unwrap();
    names.map(Result::unwrap).filter(|name| name != "last_used_at" && name != "usage_seq").collect()
}

fn joined(columns: &[String]) -> String {
    columns.iter().map(|name| format!("COALESCE(CAST({name} AS TEXT), '-')")).collect::<Vec<_>>().join(" || '|' || ")
}

fn url_of(name: &str) -> String {
    let server = server();
    let (base, _) = server.rsplit_once('/').unwrap();
    format!("{base}/{name}")
}

async fn connect(name: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(&url_of(name), NoTls).await.unwrap_or_else(|error| {
        panic!("no PostgreSQL for the tests at {}: {error}; set PMOS_TEST_POSTGRES_URL", url_of(name))
    });
    tokio::spawn(connection);
    client
}

impl Drop for TestDatabase {
    /// The database goes with the test; on a thread of its own, because a test's runtime may be gone.
    fn drop(&mut self) {
        let Self::Postgres { name, .. } = self else { return };
        let name = name.clone();
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let client = connect("postgres").await;
                let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                drop_within(&client, &drop).await;
            });
        });
        // A test that failed already must not be hidden by a second panic.
        let _ = dropped.join();
    }
}

async fn drop_within(client: &Client, statement: &str) {
    let done = tokio::time::timeout(Duration::from_secs(10), client.batch_execute(statement)).await;
    if let Ok(Err(error)) = done {
        eprintln!("a test's database was left behind: {error}");
    }
}
