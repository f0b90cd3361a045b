//! What a handler holds: rows of one workspace, to read or to change.

use crate::core::{Core, Surroundings, Then};
use crate::event::{Audience, Event};
use crate::grant::{Actor, Grant};
use crate::postgres::View;
use crate::sql::{GlobalSql, Sql};
use crate::value::{Arg, FromRow, Row};
use pmos_kit::{Clock, Error, Millis, PersonId, Result, Rng, Role, WorkspaceId};
use serde::Serialize;
use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

/// Access that reads.
#[derive(Debug)]
pub struct Read;
/// Access that changes, in one transaction.
#[derive(Debug)]
pub struct Write;

/// Which statements an access may run: `true` stands for those that change rows.
pub trait May<const CHANGES: bool> {}
impl May<false> for Read {}
impl May<false> for Write {}
impl May<true> for Write {}

/// The rows of one workspace. Minted from a [`Grant`] alone; binds the workspace as `$1` of every statement.
pub struct Scope<A> {
    core: Arc<Core>,
    grant: Grant,
    view: View,
    access: PhantomData<A>,
}

/// Rows of any workspace, for statements with a reason. See [`Why`](crate::Why).
pub struct Global<A> {
    core: Arc<Core>,
    access: PhantomData<A>,
}

impl<A> Scope<A> {
    pub(crate) fn new(core: Arc<Core>, grant: Grant) -> Self {
        let view = View::Workspace(grant.workspace().clone());
        Self { core, grant, view, access: PhantomData }
    }

    /// All rows that the statement gives.
    ///
    /// # Errors
    /// `CONFLICT` for a second row with the same key, `NOT_FOUND` for a reference to a row that is not there,
    /// `UNAVAILABLE` if the database does not answer. After an error the handler returns it.
    pub async fn rows<T: FromRow + Send, const C: bool>(&self, sql: &'static Sql<C>, args: &[Arg<'_>]) -> Result<Vec<T>>
    where
        A: May<C>,
    {
        let mut rows = Vec::new();
        self.core.query(&self.view, sql.text, args, &mut |row| collect(&mut rows, row)).await?;
        Ok(rows)
    }

    /// The row that the statement gives, if it gives one.
    ///
    /// # Errors
    /// As [`Scope::rows`].
    pub async fn maybe<T: FromRow + Send, const C: bool>(
        &self,
        sql: &'static Sql<C>,
        args: &[Arg<'_>],
    ) -> Result<Option<T>>
    where
        A: May<C>,
    {
        let mut found = None;
        self.core.query(&self.view, sql.text, args, &mut |row| keep_first(&mut found, row)).await?;
        Ok(found)
    }

    /// The row that the statement gives; `NOT_FOUND` if there is none, the same for foreign and missing ids.
    ///
    /// # Errors
    /// `NOT_FOUND`, and as [`Scope::rows`].
    pub async fn one<T: FromRow + Send, const C: bool>(&self, sql: &'static Sql<C>, args: &[Arg<'_>]) -> Result<T>
    where
        A: May<C>,
    {
        self.maybe(sql, args).await?.ok_or_else(Error::not_found)
    }

    /// The workspace.
    pub fn workspace(&self) -> &WorkspaceId {
        self.grant.workspace()
    }

    /// The person who acts.
    pub fn person(&self) -> &PersonId {
        self.grant.person()
    }

    /// Their role.
    pub fn role(&self) -> Role {
        self.grant.role()
    }

    /// The credential by which they act.
    pub fn actor(&self) -> &Actor {
        self.grant.actor()
    }

    /// The admission itself, for work that goes on after the handler.
    pub fn grant(&self) -> &Grant {
        &self.grant
    }

    /// May the caller change what `owner` made? The maker may, and every admin (`Member(own)`).
    ///
    /// # Errors
    /// `FORBIDDEN` for anybody else: they may see the thing, so its existence is no secret.
    pub fn must_own(&self, owner: &PersonId) -> Result<()> {
        if self.role() == Role::Admin || owner == self.person() {
            return Ok(());
        }
        Err(Error::forbidden("only its maker or an admin of the workspace may change this"))
    }

    /// Is something with this visibility and maker visible to the caller? Private things are, to their maker alone.
    pub fn may_see(&self, visibility: &str, owner: &PersonId) -> bool {
        visibility != "private" || owner == self.person()
    }

    /// An event of this workspace.
    pub fn event(&self, name: &'static str, payload: &impl Serialize, audience: Audience) -> Result<Event> {
        event(&self.grant, name, payload, audience)
    }
}

/// An event of the grant's workspace, for work that goes on outside a handler.
///
/// # Errors
/// `INTERNAL` if the payload cannot be written as JSON.
pub fn event(grant: &Grant, name: &'static str, payload: &impl Serialize, audience: Audience) -> Result<Event> {
    let payload = serde_json::to_string(payload).map_err(Error::internal)?.into();
    Ok(Event { workspace: grant.workspace().clone(), name, payload, audience, state: None })
}

impl Scope<Write> {
    /// Run a statement; returns how many rows it changed.
    ///
    /// # Errors
    /// As [`Scope::rows`].
    pub async fn run(&self, sql: &'static Sql<true>, args: &[Arg<'_>]) -> Result<u64> {
        self.core.query(&self.view, sql.text, args, &mut |_| Ok(())).await
    }

    /// Run a statement that must change a row; `NOT_FOUND` if it changed none.
    ///
    /// # Errors
    /// `NOT_FOUND`, and as [`Scope::rows`].
    pub async fn run_one(&self, sql: &'static Sql<true>, args: &[Arg<'_>]) -> Result<()> {
        match self.run(sql, args).await? {
            0 => Err(Error::not_found()),
            _ => Ok(()),
        }
    }

    /// Tell the workspace, once this is committed.
    ///
    /// # Errors
    /// `INTERNAL` if the payload cannot be written as JSON.
    pub fn publish(&self, name: &'static str, payload: &impl Serialize, audience: Audience) -> Result<()> {
        let event = self.event(name, payload, audience)?;
        self.core.effects.lock().events.push(event);
        Ok(())
    }
}

