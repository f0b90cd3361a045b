//! `POST /api/v1/call/{method}`: one method, its parameters as the body, its result as the answer.

use super::{arrival_of, json, problem, problem_as};
use crate::arrival::Arrival;
use crate::cookie;
use crate::front::Front;
use crate::origin::{self, Origin};
use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use pmos_kit::{Error, RequestId, Result, Secret, WorkspaceId, token};
use pmos_platform::accounts::csrf_of;
use pmos_platform::dispatch::{Answer, Peer, Shown};
use pmos_rpc::{Kind, Level, Method};
use std::sync::Arc;
use std::time::Duration;

/// The largest body: an agent's file may have 1 MiB, and is somewhat longer as JSON.
const BODY_BYTES: usize = 2 * 1024 * 1024;
/// A body that takes longer is given up.
const BODY_WITHIN: Duration = Duration::from_secs(30);

pub(super) async fn call(State(front): State<Arc<Front>>, Path(name): Path<String>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let arrival = match arrival_of(&head) {
        Ok(arrival) => arrival,
        Err(error) => return problem(&error),
    };
    match answer(&front, &arrival, &name, &head, body).await {
        Ok(answer) => {
            let mut response = json(StatusCode::OK, answer.json.into_string());
            if let Some(cookie) = &answer.cookie {
                cookie::set(response.headers_mut(), cookie, arrival.is_secure);
            }
            response
        }
        Err(Refusal { status, error }) => {
            let error = with_request(&front, error);
            status.map_or_else(|| problem(&error), |status| problem_as(status, &error))
        }
    }
}

/// An error, and a status where HTTP has one that says more.
struct Refusal {
    status: Option<StatusCode>,
    error: Error,
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self { status: None, error }
    }
}

async fn answer(front: &Front, arrival: &Arrival, name: &str, head: &Parts, body: Body) -> Result<Answer, Refusal> {
    let method = front.dispatch.method(name)?;
    must_be_json(&head.headers)?;
    let shown = shown(&head.headers, arrival.is_secure);
    must_be_ours(front, method, &shown, &head.headers)?;
    let workspace = workspace(&head.headers)?;
    let login_token = match &shown {
        Shown::Login(token) => Some(token.clone()),
        _ => cookie::token(&head.headers, arrival.is_secure)
            .filter(|_| !head.headers.contains_key(header::AUTHORIZATION)),
    };
    let peer = Peer::new(shown, workspace, Arc::new(arrival.transport(login_token)));
    let params = read(body).await?;
    Ok(front.call(&peer, name, (!params.is_empty()).then_some(&params)).await?)
}

fn must_be_json(headers: &HeaderMap) -> Result<(), Refusal> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    let error = Error::invalid("send the parameters as a JSON object, with the header Content-Type: application/json");
    Err(Refusal { status: Some(StatusCode::UNSUPPORTED_MEDIA_TYPE), error })
}

/// A key wins over a cookie: who names a credential means it.
fn shown(headers: &HeaderMap, is_secure: bool) -> Shown {
    match headers.get(header::AUTHORIZATION) {
        // Whatever else stands there is shown as a key, and refused as one that does not hold.
        Some(_) => Shown::Key(bearer(headers).unwrap_or_else(|| Secret::new(""))),
        None => cookie::token(headers, is_secure).map_or(Shown::Nothing, Shown::Login),
    }
}

/// The token of `Authorization: Bearer …`.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<Secret> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Secret::new(token.trim()))
}

/// A browser sends its cookie with whatever any page asks for, so a call with one must come from a page of ours.
///
/// Whoever needs no credential may be made to sign in as somebody else (login CSRF), so those calls are held to the same.
/// What only reads needs no token: no other page can see the answer, and a page that was reloaded has to ask for the token.
fn must_be_ours(front: &Front, method: &Method, shown: &Shown, headers: &HeaderMap) -> Result<()> {
    let Shown::Login(login) = shown else {
        let from_browser = matches!(shown, Shown::Nothing) && is_from_browser(headers);
        return if from_browser { must_be_same_origin(front, headers) } else { Ok(()) };
    };
    must_be_same_origin(front, headers)?;
    if method.level == Level::Anyone || method.kind == Kind::Read {
        return Ok(());
    }
    let sent = headers.get("pmos-csrf").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if token::same(sent, &csrf_of(login.expose())) {
        return Ok(());
    }
    Err(Error::forbidden("the header Pmos-Csrf is missing or wrong: send the csrfToken of accounts.me"))
}

fn is_from_browser(headers: &HeaderMap) -> bool {
    headers.contains_key(header::ORIGIN) || headers.contains_key("sec-fetch-site")
}

fn must_be_same_origin(front: &Front, headers: &HeaderMap) -> Result<()> {
    let site = headers.get("sec-fetch-site").map(|value| value.as_bytes() == b"same-origin");
    let is_ours = match (origin::of(headers, front.config.public_origin.as_deref()), site) {
        (Origin::Same, site) => site.unwrap_or(true),
        (Origin::Absent, site) => site.unwrap_or(false),
        (Origin::Foreign, _) => false,
    };
    if is_ours {
        Ok(())
    } else {
        Err(Error::forbidden("calls with a cookie come from pages of this server: use an API key"))
    }
}

fn workspace(headers: &HeaderMap) -> Result<Option<WorkspaceId>> {
    let Some(value) = headers.get("pmos-workspace") else { return Ok(None) };
    let named = value.to_str().ok().and_then(|text| text.parse().ok());
    named.map(Some).ok_or_else(|| {
        Error::invalid_field("Pmos-Workspace", "the header Pmos-Workspace holds a workspace's id, a UUID")
    })
}

async fn read(body: Body) -> Result<String, Refusal> {
    let too_large = |status, words: String| Refusal { status: Some(status), error: Error::invalid(words) };
    let bytes = tokio::time::timeout(BODY_WITHIN, to_bytes(body, BODY_BYTES))
        .await
        .map_err(|_| too_large(StatusCode::REQUEST_TIMEOUT, "the body took too long".into()))?
        .map_err(|_| {
            too_large(StatusCode::PAYLOAD_TOO_LARGE, format!("the body is cut off, or larger than {BODY_BYTES} bytes"))
        })?;
    String::from_utf8(bytes.into()).map_err(|_| Error::invalid("the body is not UTF-8").into())
}

/// Every error over HTTP says in which call it happened, those before the pipeline included.
fn with_request(front: &Front, error: Error) -> Error {
    if error.request().is_some() {
        return error;
    }
    let surroundings = front.dispatch.store.surroundings();
    error.with_request(RequestId::new(&*surroundings.clock, &*surroundings.rng))
}
