//! PostgreSQL: a pool that runs as `pmos_app`, and the second wall of tenancy under every statement.
//!
//! A read is `BEGIN; SET LOCAL app.workspace = …`, the statement and `COMMIT`, sent as one pipelined round trip. The
//! setting is never made inside the statement that it protects: the policy would be evaluated first (decisions.md, 1.1).
//! Each message costs both sides as much as a small read, so what comes before the statement is one of them.
//! A write handler has one transaction. Global statements switch to `pmos_global` for just themselves.

use crate::sql::Text;
use crate::value::{Arg, Raw, Row};
use bytes::BytesMut;
use deadpool_postgres::{Hook, HookError, Manager, ManagerConfig, Object, Pool, RecyclingMethod};
use futures_util::{TryStreamExt, future::try_join3, pin_mut};
use parking_lot::Mutex;
use pmos_kit::{Error, Result, WorkspaceId};
use std::error::Error as StdError;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Config, NoTls};

const POOL: usize = 16;

/// Whose rows a statement may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum View {
    Workspace(WorkspaceId),
    Global,
}

impl View {
    /// What puts it on in a transaction that has the pool's role, until it ends. An id is a UUID by its type, so nothing
    /// in it needs quoting.
    fn enter(&self) -> String {
        match self {
            View::Workspace(id) => format!("SET LOCAL app.workspace = '{id}'"),
            View::Global => "SET LOCAL ROLE pmos_global".to_owned(),
        }
    }
}

/// A pool whose connections have put on the role that owns nothing.
pub(crate) fn pool(config: Config) -> Result<Pool> {
    let manager = Manager::from_config(config, NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
    Pool::builder(manager)
        .max_size(POOL)
        .post_create(Hook::async_fn(|client, _| {
            Box::pin(async move { client.batch_execute("SET ROLE pmos_app").await.map_err(HookError::Backend) })
        }))
        .build()
        .map_err(Error::internal)
}

pub(crate) async fn client(pool: &Pool) -> Result<Object> {
    pool.get().await.map_err(|e| {
        Error::unavailable_for(1_000, "the database does not answer: try again in a moment").with_cause(chain(&e))
    })
}

/// The words of an error and of all that caused it: the driver's own say only "db error".
pub(crate) fn chain(error: &dyn StdError) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        words.push_str(": ");
        words.push_str(&cause.to_string());
        source = cause.source();
    }
    words
}

/// One statement in a transaction of its own.
pub(crate) async fn read(
    pool: &Pool,
    view: &View,
    text: Text,
    args: &[Arg<'_>],
    each: &mut (dyn FnMut(&Row<'_>) -> Result<()> + Send),
) -> Result<()> {
    let client = Pending::of(client(pool).await?);
    // Prepared beforehand: a round trip in the middle of the pipeline would let the statement overtake its setting.
    let statement = client.prepare_cached(text.postgres).await.map_err(|e| failure(&e, text))?;
    // Polled in this order, so sent in this order; the answers come back in one round trip.
    let begin = format!("BEGIN READ ONLY; {}", view.enter());
    let begin = async { client.batch_execute(&begin).await.map_err(|e| failure(&e, text)) };
    let rows = async {
        let mut rows = Vec::new();
        let stream = client
            .query_raw(&statement, params(view, statement.params().len(), args))
            .await
            .map_err(|e| failure(&e, text))?;
        pin_mut!(stream);
        while let Some(row) = stream.try_next().await.map_err(|e| failure(&e, text))? {
            rows.push(row);
        }
        Ok(rows)
    };
    let commit = async { client.batch_execute("COMMIT").await.map_err(|e| failure(&e, text)) };
    let ((), rows, ()) = try_join3(begin, rows, commit).await?;
    client.done();
    rows.iter().try_for_each(|row| each(&Row(Raw::Postgres(row))))
}

fn params<'a>(view: &'a View, wanted: usize, args: &'a [Arg<'a>]) -> Vec<Arg<'a>> {
    let mut params = Vec::with_capacity(args.len() + 1);
    if let (View::Workspace(workspace), true) = (view, wanted > 0) {
        params.push(Arg::Text(workspace.as_str()));
    }
    params.extend_from_slice(args);
    params
}

