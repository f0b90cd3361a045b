//! Outgoing requests of workflows: a tenant's rights, whoever runs the command.

use async_trait::async_trait;
use pmos_egress::header::{HeaderMap, HeaderName, HeaderValue};
use pmos_egress::{Egress, Fault, Method, Request, Timeouts, Trust};
use pmos_flow::port::{HttpOut, HttpRequest, HttpResponse, PortError};
use std::time::Duration;

/// Requests through the egress client.
pub(super) struct Http(pub(super) Egress);

/// n8n waits for five minutes.
const TIMEOUT_MS: u64 = 300_000;
/// An answer may have so many bytes.
const LARGEST: u64 = 256 << 20;

#[async_trait]
impl HttpOut for Http {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, PortError> {
        if request.proxy.is_some() {
            return Err(PortError::new("A proxy cannot be used here: requests go out directly"));
        }
        if request.allow_unauthorized_certs {
            return Err(PortError::new(
                "Certificates that nobody vouches for are not accepted here: turn 'Ignore SSL Issues' off",
            ));
        }
        let method = Method::from_bytes(request.method.as_bytes())
            .map_err(|_| PortError::new(format!("'{}' is no HTTP method", request.method)))?;
        let total = Duration::from_millis(request.timeout_ms.unwrap_or(TIMEOUT_MS));
        let outgoing = Request {
            method,
            url: request.url,
            headers: headers(&request.headers)?,
            body: request.body.unwrap_or_default(),
            timeouts: Timeouts { first_byte: total, idle: total, total },
            max_bytes: LARGEST,
            redirects: u8::try_from(request.redirects).unwrap_or(u8::MAX).min(Request::MAX_REDIRECTS),
            trust: Trust::Tenant,
        };
        let answer = self.0.send(outgoing).await.map_err(words)?;
        let status = answer.status();
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = answer.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
        Ok(HttpResponse {
            status: status.as_u16(),
            status_text: status.canonical_reason().unwrap_or_default().into(),
            headers,
            body: answer.bytes().await.map_err(words)?,
        })
    }
}

fn headers(list: &[(String, String)]) -> Result<HeaderMap, PortError> {
    let mut headers = HeaderMap::with_capacity(list.len());
    for (name, value) in list {
        let name = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| PortError::new(format!("'{name}' is no name of a header")))?;
        let value = HeaderValue::from_bytes(value.as_bytes())
            .map_err(|_| PortError::new(format!("The header '{name}' has a value that cannot be sent")))?;
        headers.append(name, value);
    }
    Ok(headers)
}

fn words(failure: pmos_egress::Failure) -> PortError {
    let transient = matches!(failure.fault(), Fault::Unreachable | Fault::Timeout | Fault::Broken);
    PortError { transient, ..PortError::new(failure.error().public()) }
}
