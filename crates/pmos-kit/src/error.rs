//! One error for every surface.
//!
//! `public` is for the person who made the call: what went wrong and what to do. `cause` is for the log of whoever
//! runs the server and never leaves it.

use crate::{Millis, RequestId};
use serde_json::{Value, json};
use std::fmt;

/// The result of everything that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of failure this is. The kind decides the code on the wire, the HTTP status and whether to try again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Nobody is signed in, or the credential does not hold.
    Unauthenticated,
    /// The caller is known and may not do this, at all or without one scope.
    Forbidden {
        /// The scope that was missing, such as `operator.write`, if that was the reason.
        missing_scope: Option<&'static str>,
    },
    /// A thing that is not there and a thing of somebody else's: always the same bytes (security.md, 0.3).
    NotFound,
    /// The request cannot be understood or breaks a rule.
    InvalidRequest {
        /// The field at fault, as a path like `attachments[0].content`.
        field: Option<String>,
    },
    /// The request is fine, the state of things is not: a name is taken, the last admin leaves.
    Conflict,
    /// Too many calls.
    RateLimited {
        /// When to try again.
        retry_after_ms: u64,
    },
    /// The plan's limit is reached.
    QuotaExceeded {
        /// What is counted, such as `agents`.
        metric: &'static str,
        /// How many are included.
        limit: i64,
        /// How many are used.
        used: i64,
        /// When the count starts anew; absent for things that are held, not spent.
        resets_at: Option<Millis>,
    },
    /// A part of the house is busy, starting, or does not answer. Trying again may work.
    Unavailable {
        /// When to try again, if known.
        retry_after_ms: Option<u64>,
    },
    /// A fault of ours.
    Internal,
}

/// An error with words for the caller and, apart from them, the cause for the log.
#[derive(Debug)]
pub struct Error(Box<Inner>);

// Boxed, so that a result that is mostly well is small.
#[derive(Debug)]
struct Inner {
    kind: Kind,
    public: String,
    details: Option<Value>,
    cause: Option<String>,
    request: Option<RequestId>,
}

/// What every refused access answers, for foreign and for missing things alike.
pub const DENIED: &str = "Access denied or not found";