/// A connection with an open transaction. Unless told that it is done, it is closed and not given back: whatever was
/// open on it is then rolled back by the server.
struct Pending(Option<Object>);

impl Pending {
    fn of(client: Object) -> Self {
        Self(Some(client))
    }

    fn done(mut self) {
        drop(self.0.take());
    }
}

impl std::ops::Deref for Pending {
    type Target = Object;

    #[expect(clippy::expect_used, reason = "it is taken only by the two functions that consume self")]
    fn deref(&self) -> &Object {
        self.0.as_ref().expect("the connection is there until it is given back")
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if let Some(client) = self.0.take() {
            drop(Object::take(client));
        }
    }
}

/// The transaction of a write handler.
pub(crate) struct Transaction {
    client: Pending,
    view: Mutex<Option<View>>,
}

impl Transaction {
    pub(crate) async fn begin(pool: &Pool) -> Result<Self> {
        let client = Pending::of(client(pool).await?);
        client
            .batch_execute("BEGIN")
            .await
            .map_err(|e| Error::unavailable("the database does not answer").with_cause(chain(&e)))?;
        Ok(Self { client, view: Mutex::new(None) })
    }

    pub(crate) async fn query(
        &self,
        view: &View,
        text: Text,
        args: &[Arg<'_>],
        each: &mut (dyn FnMut(&Row<'_>) -> Result<()> + Send),
    ) -> Result<u64> {
        if self.view.lock().as_ref() != Some(view) {
            // The role first, because a handler may come from a global statement of the same transaction.
            let enter = format!("SET LOCAL ROLE pmos_app; {}", view.enter());
            self.client.batch_execute(&enter).await.map_err(|e| failure(&e, text))?;
            *self.view.lock() = Some(view.clone());
        }
        let statement = self.client.prepare_cached(text.postgres).await.map_err(|e| failure(&e, text))?;
        let stream = self
            .client
            .query_raw(&statement, params(view, statement.params().len(), args))
            .await
            .map_err(|e| failure(&e, text))?;
        pin_mut!(stream);
        while let Some(row) = stream.try_next().await.map_err(|e| failure(&e, text))? {
            each(&Row(Raw::Postgres(&row)))?;
        }
        Ok(stream.rows_affected().unwrap_or(0))
    }

    pub(crate) async fn commit(self) -> Result<()> {
        self.finish("COMMIT").await
    }

    pub(crate) async fn rollback(self) -> Result<()> {
        self.finish("ROLLBACK").await
    }

    async fn finish(self, how: &'static str) -> Result<()> {
        let end = self.client.batch_execute(how).await;
        end.map_err(|e| {
            Error::unavailable("the change could not be stored: nothing of it was kept").with_cause(chain(&e))
        })?;
        self.client.done();
        Ok(())
    }
}

fn failure(error: &tokio_postgres::Error, text: Text) -> Error {
    let cause = || format!("{} in {}", chain(error), text.postgres);
    match error.code() {
        Some(&SqlState::UNIQUE_VIOLATION) => Error::conflict("this exists already").with_cause(cause()),
        Some(&SqlState::FOREIGN_KEY_VIOLATION) => Error::not_found().with_cause(cause()),
        Some(&SqlState::T_R_DEADLOCK_DETECTED | &SqlState::T_R_SERIALIZATION_FAILURE) => {
            Error::unavailable_for(50, "two changes met: try again").with_cause(cause())
        }
        Some(&SqlState::DISK_FULL) => {
            Error::unavailable("the database's disk is full: nothing was stored").with_cause(cause())
        }
        _ if error.is_closed() => Error::unavailable_for(1_000, "the database does not answer").with_cause(cause()),
        _ => Error::internal(cause()),
    }
}

impl ToSql for Arg<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Arg::Null => Ok(IsNull::Yes),
            Arg::Int(int) if *ty == Type::INT8 => int.to_sql(ty, out),
            Arg::Int(int) if *ty == Type::INT4 => i32::try_from(*int)?.to_sql(ty, out),
            Arg::Text(text) if *ty == Type::TEXT => text.to_sql(ty, out),
            other => Err(format!("{other:?} is bound where the statement wants {ty}: add a CAST").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}
