//! What can go wrong with a provider call, by what is to be done about it.

use pmos_kit::Error;
use std::fmt;
use std::time::Duration;

/// A provider call that failed: the kind for programs, the words for people. Neither ever holds the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    kind: FailureKind,
    message: String,
    cause: Option<String>,
    status: Option<u16>,
}

/// The kind of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailureKind {
    /// The model or the provider's filter declines to answer.
    Refusal,
    /// No connection, no first byte or no further piece in time.
    Timeout,
    /// Too many calls, or a spent quota of the key.
    RateLimit {
        /// When the provider says to try again, if it does.
        retry_after: Option<Duration>,
    },
    /// The conversation is longer than the model takes.
    ContextLength,
    /// The key is missing, wrong, or may not use this model.
    Auth,
    /// The key's account has no money or quota left: waiting does not help.
    Quota,
    /// The provider does not take the request as it is: an unknown model, a parameter that it lacks.
    Rejected,
    /// The provider cannot be reached, is overloaded or broke off.
    Unavailable {
        /// When the provider says to try again, if it does.
        retry_after: Option<Duration>,
    },
    /// The provider's answer is not what its API promises.
    BadResponse,
    /// A fault on our side.
    Internal,
}

impl FailureKind {
    /// The kind's word in the store and in logs. The OpenClaw protocol knows `refusal`, `timeout`, `rate_limit` and
    /// `context_length`; it calls all others `unknown` (openclaw.md, `errorKind`).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Refusal => "refusal",
            Self::Timeout => "timeout",
            Self::RateLimit { .. } => "rate_limit",
            Self::ContextLength => "context_length",
            Self::Auth => "auth",
            Self::Quota => "quota",
            Self::Rejected => "rejected",
            Self::Unavailable { .. } => "unavailable",
            Self::BadResponse => "bad_response",
            Self::Internal => "internal",
        }
    }
}

impl Failure {
    /// A failure of this kind, in words for the person who runs the agent.
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), cause: None, status: None }
    }

    /// Add the cause, for the log alone.
    #[must_use]
    pub fn with_cause(mut self, cause: impl fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    /// Add the HTTP status of the answer.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// The kind.
    pub fn kind(&self) -> FailureKind {
        self.kind
    }

    /// The words, the provider's own where it had some.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The cause, for the log alone.
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// The HTTP status of the answer, if there was one.
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// The same failure in other words, for what must not be repeated.
    #[must_use]
    pub(crate) fn map_words(mut self, change: impl Fn(&str) -> String) -> Self {
        self.message = change(&self.message);
        self.cause = self.cause.as_deref().map(change);
        self
    }

    /// May the same call work a little later? The engine repeats only these, and only before any output.
    pub fn is_retryable(&self) -> bool {
        matches!(
            self.kind,
            FailureKind::Timeout
                | FailureKind::RateLimit { .. }
                | FailureKind::Unavailable { .. }
                | FailureKind::BadResponse
        )
    }

    /// When the provider says to try again.
    pub fn retry_after(&self) -> Option<Duration> {
        match self.kind {
            FailureKind::RateLimit { retry_after } | FailureKind::Unavailable { retry_after } => retry_after,
            _ => None,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.as_str(), self.message)?;
        match &self.cause {
            Some(cause) => write!(f, " ({cause})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Failure {}

impl From<Failure> for Error {
    /// For callers that ask a provider directly, such as a key check.
    fn from(failure: Failure) -> Self {
        let millis = |wait: Duration| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        let error = match failure.kind {
            FailureKind::Auth
            | FailureKind::Rejected
            | FailureKind::Refusal
            | FailureKind::ContextLength
            | FailureKind::Quota => Error::invalid(failure.message),
            FailureKind::RateLimit { retry_after: Some(wait) }
            | FailureKind::Unavailable { retry_after: Some(wait) } => {
                Error::unavailable_for(millis(wait), failure.message)
            }
            FailureKind::Internal => Error::internal(failure.message),
            _ => Error::unavailable(failure.message),
        };
        match failure.cause {
            Some(cause) => error.with_cause(cause),
            None => error,
        }
    }
}
