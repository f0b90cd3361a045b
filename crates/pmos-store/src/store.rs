//! The store: opens a database, checks who calls, and runs handlers.

use crate::core::{Conn, Core, Effects, Surroundings};
use crate::counters::Counters;
use crate::grant::{self, Credential, Grant, Identity};
use crate::postgres::{self, Transaction};
use crate::scope::{Global, Read, Scope, Write};
use crate::sqlite::{self, Ran, Sqlite};
use crate::{args, global_sql, migrate};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use pmos_kit::{Error, PersonId, Result, Role, WorkspaceId};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{oneshot, watch};

/// Where the rows are.
#[derive(Debug, Clone)]
pub enum Database {
    /// A file, for one process.
    Sqlite(PathBuf),
    /// A server, for any number of them: a `postgres://` URL.
    Postgres(String),
}

/// The rows of all workspaces. The only things that come out of it are scopes.
pub struct Store {
    backend: Backend,
    surroundings: Arc<Surroundings>,
    counters: Arc<Counters>,
    epoch: AtomicU64,
    moved: watch::Sender<u64>,
}

enum Backend {
    Sqlite(Sqlite),
    Postgres(deadpool_postgres::Pool),
}

/// A write handler over one workspace.
pub type Body<T> = Box<dyn for<'a> FnOnce(&'a Scope<Write>) -> BoxFuture<'a, Result<T>> + Send>;
/// A write handler over what is global.
pub type GlobalBody<T> = Box<dyn for<'a> FnOnce(&'a Global<Write>) -> BoxFuture<'a, Result<T>> + Send>;

impl Store {
    /// Open the database, bring its schema up to date, and prove that its walls stand.
    ///
    /// # Errors
    /// `UNAVAILABLE` with what to do: the file is in use or unreadable, the server does not answer, the schema is newer
    /// than this program, or row-level security does not bite. Nothing is ever overwritten.
    pub async fn open(database: &Database, surroundings: Surroundings) -> Result<Self> {
        let counters = Arc::new(Counters::default());
        let backend = match database {
            Database::Sqlite(path) => {
                // The lock first: a file in use is not migrated under whoever uses it.
                let lock = sqlite::lock_file(path)?;
                migrate::sqlite(path)?;
                Backend::Sqlite(Sqlite::open(path, lock, counters.clone())?)
            }
            Database::Postgres(url) => {
                refuse_tls(url)?;
                let config: tokio_postgres::Config = url.parse().map_err(|e| {
                    Error::invalid("the database URL is not one of PostgreSQL: postgres://user@host/name").with_cause(e)
                })?;
                migrate::postgres(&config).await?;
                let pool = postgres::pool(config)?;
                migrate::prove_row_security(&pool).await?;
                Backend::Postgres(pool)
            }
        };
        let store = Self {
            backend,
            surroundings: Arc::new(surroundings),
            counters,
            epoch: AtomicU64::new(0),
            moved: watch::channel(0).0,
        };
        store.refresh_epoch().await?;
        Ok(store)
    }

