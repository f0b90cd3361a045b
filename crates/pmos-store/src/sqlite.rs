//! SQLite: one writer with group commit, and readers that run where they are called.
//!
//! WAL with `synchronous=FULL`: what was accepted survives a power cut. A commit costs one fsync, so the writer takes
//! all handlers that wait, runs each in a savepoint of one transaction, commits once, then answers all of them.
//! Readers do not hop to another thread: a one-row read costs 7 µs, the hop 10 more, and a WAL reader never waits.

use crate::counters::Counters;
use crate::sql::Text;
use crate::value::{Arg, Raw, Row};
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use pmos_kit::{Error, Result};
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags};
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use tokio::sync::mpsc;

/// Write handlers that may wait. When it is full a caller is told to come back: nobody is queued without bound.
const QUEUE: usize = 4_096;
/// Write handlers that share one commit at most, so that the first of them is not kept waiting for long.
const BATCH: usize = 256;
const STATEMENTS_KEPT: usize = 256;

pub(crate) struct Sqlite {
    readers: Arc<Readers>,
    writer: mpsc::Sender<Task>,
    thread: Mutex<Option<std::thread::JoinHandle<()>>>,
    _lock: File,
}

/// A write handler on its way to the writer. It runs with the connection, and answers once it knows of the commit.
pub(crate) type Task = Box<dyn FnOnce(Arc<Mutex<Connection>>) -> Ran + Send>;
/// A handler that ran: whether its changes stay, and how to answer its caller.
pub(crate) struct Ran {
    pub(crate) keep: bool,
    pub(crate) answer: Box<dyn FnOnce(Result<()>) + Send>,
}

impl Sqlite {
    /// Open the database file, which the lock keeps for this process.
    pub(crate) fn open(path: &Path, lock: File, counters: Arc<Counters>) -> Result<Self> {
        let writer = connect(path)?;
        let health: String =
            writer.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(|e| unreadable(path, &e))?;
        if health != "ok" {
            return Err(unreadable(path, &health));
        }
        let (sender, receiver) = mpsc::channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || write_loop(&Arc::new(Mutex::new(writer)), receiver, &counters))
            .map_err(Error::internal)?;
        let readers = Arc::new(Readers { path: path.to_owned(), idle: Mutex::new(Vec::new()) });
        Ok(Self { readers, writer: sender, thread: Mutex::new(Some(thread)), _lock: lock })
    }

    pub(crate) fn readers(&self) -> Arc<Readers> {
        self.readers.clone()
    }

    pub(crate) fn submit(&self, task: Task) -> Result<()> {
        self.writer.try_send(task).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => {
                Error::unavailable_for(100, "the database is busy: try again in a moment")
            }
            mpsc::error::TrySendError::Closed(_) => Error::unavailable("the server is shutting down"),
        })
    }
}

impl Drop for Sqlite {
    /// Waits for the writer, so that whatever was accepted is committed when the store is gone.
    fn drop(&mut self) {
        let (closed, _) = mpsc::channel(1);
        drop(std::mem::replace(&mut self.writer, closed));
        if let Some(thread) = self.thread.lock().take()
            && thread.join().is_err()
        {
            tracing::error!("the store's writer panicked");
        }
    }
}

/// Take the file for this process alone: a second server on it is refused.
pub(crate) fn lock_file(path: &Path) -> Result<File> {
    let lock_path = path.with_extension("lock");
    let file = File::options()
        .create(true)
        .write(true)
        .truncate(false)
        .open(&lock_path)
        .map_err(|e| Error::unavailable(format!("{} cannot be written: {e}", lock_path.display())))?;
    file.try_lock().map_err(|_| {
        Error::unavailable(format!(
            "{} is in use by another pmos: SQLite means one process; several need --database-url postgres://…",
            path.display()
        ))
    })?;
    Ok(file)
}

fn unreadable(path: &Path, cause: &dyn std::fmt::Display) -> Error {
    Error::unavailable(format!(
        "the database {} cannot be read, so the server does not start and nothing was changed: restore a backup, or move the file away",
        path.display()
    ))
    .with_cause(cause)
}

/// A connection with our settings. Used for migrations too.
pub(crate) fn connect(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|e| unreadable(path, &e))?;
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;
             PRAGMA cache_size = -2000; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;",
        )
        .map_err(|e| unreadable(path, &e))?;
    // A plan that depends on a bound value, as LIKE's may, is made anew whenever it is bound: a sixth of a list's CPU.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(|e| unreadable(path, &e))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    Ok(connection)
}

/// Connections that read. As many as read at once, which the number of worker threads bounds.
pub(crate) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(crate) fn with<T>(&self, body: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let idle = self.idle.lock().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => {
                let connection = connect(&self.path)?;
                connection.pragma_update(None, "query_only", true).map_err(Error::internal)?;
                connection
            }
        };
        let result = body(&connection);
        self.idle.lock().push(connection);
        result
    }
}

fn write_loop(connection: &Arc<Mutex<Connection>>, mut queue: mpsc::Receiver<Task>, counters: &Counters) {
    while let Some(first) = queue.blocking_recv() {
        let mut batch = Vec::with_capacity(8);
        batch.push(first);
        while batch.len() < BATCH
            && let Ok(task) = queue.try_recv()
        {
            batch.push(task);
        }
        run_batch(connection, batch, counters);
    }
}