impl<A> Global<A> {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self { core, access: PhantomData }
    }

    /// All rows that the statement gives.
    ///
    /// # Errors
    /// As [`Scope::rows`].
    pub async fn rows<T: FromRow + Send, const C: bool>(
        &self,
        sql: &'static GlobalSql<C>,
        args: &[Arg<'_>],
    ) -> Result<Vec<T>>
    where
        A: May<C>,
    {
        let mut rows = Vec::new();
        self.core.query(&View::Global, sql.text, args, &mut |row| collect(&mut rows, row)).await?;
        Ok(rows)
    }

    /// The row that the statement gives, if it gives one.
    ///
    /// # Errors
    /// As [`Scope::rows`].
    pub async fn maybe<T: FromRow + Send, const C: bool>(
        &self,
        sql: &'static GlobalSql<C>,
        args: &[Arg<'_>],
    ) -> Result<Option<T>>
    where
        A: May<C>,
    {
        let mut found = None;
        self.core.query(&View::Global, sql.text, args, &mut |row| keep_first(&mut found, row)).await?;
        Ok(found)
    }

    /// The row that the statement gives; `NOT_FOUND` if there is none.
    ///
    /// # Errors
    /// `NOT_FOUND`, and as [`Scope::rows`].
    pub async fn one<T: FromRow + Send, const C: bool>(&self, sql: &'static GlobalSql<C>, args: &[Arg<'_>]) -> Result<T>
    where
        A: May<C>,
    {
        self.maybe(sql, args).await?.ok_or_else(Error::not_found)
    }
}

impl Global<Write> {
    /// Run a statement; returns how many rows it changed.
    ///
    /// # Errors
    /// As [`Scope::rows`].
    pub async fn run(&self, sql: &'static GlobalSql<true>, args: &[Arg<'_>]) -> Result<u64> {
        self.core.query(&View::Global, sql.text, args, &mut |_| Ok(())).await
    }

    /// Go on inside a workspace, in the same transaction: it was just made, or a row of ours says that this person's
    /// work is to be done there.
    pub fn within(&self, workspace: WorkspaceId, person: PersonId, role: Role) -> Scope<Write> {
        Scope::new(self.core.clone(), Grant::for_work(workspace, person, role))
    }

    /// The same for whoever calls, by the credential with which they do: what is written there names them.
    pub fn within_by(&self, actor: Actor, workspace: WorkspaceId, person: PersonId, role: Role) -> Scope<Write> {
        Scope::new(self.core.clone(), Grant::by(actor, workspace, person, role))
    }
}

macro_rules! shared {
    ($type:ident, $access:ident) => {
        impl $type<$access> {
            /// Somebody loses authority by this: all connections re-check theirs once it is committed.
            pub fn revokes(&self) {
                self.core.effects.lock().revokes = true;
            }

            /// Say what the change is about, such as an agent's id, for the audit trail.
            pub fn about(&self, subject: impl Into<String>) {
                self.core.effects.lock().subject = Some(subject.into());
            }

            /// What [`about`](Self::about) was told.
            pub fn subject(&self) -> Option<String> {
                self.core.effects.lock().subject.clone()
            }

            /// Do this once it is committed. Only a hint that saves waiting: what must happen is a row.
            pub fn then(&self, work: impl FnOnce() + Send + 'static) {
                self.core.effects.lock().then.push(Then(Box::new(work)));
            }
        }
    };
}
shared!(Scope, Write);
shared!(Global, Write);

macro_rules! surrounded {
    ($type:ident) => {
        impl<A> $type<A> {
            /// The present moment.
            pub fn now(&self) -> Millis {
                self.core.surroundings.clock.now()
            }

            /// The clock, for making ids.
            pub fn clock(&self) -> &dyn Clock {
                &*self.core.surroundings.clock
            }

            /// Randomness.
            pub fn rng(&self) -> &dyn Rng {
                &*self.core.surroundings.rng
            }

            /// A service that was wired at start.
            ///
            /// # Errors
            /// `INTERNAL` if it was not.
            pub fn service<T: Any + Send + Sync>(&self) -> Result<Arc<T>> {
                self.core.surroundings.service()
            }

            /// All that was wired at start.
            pub fn surroundings(&self) -> &Arc<Surroundings> {
                &self.core.surroundings
            }
        }
    };
}
surrounded!(Scope);
surrounded!(Global);

fn collect<T: FromRow>(rows: &mut Vec<T>, row: &Row<'_>) -> Result<()> {
    rows.push(T::from_row(row)?);
    Ok(())
}

fn keep_first<T: FromRow>(found: &mut Option<T>, row: &Row<'_>) -> Result<()> {
    if found.is_none() {
        *found = Some(T::from_row(row)?);
    }
    Ok(())
}

/// Puts a domain's own words in the place of a conflict's.
pub trait OrConflict<T> {
    /// The same result, with these words if it failed because something exists already.
    ///
    /// # Errors
    /// The same error, reworded.
    fn or_conflict(self, words: &str) -> Result<T>;
}

impl<T> OrConflict<T> for Result<T> {
    fn or_conflict(self, words: &str) -> Result<T> {
        self.map_err(|error| match error.kind() {
            pmos_kit::Kind::Conflict => Error::conflict(words).with_cause(error),
            _ => error,
        })
    }
}
