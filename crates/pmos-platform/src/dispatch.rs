//! The one pipeline in front of every effect.
//!
//! HTTP, sockets, agents' tools, background work and the command line all enter here with a [`Peer`]:
//! find the method → who is calling → admit them to the workspace → rate → understand the parameters → run → commit with
//! the audit row → tell the workspace. There is no second door.

use crate::audit::{self, Entry};
use crate::bus::Bus;
use crate::limits::Limits;
use crate::usage::ApiCalls;
use futures_util::FutureExt;
use parking_lot::Mutex;
use pmos_kit::role::Scopes;
use pmos_kit::{Error, Kind as Failure, RequestId, Result, Secret, WorkspaceId};
use pmos_rpc::{Call, Caller, Cookie, Handler, Json, Level, Method, Params, RateClass, Transport};
use pmos_store::{Body, Credential, Effects, GlobalBody, Grant, Identity, Store};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

/// Keys that do not hold, shown from one network: ten at once, then one each half minute.
const WRONG_KEYS: RateClass = RateClass { burst: 10, period_ms: 5 * 60_000 };

/// The pipeline, with the table of all methods.
pub struct Dispatch {
    /// The store behind it.
    pub store: Arc<Store>,
    /// Where events go.
    pub bus: Arc<Bus>,
    methods: Vec<Method>,
    by_name: HashMap<&'static str, usize>,
    limits: Limits,
    calls: ApiCalls,
}

/// The other side of a connection: what it showed, where it wants to be, and what is known of it by now.
pub struct Peer {
    shown: Shown,
    workspace: Option<WorkspaceId>,
    /// What was granted on the socket; a caller over HTTP asks for nothing less than they may.
    scopes: Scopes,
    transport: Arc<Transport>,
    known: Mutex<Option<Known>>,
}

/// What a peer showed.
pub enum Shown {
    /// Nothing.
    Nothing,
    /// The token of a cookie.
    Login(Secret),
    /// An API key or service token.
    Key(Secret),
    /// Nothing, because it is our own work, admitted already.
    Work(Grant),
}

#[derive(Clone)]
struct Known {
    identity: Identity,
    grant: Option<Grant>,
}

/// The answer to a call.
#[derive(Debug)]
pub struct Answer {
    /// The result.
    pub json: Json,
    /// What it does to the cookie, where there is one.
    pub cookie: Option<Cookie>,
}

impl Peer {
    /// A peer that showed this and wants to be in that workspace.
    pub fn new(shown: Shown, workspace: Option<WorkspaceId>, transport: Arc<Transport>) -> Self {
        Self { shown, workspace, scopes: Scopes::ALL, transport, known: Mutex::new(None) }
    }

    /// The same, with fewer scopes.
    #[must_use]
    pub fn with_scopes(mut self, scopes: Scopes) -> Self {
        self.scopes = scopes;
        self
    }

    /// Where it comes from.
    pub fn transport(&self) -> &Arc<Transport> {
        &self.transport
    }
}

impl Dispatch {
    /// The pipeline over a store, with the methods of all domains.
    ///
    /// # Errors
    /// `INTERNAL` if two methods have one name.
    pub fn new(store: Arc<Store>, bus: Arc<Bus>, methods: Vec<Method>, limits: Limits, boot: String) -> Result<Self> {
        let mut by_name = HashMap::with_capacity(methods.len());
        for (place, method) in methods.iter().enumerate() {
            if by_name.insert(method.name, place).is_some() {
                return Err(Error::internal(format!("two methods are named {}", method.name)));
            }
        }
        Ok(Self { store, bus, methods, by_name, limits, calls: ApiCalls::new(boot) })
    }

    /// All methods, in the order of their domains.
    pub fn methods(&self) -> &[Method] {
        &self.methods
    }

    /// A method by its name.
    ///
    /// # Errors
    /// `INVALID_REQUEST` with exactly the words that OpenClaw's clients compare.
    pub fn method(&self, name: &str) -> Result<&Method> {
        let place = self.by_name.get(name).ok_or_else(|| Error::invalid(format!("unknown method: {name}")))?;
        Ok(&self.methods[*place])
    }