/// Run the batch in one transaction, commit, then tell each caller. If the transaction was lost, every caller fails.
fn run_batch(connection: &Arc<Mutex<Connection>>, batch: Vec<Task>, counters: &Counters) {
    let mut answers = Vec::with_capacity(batch.len());
    let mut kept = 0;
    let outcome = (|| {
        execute(connection, "BEGIN IMMEDIATE")?;
        for task in batch {
            execute(connection, "SAVEPOINT handler")?;
            let ran = task(connection.clone());
            answers.push(ran.answer);
            kept += u64::from(ran.keep);
            if connection.lock().is_autocommit() {
                return Err(Error::internal("a statement ended the transaction that others share"));
            }
            if !ran.keep {
                execute(connection, "ROLLBACK TO handler")?;
            }
            execute(connection, "RELEASE handler")?;
        }
        if kept == 0 { execute(connection, "ROLLBACK") } else { execute(connection, "COMMIT") }
    })();
    match outcome {
        Ok(()) => {
            counters.commits.fetch_add(u64::from(kept > 0), std::sync::atomic::Ordering::Relaxed);
            counters.writes.fetch_add(kept, std::sync::atomic::Ordering::Relaxed);
            answers.into_iter().for_each(|answer| answer(Ok(())));
        }
        Err(cause) => {
            tracing::error!(%cause, "a batch of writes was not committed");
            if !connection.lock().is_autocommit()
                && let Err(again) = execute(connection, "ROLLBACK")
            {
                tracing::error!(cause = %again, "and could not be rolled back");
            }
            for answer in answers {
                answer(Err(
                    Error::unavailable("the change could not be stored: nothing of it was kept").with_cause(&cause)
                ));
            }
        }
    }
}

fn execute(connection: &Mutex<Connection>, statement: &'static str) -> Result<()> {
    let connection = connection.lock();
    let mut statement = connection.prepare_cached(statement).map_err(Error::internal)?;
    statement.raw_execute().map(drop).map_err(|e| Error::internal(format!("{e}")))
}

/// Poll a write handler to its end. It awaits nothing but its scope, which on SQLite is ready at once.
pub(crate) fn drive<T>(mut handler: BoxFuture<'_, Result<T>>) -> Result<T> {
    let mut context = Context::from_waker(Waker::noop());
    match catch_unwind(AssertUnwindSafe(|| handler.as_mut().poll(&mut context))) {
        Ok(Poll::Ready(result)) => result,
        Ok(Poll::Pending) => Err(Error::internal("a write handler awaited something else than its scope")),
        Err(_) => Err(Error::internal("a write handler panicked")),
    }
}

/// Run one statement and hand each row to `each`; returns how many rows it changed.
pub(crate) fn query(
    connection: &Connection,
    text: Text,
    first: Option<&str>,
    args: &[Arg<'_>],
    each: &mut dyn FnMut(&Row<'_>) -> Result<()>,
) -> Result<u64> {
    let mut statement =
        connection.prepare_cached(text.sqlite).map_err(|e| Error::internal(format!("{e} in {}", text.sqlite)))?;
    // `$1` may stand nowhere in the text of a statement without tables; then it is not bound either.
    let offset = usize::from(first.is_some());
    let wanted = statement.parameter_count();
    if let (Some(workspace), true) = (first, wanted > 0) {
        statement.raw_bind_parameter(1, workspace).map_err(Error::internal)?;
    }
    for (place, arg) in args.iter().enumerate() {
        statement
            .raw_bind_parameter(place + 1 + offset, arg)
            .map_err(|e| Error::internal(format!("{e} in {}", text.sqlite)))?;
    }
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(|e| failure(&e))? {
        each(&Row(Raw::Sqlite(row)))?;
    }
    drop(rows);
    Ok(connection.changes())
}

fn failure(error: &rusqlite::Error) -> Error {
    use rusqlite::ffi;
    let code = error.sqlite_error().map_or(0, |e| e.extended_code);
    match code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => {
            Error::conflict("this exists already").with_cause(error)
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Error::not_found().with_cause(error),
        _ => match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => {
                Error::unavailable("the disk is full: nothing was stored").with_cause(error)
            }
            Some(rusqlite::ErrorCode::DatabaseBusy) => {
                Error::unavailable_for(200, "the database is busy").with_cause(error)
            }
            _ => Error::internal(error),
        },
    }
}

impl rusqlite::ToSql for Arg<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Arg::Null => ValueRef::Null,
            Arg::Int(int) => ValueRef::Integer(*int),
            Arg::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::StatementStatus;

    /// A list that may be searched is planned once, whatever it is searched for.
    #[test]
    fn a_bound_value_plans_no_statement_anew() {
        let connection = connect(Path::new(":memory:")).unwrap();
        connection.execute_batch("CREATE TABLE notes (text TEXT NOT NULL)").unwrap();
        let mut statement = connection.prepare("SELECT text FROM notes WHERE text LIKE ?1").unwrap();
        for pattern in ["a%", "b%"] {
            statement.raw_bind_parameter(1, pattern).unwrap();
            assert!(statement.raw_query().next().unwrap().is_none());
        }
        assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
    }
}
