//! Secrets as they are shown: not at all.

use pmos_egress::Url;
use pmos_kit::Secret;
use serde::{Serialize, Serializer};

/// What stands in place of a secret.
fn redacted() -> &'static str {
    "(set)"
}

// A secret is told apart from none, and no more.
pub(super) fn secret<S: Serializer>(secret: &Option<Secret>, serializer: S) -> Result<S::Ok, S::Error> {
    secret.as_ref().map(|_| redacted()).serialize(serializer)
}

pub(super) fn url<S: Serializer>(secret: &Option<Secret>, serializer: S) -> Result<S::Ok, S::Error> {
    let shown = secret.as_ref().map(|secret| without_password(secret.expose()));
    shown.serialize(serializer)
}

fn without_password(url: &str) -> String {
    let Ok(mut shown) = Url::parse(url) else { return redacted().to_owned() };
    let hides_nothing = shown.query().is_none();
    if shown.password().is_none() && hides_nothing {
        return url.to_owned();
    }
    match shown.set_password(Some("***")) {
        Ok(()) if hides_nothing => shown.to_string(),
        _ => redacted().to_owned(),
    }
}