    /// The methods that this grant may call over a connection with these scopes.
    pub fn allowed(&self, grant: &Grant, scopes: Scopes) -> Vec<&'static str> {
        let scopes = grant.scopes().and(scopes);
        let may = |method: &&Method| {
            method.level.role().is_some_and(|role| grant.role() >= role)
                && method.scope().is_none_or(|scope| scopes.has(scope))
        };
        self.methods.iter().filter(may).map(|method| method.name).collect()
    }

    /// Write the calls that were counted to the ledger, each second, until the server stops.
    pub async fn flush_calls(&self) {
        self.calls.flush(&self.store).await;
    }

    /// Call a method.
    ///
    /// # Errors
    /// Everything that can be refused on the way, and the handler's own.
    pub async fn call(&self, peer: &Peer, name: &str, params: Option<&str>) -> Result<Answer> {
        let surroundings = self.store.surroundings();
        let request_id = RequestId::new(&*surroundings.clock, &*surroundings.rng);
        let result = self.try_call(peer, name, params, &request_id).await;
        if let Err(error) = &result
            && *error.kind() == Failure::Internal
        {
            tracing::error!(%request_id, method = name, cause = error.cause(), "a call failed");
        }
        result.map_err(|error| error.with_request(request_id))
    }

    async fn try_call(&self, peer: &Peer, name: &str, params: Option<&str>, request_id: &RequestId) -> Result<Answer> {
        let method = self.method(name)?;
        let caller = Arc::new(self.caller(peer, method, request_id).await?);
        self.rate(&caller, method)?;
        let params = Params::new(method.name, params);
        let call = || Arc::new(Call { caller: caller.clone(), store: self.store.clone() });
        let json = match &method.handler {
            Handler::Read(read) => read(self.store.read(granted(&caller)?.clone()), params).await?,
            Handler::GlobalRead(read) => read(self.store.global(), caller.clone(), params).await?,
            Handler::Call(work) => work(call(), params).await?,
            Handler::Write(prepare) => {
                let body = prepare(call(), params).await?;
                self.write(&caller, method, body).await?
            }
            Handler::GlobalWrite(prepare) => {
                let body = prepare(call(), params).await?;
                self.write_global(&caller, method, body).await?
            }
        };
        let cookie = caller.cookie.lock().take();
        Ok(Answer { json, cookie })
    }

    /// What a method that reads says of the grant's workspace, where the server itself wants to know: nobody called, so
    /// it is neither counted nor a use of a credential.
    ///
    /// # Errors
    /// The method's own; `INTERNAL` for one that does more than read a workspace's rows.
    pub async fn look(&self, grant: &Grant, name: &str) -> Result<Json> {
        let method = self.method(name)?;
        match &method.handler {
            Handler::Read(read) => read(self.store.read(grant.clone()), Params::new(method.name, None)).await,
            _ => Err(Error::internal(format!("{name} does more than read"))),
        }
    }

    /// Who calls, read anew if anything of it may have changed, and held against the method's level.
    async fn caller(&self, peer: &Peer, method: &Method, request_id: &RequestId) -> Result<Caller> {
        let caller = |identity, grant| Caller {
            identity,
            grant,
            transport: peer.transport.clone(),
            request_id: request_id.clone(),
            cookie: Mutex::new(None),
        };
        if let Shown::Work(grant) = &peer.shown {
            allow(grant, method, peer.scopes)?;
            return Ok(caller(None, Some(grant.clone())));
        }
        match method.level {
            // Signing in must work with whatever stale cookie a browser still holds.
            Level::Anyone => Ok(caller(None, None)),
            Level::SignedIn | Level::Platform => {
                let identity = self.identity(peer).await?;
                self.note_use(peer).await;
                if identity.bound_to().is_some() {
                    return Err(Error::forbidden("a key works inside its workspace alone: sign in for this"));
                }
                if method.level == Level::Platform && !identity.is_super_admin() {
                    return Err(Error::forbidden("only a super admin of this server may do this"));
                }
                Ok(caller(Some(identity), None))
            }
            Level::Viewer | Level::Member | Level::Admin => {
                let (identity, grant) = self.enter(peer).await?;
                self.note_use(peer).await;
                allow(&grant, method, peer.scopes)?;
                Ok(caller(Some(identity), Some(grant)))
            }
        }
    }

    /// Who the peer is, whatever workspace.
    ///
    /// # Errors
    /// `UNAUTHENTICATED` if what was shown does not hold, or holds no more.
    pub async fn identity(&self, peer: &Peer) -> Result<Identity> {
        let now = self.store.surroundings().clock.now();
        if let Some(known) = &*peer.known.lock()
            && !known.identity.is_stale(now, self.store.epoch())
        {
            return Ok(known.identity.clone());
        }
        let credential = match &peer.shown {
            Shown::Login(token) => Credential::Login(token.expose()),
            Shown::Key(key) => Credential::Key(key.expose()),
            Shown::Nothing | Shown::Work(_) => return Err(Error::unauthenticated("sign in first")),
        };
        let identity = self.store.identify(credential).await?;
        *peer.known.lock() = Some(Known { identity: identity.clone(), grant: None });
        Ok(identity)
    }

    /// The peer's admission to its workspace, as of now.
    ///
    /// # Errors
    /// `UNAUTHENTICATED`; `NOT_FOUND` for a workspace that is not theirs or not there; `INVALID_REQUEST` if none is named.
    pub async fn enter(&self, peer: &Peer) -> Result<(Identity, Grant)> {
        let now = self.store.surroundings().clock.now();
        let epoch = self.store.epoch();
        if let Some(Known { identity, grant: Some(grant) }) = &*peer.known.lock()
            && !grant.is_stale(now, epoch)
        {
            return Ok((identity.clone(), grant.clone()));
        }
        let identity = self.identity(peer).await?;
        let workspace = identity.bound_to().or(peer.workspace.as_ref()).ok_or_else(|| {
            Error::invalid(
                "name a workspace: the header Pmos-Workspace over HTTP, the path /w/{workspaceId}/socket for a socket",
            )
        })?;
        if peer.workspace.as_ref().is_some_and(|named| named != workspace) {
            return Err(Error::not_found());
        }
        let grant = self.store.admit(&identity, workspace).await?;
        *peer.known.lock() = Some(Known { identity: identity.clone(), grant: Some(grant.clone()) });
        Ok((identity, grant))
    }

    /// Write down that the peer's credential is in use, every few minutes. Only a call is a use: a socket asks who it is
    /// of its own accord as long as it is open, and a tab that somebody left open must not stay signed in by that.
    async fn note_use(&self, peer: &Peer) {
        let now = self.store.surroundings().clock.now();
        let due = peer
            .known
            .lock()
            .as_mut()
            .and_then(|known| known.identity.wants_touch(now).then(|| known.identity.clone()));
        if let Some(identity) = due {
            self.store.touch(&identity).await;
        }
    }

    /// Count a key that somebody of this network showed and that does not hold.
    ///
    /// One that holds is let in all the same: it cannot be guessed, and behind one address may sit a whole company, which
    /// must not be shut out by one of its own.
    ///
    /// # Errors
    /// `RATE_LIMITED` with the time to wait, after ten of them.
    pub fn wrong_key(&self, network: IpAddr) -> Result<()> {
        self.limits.take(("wrong key", network), WRONG_KEYS, self.store.surroundings().clock.now())
    }

    fn rate(&self, caller: &Caller, method: &Method) -> Result<()> {
        let now = self.store.surroundings().clock.now();
        match (&caller.grant, &caller.identity) {
            (Some(grant), _) => {
                self.calls.count(grant.workspace(), grant.person());
                self.limits.take((grant.workspace().as_str(), method.name, grant.person().as_str()), method.limit, now)
            }
            (None, Some(identity)) => self.limits.take((method.name, identity.person().as_str()), method.limit, now),
            (None, None) => self.limits.take((method.name, caller.transport.ip.as_deref()), method.limit, now),
        }
    }

    /// Run a write handler with its audit row, in one transaction; then do what it asked for.
    async fn write(&self, caller: &Arc<Caller>, method: &Method, body: Body<Json>) -> Result<Json> {
        let (action, caller_of_row) = (method.name, caller.clone());
        let audited: Body<Json> = Box::new(move |scope| {
            async move {
                let json = body(scope).await?;
                let resource = scope.subject();
                audit::record(scope, entry(action, resource.as_deref(), &caller_of_row)).await?;
                Ok(json)
            }
            .boxed()
        });
        let (json, effects) = self.store.write(granted(caller)?.clone(), audited).await?;
        self.settle(effects);
        Ok(json)
    }

    async fn write_global(&self, caller: &Arc<Caller>, method: &Method, body: GlobalBody<Json>) -> Result<Json> {
        let (action, caller_of_row) = (method.name, caller.clone());
        let audited: GlobalBody<Json> = Box::new(move |global| {
            async move {
                let json = body(global).await?;
                let subject = global.subject();
                let actor = caller_of_row.identity.as_ref().map(|identity| identity.person().as_str());
                // Who signs in or up is named by what the handler was about.
                let actor = actor.or(subject.as_deref()).unwrap_or("anonymous");
                audit::record_global(global, actor, entry(action, subject.as_deref(), &caller_of_row)).await?;
                Ok(json)
            }
            .boxed()
        });
        let (json, effects) = self.store.write_global(audited).await?;
        self.settle(effects);
        Ok(json)
    }

    /// Do what a committed change asked for.
    pub fn settle(&self, effects: Effects) {
        effects.events.into_iter().for_each(|event| self.bus.publish(event));
        effects.then.into_iter().for_each(|then| (then.0)());
    }
}

fn granted(caller: &Caller) -> Result<&Grant> {
    caller.grant.as_ref().ok_or_else(|| Error::internal("a method over a workspace was reached without a grant"))
}

fn entry<'a>(action: &'a str, resource: Option<&'a str>, caller: &'a Caller) -> Entry<'a> {
    Entry { action, resource, request_id: &caller.request_id, ip: caller.transport.ip.as_deref() }
}

/// Does the grant reach the method's level? A role that falls short is told which scope it lacks.
fn allow(grant: &Grant, method: &Method, scopes: Scopes) -> Result<()> {
    if let Some(scope) = method.scope()
        && !grant.scopes().and(scopes).has(scope)
    {
        return Err(Error::missing_scope(scope.as_str()));
    }
    match method.level.role() {
        Some(role) if grant.role() >= role => Ok(()),
        _ => Err(Error::forbidden("your role in this workspace does not allow this")),
    }
}
