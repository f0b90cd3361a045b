//! Who a request is from: the credentials of nodes, and how each kind signs.

mod digest;
mod known;
mod oauth1;
mod oauth2;

use super::Draft;
use crate::node::{Context, NodeError};
use crate::port::HttpResponse;
use crate::value::{self, Object, Value};
use oauth2::OAuth2;
use std::sync::Arc;

/// Who a request is from.
#[derive(Clone, Debug, Default)]
pub(in crate::nodes::network) enum Auth {
    /// Nobody.
    #[default]
    None,
    /// A name and a password.
    Basic(Arc<Object>),
    /// A name and a password that are not sent themselves (RFC 7616).
    Digest(Arc<Object>),
    /// The bearer of a token.
    Bearer(Arc<Object>),
    /// A header.
    Header(Arc<Object>),
    /// A field of the query.
    Query(Arc<Object>),
    /// `{headers, qs, body}` as JSON text.
    Custom(Arc<Object>),
    /// OAuth 1.0a (RFC 5849).
    OAuth1(Arc<Object>),
    /// OAuth 2 (RFC 6749).
    OAuth2(OAuth2),
    /// A service that n8n knows by name.
    Known(&'static known::Service, Arc<Object>),
}

impl Auth {
    /// The credential of this type that the node has.
    pub(in crate::nodes::network) async fn of(context: &Context<'_>, kind: &str) -> Result<Self, NodeError> {
        let fields = context.credential(kind).await?;
        Ok(match kind {
            "httpBasicAuth" => Self::Basic(fields),
            "httpDigestAuth" => Self::Digest(fields),
            "httpBearerAuth" => Self::Bearer(fields),
            "httpHeaderAuth" => Self::Header(fields),
            "httpQueryAuth" => Self::Query(fields),
            "httpCustomAuth" => Self::Custom(fields),
            "oAuth1Api" => Self::OAuth1(fields),
            _ => match known::find(kind) {
                Some(service) => Self::Known(service, fields),
                None if oauth2::is_oauth2(kind, &fields) => Self::OAuth2(OAuth2::new(kind, fields)),
                None => {
                    let message = format!("Credentials of type '{kind}' cannot sign requests here");
                    return Err(NodeError::new(message)
                        .described("Use a generic credential, such as Header Auth, with the same values"));
                }
            },
        })
    }

    /// May this credential be sent to `url`? Its owner can name the domains.
    pub(in crate::nodes::network) fn check_domain(&self, url: &str) -> Result<(), NodeError> {
        let fields = match self {
            Self::None => return Ok(()),
            Self::Basic(fields)
            | Self::Digest(fields)
            | Self::Bearer(fields)
            | Self::Header(fields)
            | Self::Query(fields) => fields,
            Self::Custom(fields) | Self::OAuth1(fields) | Self::Known(_, fields) => fields,
            Self::OAuth2(oauth2) => oauth2.fields(),
        };
        match fields.get("allowedHttpRequestDomains").and_then(Value::as_str) {
            Some("none") => {
                Err(NodeError::new("This credential is configured to prevent use within an HTTP Request node"))
            }
            Some("domains") => {
                let allowed = fields.get("allowedDomains").map(Value::to_text).unwrap_or_default();
                let host =
                    url::Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
                if allowed.split(',').map(str::trim).any(|domain| is_domain(&host, domain)) {
                    return Ok(());
                }
                let message = format!(
                    "Domain not allowed: This credential is restricted from accessing {url}. Only the following domains are allowed: {allowed}"
                );
                Err(NodeError::new(message))
            }
            _ => Ok(()),
        }
    }

    /// Puts what never changes into the request.
    pub(in crate::nodes::network) fn sign(&self, draft: &mut Draft) -> Result<(), NodeError> {
        let text = |fields: &Object, key: &str| {
            fields.get(key).filter(|value| !value.is_nullish()).map(Value::to_text).unwrap_or_default()
        };
        match self {
            Self::None | Self::Digest(_) | Self::OAuth1(_) | Self::OAuth2(_) => {}
            Self::Basic(fields) => draft.set_basic(&text(fields, "user"), &text(fields, "password")),
            Self::Bearer(fields) => draft.set_header("Authorization", format!("Bearer {}", text(fields, "token"))),
            Self::Header(fields) => draft.set_header(&text(fields, "name"), text(fields, "value").to_string()),
            Self::Query(fields) => drop(draft.query.insert(text(fields, "name"), text(fields, "value").into())),
            Self::Custom(fields) => {
                let json = fields.get("json").cloned().unwrap_or_default();
                let json = match json.as_str() {
                    Some(text) => value::parse(text).map_err(|_| NodeError::new("Invalid Custom Auth JSON"))?,
                    None => json,
                };
                if let Some(headers) = json.get("headers").as_object() {
                    draft.set_headers(headers, false);
                }
                if let Some(fields) = json.get("qs").as_object() {
                    draft.query.extend(fields.iter().map(|(name, value)| (name.clone(), value.clone())));
                }
                if let Some(fields) = json.get("body").as_object() {
                    draft.body.set(fields);
                }
            }
            Self::Known(service, fields) => service.sign(fields, draft),
        }
        Ok(())
    }

    /// Sends a request that [`Auth::sign`] has signed, with what has to be asked for on the way. `first` names its first call.
    pub(super) async fn send(
        &mut self,
        context: &mut Context<'_>,
        item: usize,
        first: usize,
        draft: &Draft,
    ) -> Result<HttpResponse, NodeError> {
        match self {
            Self::OAuth1(fields) => {
                let mut signed = draft.clone();
                oauth1::sign(&mut signed, fields, context)?;
                let request = signed.request(context)?;
                context.send(item, first, request).await
            }
            Self::OAuth2(oauth2) => oauth2.send(context, item, first, draft).await,
            Self::Digest(fields) => {
                let request = draft.request(context)?;
                let response = context.send(item, first, request.clone()).await?;
                match digest::answer(&response, &request, fields, &*context.ports.chance) {
                    Some(authorization) => {
                        let mut request = request;
                        request.headers.push(("Authorization".into(), authorization));
                        context.send(item, first + 1, request).await
                    }
                    None => Ok(response),
                }
            }
            _ => {
                let request = draft.request(context)?;
                context.send(item, first, request).await
            }
        }
    }
}

/// Is a host this domain? `*.example.com` is any name below it.
fn is_domain(host: &str, domain: &str) -> bool {
    match domain.strip_prefix("*.") {
        Some(parent) => {
            host.len() > parent.len() + 1 && host.ends_with(parent) && host[..host.len() - parent.len()].ends_with('.')
        }
        None => !domain.is_empty() && host.eq_ignore_ascii_case(domain),
    }
}

#[cfg(test)]
mod tests {
    use super::is_domain;

    #[test]
    fn a_star_is_any_name_below_a_domain() {
        assert!(is_domain("api.example.com", "*.example.com") && is_domain("example.com", "example.com"));
        assert!(!is_domain("example.com", "*.example.com") && !is_domain("evilexample.com", "*.example.com"));
        assert!(!is_domain("example.com.evil.org", "example.com") && !is_domain("", ""));
    }
}
