//! What can go wrong with an outgoing request.

use crate::names::NoAddress;
use crate::policy::{Route, refused};
use pmos_kit::Error;
use reqwest::Url;
use std::error::Error as StdError;
use std::fmt;

/// A request that got no whole answer. `?` turns it into the house's [`Error`], whose words name no resolved address.
#[derive(Debug)]
pub struct Failure {
    fault: Fault,
    // Boxed, so that the way of a good answer stays narrow.
    error: Box<Error>,
}

/// What went wrong, for callers that act on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The URL is no URL, or the policy does not allow it. Nothing was sent.
    Refused,
    /// No connection. Nothing was sent.
    Unreachable,
    /// One of the [`crate::Timeouts`] ran out.
    Timeout,
    /// The connection broke, or what came is not HTTP.
    Broken,
    /// The answer is larger than the request allowed.
    TooLarge,
    /// More redirects than the request allowed.
    Redirects,
}

impl Failure {
    pub(crate) fn new(fault: Fault, error: Error) -> Self {
        Self { fault, error: Box::new(error) }
    }

    /// What went wrong.
    pub fn fault(&self) -> Fault {
        self.fault
    }

    /// The words for the caller and the cause for the log.
    pub fn error(&self) -> &Error {
        &self.error
    }

    pub(crate) fn timeout(host: &str, what: &str) -> Self {
        Self::new(Fault::Timeout, Error::unavailable(format!("{host} did not {what} in time")))
    }

    pub(crate) fn too_large(host: &str, max_bytes: u64) -> Self {
        Self::new(Fault::TooLarge, Error::unavailable(format!("the answer of {host} is larger than {max_bytes} bytes")))
    }

    /// While the answer was read.
    pub(crate) fn broken(host: &str, error: reqwest::Error) -> Self {
        let words = format!("the connection to {host} broke before the answer was complete");
        Self::new(Fault::Broken, Error::unavailable(words).with_cause(chain(&error.without_url())))
    }

    /// Before there was an answer.
    pub(crate) fn of_send(url: &Url, route: Route, error: reqwest::Error) -> Self {
        let host = url.host_str().unwrap_or_default();
        let error = error.without_url();
        if route == Route::Public && finds::<NoAddress>(&error) {
            let refused: Error = refused(url).into();
            return Self::new(Fault::Refused, refused.with_cause(chain(&error)));
        }
        let (fault, words) = if error.is_connect() && error.is_timeout() {
            (Fault::Timeout, format!("no connection to {host} in time"))
        } else if finds::<rustls::Error>(&error) {
            (Fault::Unreachable, format!("no secure connection to {host}: its certificate or its TLS is not accepted"))
        } else if error.is_connect() {
            (Fault::Unreachable, format!("no connection to {host}"))
        } else {
            (Fault::Broken, format!("the connection to {host} broke before it answered"))
        };
        // The cause of a failed connection names addresses; it goes to the log and nowhere else.
        Self::new(fault, Error::unavailable(words).with_cause(chain(&error)))
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        *failure.error
    }
}

impl From<Error> for Failure {
    /// For URLs that cannot be parsed.
    fn from(error: Error) -> Self {
        Self::new(Fault::Refused, error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl StdError for Failure {}

/// Each error of a chain, outermost first.
fn sources<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn StdError + 'static)| (*error).source())
}

fn finds<E: StdError + 'static>(error: &(dyn StdError + 'static)) -> bool {
    sources(error).any(|error| {
        error.is::<E>()
            || error.downcast_ref::<std::io::Error>().and_then(|io| io.get_ref()).is_some_and(|inner| inner.is::<E>())
    })
}

fn chain(error: &(dyn StdError + 'static)) -> String {
    sources(error).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
