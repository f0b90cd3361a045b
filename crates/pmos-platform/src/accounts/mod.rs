//! An account: who a person is, how they prove it, and the browsers in which they are signed in.
//!
//! - An e-mail address names one account. It is compared in lower case and never written to: PMOS sends no mail.
//! - The first account needs the bootstrap token that the server prints at its start, and runs the server.
//! - A sign-in is a cookie with 256 random bits. It ends after 12 hours without a call and after 7 days in any case.
//! - Whoever changes or resets a password ends every other sign-in of the account.
//! - A wrong password and an unknown address get the same answer after the same work, and each failure makes the next
//!   attempt wait longer ([`throttle`]).

mod change;
mod hashing;
mod login;
mod password;
mod rpc;
mod sign_up;
#[cfg(test)]
mod tests;
mod throttle;

pub(crate) use hashing::hash;
pub use login::{csrf_of, forget_expired};
pub(crate) use password::check as check_password;
pub(crate) use rpc::methods;
pub use sign_up::ensure_bootstrap;
pub(crate) use sign_up::{Newcomer, add, forget_bootstrap};

use crate::person::PersonView;
use crate::workspaces::{self, WorkspaceView};
use pmos_kit::Result;
use pmos_store::{Global, May, args, global_sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who may make an account for themselves, once the first exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SignUp {
    /// Anybody who reaches the server.
    Open,
    /// Whoever holds an invitation into a workspace.
    #[default]
    Invite,
    /// Nobody: whoever runs the server makes the accounts.
    Closed,
}

/// How accounts work on this server: a service that the binary wires at start.
#[derive(Default)]
pub struct Config {
    sign_up: SignUp,
    hashing: hashing::Slots,
    turns: throttle::Turns,
}

impl Config {
    /// Accounts under this policy.
    pub fn new(sign_up: SignUp) -> Self {
        Self { sign_up, ..Self::default() }
    }
}

/// What a browser needs to know once somebody is signed in.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionGrant {
    /// Who is signed in.
    pub person: PersonView,
    /// Where they may work.
    pub workspaces: Vec<WorkspaceView>,
    /// Sent back as the header `Pmos-Csrf` with every call that the cookie authenticates.
    pub csrf_token: String,
}

impl SessionGrant {
    async fn of<A: May<false>>(global: &Global<A>, person: PersonView, csrf_token: String) -> Result<Self> {
        let workspaces = workspaces::of_person(global, &person.id, person.is_super_admin).await?;
        Ok(Self { person, workspaces, csrf_token })
    }
}

/// Has anybody an account yet?
pub(crate) async fn is_anybody_here<A: May<false>>(global: &Global<A>) -> Result<bool> {
    global.one(global_sql!(SignIn, "SELECT EXISTS (SELECT 1 FROM people)"), args![]).await
}
