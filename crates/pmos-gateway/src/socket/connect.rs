//! The parameters of `connect`, and what can be said of them without asking anybody.

use super::refusal::{Field, Refusal};
use pmos_kit::Secret;
use pmos_kit::role::Scopes;
use pmos_rpc::Params;
use serde::Deserialize;

/// Ids of clients are words, not texts.
const LONGEST_ID: usize = 64;
/// What else a client says of itself is cut to this.
const LONGEST_WORD: usize = 128;

/// The parameters of `connect`. What is unknown is ignored: clients newer than the server add some.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Connect {
    pub(super) min_protocol: u32,
    pub(super) max_protocol: u32,
    pub(super) client: Client,
    role: Option<String>,
    pub(super) scopes: Option<Vec<String>>,
    pub(super) caps: Option<Vec<String>>,
    pub(super) auth: Option<Auth>,
    pub(super) device: Option<Device>,
}

/// What the client is.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Client {
    pub(super) id: String,
    pub(super) mode: Option<String>,
    pub(super) version: Option<String>,
    pub(super) platform: Option<String>,
    pub(super) display_name: Option<String>,
    pub(super) device_family: Option<String>,
    pub(super) instance_id: Option<String>,
}

/// What it shows. A key of ours may come in any of the fields, because clients choose by what they know of a server.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Auth {
    token: Option<Secret>,
    password: Option<Secret>,
    device_token: Option<Secret>,
    bootstrap_token: Option<Secret>,
}

/// A device and the proof that the client is it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Device {
    pub(super) id: String,
    pub(super) public_key: String,
    pub(super) signature: String,
    pub(super) signed_at: i64,
    pub(super) nonce: Option<String>,
}

impl Connect {
    /// Understand the parameters.
    pub(super) fn parse(params: Option<&str>) -> Result<Self, Refusal> {
        let connect: Self = Params::new("connect", params).parse().map_err(Refusal::new)?;
        let id = &connect.client.id;
        if id.is_empty() || id.len() > LONGEST_ID {
            return Err(Refusal::invalid("invalid connect params: at /client/id: must have 1 to 64 characters"));
        }
        match connect.role.as_deref() {
            None | Some("operator") => Ok(connect),
            Some(_) => Err(Refusal::invalid("invalid role")),
        }
    }

    /// The highest version that both sides speak.
    pub(super) fn protocol(&self) -> Result<u32, Refusal> {
        let (min, max) = (self.min_protocol, self.max_protocol);
        let common = [4, 3].into_iter().find(|version| (min..=max).contains(version));
        common.ok_or_else(|| Refusal::protocol_mismatch(min, max))
    }

    /// The scopes that the client asks for. Older clients leave the list empty and expect everything, newer ones nothing;
    /// whoever signed in with a cookie, and our own UI, may leave it out.
    pub(super) fn asked(&self, protocol: u32, is_login: bool) -> Scopes {
        let named = self.scopes.as_deref().unwrap_or_default();
        match named {
            [] if protocol == 3 || is_login || self.client.id == "pmos-ui" => Scopes::ALL,
            named => Scopes::parse(named.iter().map(String::as_str)),
        }
    }

    /// Did the client say that it can do this?
    pub(super) fn has_cap(&self, name: &str) -> bool {
        self.caps.iter().flatten().any(|cap| cap == name)
    }
}

impl Client {
    /// What kind of program it is: `ui`, `cli`, `backend` and so on.
    pub(super) fn mode(&self) -> &str {
        self.mode.as_deref().unwrap_or_default()
    }
}

impl Auth {
    /// The key that is shown, and where.
    pub(super) fn key(&self) -> Option<(Secret, Field)> {
        let fields =
            [(&self.token, Field::Token), (&self.password, Field::Password), (&self.device_token, Field::DeviceToken)];
        let shown = |(secret, field): (&Option<Secret>, Field)| {
            secret.clone().filter(|secret| !secret.expose().is_empty()).map(|secret| (secret, field))
        };
        fields.into_iter().find_map(shown)
    }

