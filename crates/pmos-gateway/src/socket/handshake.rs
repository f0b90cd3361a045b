//! From the upgrade to the hello: who is it, what do they ask for, what do they get.

use super::connect::{Connect, word};
use super::connection::{Client, Connection};
use super::hello::{self, Agreed};
use super::listener::Listener;
use super::refusal::{Field, Refusal};
use super::wire::{MAX_UNAUTHENTICATED, Received, Wire};
use super::{Challenge, Visit, device};
use crate::budget;
use crate::front::{Front, told_to_stop};
use crate::origin::Origin;
use crate::presence::{PresenceEntry, PresentUser};
use pmos_kit::role::Scopes;
use pmos_kit::{Error, Kind};
use pmos_platform::dispatch::{Peer, Shown};
use pmos_rpc::Json;
use pmos_rpc::frame::{self, Decoded, Frame};
use pmos_store::Grant;
use serde_json::value::RawValue;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::timeout;
use tungstenite::Utf8Bytes;

/// From the challenge to the hello.
const WITHIN: Duration = Duration::from_secs(15);

/// Why a handshake came to nothing.
enum Failure {
    /// The client hung up.
    Gone,
    /// What came is no request: nobody is answered.
    Closed(u16, &'static str),
    /// The request is answered with an error.
    Refused(String, Box<Refusal>),
}

/// A client that may come in, and the words that say so.
struct Opened {
    client: Client,
    hello: Frame,
}

/// Greet a client: challenge it, hear what it has to say, and let it in or tell it why not.
pub(super) async fn greet(front: Arc<Front>, mut wire: Wire, visit: Box<Visit>) -> Option<Box<Connection>> {
    let nonce = front.uuid();
    let challenge = pmos_rpc::json(&Challenge { nonce: &nonce, ts: front.now() }).ok()?;
    wire.send(&frame::event("connect.challenge", &challenge, None, None).into());
    let mut stopping = front.stopping.clone();
    let opened = tokio::select! {
        opened = timeout(WITHIN, open(&front, &mut wire, &visit, &nonce)) => opened.unwrap_or(Err(Failure::Closed(1000, ""))),
        () = told_to_stop(&mut stopping) => Err(Failure::Closed(1012, "service restart")),
    };
    match opened {
        Ok(opened) => {
            wire.trust();
            wire.send(&opened.hello);
            Some(Box::new(Connection::new(front, wire, opened.client)))
        }
        Err(failure) => {
            front.counters.refused.fetch_add(1, Ordering::Relaxed);
            refuse(wire, failure).await;
            None
        }
    }
}

async fn refuse(mut wire: Wire, failure: Failure) {
    match failure {
        Failure::Gone => {}
        Failure::Closed(code, reason) => wire.close(code, reason).await,
        Failure::Refused(id, refusal) => {
            // Older versions lose nothing by the details of newer ones.
            wire.send(&frame::handshake_error(&frame::quoted(&id), &refusal.error).into());
            wire.close(refusal.close, refusal.error.public()).await;
        }
    }
}

async fn open(front: &Arc<Front>, wire: &mut Wire, visit: &Visit, nonce: &str) -> Result<Opened, Failure> {
    let mut received = wire.next(true).await;
    while let Received::Pong = received {
        received = wire.next(true).await;
    }
    let text = match received {
        Received::Text(text) if text.len() > MAX_UNAUTHENTICATED => {
            return Err(Failure::Closed(1009, "preauth payload too large"));
        }
        Received::Text(text) => text,
        Received::Broken(code, reason) => return Err(Failure::Closed(code, reason)),
        Received::Ended | Received::Pong => return Err(Failure::Gone),
    };
    let (id, connect) = understand(&text)?;
    let refused = |refusal: Refusal| Failure::Refused(id.clone(), Box::new(refusal));
    let connect = connect.map_err(refused)?;
    let (client, hello) = Box::pin(admit(front, visit, nonce, connect)).await.map_err(refused)?;
    Ok(Opened { client, hello: frame::ok(&id, hello) })
}

/// The first request, and its id.
fn understand(text: &Utf8Bytes) -> Result<(String, Result<Connect, Refusal>), Failure> {
    let Decoded::Request(request) = frame::decode(text) else {
        return Err(Failure::Closed(1008, "invalid request frame"));
    };
    let connect = match &*request.method {
        "connect" => Connect::parse(request.params.map(RawValue::get)),
        _ => Err(Refusal::invalid("invalid handshake: first request must be connect")),
    };
    Ok((request.id.into_owned(), connect))
}

/// Check everything that the client says of itself, then ask the pipeline whether it may come in.
async fn admit(front: &Arc<Front>, visit: &Visit, nonce: &str, connect: Connect) -> Result<(Client, Json), Refusal> {
    let protocol = connect.protocol()?;
    if visit.origin == Origin::Foreign {
        return Err(Refusal::origin());
    }
    device::check(&connect, protocol, nonce, front.now())?;
    let (shown, field) = shown(visit, &connect)?;
    let is_login = field.is_none();
    let asked = connect.asked(protocol, is_login);
    let transport = visit.arrival.transport(visit.login.clone().filter(|_| is_login));
    let peer = Arc::new(Peer::new(shown, visit.workspace.clone(), Arc::new(transport)).with_scopes(asked));
    let (_, grant) = front.dispatch.enter(&peer).await.map_err(|error| not_admitted(front, visit, error, field))?;
    let scopes = asked.and(grant.scopes());
    // From here on nothing that happens is missed, the time until the hello included.
    let events = front.dispatch.bus.listen(&grant);
    let connection = front.uuid();
    let agreed = Agreed { protocol, connection: &connection, grant: &grant, scopes };
    let entry = is_seen(connect.client.mode()).then(|| entry(front, &connect, &grant, scopes));
    let seat = front.presence.enter(&grant, &front.dispatch.bus, front.now(), entry);
    let hello = hello::write(front, &peer, agreed).await.map_err(|error| Refusal::not_admitted(error, None))?;
    let listener = Listener {
        person: grant.person().clone(),
        scopes,
        takes_pieces: connect.has_cap("pmos-delta"),
        takes_tools: connect.has_cap("tool-events"),
        takes_sessions: false,
    };
    let client = Client { peer, grant, protocol, listener, asked, events, seat };
    Ok((client, hello))
}

/// The pipeline did not let them in. Whoever shows one key after the other that does not hold is told to wait.
fn not_admitted(front: &Front, visit: &Visit, error: Error, field: Option<Field>) -> Refusal {
    let is_wrong = matches!(error.kind(), Kind::Unauthenticated | Kind::NotFound) && field.is_some();
    match is_wrong.then(|| front.dispatch.wrong_key(budget::network_of(visit.arrival.ip))) {
        Some(Err(limited)) => Refusal::rate_limited(limited),
        _ => Refusal::not_admitted(error, field),
    }
}

/// What the client shows: a key in its `connect`, else one in a header, else the cookie of its page.
fn shown(visit: &Visit, connect: &Connect) -> Result<(Shown, Option<Field>), Refusal> {
    if let Some((key, field)) = connect.auth.as_ref().and_then(super::connect::Auth::key) {
        return Ok((Shown::Key(key), Some(field)));
    }
    if let Some(key) = &visit.key {
        return Ok((Shown::Key(key.clone()), Some(Field::Token)));
    }
    visit.login.clone().map(|login| (Shown::Login(login), None)).ok_or_else(Refusal::token_missing)
}

/// Programs that people look at. The others come and go by the thousand.
fn is_seen(mode: &str) -> bool {
    matches!(mode, "ui" | "webchat")
}

fn entry(front: &Front, connect: &Connect, grant: &Grant, scopes: Scopes) -> PresenceEntry {
    let (client, now) = (&connect.client, front.now());
    let host = word(client.display_name.as_deref()).unwrap_or_else(|| client.id.clone());
    PresenceEntry {
        text: format!("{host} · mode {}", client.mode()),
        host: Some(host),
        client_id: Some(client.id.clone()),
        version: word(client.version.as_deref()),
        platform: word(client.platform.as_deref()),
        device_family: word(client.device_family.as_deref()),
        mode: client.mode().to_owned(),
        reason: "connect",
        instance_id: word(client.instance_id.as_deref()),
        device_id: connect.device.as_ref().map(|device| device.id.clone()),
        roles: vec!["operator"],
        scopes: scopes.names(),
        user: Some(PresentUser { id: grant.person().clone() }),
        online_since: Some(now),
        ts: now,
    }
}
