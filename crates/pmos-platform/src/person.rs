//! A person: who they are to others, and what their name and address look like.

use pmos_kit::{Error, PersonId, Result};
use pmos_rpc::Text;
use pmos_store::{Global, May, args, from_row, global_sql};
use schemars::JsonSchema;
use serde::Serialize;

/// A person, as everybody who may know of them sees them.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PersonView {
    /// Their id.
    pub id: PersonId,
    /// Their e-mail address, in lower case.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Do they run this server?
    pub is_super_admin: bool,
}

from_row!(PersonView { id, email, name, is_super_admin });

/// A person by their id.
pub(crate) async fn get<A: May<false>>(global: &Global<A>, id: &PersonId) -> Result<PersonView> {
    global
        .one(global_sql!(OwnAccount, "SELECT id, email, name, is_super_admin FROM people WHERE id = $1"), args![id])
        .await
}

/// An e-mail address as it is stored: trimmed, in lower case, in the grammar of HTML's `<input type=email>`.
pub(crate) fn email(text: &str) -> Result<String> {
    let text = text.trim().to_ascii_lowercase();
    let is_local = |c: char| c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c);
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    match text.split_once('@') {
        Some((local, domain))
            if text.len() <= 254
                && (1..=64).contains(&local.len())
                && local.chars().all(is_local)
                && domain.split('.').all(is_label) =>
        {
            Ok(text)
        }
        _ => Err(Error::invalid_field("email", "email: an address like name@example.com")),
    }
}

/// A person's name as it is stored.
pub(crate) fn name(text: &str) -> Result<String> {
    Text { field: "name", min: 1, max: 100 }.name(text)
}
