//! What a scope and a global view have in common: a connection, the clock, and what happens after the commit.

use crate::event::Event;
use crate::postgres::{self, Transaction, View};
use crate::sql::Text;
use crate::sqlite::{self, Readers};
use crate::value::{Arg, Row};
use parking_lot::Mutex;
use pmos_kit::{Clock, Error, Result, Rng};
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A way to the database, for as long as one handler runs.
pub(crate) enum Conn {
    SqliteRead(Arc<Readers>),
    SqliteWrite(Arc<Mutex<rusqlite::Connection>>),
    PostgresRead(deadpool_postgres::Pool),
    PostgresWrite(Box<Transaction>),
}

/// What every handler may use besides its rows, wired once at start.
pub struct Surroundings {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub rng: Arc<dyn Rng>,
    services: HashMap<TypeId, Arc<dyn Any + Send + Sync>>,
}

impl Surroundings {
    /// Time and randomness, and no services yet.
    pub fn new(clock: Arc<dyn Clock>, rng: Arc<dyn Rng>) -> Self {
        Self { clock, rng, services: HashMap::new() }
    }

    /// Add a service that handlers of a domain ask for by its type, such as the runs that are live.
    #[must_use]
    pub fn with<T: Any + Send + Sync>(mut self, service: Arc<T>) -> Self {
        self.services.insert(TypeId::of::<T>(), service);
        self
    }

    /// The service of this type.
    ///
    /// # Errors
    /// `INTERNAL` if nobody wired it.
    pub fn service<T: Any + Send + Sync>(&self) -> Result<Arc<T>> {
        self.services
            .get(&TypeId::of::<T>())
            .and_then(|service| service.clone().downcast().ok())
            .ok_or_else(|| Error::internal(format!("no service {} was wired", std::any::type_name::<T>())))
    }
}

/// What a write asks for once it is committed, and not before.
#[derive(Debug, Default)]
pub struct Effects {
    /// To be published to the workspace's topic, in this order.
    pub events: Vec<Event>,
    /// Somebody lost authority: sessions re-check theirs at once.
    pub revokes: bool,
    /// What the change was about, for the audit trail, if the handler said so.
    pub subject: Option<String>,
    /// Local work that may start now, such as a run whose row is stored.
    pub then: Vec<Then>,
}

/// Local work that starts after the commit. It is a hint that saves waiting: the row is what makes the work happen.
pub struct Then(pub Box<dyn FnOnce() + Send>);

impl std::fmt::Debug for Then {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Then")
    }
}

pub(crate) struct Core {
    pub(crate) conn: Conn,
    pub(crate) surroundings: Arc<Surroundings>,
    pub(crate) effects: Mutex<Effects>,
    failed: AtomicBool,
}

impl Core {
    pub(crate) fn new(conn: Conn, surroundings: Arc<Surroundings>) -> Self {
        Self { conn, surroundings, effects: Mutex::new(Effects::default()), failed: AtomicBool::new(false) }
    }

    /// Run one statement; returns how many rows it changed.
    pub(crate) async fn query(
        &self,
        view: &View,
        text: Text,
        args: &[Arg<'_>],
        each: &mut (dyn FnMut(&Row<'_>) -> Result<()> + Send),
    ) -> Result<u64> {
        let workspace = match view {
            View::Workspace(workspace) => Some(workspace.as_str()),
            View::Global => None,
        };
        let result = match &self.conn {
            Conn::SqliteRead(readers) => {
                readers.with(|connection| sqlite::query(connection, text, workspace, args, each))
            }
            Conn::SqliteWrite(connection) => sqlite::query(&connection.lock(), text, workspace, args, each),
            Conn::PostgresRead(pool) => postgres::read(pool, view, text, args, each).await.map(|()| 0),
            Conn::PostgresWrite(transaction) => transaction.query(view, text, args, each).await,
        };
        if result.is_err() {
            self.failed.store(true, Ordering::Relaxed);
        }
        result
    }

    /// The handler's answer, unless one of its statements failed and it went on all the same: PostgreSQL has then given
    /// up the transaction, so SQLite must not keep it either.
    pub(crate) fn verdict<T>(&self, answer: Result<T>) -> Result<T> {
        match answer {
            Ok(_) if self.failed.load(Ordering::Relaxed) => {
                Err(Error::internal("a statement failed, and its handler went on: after an error a handler returns it"))
            }
            answer => answer,
        }
    }
}
