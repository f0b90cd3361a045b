//! Session keys: as a caller writes them, and as they are stored.

use crate::agents::{self, MAIN};
use pmos_kit::{Error, Result};
use pmos_store::{May, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::Cow;

const MAX_CHARS: usize = 512;

/// A session's key as a caller writes it; answers echo it so. `main` is the default agent's main session, a bare key
/// one of its others.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub(crate) struct SessionKey(pub(crate) String);

impl<'de> Deserialize<'de> for SessionKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let length = text.chars().count();
        if length == 0 || length > MAX_CHARS || text.chars().any(char::is_control) {
            return Err(serde::de::Error::custom("a session key has 1 to 512 visible characters"));
        }
        Ok(Self(text))
    }
}

impl JsonSchema for SessionKey {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "SessionKey".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "minLength": 1, "maxLength": 512, "x-id": "SessionKey",
            "description": "`agent:<agentId>:<rest>`, `main`, or a bare key of the default agent." })
    }
}

/// The key as it is stored: `agent:<agt_…>:<rest>`.
pub(crate) async fn canonical<A: May<false>>(scope: &Scope<A>, named: &SessionKey) -> Result<String> {
    let (agent, rest) = match named.0.strip_prefix("agent:") {
        Some(tail) => tail.split_once(':').ok_or_else(Error::not_found)?,
        None => (MAIN, named.0.as_str()),
    };
    let rest = if rest.is_empty() { MAIN } else { rest };
    if agent == MAIN {
        return Ok(format!("agent:{}:{rest}", agents::default_id(scope).await?));
    }
    Ok(format!("agent:{agent}:{rest}"))
}

/// The agent of a canonical key.
pub(crate) fn agent_of(canonical: &str) -> &str {
    canonical.split(':').nth(1).unwrap_or_default()
}

/// What a canonical key has behind its agent.
pub(crate) fn rest_of(canonical: &str) -> &str {
    canonical.splitn(3, ':').nth(2).unwrap_or_default()
}
