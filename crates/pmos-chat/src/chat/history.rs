//! What was said in a session.

use crate::runs::{InFlight, Runs};
use crate::sessions::{self, SessionKey, SessionRow, canonical, find, wire};
use pmos_kit::{Error, MessageId, Millis, Result, SessionId};
use pmos_rpc::{Ignored, methods};
use pmos_store::{Read, Scope, args, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

methods! {
    /// What was said in a session, oldest first: the last `limit` messages, or those before `before`.
    ///
    /// With `cursor`, the `deltaCursor` of an earlier answer, only what came since: this is how a client that was away
    /// resumes, on whatever replica. `inFlightRun` is the run that is on, with its text so far. A session that is not
    /// there yet is answered as empty.
    Read "chat.history" Viewer => history;
    /// The first page of a session, for clients of OpenClaw's protocol: as `chat.history`.
    Read "chat.startup" Viewer => history;
}

/// A history is at most this long; older messages are left for the next page (openclaw.md, 10.4).
const MAX_BYTES: usize = 6 * 1024 * 1024;

/// Which part of a history.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct GetHistory {
    session_key: SessionKey,
    /// 1 to 1,000; 200 without it.
    limit: Option<u32>,
    /// The `deltaCursor` of an earlier answer.
    cursor: Option<String>,
    /// Only messages whose `seq` is below.
    before: Option<i64>,
    #[serde(rename = "offset")]
    _offset: Option<Ignored>,
    #[serde(rename = "messageId")]
    _message_id: Option<Ignored>,
    #[serde(rename = "sessionId")]
    _session_id: Option<Ignored>,
    #[serde(rename = "maxChars")]
    _max_chars: Option<Ignored>,
    #[serde(rename = "maxBytes")]
    _max_bytes: Option<Ignored>,
    #[serde(rename = "agentId")]
    _agent_id: Option<Ignored>,
    #[serde(rename = "inputRunIds")]
    _input_run_ids: Option<Ignored>,
    #[serde(rename = "pendingBefore")]
    _pending_before: Option<Ignored>,
}

/// A part of a history.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct History {
    /// `delta` where a cursor was given, `reset` where the session began anew since.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = ["delta", "reset"]))]
    kind: Option<&'static str>,
    /// As it was asked.
    session_key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_id: Option<SessionId>,
    #[schemars(with = "Vec<crate::sessions::WireMessage>")]
    messages: Vec<Box<RawValue>>,
    /// Is there something older?
    has_more: bool,
    total_messages: i64,
    delta_cursor: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_info: Option<SessionRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    in_flight_run: Option<InFlight>,
    defaults: sessions::Defaults,
}

async fn history(scope: &Scope<Read>, p: GetHistory) -> Result<History> {
    let key = canonical(scope, &p.session_key).await?;
    let defaults = sessions::Defaults::of(scope).await?;
    let Some(session) = find(scope, &key).await? else {
        // The agent must be there and visible; the session need not be.
        crate::agents::get(scope, sessions::agent_of(&key)).await?;
        return Ok(empty(p.session_key.0, defaults));
    };
    let since = p.cursor.as_deref().map(parse_cursor).transpose()?;
    let (from, kind) = match since {
        Some(seq) if seq + 1 >= session.first_seq && seq <= session.last_seq => (seq + 1, Some("delta")),
        Some(_) => (session.first_seq, Some("reset")),
        None => (session.first_seq, None),
    };
    let limit = p.limit.unwrap_or(200).clamp(1, 1_000);
    let rows: Vec<(i64, MessageId, Option<String>, String)> = scope
        .rows(
            sql!(
                "SELECT m.seq, m.id, r.client_key, m.body FROM messages m
                 LEFT JOIN runs r ON r.workspace_id = $1 AND r.id = m.run_id
                 WHERE m.workspace_id = $1 AND m.session_id = $2 AND m.seq >= $3 AND m.seq < $4 ORDER BY m.seq DESC LIMIT $5"
            ),
            args![session.id, from, p.before.unwrap_or(i64::MAX), limit],
        )
        .await?;
    let mut room = MAX_BYTES;
    let mut messages = Vec::with_capacity(rows.len());
    let mut oldest = p.before.unwrap_or(session.last_seq + 1);
    for (seq, id, run, body) in &rows {
        if body.len() > room {
            break;
        }
        room -= body.len();
        oldest = *seq;
        let wired = wire(body, id.as_str(), *seq, run.as_deref());
        messages.push(RawValue::from_string(wired).map_err(Error::internal)?);
    }
    messages.reverse();
    Ok(History {
        kind,
        session_key: p.session_key.0,
        messages,
        has_more: oldest > from,
        total_messages: session.last_seq - session.first_seq + 1,
        delta_cursor: session.last_seq.to_string(),
        session_info: Some(sessions::row(scope, &session.id).await?),
        in_flight_run: in_flight(scope, &session.id).await?,
        session_id: Some(session.id),
        defaults,
    })
}

fn empty(session_key: String, defaults: sessions::Defaults) -> History {
    History {
        kind: None,
        session_key,
        session_id: None,
        messages: Vec::new(),
        has_more: false,
        total_messages: 0,
        delta_cursor: "0".into(),
        session_info: None,
        in_flight_run: None,
        defaults,
    }
}

pub(super) fn parse_cursor(cursor: &str) -> Result<i64> {
    cursor
        .parse()
        .ok()
        .filter(|seq| *seq >= 0)
        .ok_or_else(|| Error::invalid_field("cursor", "cursor: take it from deltaCursor"))
}

/// The run that is on: as this process knows it, else as another one last stored it.
async fn in_flight(scope: &Scope<Read>, session: &SessionId) -> Result<Option<InFlight>> {
    if let Some(here) = scope.service::<Runs>()?.in_flight(session) {
        return Ok(Some(here));
    }
    let stored: Option<(String, Option<String>, Option<Millis>)> = scope
        .maybe(
            sql!(
                "SELECT client_key, partial, started_at FROM runs WHERE workspace_id = $1 AND session_id = $2 AND state = 'running' LIMIT 1"
            ),
            args![session],
        )
        .await?;
    Ok(stored.map(|(run_id, text, started_at)| InFlight {
        run_id,
        text: text.unwrap_or_default(),
        seq: 0,
        started_at: started_at.unwrap_or_default(),
    }))
}