    /// Which database this is, for people.
    pub fn kind(&self) -> &'static str {
        match self.backend {
            Backend::Sqlite(_) => "sqlite",
            Backend::Postgres(_) => "postgres",
        }
    }

    /// What the metrics page shows.
    pub fn counters(&self) -> &Counters {
        &self.counters
    }

    /// What handlers may use besides their rows.
    pub fn surroundings(&self) -> &Arc<Surroundings> {
        &self.surroundings
    }

    /// The number that moves on whenever anybody's authority is taken away.
    pub fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }

    /// Tells of each move of the epoch, so that live connections re-check theirs.
    pub fn epoch_moves(&self) -> watch::Receiver<u64> {
        self.moved.subscribe()
    }

    /// Watch for authority that another replica took away. On SQLite there is no other.
    pub async fn watch_epoch(&self) {
        if let Backend::Sqlite(_) = self.backend {
            return std::future::pending().await;
        }
        loop {
            tokio::time::sleep(Duration::from_millis(300)).await;
            if let Err(error) = self.refresh_epoch().await {
                tracing::warn!(%error, "the epoch could not be read");
            }
        }
    }

    async fn refresh_epoch(&self) -> Result<()> {
        let epoch: i64 =
            self.global().one(global_sql!(SignIn, "SELECT epoch FROM authority WHERE id = 1"), args![]).await?;
        let epoch = epoch.unsigned_abs();
        if self.epoch.fetch_max(epoch, Ordering::AcqRel) < epoch {
            self.moved.send_replace(epoch);
        }
        Ok(())
    }

    /// Check a credential.
    ///
    /// # Errors
    /// `UNAUTHENTICATED` if it does not hold, for whatever reason.
    pub async fn identify(&self, credential: Credential<'_>) -> Result<Identity> {
        // The epoch is read first: what changes in between makes the identity stale at once.
        let epoch = self.epoch();
        grant::identify(&self.global(), credential, epoch).await
    }

    /// Admit an identity to a workspace.
    ///
    /// # Errors
    /// `NOT_FOUND` for a workspace that is not theirs, or that is not there.
    pub async fn admit(&self, identity: &Identity, workspace: &WorkspaceId) -> Result<Grant> {
        grant::admit(&self.global(), identity, workspace).await
    }

    /// The grant for work that a committed row asks for. The person's role is read anew: who left does nothing more.
    ///
    /// # Errors
    /// `NOT_FOUND` if the person is no longer a member, or the workspace is being deleted.
    pub async fn admit_work(&self, workspace: &WorkspaceId, person: &PersonId) -> Result<Grant> {
        let role: Role = self
            .global()
            .one(
                global_sql!(
                    Jobs,
                    "SELECT m.role FROM members m JOIN workspaces w ON w.workspace_id = m.workspace_id
                     WHERE m.workspace_id = $1 AND m.person_id = $2 AND w.deleting_at IS NULL"
                ),
                args![workspace, person],
            )
            .await?;
        Ok(Grant::for_work(workspace.clone(), person.clone(), role))
    }

    /// Write down that a credential is in use. Best effort: a full queue costs minutes of accuracy, not the call.
    pub async fn touch(&self, identity: &Identity) {
        let (actor, person) = (identity.actor().clone(), identity.person().clone());
        let written = self
            .write_global(Box::new(move |global| {
                async move {
                    let now = global.now();
                    match &actor {
                        grant::Actor::Login(login) => {
                            global
                                .run(
                                    global_sql!(SignIn, "UPDATE logins SET last_seen_at = $1 WHERE id = $2"),
                                    args![now, login],
                                )
                                .await?;
                            global
                                .run(
                                    global_sql!(SignIn, "UPDATE people SET last_seen_at = $1 WHERE id = $2"),
                                    args![now, person],
                                )
                                .await?;
                        }
                        grant::Actor::Key(key) => {
                            global
                                .run(
                                    global_sql!(SignIn, "UPDATE api_keys SET last_used_at = $1 WHERE id = $2"),
                                    args![now, key],
                                )
                                .await?;
                        }
                        grant::Actor::Newcomer | grant::Actor::Work => {}
                    }
                    Ok(())
                }
                .boxed()
            }))
            .await;
        if let Err(error) = written {
            tracing::warn!(%error, "that a credential is in use could not be written down");
        }
    }

    /// The rows of a workspace, to read.
    pub fn read(&self, grant: Grant) -> Scope<Read> {
        Scope::new(Arc::new(self.core(self.reader())), grant)
    }

    /// What is global, to read.
    pub fn global(&self) -> Global<Read> {
        Global::new(Arc::new(self.core(self.reader())))
    }

    fn reader(&self) -> Conn {
        match &self.backend {
            Backend::Sqlite(sqlite) => Conn::SqliteRead(sqlite.readers()),
            Backend::Postgres(pool) => Conn::PostgresRead(pool.clone()),
        }
    }

    fn core(&self, conn: Conn) -> Core {
        Core::new(conn, self.surroundings.clone())
    }

    /// Run a write handler over a workspace in one transaction. When this returns `Ok`, it is committed.
    ///
    /// # Errors
    /// The handler's own; `UNAVAILABLE` if the change could not be stored. In both cases nothing of it was kept.
    pub async fn write<T: Send + 'static>(&self, grant: Grant, body: Body<T>) -> Result<(T, Effects)> {
        self.transact(Box::new(move |core| {
            async move {
                let scope = Scope::new(core, grant);
                body(&scope).await
            }
            .boxed()
        }))
        .await
    }

    /// Run a write handler over what is global, likewise.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn write_global<T: Send + 'static>(&self, body: GlobalBody<T>) -> Result<(T, Effects)> {
        self.transact(Box::new(move |core| {
            async move {
                let global = Global::new(core);
                body(&global).await
            }
            .boxed()
        }))
        .await
    }

    async fn transact<T: Send + 'static>(&self, handler: Handler<T>) -> Result<(T, Effects)> {
        let (answer, answered) = oneshot::channel();
        match &self.backend {
            Backend::Sqlite(sqlite) => sqlite.submit(self.sqlite_task(handler, answer))?,
            // A task of its own: a caller that goes away does not tear the transaction.
            Backend::Postgres(pool) => {
                let (pool, surroundings, counters) = (pool.clone(), self.surroundings.clone(), self.counters.clone());
                tokio::spawn(async move {
                    let result = postgres_transaction(&pool, surroundings, handler).await;
                    if result.is_ok() {
                        counters.commits.fetch_add(1, Ordering::Relaxed);
                        counters.writes.fetch_add(1, Ordering::Relaxed);
                    }
                    // Whoever asked may be gone; the commit stands all the same.
                    drop(answer.send(result));
                });
            }
        }
        let (value, effects) = answered.await.map_err(|_| Error::unavailable("the server is shutting down"))??;
        if effects.revokes {
            self.advance_epoch().await;
        }
        Ok((value, effects))
    }

    fn sqlite_task<T: Send + 'static>(
        &self,
        handler: Handler<T>,
        answer: oneshot::Sender<Result<(T, Effects)>>,
    ) -> sqlite::Task {
        let surroundings = self.surroundings.clone();
        Box::new(move |connection| {
            let core = Arc::new(Core::new(Conn::SqliteWrite(connection), surroundings));
            let result = core.verdict(sqlite::drive(handler(core.clone())));
            let effects = std::mem::take(&mut *core.effects.lock());
            Ran {
                keep: result.is_ok(),
                answer: Box::new(move |committed| {
                    drop(answer.send(result.and_then(|value| committed.map(|()| (value, effects)))));
                }),
            }
        })
    }

    /// Move the epoch, here at once and for other replicas in the database.
    async fn advance_epoch(&self) {
        let stored = Box::pin(self.write_global(Box::new(|global| {
            async move {
                global
                    .one::<i64, true>(
                        global_sql!(SignIn, "UPDATE authority SET epoch = epoch + 1 WHERE id = 1 RETURNING epoch"),
                        args![],
                    )
                    .await
            }
            .boxed()
        })));
        let epoch = match stored.await {
            Ok((epoch, _)) => epoch.unsigned_abs(),
            Err(error) => {
                tracing::error!(%error, "the epoch could not be stored: other replicas learn of it within minutes");
                self.epoch() + 1
            }
        };
        self.epoch.fetch_max(epoch, Ordering::AcqRel);
        self.moved.send_replace(epoch);
    }
}

