//! API keys: how programs act for a person in one workspace.
//!
//! - A key may do what its scopes and its maker's role both allow, read anew at each call; when the maker goes, it dies.
//! - Its text is shown when it is made and never again; the server keeps a digest and the last four characters.
//! - Only a person who is signed in makes one: a stolen key cannot make its own successor.

mod rpc;

pub(crate) use rpc::methods;

use pmos_kit::role::{ScopeName, Scopes};
use pmos_kit::{Error, Result};
use pmos_store::{Column, Value};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a key may do. Each includes the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum KeyScope {
    /// Look at things.
    Read,
    /// Chat, run and change things.
    Write,
    /// Manage the workspace.
    Admin,
}

impl KeyScope {
    const ALL: [KeyScope; 3] = [KeyScope::Read, KeyScope::Write, KeyScope::Admin];

    fn name(self) -> ScopeName {
        match self {
            KeyScope::Read => ScopeName::Read,
            KeyScope::Write => ScopeName::Write,
            KeyScope::Admin => ScopeName::Admin,
        }
    }

    /// The protocol's scopes that these amount to.
    fn scopes(asked: &[KeyScope]) -> Scopes {
        Scopes::parse(asked.iter().map(|scope| scope.name().as_str()))
    }

    /// What is told of stored scopes.
    fn of(scopes: Scopes) -> Vec<KeyScope> {
        Self::ALL.into_iter().filter(|scope| scopes.has(scope.name())).collect()
    }
}

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum KeyKind {
    /// A person's own programs.
    Api,
    /// A service that runs by itself.
    Service,
}

impl KeyKind {
    fn as_str(self) -> &'static str {
        match self {
            KeyKind::Api => "api",
            KeyKind::Service => "service",
        }
    }

    /// What its keys begin with, so that a leaked one is known for what it is.
    fn prefix(self) -> &'static str {
        match self {
            KeyKind::Api => "pmos_live_api_",
            KeyKind::Service => "pmos_live_svc_",
        }
    }
}

impl Column for KeyKind {
    fn from_value(value: Value<'_>) -> Result<Self> {
        match value {
            Value::Text("api") => Ok(KeyKind::Api),
            Value::Text("service") => Ok(KeyKind::Service),
            other => Err(Error::internal(format!("no kind of key: {other:?}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_told_as_it_was_asked_for() {
        use KeyScope::{Admin, Read, Write};
        assert_eq!(KeyScope::of(KeyScope::scopes(&[Read])), [Read]);
        assert_eq!(KeyScope::of(KeyScope::scopes(&[Write])), [Read, Write], "who writes reads");
        assert_eq!(KeyScope::of(KeyScope::scopes(&[Admin])), [Read, Write, Admin]);
        assert!(KeyScope::of(KeyScope::scopes(&[])).is_empty());
    }
}
