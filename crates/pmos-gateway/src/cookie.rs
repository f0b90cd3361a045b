//! The session cookie: `__Host-pmos_session` behind TLS, `pmos_session` on a plain connection.

use axum::http::{HeaderMap, HeaderValue, header};
use pmos_kit::Secret;
use pmos_rpc::Cookie;

const SECURE_NAME: &str = "__Host-pmos_session";
const PLAIN_NAME: &str = "pmos_session";
/// As long as a sign-in lives at most.
const MAX_AGE_SECONDS: u32 = 7 * 24 * 60 * 60;

/// The token in the request's cookie. Behind TLS only the name counts that no neighbouring host can set.
pub(crate) fn token(headers: &HeaderMap, is_secure: bool) -> Option<Secret> {
    let name = if is_secure { SECURE_NAME } else { PLAIN_NAME };
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, value)| *key == name && !value.is_empty())
        .map(|(_, value)| Secret::new(value))
}

/// What the answer says to set or clear it.
pub(crate) fn set(headers: &mut HeaderMap, cookie: &Cookie, is_secure: bool) {
    let (name, secure) = if is_secure { (SECURE_NAME, "; Secure") } else { (PLAIN_NAME, "") };
    let (value, max_age) = match cookie {
        Cookie::Set(token) => (token.expose(), MAX_AGE_SECONDS),
        Cookie::Clear => ("", 0),
    };
    let line = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age}{secure}");
    if let Ok(mut line) = HeaderValue::try_from(line) {
        line.set_sensitive(true);
        headers.append(header::SET_COOKIE, line);
    }
    if let Cookie::Clear = cookie {
        headers.insert("clear-site-data", HeaderValue::from_static(r#""cache", "cookies", "storage""#));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(cookie: &'static str, is_secure: bool) -> Option<String> {
        let headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static(cookie))]);
        token(&headers, is_secure).map(|token| token.expose().to_owned())
    }

    #[test]
    fn the_name_depends_on_tls() {
        assert_eq!(shown("a=b; pmos_session=x; c=d", false).as_deref(), Some("x"));
        assert_eq!(shown("pmos_session=x", true), None);
        assert_eq!(shown("pmos_session=x;__Host-pmos_session=y", true).as_deref(), Some("y"));
        assert_eq!(shown("xpmos_session=x; pmos_session=", false), None);
    }

    #[test]
    fn the_page_cannot_read_it_and_other_sites_do_not_send_it() {
        let mut headers = HeaderMap::new();
        set(&mut headers, &Cookie::Set(Secret::new("t")), true);
        assert_eq!(
            headers["set-cookie"],
            "__Host-pmos_session=t; Path=/; HttpOnly; SameSite=Lax; Max-Age=604800; Secure"
        );
        set(&mut headers, &Cookie::Clear, false);
        assert_eq!(
            headers.get_all("set-cookie").iter().next_back().unwrap(),
            "pmos_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"
        );
        assert!(headers.contains_key("clear-site-data"));
    }
}
