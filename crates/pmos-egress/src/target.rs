//! The URL of a request: parsed once, strictly.

use pmos_kit::{Error, Result};
use reqwest::Url;
use std::net::{IpAddr, Ipv6Addr};

const MAX_URL_BYTES: usize = 16 * 1024;

/// Parse the URL of a request.
///
/// The parser is the one that the client uses (WHATWG). It forgives much, and each thing that it forgives has been a way
/// around some checker, so what it would have to correct in scheme, user, host or port is refused instead: numbers such as
/// `0x7f.1`, `http:host`, backslashes, blanks, percent signs in the host, a user name.
///
/// # Errors
/// `INVALID_REQUEST` for the field `url`, in words that say what is wrong.
pub(crate) fn parse(text: &str) -> Result<Url> {
    let bad = |words: &str| Error::invalid_field("url", words);
    if text.len() > MAX_URL_BYTES {
        return Err(bad("the URL is longer than 16 KiB"));
    }
    if text.bytes().any(|byte| byte <= b' ' || byte == 0x7f || byte == b'\\') {
        return Err(bad("the URL holds a blank, a control character or a backslash: encode it"));
    }
    let authority = authority(text).ok_or_else(|| bad("the URL must begin with http:// or https:// and a host"))?;
    if authority.contains('@') {
        return Err(bad("the URL holds a user name or password: send credentials in a header"));
    }
    let url = Url::parse(text).map_err(|_| bad("the URL cannot be understood"))?;
    if is_plainly_written(authority, &url) { Ok(url) } else { Err(bad("the URL's host is written in an unusual form")) }
}

/// The address in the URL, if its host is one.
pub(crate) fn ip(url: &Url) -> Option<IpAddr> {
    let host = url.host_str()?;
    match host.strip_prefix('[') {
        Some(v6) => v6.trim_end_matches(']').parse().ok().map(IpAddr::V6),
        // Rust's parser takes the four plain decimals alone, which is all that the URL parser leaves of an IPv4 address.
        None => host.parse().ok(),
    }
}

/// What stands between `http://` and the path, with the port.
fn authority(text: &str) -> Option<&str> {
    let rest = strip_prefix_ignore_case(text, "https://").or_else(|| strip_prefix_ignore_case(text, "http://"))?;
    rest.split(['/', '?', '#']).next().filter(|authority| !authority.is_empty())
}

fn strip_prefix_ignore_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    if head.eq_ignore_ascii_case(prefix) { text.get(prefix.len()..) } else { None }
}

/// Is the host written as the parser would write it, but for upper case and letters beyond ASCII?
fn is_plainly_written(authority: &str, url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let (written, port) = match authority.rsplit_once(':') {
        Some((written, port)) if !port.ends_with(']') => (written, Some(port)),
        _ => (authority, None),
    };
    let has_good_port = port.is_none_or(|port| {
        matches!(port.len(), 1..=5) && !port.starts_with('0') && port.bytes().all(|byte| byte.is_ascii_digit())
    });
    let has_good_host = match ip(url) {
        Some(IpAddr::V4(_)) => written == host,
        Some(IpAddr::V6(_)) => written.trim_matches(['[', ']']).parse::<Ipv6Addr>().is_ok(),
        None => !written.is_ascii() || written.eq_ignore_ascii_case(host),
    };
    has_good_port && has_good_host
}
