//! Which pages may speak for a person: those of the server's own origin, without exception for localhost.

use axum::http::{HeaderMap, header};

/// What a request says of the page that made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Nothing: no browser, or none that tells.
    Absent,
    /// It is one of ours.
    Same,
    /// It is somebody else's, or cannot be told.
    Foreign,
}

/// Hold the header `Origin` against the host that was asked, and against the public origin if one is configured.
pub(crate) fn of(headers: &HeaderMap, public_origin: Option<&str>) -> Origin {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let (first, second) = (origins.next(), origins.next());
    match (first.map(|origin| origin.to_str()), second) {
        (None, _) => Origin::Absent,
        (Some(Ok(origin)), None) if is_same(origin, host(headers), public_origin) => Origin::Same,
        _ => Origin::Foreign,
    }
}

/// The header `Host`, if there is exactly one.
pub(crate) fn host(headers: &HeaderMap) -> Option<&str> {
    let mut hosts = headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().ok(),
        _ => None,
    }
}

/// Does the host name this machine itself? A page that made its name point here does not say so.
pub(crate) fn is_local(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

/// Is this the host of the public origin?
pub(crate) fn is_public(host: &str, public_origin: &str) -> bool {
    authority(public_origin)
        .is_some_and(|(scheme, public)| without_default_port(scheme, host).eq_ignore_ascii_case(public))
}

fn is_same(origin: &str, host: Option<&str>, public_origin: Option<&str>) -> bool {
    let Some((scheme, theirs)) = authority(origin) else { return false };
    let is = |ours: &str| without_default_port(scheme, ours).eq_ignore_ascii_case(theirs);
    host.is_some_and(is) || public_origin.and_then(authority).is_some_and(|ours| ours.0 == scheme && is(ours.1))
}

/// Scheme and `host[:port]` of an origin, without a port that the scheme implies.
fn authority(origin: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = origin.split_once("://")?;
    let is_host = !rest.is_empty() && !rest.contains(['/', '?', '#', '@', '\\', ' ', ',']);
    (matches!(scheme, "http" | "https") && is_host).then(|| (scheme, without_default_port(scheme, rest)))
}

fn without_default_port<'a>(scheme: &str, authority: &'a str) -> &'a str {
    let port = if scheme == "https" { ":443" } else { ":80" };
    authority.strip_suffix(port).unwrap_or(authority)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(pairs: &[(&'static str, &'static str)], public: Option<&str>) -> Origin {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        of(&headers, public)
    }

    #[test]
    fn only_the_host_that_was_asked_is_the_same() {
        let host = ("host", "127.0.0.1:7667");
        assert_eq!(origin(&[host], None), Origin::Absent);
        assert_eq!(origin(&[host, ("origin", "http://127.0.0.1:7667")], None), Origin::Same);
        for foreign in [
            "null",
            "http://localhost:7667",
            "http://127.0.0.1",
            "http://127.0.0.1:7668",
            "http://evil.example",
            "http://127.0.0.1:7667.evil.example",
            "http://127.0.0.1:7667/",
            "http://a@127.0.0.1:7667",
            "file://127.0.0.1:7667",
            "chrome-extension://127.0.0.1:7667",
            "",
            "http://",
        ] {
            assert_eq!(origin(&[host, ("origin", foreign)], None), Origin::Foreign, "{foreign:?}");
        }
        let twice = [host, ("origin", "http://127.0.0.1:7667"), ("origin", "http://127.0.0.1:7667")];
        assert_eq!(origin(&twice, None), Origin::Foreign);
    }

    #[test]
    fn the_public_origin_counts_exactly_and_ports_that_a_scheme_implies_do_not() {
        let public = Some("https://pmos.example.org");
        let inside = ("host", "10.0.0.5:7667");
        assert_eq!(origin(&[inside, ("origin", "https://pmos.example.org")], public), Origin::Same);
        assert_eq!(origin(&[inside, ("origin", "https://PMOS.example.org:443")], public), Origin::Same);
        assert_eq!(origin(&[inside, ("origin", "http://pmos.example.org")], public), Origin::Foreign);
        assert_eq!(
            origin(&[("host", "pmos.example.org:443"), ("origin", "https://pmos.example.org")], None),
            Origin::Same
        );
        assert!(
            is_public("pmos.example.org:443", "https://pmos.example.org")
                && !is_public("evil.example", "https://pmos.example.org")
        );
    }

    #[test]
    fn local_names_are_few() {
        assert!(is_local("localhost:1") && is_local("127.0.0.1") && is_local("[::1]:7667"));
        assert!(!is_local("evil.example:7667") && !is_local("localhost.evil.example") && !is_local("[::2]:1"));
    }
}
