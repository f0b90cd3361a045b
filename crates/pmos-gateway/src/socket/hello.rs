//! The answer to `connect`: what there is, and what this client may do (openclaw.md, 4).

use super::wire::{MAX_BUFFERED, MAX_PAYLOAD};
use crate::front::Front;
use crate::presence::PresenceEntry;
use pmos_kit::role::Scopes;
use pmos_kit::{Error, Result};
use pmos_platform::dispatch::Peer;
use pmos_rpc::Json;
use pmos_store::{Grant, StateVersion};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// How often a `tick` is sent.
pub(super) const TICK_MS: u64 = 30_000;
/// What a client may rely on beyond the methods that are listed.
const CAPABILITIES: [&str; 1] = ["published-model-catalog"];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Hello<'a> {
    r#type: &'static str,
    protocol: u32,
    server: Server<'a>,
    features: Features<'a>,
    snapshot: Snapshot<'a>,
    auth: Auth,
    policy: Policy,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Server<'a> {
    version: &'a str,
    conn_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Features<'a> {
    methods: Vec<&'static str>,
    events: &'a RawValue,
    capabilities: [&'static str; 1],
    /// By which our UI learns that the server is another than the one it was loaded from.
    protocol_hash: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Snapshot<'a> {
    presence: Vec<PresenceEntry>,
    health: Health,
    state_version: StateVersion,
    uptime_ms: u64,
    session_defaults: SessionDefaults<'a>,
}

/// Clients ask for it when they want it, and are told of it each minute.
#[derive(Serialize)]
struct Health {}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SessionDefaults<'a> {
    default_agent_id: &'a str,
    main_key: &'static str,
    main_session_key: String,
    scope: &'static str,
}

#[derive(Serialize)]
struct Auth {
    role: &'static str,
    scopes: Vec<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Policy {
    max_payload: usize,
    max_buffered_bytes: usize,
    tick_interval_ms: u64,
}

/// What was agreed on with a client.
pub(super) struct Agreed<'a> {
    pub(super) protocol: u32,
    pub(super) connection: &'a str,
    pub(super) grant: &'a Grant,
    pub(super) scopes: Scopes,
}

/// Write the hello.
pub(super) async fn write(front: &Front, peer: &Peer, agreed: Agreed<'_>) -> Result<Json> {
    let default_agent = default_agent(front, peer).await;
    let (presence, state_version) = front.presence.snapshot(agreed.grant.workspace());
    let hello = Hello {
        r#type: "hello-ok",
        protocol: agreed.protocol,
        server: Server { version: &front.config.version, conn_id: agreed.connection },
        features: Features {
            methods: front.dispatch.allowed(agreed.grant, agreed.scopes),
            events: serde_json::from_str(&front.event_names).map_err(Error::internal)?,
            capabilities: CAPABILITIES,
            protocol_hash: &front.protocol_hash,
        },
        snapshot: Snapshot {
            presence,
            health: Health {},
            state_version,
            uptime_ms: u64::try_from(front.started.elapsed().as_millis()).unwrap_or(u64::MAX),
            session_defaults: SessionDefaults {
                main_session_key: format!("agent:{default_agent}:main"),
                default_agent_id: &default_agent,
                main_key: "main",
                scope: "per-sender",
            },
        },
        auth: Auth { role: "operator", scopes: agreed.scopes.names() },
        policy: Policy { max_payload: MAX_PAYLOAD, max_buffered_bytes: MAX_BUFFERED, tick_interval_ms: TICK_MS },
    };
    pmos_rpc::json(&hello)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Agents<'a> {
    #[serde(borrow)]
    default_id: Cow<'a, str>,
}

/// The agent that the workspace talks to unless told otherwise. Who may not list agents is told the name that every
/// workspace understands.
async fn default_agent(front: &Front, peer: &Peer) -> String {
    let listed = front.call(peer, "agents.list", None).await;
    let named = listed.ok().and_then(|answer| {
        let agents: Agents<'_> = serde_json::from_str(&answer.json).ok()?;
        Some(agents.default_id.into_owned())
    });
    named.unwrap_or_else(|| "main".to_owned())
}
