//! A method is a row: its name, who may call it, how often, and the function that does it.

use crate::caller::{Call, Caller};
use crate::json::Json;
use crate::params::Params;
use futures_util::future::BoxFuture;
use pmos_kit::role::ScopeName;
use pmos_kit::{Result, Role};
use pmos_store::{Body, Global, GlobalBody, Read, Scope};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use std::sync::Arc;

/// One method of the protocol. Made by [`methods!`](crate::methods).
pub struct Method {
    /// The name on the wire, such as `agents.create`.
    pub name: &'static str,
    /// What it does, for a stranger: the protocol text.
    pub doc: &'static str,
    /// Does it change anything?
    pub kind: Kind,
    /// Who may call it.
    pub level: Level,
    /// Is a thing changed by its maker and by admins alone?
    pub own: bool,
    /// How often one caller may call it.
    pub limit: RateClass,
    /// Does it leave a row in the audit trail?
    pub audit: Audit,
    /// May an agent call it, on behalf of a person?
    pub agents: Agents,
    /// The function.
    pub handler: Handler,
    /// The shapes of parameters and result.
    pub schemas: Schemas,
}

/// Reads, writes, or waits on something outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Reads rows.
    Read,
    /// Changes rows in one transaction.
    Write,
    /// Waits, or asks the outside world, and changes nothing itself.
    Call,
}

/// The least that a caller must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Anybody.
    Anyone,
    /// Whoever is signed in, in no workspace.
    SignedIn,
    /// A member of the workspace, of any role.
    Viewer,
    /// A member who may chat and run.
    Member,
    /// An admin of the workspace.
    Admin,
    /// Whoever runs the server.
    Platform,
}

impl Level {
    /// The role that it takes, where it is about a workspace.
    pub fn role(self) -> Option<Role> {
        match self {
            Level::Viewer => Some(Role::Viewer),
            Level::Member => Some(Role::Member),
            Level::Admin => Some(Role::Admin),
            Level::Anyone | Level::SignedIn | Level::Platform => None,
        }
    }

    /// The level's word in the protocol text.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Anyone => "anyone",
            Level::SignedIn => "signedIn",
            Level::Viewer => "viewer",
            Level::Member => "member",
            Level::Admin => "admin",
            Level::Platform => "platform",
        }
    }
}

/// How often: `burst` calls at once, then one each `every_ms`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateClass {
    /// Calls that may come at once.
    pub burst: u32,
    /// The period in which `burst` calls are regained, in milliseconds.
    pub period_ms: u32,
}

impl RateClass {
    /// So many a minute.
    pub const fn per_minute(burst: u32) -> Self {
        Self { burst, period_ms: 60_000 }
    }

    /// So many a second.
    pub const fn per_second(burst: u32) -> Self {
        Self { burst, period_ms: 1_000 }
    }

    /// What a method has that says nothing else.
    pub const fn default_of(kind: Kind) -> Self {
        match kind {
            Kind::Read => Self::per_second(100),
            Kind::Write => Self::per_second(20),
            Kind::Call => Self::per_second(10),
        }
    }
}

/// Does a call leave a row in the audit trail?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audit {
    /// It changes nothing.
    Never,
    /// In the same transaction as the change.
    Always,
}

/// May an agent call it?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agents {
    /// No: approvals, grants, keys, members, roles, budgets, billing, platform (decisions.md, 8.1).
    Never,
    /// A person is asked each time.
    Ask,
    /// Where the agent has a grant for it.
    Grant,
}