impl Error {
    fn new(kind: Kind, public: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind, public: public.into(), details: None, cause: None, request: None }))
    }

    /// Nobody is signed in.
    pub fn unauthenticated(public: impl Into<String>) -> Self {
        Self::new(Kind::Unauthenticated, public)
    }

    /// The caller may not do this.
    pub fn forbidden(public: impl Into<String>) -> Self {
        Self::new(Kind::Forbidden { missing_scope: None }, public)
    }

    /// The caller lacks one scope of the OpenClaw protocol; the words are the protocol's own.
    pub fn missing_scope(scope: &'static str) -> Self {
        Self::new(Kind::Forbidden { missing_scope: Some(scope) }, format!("missing scope: {scope}"))
    }

    /// Foreign or missing: the one answer for both.
    pub fn not_found() -> Self {
        Self::new(Kind::NotFound, DENIED)
    }

    /// The request breaks a rule; the words say which and what to send instead.
    pub fn invalid(public: impl Into<String>) -> Self {
        Self::new(Kind::InvalidRequest { field: None }, public)
    }

    /// Like [`Error::invalid`], naming the field at fault.
    pub fn invalid_field(field: impl Into<String>, public: impl Into<String>) -> Self {
        Self::new(Kind::InvalidRequest { field: Some(field.into()) }, public)
    }

    /// The state of things stands against it.
    pub fn conflict(public: impl Into<String>) -> Self {
        Self::new(Kind::Conflict, public)
    }

    /// Too many calls; `retry_after_ms` from now one more will be taken.
    pub fn rate_limited(retry_after_ms: u64) -> Self {
        let seconds = retry_after_ms.div_ceil(1000);
        Self::new(Kind::RateLimited { retry_after_ms }, format!("too many requests: try again in {seconds} s"))
    }

    /// A plan's limit is reached.
    pub fn quota(metric: &'static str, limit: i64, used: i64, resets_at: Option<Millis>) -> Self {
        Self::new(
            Kind::QuotaExceeded { metric, limit, used, resets_at },
            format!("the plan includes {limit} {metric}, and {used} are in use: upgrade, or remove one"),
        )
    }

    /// Busy or out of reach; trying again may work.
    pub fn unavailable(public: impl Into<String>) -> Self {
        Self::new(Kind::Unavailable { retry_after_ms: None }, public)
    }

    /// Like [`Error::unavailable`], saying when to try again.
    pub fn unavailable_for(retry_after_ms: u64, public: impl Into<String>) -> Self {
        Self::new(Kind::Unavailable { retry_after_ms: Some(retry_after_ms) }, public)
    }

    /// A fault of ours. The caller learns only that; `cause` goes to the log.
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self::new(Kind::Internal, "something went wrong on our side; the request id finds it in the log")
            .with_cause(cause)
    }

    /// Add the cause, for the log alone.
    #[must_use]
    pub fn with_cause(mut self, cause: impl fmt::Display) -> Self {
        self.0.cause = Some(cause.to_string());
        self
    }

    /// Add details for the caller's program, merged over those that the kind brings along.
    #[must_use]
    pub fn with_details(mut self, details: Value) -> Self {
        self.0.details = Some(details);
        self
    }

    /// Say in which call it happened.
    #[must_use]
    pub fn with_request(mut self, request: RequestId) -> Self {
        self.0.request = Some(request);
        self
    }

    /// The call in which it happened, by which the log finds it.
    pub fn request(&self) -> Option<&RequestId> {
        self.0.request.as_ref()
    }

    /// What kind of failure this is.
    pub fn kind(&self) -> &Kind {
        &self.0.kind
    }

    /// The words for the caller.
    pub fn public(&self) -> &str {
        &self.0.public
    }

    /// The cause, for the log alone.
    pub fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }

    /// Is this a missing or foreign thing?
    pub fn is_not_found(&self) -> bool {
        self.0.kind == Kind::NotFound
    }

    /// The code of the wire.
    pub fn code(&self) -> &'static str {
        match self.0.kind {
            Kind::Unauthenticated => "UNAUTHENTICATED",
            Kind::Forbidden { .. } => "FORBIDDEN",
            Kind::NotFound => "NOT_FOUND",
            Kind::InvalidRequest { .. } => "INVALID_REQUEST",
            Kind::Conflict => "CONFLICT",
            Kind::RateLimited { .. } => "RATE_LIMITED",
            Kind::QuotaExceeded { .. } => "QUOTA_EXCEEDED",
            Kind::Unavailable { .. } => "UNAVAILABLE",
            Kind::Internal => "INTERNAL",
        }
    }

    /// May the same request work later, unchanged?
    pub fn is_retryable(&self) -> bool {
        matches!(self.0.kind, Kind::RateLimited { .. } | Kind::Unavailable { .. })
    }

    /// When to try again, if that is known.
    pub fn retry_after_ms(&self) -> Option<u64> {
        match self.0.kind {
            Kind::RateLimited { retry_after_ms } => Some(retry_after_ms),
            Kind::Unavailable { retry_after_ms } => retry_after_ms,
            _ => None,
        }
    }

    /// Details for the caller's program; `None` where the code says it all.
    pub fn details(&self) -> Option<Value> {
        let own = match &self.0.kind {
            Kind::InvalidRequest { field: Some(field) } => Some(json!({ "field": field })),
            Kind::Forbidden { missing_scope: Some(scope) } => {
                Some(json!({ "code": "MISSING_SCOPE", "missingScope": scope, "requiredScopes": [scope] }))
            }
            Kind::QuotaExceeded { metric, limit, used, resets_at } => {
                let mut details = json!({ "metric": metric, "limit": limit, "used": used, "upgradeUrl": "/usage" });
                if let Some(at) = resets_at {
                    details["resetsAt"] = json!(at);
                }
                Some(details)
            }
            _ => None,
        };
        match (own, self.0.details.clone()) {
            (Some(Value::Object(mut own)), Some(Value::Object(more))) => {
                own.extend(more);
                Some(Value::Object(own))
            }
            (own, more) => more.or(own),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code(), self.0.public)?;
        match &self.0.cause {
            Some(cause) => write!(f, " ({cause})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}
