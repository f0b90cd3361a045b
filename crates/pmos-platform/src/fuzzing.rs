//! What `fuzz/` reaches into. Compiled for it alone.

use crate::{person, workspaces};

/// E-mail addresses, names and searches: what is stored is stored the same when it is read again.
pub fn text(text: &str) {
    if let Ok(email) = person::email(text) {
        assert_eq!(person::email(&email).ok(), Some(email));
    }
    if let Ok(name) = person::name(text) {
        assert_eq!(person::name(&name).ok(), Some(name));
    }
    let pattern = workspaces::pattern(Some(text));
    assert!(pattern.starts_with('%') && pattern.ends_with('%'));
}
