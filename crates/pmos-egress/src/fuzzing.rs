//! What `fuzz/` reaches into. Compiled for it alone.

use crate::{HostPort, Policy, Trust, Url, is_global, target};

/// What is checked is what is sent, and no literal address of this house gets through.
pub fn url(text: &str) {
    drop(text.parse::<HostPort>());
    let Ok(url) = target::parse(text) else { return };
    assert_eq!(Url::parse(url.as_str()).ok().as_ref(), Some(&url));
    let is_address = format!("{:?}", url.host()).starts_with("Some(Ip");
    let ip = target::ip(&url);
    assert_eq!(ip.is_some(), is_address, "two parsers differ: {url}");
    let route = Policy::default().route(&url, Trust::Tenant, is_global);
    assert!(ip.is_none_or(is_global) || route.is_err(), "{url} gets through");
}
