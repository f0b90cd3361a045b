//! What every answer says to the browser (security.md, 3). One place, behind all routes, errors included.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::Response;

/// What kind of content an answer is, and so what a browser may do with it. Handlers put it among the extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// The UI's page.
    Page,
    /// A page of the API's documentation: text and one style sheet.
    Docs,
}

/// For what is no page: data, files, errors.
const API_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";
const DOCS_POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
const PERMISSIONS: &str = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=(), bluetooth=(), \
     display-capture=(), browsing-topics=(), clipboard-write=(self), fullscreen=(self), publickey-credentials-get=(self)";

const EVERYWHERE: [(HeaderName, HeaderValue); 8] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    // The filter is gone from browsers and was itself a leak: off.
    (header::X_XSS_PROTECTION, HeaderValue::from_static("0")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("permissions-policy"), HeaderValue::from_static(PERMISSIONS)),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("origin-agent-cluster"), HeaderValue::from_static("?1")),
];
const TWO_YEARS: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");

/// The headers of every answer.
#[derive(Debug)]
pub(crate) struct Headers {
    page_policy: HeaderValue,
}

impl Headers {
    /// For a server that browsers reach under this origin.
    pub(crate) fn new(public_origin: Option<&str>) -> Self {
        let policy = page_policy(public_origin);
        // An origin that is no header value was refused at start; what stands here is the stricter policy.
        Self { page_policy: HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static(API_POLICY)) }
    }

    /// Put them on an answer. What a handler said of caching stays.
    pub(crate) fn put(&self, response: &mut Response, is_secure: bool) {
        let content = response.extensions().get::<Content>().copied();
        let headers = response.headers_mut();
        for (name, value) in EVERYWHERE {
            headers.insert(name, value);
        }
        headers.insert(header::CONTENT_SECURITY_POLICY, self.policy(content));
        if is_secure {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, TWO_YEARS);
        }
        forbid_caching(headers);
    }

    fn policy(&self, content: Option<Content>) -> HeaderValue {
        match content {
            Some(Content::Page) => self.page_policy.clone(),
            Some(Content::Docs) => HeaderValue::from_static(DOCS_POLICY),
            None => HeaderValue::from_static(API_POLICY),
        }
    }
}

fn forbid_caching(headers: &mut HeaderMap) {
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

/// The UI's policy (decisions.md, 3.8). The public origin is named as `wss:` because older Safari does not take `'self'`
/// for it; it is the configured one and never the header `Host`.
fn page_policy(public_origin: Option<&str>) -> String {
    let socket = public_origin.and_then(|origin| origin.strip_prefix("https://")).map(|host| format!(" wss://{host}"));
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
         connect-src 'self'{}; worker-src 'self'; manifest-src 'self'; frame-src 'none'; object-src 'none'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
        socket.unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    #[test]
    fn the_page_runs_our_scripts_and_nothing_else() {
        assert_eq!(
            page_policy(Some("https://pmos.example")),
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
             connect-src 'self' wss://pmos.example; worker-src 'self'; manifest-src 'self'; frame-src 'none'; object-src 'none'; \
             base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
        );
        assert!(page_policy(Some("http://127.0.0.1:1")).contains("connect-src 'self'; "));
        assert!(!page_policy(None).contains("unsafe"));
    }

    #[test]
    fn an_answer_that_says_nothing_is_data_and_is_not_kept() {
        let mut response = Response::new(Body::empty());
        Headers::new(None).put(&mut response, false);
        assert_eq!(response.headers()["content-security-policy"], API_POLICY);
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert!(
            !response.headers().contains_key("strict-transport-security") && !response.headers().contains_key("server")
        );
        Headers::new(None).put(&mut response, true);
        assert!(response.headers().contains_key("strict-transport-security"));
    }
}