/// The driver speaks no TLS. A URL that asks for it must not be answered with a connection in plain words, nor with
/// words that send its reader elsewhere.
fn refuse_tls(url: &str) -> Result<()> {
    let modes = ["sslmode=require", "sslmode=verify-ca", "sslmode=verify-full", "sslnegotiation=direct"];
    match modes.iter().find(|mode| url.contains(*mode)) {
        None => Ok(()),
        Some(mode) => Err(Error::invalid(format!(
            "the database URL says {mode}, and this program speaks to PostgreSQL without TLS: reach the server over a network of your own, or through a tunnel (ssh, stunnel, pgbouncer), and leave that out"
        ))),
    }
}

type Handler<T> = Box<dyn FnOnce(Arc<Core>) -> BoxFuture<'static, Result<T>> + Send>;

async fn postgres_transaction<T>(
    pool: &deadpool_postgres::Pool,
    surroundings: Arc<Surroundings>,
    handler: Handler<T>,
) -> Result<(T, Effects)> {
    let transaction = Transaction::begin(pool).await?;
    let core = Arc::new(Core::new(Conn::PostgresWrite(Box::new(transaction)), surroundings));
    let answer = std::panic::AssertUnwindSafe(handler(core.clone())).catch_unwind().await;
    let answer = core.verdict(answer.unwrap_or_else(|_| Err(Error::internal("a write handler panicked"))));
    let effects = std::mem::take(&mut *core.effects.lock());
    // The handler kept no scope, so this is the last hold on the transaction.
    let Some(Core { conn: Conn::PostgresWrite(transaction), .. }) = Arc::into_inner(core) else {
        return Err(Error::internal("a write handler kept its scope"));
    };
    match answer {
        Ok(value) => transaction.commit().await.map(|()| (value, effects)),
        Err(error) => {
            if let Err(cause) = transaction.rollback().await {
                tracing::warn!(%cause, "a transaction could not be rolled back; its connection is closed");
            }
            Err(error)
        }
    }
}
