//! Who calls, and from where.

use parking_lot::Mutex;
use pmos_kit::{Error, PersonId, RequestId, Result, Secret};
use pmos_store::{Global, Grant, Identity, Read, Scope, Store};
use std::sync::Arc;

/// One call: who makes it, and from where. Every surface makes one and enters dispatch with it.
#[derive(Debug)]
pub struct Caller {
    /// Who, if anybody is signed in.
    pub identity: Option<Identity>,
    /// Their admission to the workspace that the call is about, if it is about one.
    pub grant: Option<Grant>,
    /// From where.
    pub transport: Arc<Transport>,
    /// The call, in the log and in every error.
    pub request_id: RequestId,
    /// What the answer sets as the session cookie. Sent over HTTP alone.
    pub cookie: Mutex<Option<Cookie>>,
}

/// What an answer does to the session cookie.
#[derive(Debug)]
pub enum Cookie {
    /// Sign in with this token.
    Set(Secret),
    /// Sign out.
    Clear,
}

/// Where calls come from.
#[derive(Debug, Default)]
pub struct Transport {
    /// The address of the other side, as far as it can be believed.
    pub ip: Option<String>,
    /// What the browser calls itself, at most 256 characters.
    pub user_agent: Option<String>,
    /// Does the call come over loopback, directly?
    pub is_loopback: bool,
    /// The token of the cookie with which it was made, to sign it out.
    pub login_token: Option<Secret>,
}

impl Caller {
    /// Whoever is signed in.
    ///
    /// # Errors
    /// `UNAUTHENTICATED` if nobody is.
    pub fn signed_in(&self) -> Result<&Identity> {
        self.identity.as_ref().ok_or_else(|| Error::unauthenticated("sign in first"))
    }

    /// The person who is signed in.
    ///
    /// # Errors
    /// `UNAUTHENTICATED` if nobody is.
    pub fn person(&self) -> Result<&PersonId> {
        self.signed_in().map(Identity::person)
    }

    /// Set or clear the session cookie with the answer.
    pub fn set_cookie(&self, cookie: Cookie) {
        *self.cookie.lock() = Some(cookie);
    }
}

/// What a handler holds that works outside a transaction: it hashes, waits, or asks the outside world.
pub struct Call {
    /// Who calls.
    pub caller: Arc<Caller>,
    /// The store, to read from.
    pub store: Arc<Store>,
}

impl Call {
    /// The workspace's rows, to read.
    ///
    /// # Errors
    /// `INTERNAL` where the method has no workspace.
    pub fn scope(&self) -> Result<Scope<Read>> {
        let grant = self.caller.grant.clone().ok_or_else(|| Error::internal("this method has no workspace"))?;
        Ok(self.store.read(grant))
    }

    /// What is global, to read.
    pub fn global(&self) -> Global<Read> {
        self.store.global()
    }
}
