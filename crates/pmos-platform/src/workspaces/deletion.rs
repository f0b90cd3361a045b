//! Taking a workspace down, a piece at a time.
//!
//! Each piece is a transaction of its own, so that other writers are not kept waiting; after a crash the next attempt
//! goes on with what is left. Children go before their parents, whoever may still act goes first, and the workspace's
//! own row goes last, which takes the small rest along.

use pmos_kit::{Error, PersonId, Result, Role, WorkspaceId};
use pmos_store::{Global, GlobalSql, Sql, Store, Write, args, global_sql, sql};

/// The kind of the job that asks for it.
pub const DELETION: &str = "workspace.delete";
/// Rows that one transaction deletes at most: a few milliseconds.
const PIECE: i64 = 1_000;

/// Whoever could still act, and the key to its secrets. Gone together, before anything else: background work reads its
/// person's role anew.
const AUTHORITY: &[&Sql<true>] = &[
    sql!("DELETE FROM api_keys WHERE workspace_id = $1"),
    sql!("DELETE FROM invites WHERE workspace_id = $1"),
    sql!("DELETE FROM act_grants WHERE workspace_id = $1"),
    sql!("DELETE FROM members WHERE workspace_id = $1"),
    // Without its key nothing that was sealed can be opened again, in no backup of the rows either.
    sql!("DELETE FROM workspace_keys WHERE workspace_id = $1"),
];

/// The tables that grow, children before parents. `$2` is the piece.
const PIECES: &[&Sql<true>] = &[
    sql!(
        "DELETE FROM messages WHERE workspace_id = $1 AND (session_id, seq) IN
         (SELECT session_id, seq FROM messages m WHERE m.workspace_id = $1 LIMIT $2)"
    ),
    sql!(
        "DELETE FROM runs WHERE workspace_id = $1 AND id IN (SELECT r.id FROM runs r WHERE r.workspace_id = $1 LIMIT $2)"
    ),
    sql!(
        "DELETE FROM sessions WHERE workspace_id = $1 AND id IN (SELECT s.id FROM sessions s WHERE s.workspace_id = $1 LIMIT $2)"
    ),
    sql!(
        "DELETE FROM agent_files WHERE workspace_id = $1 AND (agent_id, path) IN
         (SELECT agent_id, path FROM agent_files f WHERE f.workspace_id = $1 LIMIT $2)"
    ),
    sql!(
        "DELETE FROM agents WHERE workspace_id = $1 AND id IN (SELECT a.id FROM agents a WHERE a.workspace_id = $1 LIMIT $2)"
    ),
    sql!(
        "DELETE FROM usage_events WHERE workspace_id = $1 AND idem_key IN
         (SELECT u.idem_key FROM usage_events u WHERE u.workspace_id = $1 LIMIT $2)"
    ),
    sql!(
        "DELETE FROM quota_counters WHERE workspace_id = $1 AND (metric, period_key) IN
         (SELECT metric, period_key FROM quota_counters q WHERE q.workspace_id = $1 LIMIT $2)"
    ),
];

/// The trail goes through the global view: a workspace's own may only add to it.
const TRAIL: &GlobalSql<true> = global_sql!(
    Lifecycle,
    "DELETE FROM audit WHERE workspace_id = $1 AND seq IN (SELECT a.seq FROM audit a WHERE a.workspace_id = $1 LIMIT $2)"
);

/// Delete all rows of a workspace that was marked for it. May be called again after a crash, and once it is done.
///
/// # Errors
/// `CONFLICT` for a workspace that is not marked; as every statement's otherwise, and the rest is left for the next try.
pub async fn finish_deletion(store: &Store, workspace: &WorkspaceId) -> Result<()> {
    let marked: Option<(PersonId, bool)> = store
        .global()
        .maybe(
            global_sql!(
                Lifecycle,
                "SELECT created_by, deleting_at IS NOT NULL FROM workspaces WHERE workspace_id = $1"
            ),
            args![workspace],
        )
        .await?;
    let founder = match marked {
        None => return Ok(()),
        Some((_, false)) => return Err(Error::conflict("this workspace is not being deleted")),
        Some((founder, true)) => founder,
    };
    let doomed = Doomed { store, workspace, founder: &founder };
    doomed.end_authority().await?;
    for statement in PIECES {
        while doomed.piece(statement).await? > 0 {}
    }
    while doomed.piece_of_trail().await? > 0 {}
    doomed.last_rows().await
}

struct Doomed<'a> {
    store: &'a Store,
    workspace: &'a WorkspaceId,
    founder: &'a PersonId,
}

impl Doomed<'_> {
    async fn end_authority(&self) -> Result<()> {
        let (workspace, founder) = (self.workspace.clone(), self.founder.clone());
        let ended = self.store.write_global(Box::new(move |global| {
            Box::pin(async move {
                let scope = global.within(workspace, founder, Role::Admin);
                for statement in AUTHORITY {
                    scope.run(statement, args![]).await?;
                }
                global.revokes();
                Ok(())
            })
        }));
        ended.await.map(drop)
    }

    async fn piece(&self, statement: &'static Sql<true>) -> Result<u64> {
        let (workspace, founder) = (self.workspace.clone(), self.founder.clone());
        let deleted = self.store.write_global(Box::new(move |global| {
            Box::pin(async move { global.within(workspace, founder, Role::Admin).run(statement, args![PIECE]).await })
        }));
        deleted.await.map(|(rows, _)| rows)
    }

    async fn piece_of_trail(&self) -> Result<u64> {
        let workspace = self.workspace.clone();
        let deleted = self.store.write_global(Box::new(move |global| {
            Box::pin(async move { global.run(TRAIL, args![workspace, PIECE]).await })
        }));
        deleted.await.map(|(rows, _)| rows)
    }

    async fn last_rows(&self) -> Result<()> {
        let workspace = self.workspace.clone();
        let deleted = self
            .store
            .write_global(Box::new(move |global| Box::pin(async move { last_rows(global, &workspace).await })));
        deleted.await.map(drop)
    }
}

/// Its jobs except the one that asked for this, which whoever runs it marks as done; then the workspace itself.
async fn last_rows(global: &Global<Write>, workspace: &WorkspaceId) -> Result<()> {
    global
        .run(
            global_sql!(Lifecycle, "DELETE FROM jobs WHERE workspace_id = $1 AND kind <> $2"),
            args![workspace, DELETION],
        )
        .await?;
    global
        .run(global_sql!(Lifecycle, "DELETE FROM workspaces WHERE workspace_id = $1"), args![workspace])
        .await
        .map(drop)
}