/// The function of a method.
pub enum Handler {
    /// Reads rows of the workspace.
    Read(fn(Scope<Read>, Params) -> BoxFuture<'static, Result<Json>>),
    /// Changes rows of the workspace. Parameters are understood, and what is slow is done, before the transaction.
    Write(fn(Arc<Call>, Params) -> BoxFuture<'static, Result<Body<Json>>>),
    /// Reads what is global.
    GlobalRead(fn(Global<Read>, Arc<Caller>, Params) -> BoxFuture<'static, Result<Json>>),
    /// Changes what is global, likewise.
    GlobalWrite(fn(Arc<Call>, Params) -> BoxFuture<'static, Result<GlobalBody<Json>>>),
    /// Waits, or asks the outside world.
    Call(fn(Arc<Call>, Params) -> BoxFuture<'static, Result<Json>>),
}

/// The shapes of parameters and result, as JSON Schema.
#[derive(Clone, Copy)]
pub struct Schemas {
    /// What it takes.
    pub params: fn(&mut SchemaGenerator) -> Schema,
    /// What it gives.
    pub result: fn(&mut SchemaGenerator) -> Schema,
}

impl Schemas {
    /// The shapes of these two types.
    pub fn of<P: JsonSchema, R: JsonSchema>() -> Self {
        Self { params: |generator| generator.subschema_for::<P>(), result: |generator| generator.subschema_for::<R>() }
    }
}

/// Functions that learn the shapes from a handler's own types.
pub mod schemas {
    use super::{Arc, Call, Caller, Global, JsonSchema, Read, Result, Schemas, Scope};
    use pmos_store::Write;

    /// Of a handler that reads.
    pub fn read<P: JsonSchema, R: JsonSchema>(_: &impl AsyncFn(&Scope<Read>, P) -> Result<R>) -> Schemas {
        Schemas::of::<P, R>()
    }

    /// Of a handler that writes.
    pub fn write<P: JsonSchema, R: JsonSchema>(_: &impl AsyncFn(&Scope<Write>, P) -> Result<R>) -> Schemas {
        Schemas::of::<P, R>()
    }

    /// Of a pair of functions, the first of which prepares what the second writes.
    pub fn prepared<P: JsonSchema, Q, R: JsonSchema>(
        _: &impl AsyncFn(&Call, P) -> Result<Q>,
        _: &impl AsyncFn(&Scope<Write>, Q) -> Result<R>,
    ) -> Schemas {
        Schemas::of::<P, R>()
    }

    /// Of a global handler that reads.
    pub fn global_read<P: JsonSchema, R: JsonSchema>(
        _: &impl AsyncFn(&Global<Read>, &Caller, P) -> Result<R>,
    ) -> Schemas {
        Schemas::of::<P, R>()
    }

    /// Of a global handler that writes.
    pub fn global_write<P: JsonSchema, R: JsonSchema>(
        _: &impl AsyncFn(&Global<Write>, &Caller, P) -> Result<R>,
    ) -> Schemas {
        Schemas::of::<P, R>()
    }

    /// Of a global pair, the first of which prepares what the second writes.
    pub fn global_prepared<P: JsonSchema, Q, R: JsonSchema>(
        _: &impl AsyncFn(&Call, P) -> Result<Q>,
        _: &impl AsyncFn(&Global<Write>, &Caller, Q) -> Result<R>,
    ) -> Schemas {
        Schemas::of::<P, R>()
    }

    /// Of a handler that waits.
    pub fn call<P: JsonSchema, R: JsonSchema>(_: &impl AsyncFn(&Arc<Call>, P) -> Result<R>) -> Schemas {
        Schemas::of::<P, R>()
    }
}

impl Method {
    /// The scope of the OpenClaw protocol that a connection needs for it.
    pub fn scope(&self) -> Option<ScopeName> {
        match (self.level, self.kind) {
            (Level::Anyone | Level::SignedIn, _) => None,
            (Level::Admin | Level::Platform, _) => Some(ScopeName::Admin),
            // What a viewer may change, such as leaving, takes no more than a viewer has.
            (Level::Viewer, _) | (_, Kind::Read | Kind::Call) => Some(ScopeName::Read),
            (Level::Member, Kind::Write) => Some(ScopeName::Write),
        }
    }
}

/// The METHODS table of a domain: a function `methods()` that gives its rows.
///
/// ```text
/// methods! {
///     /// Create an agent. The name must be unique in the workspace.
///     Write "agents.create" Member => create, limit: per_minute(10);
///     /// Sign in with e-mail and password.
///     Write "accounts.login" Anyone => verify then login, agents: Never;
/// }
/// ```
/// Without a doc comment or a level it does not compile. `a then b` runs `a` outside the transaction (it may hash, wait
/// or ask the outside world) and hands its result to `b` inside.
#[macro_export]
macro_rules! methods {
    ($(
        $(#[doc = $doc:literal])+
        $kind:ident $name:literal $level:ident $(($own:ident))? => $handler:ident $(then $then:ident)?
        $(, limit: $limit:ident($count:literal))? $(, agents: $agents:ident)?;
    )+) => {
        /// The rows of this domain.
        pub(crate) fn methods() -> Vec<$crate::Method> {
            vec![$($crate::Method {
                name: $name,
                doc: concat!($($doc, "\n"),+),
                kind: $crate::Kind::$kind,
                level: $crate::Level::$level,
                own: $crate::methods!(@own $($own)?),
                limit: $crate::methods!(@limit $kind $($limit $count)?),
                audit: $crate::methods!(@audit $kind),
                agents: $crate::methods!(@agents $kind $($agents)?),
                handler: $crate::methods!(@handler $kind $level $handler $($then)?),
                schemas: $crate::methods!(@schemas $kind $level $handler $($then)?),
            }),+]
        }
    };
    (@own) => { false };
    (@own own) => { true };
    (@limit $kind:ident) => { $crate::RateClass::default_of($crate::Kind::$kind) };
    (@limit $kind:ident $limit:ident $count:literal) => { $crate::RateClass::$limit($count) };
    (@audit Write) => { $crate::Audit::Always };
    (@audit $kind:ident) => { $crate::Audit::Never };
    (@agents Write) => { $crate::Agents::Ask };
    (@agents $kind:ident) => { $crate::Agents::Grant };
    (@agents $kind:ident $agents:ident) => { $crate::Agents::$agents };

    (@handler Read Anyone $h:ident) => { $crate::methods!(@global_read $h) };
    (@handler Read SignedIn $h:ident) => { $crate::methods!(@global_read $h) };
    (@handler Read Platform $h:ident) => { $crate::methods!(@global_read $h) };
    (@handler Read $level:ident $h:ident) => {
        $crate::Handler::Read(|scope, params| Box::pin(async move {
            let params = params.parse()?;
            $crate::json(&$h(&scope, params).await?)
        }))
    };
    (@handler Write Anyone $h:ident $($then:ident)?) => { $crate::methods!(@global_write $h $($then)?) };
    (@handler Write SignedIn $h:ident $($then:ident)?) => { $crate::methods!(@global_write $h $($then)?) };
    (@handler Write Platform $h:ident $($then:ident)?) => { $crate::methods!(@global_write $h $($then)?) };
    (@handler Write $level:ident $h:ident) => {
        $crate::Handler::Write(|_, params| Box::pin(async move {
            let params = params.parse()?;
            let body: pmos_store::Body<$crate::Json> =
                Box::new(move |scope| Box::pin(async move { $crate::json(&$h(scope, params).await?) }));
            Ok(body)
        }))
    };
    (@handler Write $level:ident $h:ident $then:ident) => {
        $crate::Handler::Write(|call, params| Box::pin(async move {
            let prepared = $h(&call, params.parse()?).await?;
            let body: pmos_store::Body<$crate::Json> =
                Box::new(move |scope| Box::pin(async move { $crate::json(&$then(scope, prepared).await?) }));
            Ok(body)
        }))
    };
    (@handler Call $level:ident $h:ident) => {
        $crate::Handler::Call(|call, params| Box::pin(async move {
            let params = params.parse()?;
            $crate::json(&$h(&call, params).await?)
        }))
    };
    (@global_read $h:ident) => {
        $crate::Handler::GlobalRead(|global, caller, params| Box::pin(async move {
            let params = params.parse()?;
            $crate::json(&$h(&global, &caller, params).await?)
        }))
    };
    (@global_write $h:ident) => {
        $crate::Handler::GlobalWrite(|call, params| Box::pin(async move {
            let params = params.parse()?;
            let caller = call.caller.clone();
            let body: pmos_store::GlobalBody<$crate::Json> =
                Box::new(move |global| Box::pin(async move { $crate::json(&$h(global, &caller, params).await?) }));
            Ok(body)
        }))
    };
    (@global_write $h:ident $then:ident) => {
        $crate::Handler::GlobalWrite(|call, params| Box::pin(async move {
            let prepared = $h(&call, params.parse()?).await?;
            let caller = call.caller.clone();
            let body: pmos_store::GlobalBody<$crate::Json> =
                Box::new(move |global| Box::pin(async move { $crate::json(&$then(global, &caller, prepared).await?) }));
            Ok(body)
        }))
    };

    (@schemas Read Anyone $h:ident) => { $crate::schemas::global_read(&$h) };
    (@schemas Read SignedIn $h:ident) => { $crate::schemas::global_read(&$h) };
    (@schemas Read Platform $h:ident) => { $crate::schemas::global_read(&$h) };
    (@schemas Read $level:ident $h:ident) => { $crate::schemas::read(&$h) };
    (@schemas Write Anyone $h:ident) => { $crate::schemas::global_write(&$h) };
    (@schemas Write SignedIn $h:ident) => { $crate::schemas::global_write(&$h) };
    (@schemas Write Platform $h:ident) => { $crate::schemas::global_write(&$h) };
    (@schemas Write $level:ident $h:ident) => { $crate::schemas::write(&$h) };
    (@schemas Write Anyone $h:ident $then:ident) => { $crate::schemas::global_prepared(&$h, &$then) };
    (@schemas Write SignedIn $h:ident $then:ident) => { $crate::schemas::global_prepared(&$h, &$then) };
    (@schemas Write Platform $h:ident $then:ident) => { $crate::schemas::global_prepared(&$h, &$then) };
    (@schemas Write $level:ident $h:ident $then:ident) => { $crate::schemas::prepared(&$h, &$then) };
    (@schemas Call $level:ident $h:ident) => { $crate::schemas::call(&$h) };
}
