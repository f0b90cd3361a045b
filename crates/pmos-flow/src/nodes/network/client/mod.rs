//! What all nodes that make requests share: what a request is while it is put together, who it is from, and what comes of it.

mod auth;
mod body;
mod charset;
mod query;
mod status;

pub(super) use auth::Auth;
pub(super) use body::{Body, Part};
pub(super) use charset::{decode, parameter};
pub(super) use query::{Lists, read as read_form};
pub(super) use status::{failure, failure_json};

use crate::node::{Context, NodeError};
use crate::port::{HttpRequest, HttpResponse};
use crate::value::{Object, Str, Value};
use url::Url;

/// A request while it is put together.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    /// Such as `GET`.
    pub method: Str,
    /// The address, before the query is added.
    pub url: String,
    /// The query, beside what the address has.
    pub query: Object,
    /// How lists are written in the query and in forms.
    pub lists: Lists,
    /// The headers in order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Body,
    /// After how many milliseconds it is given up.
    pub timeout_ms: Option<u64>,
    /// How many redirects are followed.
    pub redirects: u32,
    /// Are certificates that nobody vouches for accepted?
    pub allow_unauthorized_certs: bool,
    /// The proxy to go through.
    pub proxy: Option<String>,
}

impl Draft {
    /// The first header of this name, in any case.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Sets a header in place of one of the same name.
    pub(super) fn set_header(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        match self.headers.iter_mut().find(|(own, _)| own.eq_ignore_ascii_case(name)) {
            Some((_, old)) => *old = value,
            None => self.headers.push((name.to_owned(), value)),
        }
    }

    /// Sets the headers of an object; those without a name or a value are left out.
    pub(super) fn set_headers(&mut self, headers: &Object, lowercase: bool) {
        for (name, value) in headers.iter().filter(|(name, value)| !name.is_empty() && !value.is_nullish()) {
            let name = if lowercase { name.to_lowercase() } else { name.to_string() };
            self.set_header(&name, value.to_text().to_string());
        }
    }

    /// Signs the request with a name and a password (RFC 7617).
    pub(super) fn set_basic(&mut self, user: &str, password: &str) {
        use base64::Engine;
        let token = base64::prelude::BASE64_STANDARD.encode(format!("{user}:{password}"));
        self.set_header("Authorization", format!("Basic {token}"));
    }

    /// The address with its query, as it is sent.
    pub(super) fn address(&self) -> Result<Url, NodeError> {
        let bad = || NodeError::new(format!("Invalid URL: {}", self.url));
        let query = query::write(&self.query, self.lists);
        let address = if query.is_empty() {
            self.url.clone()
        } else {
            let base = self.url.split('#').next().unwrap_or_default();
            let joint = if base.contains('?') { '&' } else { '?' };
            format!("{base}{joint}{query}")
        };
        let mut address = Url::parse(address.trim()).map_err(|_| bad())?;
        address.set_fragment(None);
        if address.has_host() { Ok(address) } else { Err(bad()) }
    }

    /// The request as it is sent.
    pub(super) fn request(&self, context: &Context<'_>) -> Result<HttpRequest, NodeError> {
        let mut address = self.address()?;
        let mut draft = self.clone();
        if !address.username().is_empty() || address.password().is_some() {
            let plain = |text: &str| percent_decoded(text);
            draft.set_basic(&plain(address.username()), &plain(address.password().unwrap_or_default()));
            // Both fail for addresses that cannot have a user only, and this one has one.
            let _ = address.set_username("").and_then(|()| address.set_password(None));
        }
        let body = self.body.write(self.lists, &*context.ports.chance);
        if let Some((_, Some(kind))) = &body {
            // The boundary is in the content type: what the node says of it would be wrong.
            if matches!(self.body, Body::Multipart(_)) || draft.header("content-type").is_none() {
                draft.set_header("Content-Type", kind.clone());
            }
        }
        Ok(HttpRequest {
            method: self.method.clone(),
            url: address.into(),
            headers: draft.headers,
            body: body.map(|(bytes, _)| bytes),
            timeout_ms: self.timeout_ms,
            redirects: self.redirects,
            allow_unauthorized_certs: self.allow_unauthorized_certs,
            proxy: self.proxy.clone(),
        })
    }

    /// The request as the expressions of pagination see it.
    pub(super) fn as_value(&self) -> Value {
        let headers: Object =
            self.headers.iter().map(|(name, value)| (name.as_str(), Value::from(value.as_str()))).collect();
        Object::from_iter([
            ("method", Value::from(self.method.clone())),
            ("uri", Value::from(self.url.as_str())),
            ("url", Value::from(self.url.as_str())),
            ("headers", headers.into()),
            ("qs", self.query.clone().into()),
            ("body", self.body.as_value()),
        ])
        .into()
    }
}

fn percent_decoded(text: &str) -> String {
    // A form's decoding, but for `+`, which stands for itself here.
    let text = text.replace('+', "%2B");
    url::form_urlencoded::parse(format!("v={text}").as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

/// Calls that one page may need: getting a token, the request, a new token, the request again.
const STEPS: usize = 4;

/// Sends a request, signed by whom it is from. `page` counts the item's requests.
pub(super) async fn send(
    context: &mut Context<'_>,
    item: usize,
    page: usize,
    draft: &Draft,
    auth: &mut Auth,
) -> Result<HttpResponse, NodeError> {
    auth.send(context, item, page * STEPS, draft).await
}
