//! Addresses in texts: of mail, of pages, of hosts.

use crate::expression::regex::Regex;

const EMAIL: &str = "(([^<>()[\\]\\\\.,;:\\s@\"]+(\\.[^<>()[\\]\\\\.,;:\\s@\"]+)*)|(\".+\"))@((\\[[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\])|(([a-zA-Z\\-0-9]+\\.)+[a-zA-Z]{2,}))";
const DOMAIN: &str = "^((?!-)[A-Za-z0-9-]{1,63}(?<!-)\\.)+[A-Za-z0-9-]{2,63}(:\\d{1,5})?$";

fn first(pattern: &str, text: &str) -> Option<String> {
    let regex = Regex::new(pattern, "").ok()?;
    let found = regex.find(text, 0, false).0.ok()??;
    Some(text[found.start()..found.end()].to_owned())
}

/// Is the whole text an address of mail?
pub(super) fn is_email(text: &str) -> bool {
    first(&format!("^{EMAIL}$"), text).is_some()
}

/// The first address of mail.
pub(super) fn email(text: &str) -> Option<String> {
    first(EMAIL, text)
}

/// Is the text a host's name?
pub(super) fn is_domain(text: &str) -> bool {
    first(DOMAIN, text).is_some()
}

/// Is the text an address of a page, with its scheme?
pub(super) fn is_url(text: &str) -> bool {
    first("^(https?|ftp|file):\\/\\/[^\\s\\/?#]+\\S*$", text).is_some()
}

/// The first address of a page.
pub(super) fn url(text: &str) -> Option<String> {
    first("(https?|ftp|file):\\/\\/(www\\.)?[-a-zA-Z0-9@:%._\\+~#=]{2,256}\\.[a-z0-9]{1,6}\\b([-a-zA-Z0-9@:%_\\+.~#?&\\/=]*)", text)
        .or_else(|| first("(https?|ftp|file):\\/\\/localhost\\b\\S*", text))
}

/// The host that a text names: of an address of mail, of a page, or the text itself.
pub(super) fn domain(text: &str) -> Option<String> {
    if let Some(mail) = email(text) {
        return mail.rsplit_once('@').map(|(_, host)| host.to_owned());
    }
    let scheme = first("^[a-zA-Z][a-zA-Z0-9+.-]*:\\/\\/", text).map(|scheme| scheme.len());
    let rest = match scheme {
        Some(length) => &text[length..],
        None => text.strip_prefix("//").unwrap_or(text),
    };
    let rest = rest.trim();
    let end = rest.find(['/', '?', '#', ':']).unwrap_or(rest.len());
    let host = &rest[..end];
    let has_scheme = scheme.is_some();
    let fits = if has_scheme {
        first("^[A-Za-z0-9_.-]+$", host).is_some()
    } else {
        first("^([A-Za-z0-9_-]+\\.)+[A-Za-z0-9_-]{2,}$", host).is_some()
    };
    fits.then(|| host.to_owned())
}

/// The path of an address.
pub(super) fn url_path(text: &str) -> Option<String> {
    if !is_url(text) {
        return None;
    }
    let (_, rest) = text.split_once("://")?;
    let end = rest.find(['?', '#']).unwrap_or(rest.len());
    let rest = &rest[..end];
    Some(rest.find('/').map_or_else(|| "/".to_owned(), |at| rest[at..].to_owned()))
}
