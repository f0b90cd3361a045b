//! Secrets of a workspace, such as its model keys: sealed where they are stored, opened where they are used.
//!
//! - Each workspace has a data key; the master key, which is in no database, wraps it. A stolen database opens nothing,
//!   and a workspace whose data key is gone can be opened by nobody.
//! - What is sealed is bound to its workspace, its owner's id and its field: moved elsewhere it does not open.
//! - Without the right master key nothing is sealed or opened, and everything else goes on working.

mod master;
mod seal;
#[cfg(test)]
mod tests;

pub use master::MasterKey;

use pmos_kit::{Error, Result, Secret, WorkspaceId};
use pmos_store::{Global, May, Read, Scope, Store, Write, args, global_sql, sql};
use seal::{DataKey, Place};

/// Seals and opens secrets: a service that the binary wires at start.
pub struct Vault {
    master: Option<MasterKey>,
}

impl Vault {
    /// A vault with this master key; sealed shut without one.
    pub fn new(master: Option<MasterKey>) -> Self {
        Self { master }
    }

    /// Is it shut, because there is no master key?
    pub fn is_sealed(&self) -> bool {
        self.master.is_none()
    }

    /// At start: is this the master key with which the database's data keys are wrapped?
    ///
    /// # Errors
    /// `UNAVAILABLE` with what to do, if any is wrapped with another one.
    pub async fn check(&self, store: &Store) -> Result<()> {
        let Some(master) = &self.master else { return Ok(()) };
        let global: Global<Read> = store.global();
        let wrapped: Vec<String> =
            global.rows(global_sql!(Lifecycle, "SELECT wrapped FROM workspace_keys"), args![]).await?;
        match wrapped.iter().filter(|wrapped| !master.wrapped(wrapped)).count() {
            0 => Ok(()),
            others => Err(Error::unavailable(format!(
                "this is not the master key of {others} of {} workspaces' secrets: put back the one that belongs to this database",
                wrapped.len()
            ))),
        }
    }

    /// Seal a secret for the column that holds it. `owner` is the id of the row to which it belongs.
    ///
    /// # Errors
    /// `UNAVAILABLE` while the vault is shut; as every statement's.
    pub async fn seal(&self, scope: &Scope<Write>, owner: &str, field: &str, secret: &Secret) -> Result<String> {
        let key = match self.key_of(scope).await? {
            Some(key) => key,
            None => self.make_key(scope).await?,
        };
        let place = Place { workspace: scope.workspace(), owner, field };
        key.seal(&place, secret, scope.rng())
    }

    /// Open what [`Vault::seal`] gave for the same workspace, owner and field.
    ///
    /// # Errors
    /// `UNAVAILABLE` while the vault is shut; `INTERNAL` for what was sealed elsewhere or changed since.
    pub async fn open<A: May<false>>(
        &self,
        scope: &Scope<A>,
        owner: &str,
        field: &str,
        sealed: &str,
    ) -> Result<Secret> {
        let key = self
            .key_of(scope)
            .await?
            .ok_or_else(|| Error::internal("a sealed secret of a workspace without a data key"))?;
        key.open(&Place { workspace: scope.workspace(), owner, field }, sealed)
    }

    fn master(&self) -> Result<&MasterKey> {
        self.master.as_ref().ok_or_else(|| {
            Error::unavailable(
                "secrets are sealed, because this server has no master key: whoever runs it starts it with one",
            )
            .with_cause(master::HOW_TO_MAKE_ONE)
        })
    }

    async fn key_of<A: May<false>>(&self, scope: &Scope<A>) -> Result<Option<DataKey>> {
        let master = self.master()?;
        let stored: Option<(String, i64)> =
            scope.maybe(sql!("SELECT wrapped, version FROM workspace_keys WHERE workspace_id = $1"), args![]).await?;
        stored.map(|(wrapped, version)| master.unwrap(scope.workspace(), &wrapped, version)).transpose()
    }

    /// The workspace's first data key. Of two that are made at once one is kept, and read back by both.
    async fn make_key(&self, scope: &Scope<Write>) -> Result<DataKey> {
        let wrapped = self.master()?.wrap(scope.workspace(), &DataKey::new(1, scope.rng()), scope.rng())?;
        scope
            .run(
                sql!(
                    "INSERT INTO workspace_keys (workspace_id, wrapped, version) VALUES ($1, $2, 1)
                     ON CONFLICT (workspace_id) DO NOTHING"
                ),
                args![wrapped],
            )
            .await?;
        self.key_of(scope).await?.ok_or_else(|| Error::internal("a data key that was just stored is gone"))
    }
}

/// What the master key's own sealing is bound to.
fn key_place(workspace: &WorkspaceId) -> Place<'_> {
    Place { workspace, owner: "workspace_keys", field: "wrapped" }
}
