//! What the program adds to the worker's JavaScript.

use std::fmt;

/// Functions in Rust behind what JavaScript sees: times, n8n's methods on values, JMESPath, numbers and dates as people of a
/// place write them.
///
/// JavaScript asks for them by the text of an expression, such as `$0.plus(...$arguments)` or
/// `DateTime.fromISO(...$arguments)`, with the values of `$0` and `$arguments`. What JSON lacks goes through, both ways, as
/// an object with the field `$is`:
///
/// | `$is` | the rest |
/// |---|---|
/// | `undefined` | |
/// | `Date` | `ms`, null where it is invalid |
/// | `DateTime` | `ms`, `zone`, `locale?`; one that is invalid has no `ms`, and `reason` |
/// | `Duration` | `values: {unit: number}` |
/// | `Interval` | `start` and `end`, each a `DateTime` |
pub struct Host {
    answer: Box<Answer>,
}

type Answer = dyn Fn(&Call<'_>) -> Result<String, HostError>;

/// What JavaScript asks of a host.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The expression.
    pub code: &'a str,
    /// The values of `$0` and `$arguments`, as a JSON list of the two.
    pub given: &'a str,
    /// The present moment, in milliseconds.
    pub now: f64,
    /// The zone that times without one are in.
    pub zone: &'a str,
}

/// What a host's function throws.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostError {
    /// An error of JavaScript.
    Thrown(String),
    /// n8n refuses it: it is no error that expressions swallow.
    Refused(String),
    /// There is no such function.
    Missing,
}

impl Host {
    /// A host that answers with the value as JSON; empty text is `undefined`.
    pub fn new(answer: impl Fn(&Call<'_>) -> Result<String, HostError> + 'static) -> Self {
        Self { answer: Box::new(answer) }
    }

    /// A host without functions.
    pub fn none() -> Self {
        Self::new(|_| Err(HostError::Missing))
    }

    pub(super) fn answer(&self, call: &Call<'_>) -> Result<String, HostError> {
        (self.answer)(call)
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Host")
    }
}
