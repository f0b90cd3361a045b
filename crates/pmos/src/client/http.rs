//! One call over HTTP.

use super::Address;
use crate::cli::Failure;
use pmos_egress::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use pmos_egress::{Egress, Method, Policy, Request, StatusCode, Timeouts, Trust};
use serde_json::Value;
use std::time::Duration;

/// What to do without a key.
pub(super) const SHOW_KEY: &str = ": give an API key with --token or PMOS_TOKEN";
const MAX_ANSWER_BYTES: u64 = 64 * 1024 * 1024;

/// Call a method; the result as the server wrote it.
pub(crate) async fn call(address: &Address, method: &str, params: &Value) -> Result<String, Failure> {
    let mut request = request(Method::POST, address.http(&format!("/api/v1/call/{method}")));
    request.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(token) = &address.token {
        let value = HeaderValue::try_from(format!("Bearer {}", token.expose()));
        request
            .headers
            .insert(AUTHORIZATION, value.map_err(|_| Failure::usage("the token holds characters that no token has"))?);
    }
    request.body = params.to_string().into();
    let (status, body) = send(address, request).await?;
    if status.is_success() {
        return Ok(body);
    }
    let hint = if address.token.is_none() && status == StatusCode::UNAUTHORIZED { SHOW_KEY } else { "" };
    Err(refusal(status, &body, hint))
}

/// The status of a page of the server.
pub(crate) async fn get(address: &Address, path: &str) -> Result<StatusCode, Failure> {
    send(address, request(Method::GET, address.http(path))).await.map(|(status, _)| status)
}

fn request(method: Method, url: String) -> Request {
    let minute = Duration::from_secs(60);
    Request {
        timeouts: Timeouts { first_byte: minute, idle: minute, total: 5 * minute },
        max_bytes: MAX_ANSWER_BYTES,
        redirects: 0,
        trust: Trust::Operator,
        ..Request::new(method, url)
    }
}

async fn send(address: &Address, request: Request) -> Result<(StatusCode, String), Failure> {
    let policy = Policy { operator_hosts: vec![address.host_port()?], ..Policy::default() };
    let unreachable = |failure: pmos_egress::Failure| {
        let words = failure.error().public();
        Failure::unavailable(format!(
            "{words}; is the server running there? `pmos serve` starts one, --url names another"
        ))
    };
    let response = Egress::new(policy)?.send(request).await.map_err(unreachable)?;
    let status = response.status();
    let body = response.bytes().await.map_err(unreachable)?;
    Ok((status, String::from_utf8_lossy(&body).into_owned()))
}

/// The server's error, or what else stands there in its place.
fn refusal(status: StatusCode, body: &str, hint: &str) -> Failure {
    match serde_json::from_str::<Value>(body) {
        Ok(mut body) if body["error"]["code"].is_string() => Failure::remote(body["error"].take()).with_hint(hint),
        _ => Failure::failed(format!("the server answered {status} and nothing that PMOS would say: is --url right?")),
    }
}