    /// The text that a device's proof covers; a password is never part of it.
    pub(super) fn signed(&self) -> &str {
        let signed = [&self.token, &self.device_token, &self.bootstrap_token];
        signed.into_iter().flatten().map(Secret::expose).find(|text| !text.is_empty()).unwrap_or_default()
    }
}

/// A word of the client's about itself, for others to read.
pub(super) fn word(text: Option<&str>) -> Option<String> {
    let word: String = text?.chars().filter(|c| !c.is_control()).take(LONGEST_WORD).collect();
    (!word.is_empty()).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pmos_kit::role::ScopeName;
    use pmos_rpc::wire;

    fn connect(params: &str) -> Connect {
        Connect::parse(Some(params)).unwrap()
    }

    fn range(min: u32, max: u32) -> Result<u32, Refusal> {
        connect(&format!(r#"{{"minProtocol":{min},"maxProtocol":{max},"client":{{"id":"x"}}}}"#)).protocol()
    }

    #[test]
    fn any_range_that_touches_3_or_4_gets_the_highest_common_version() {
        for (min, max, version) in [(3, 3, 3), (4, 4, 4), (3, 4, 4), (1, 9, 4), (1, 3, 3), (4, 5, 4)] {
            assert_eq!(range(min, max).unwrap(), version);
        }
        for (min, max) in [(1, 2), (5, 5), (4, 3), (0, 0)] {
            let refusal = range(min, max).unwrap_err();
            assert_eq!((refusal.close, refusal.error.public()), (1002, "protocol mismatch"));
        }
    }

    #[test]
    fn a_refusal_is_written_as_real_clients_expect_it() {
        assert_eq!(
            wire::frame_error(&Refusal::protocol_mismatch(5, 5).error, 4),
            r#"{"code":"INVALID_REQUEST","message":"protocol mismatch","details":{"clientMaxProtocol":5,"clientMinProtocol":5,"code":"PROTOCOL_MISMATCH","expectedProtocol":4,"minimumProbeProtocol":3}}"#
        );
        let wrong = Refusal::not_admitted(pmos_kit::Error::unauthenticated("x"), Some(Field::Token));
        assert_eq!(wrong.error.details().unwrap()["code"], "AUTH_TOKEN_MISMATCH");
    }

    #[test]
    fn unknown_keys_are_ignored_and_missing_ones_named() {
        let words = Connect::parse(Some(r#"{"minProtocol":4,"maxProtocol":4}"#)).unwrap_err();
        assert_eq!(words.error.public(), "invalid connect params: must have required property 'client'");
        connect(
            r#"{"minProtocol":4,"maxProtocol":4,"client":{"id":"x","buildId":"y"},"modelCatalog":{"sessionKey":"main"},"bogus":1}"#,
        );
        for role in ["node", "king", ""] {
            let params = format!(r#"{{"minProtocol":4,"maxProtocol":4,"client":{{"id":"x"}},"role":"{role}"}}"#);
            assert_eq!(Connect::parse(Some(&params)).unwrap_err().error.public(), "invalid role");
        }
    }

    #[test]
    fn an_empty_list_of_scopes_means_what_the_version_says() {
        let bare = connect(r#"{"minProtocol":3,"maxProtocol":4,"client":{"id":"cli"},"scopes":[]}"#);
        assert_eq!(
            (bare.asked(3, false), bare.asked(4, false), bare.asked(4, true)),
            (Scopes::ALL, Scopes::NONE, Scopes::ALL)
        );
        let least =
            connect(r#"{"minProtocol":3,"maxProtocol":4,"client":{"id":"pmos-ui"},"scopes":["operator.read"]}"#);
        assert!(least.asked(3, true).has(ScopeName::Read) && !least.asked(3, true).has(ScopeName::Write));
    }

    #[test]
    fn the_key_is_the_first_field_that_holds_anything() {
        let auth: Auth = serde_json::from_str(r#"{"token":"","password":"p","deviceToken":"d"}"#).unwrap();
        let (key, field) = auth.key().unwrap();
        assert_eq!((key.expose(), field, auth.signed()), ("p", Field::Password, "d"));
    }
}
