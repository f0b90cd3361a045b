//! Typed identifiers.
//!
//! A workspace is a UUID v4, as the specification asks. Everything else is a ULID behind a prefix that says what it
//! names, in lower case because OpenClaw clients lower-case what they send. ULIDs of one process sort by time.

use crate::{Clock, Error, Millis, Result, Rng};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

// Crockford's base 32 (ULID specification), lower case.
const CROCKFORD: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const ULID_CHARS: usize = 26;
const UUID_CHARS: usize = 36;

/// A fresh ULID in lower case: 48 bits of time, 80 random bits.
fn ulid(now: Millis, rng: &dyn Rng) -> String {
    let mut random = [0u8; 16];
    rng.fill(&mut random[6..]);
    let time = now.unsigned_abs().to_be_bytes();
    random[..6].copy_from_slice(&time[2..]);
    let mut value = u128::from_be_bytes(random);
    let mut out = [b'0'; ULID_CHARS];
    for place in out.iter_mut().rev() {
        *place = CROCKFORD[(value & 31) as usize];
        value >>= 5;
    }
    out.iter().map(|byte| char::from(*byte)).collect()
}

// A table, because every id that comes out of a row is looked at: a list of a hundred sessions has three hundred.
const IS_CROCKFORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut place = 0;
    while place < CROCKFORD.len() {
        table[CROCKFORD[place] as usize] = true;
        place += 1;
    }
    table
};

fn is_ulid(text: &str) -> bool {
    text.len() == ULID_CHARS && text.as_bytes()[0] <= b'7' && text.bytes().all(|byte| IS_CROCKFORD[usize::from(byte)])
}

/// ASCII text of one length, without an allocation: a list of a hundred sessions has three hundred ids.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Letters<const N: usize>([u8; N]);

impl<const N: usize> Letters<N> {
    /// Text that was checked to have this length.
    fn of(text: &str) -> Self {
        let mut letters = [0; N];
        letters.copy_from_slice(text.as_bytes());
        Self(letters)
    }

    fn as_str(&self) -> &str {
        // It was made from text.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// What an id has in common with its text.
macro_rules! text_like {
    ($name:ident) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(|error: Error| serde::de::Error::custom(error.public()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($name)).field(&self.as_str()).finish()
            }
        }
    };
}

macro_rules! ids {
    ($($(#[doc = $doc:literal])+ $name:ident = $prefix:literal;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Letters<{ $prefix.len() + 1 + ULID_CHARS }>);

        impl $name {
            /// What every id of this kind begins with.
            pub const PREFIX: &'static str = concat!($prefix, "_");

            /// A fresh id.
            pub fn new(clock: &dyn Clock, rng: &dyn Rng) -> Self {
                Self(Letters::of(&format!("{}{}", Self::PREFIX, ulid(clock.now(), rng))))
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        text_like!($name);

        impl FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self> {
                match text.strip_prefix(Self::PREFIX) {
                    Some(rest) if is_ulid(rest) => Ok(Self(Letters::of(text))),
                    _ => Err(Error::invalid(concat!("an id of this kind looks like ", $prefix, "_01j9z3k8e4m7q2s5t8v1x4y7b0"))),
                }
            }
        }

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                // `x-id` is how the access matrix finds every id parameter, nested ones included.
                json_schema!({
                    "type": "string",
                    "pattern": concat!("^", $prefix, "_[0-7][0-9a-hjkmnp-tv-z]{25}$"),
                    "x-id": stringify!($name),
                })
            }
        }
    )+};
}

ids! {
    /// A person's account.
    PersonId = "usr";
    /// One sign-in of a person: a browser that holds a cookie.
    LoginId = "lgn";
    /// An agent.
    AgentId = "agt";
    /// A conversation with an agent.
    SessionId = "ses";
    /// One message of a session.
    MessageId = "msg";
    /// One turn of an agent, from the message that starts it to its end.
    RunId = "run";
    /// An invitation into a workspace.
    InviteId = "inv";
    /// An API key or service token.
    ApiKeyId = "key";
    /// A super admin's permission to act in a workspace, for a reason and a time.
    GrantId = "grt";
    /// A model provider that a workspace has set up.
    ProviderId = "prv";
    /// An entry of the audit trail.
    AuditId = "aud";
    /// A piece of background work.
    JobId = "job";
    /// One call, from the wire to the answer; in the log and in every error.
    RequestId = "req";
}

/// A workspace: a tenant. A UUID v4.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorkspaceId(Letters<UUID_CHARS>);

impl WorkspaceId {
    /// A fresh id.
    pub fn new(rng: &dyn Rng) -> Self {
        Self(Letters::of(&uuid_v4(rng)))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

text_like!(WorkspaceId);

/// A fresh UUID of version 4 (RFC 9562, 5.4), in lower case.
pub fn uuid_v4(rng: &dyn Rng) -> String {
    let mut bytes = [0u8; 16];
    rng.fill(&mut bytes);
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex = crate::token::hex(&bytes);
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

fn is_uuid_v4(text: &str) -> bool {
    text.len() == UUID_CHARS
        && text.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            14 => byte == b'4',
            19 => matches!(byte, b'8' | b'9' | b'a' | b'b'),
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        })
}

impl FromStr for WorkspaceId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if is_uuid_v4(text) {
            Ok(Self(Letters::of(text)))
        } else {
            Err(Error::invalid("a workspace id is a UUID v4 in lower case"))
        }
    }
}

impl JsonSchema for WorkspaceId {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "WorkspaceId".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "uuid", "x-id": "WorkspaceId" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{OsRng, SystemClock};

    #[test]
    fn an_id_survives_its_text_and_no_other_kind_takes_it() {
        let id = AgentId::new(&SystemClock, &OsRng);
        assert_eq!(id.as_str().parse::<AgentId>().unwrap(), id);
        assert!(id.as_str().parse::<SessionId>().is_err());
        for bad in ["", "agt_", "agt_8zzzzzzzzzzzzzzzzzzzzzzzzz", "agt_01J9Z3K8E4M7Q2S5T8V1X4Y7B0", "../agt_0"] {
            assert!(bad.parse::<AgentId>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn later_ids_sort_behind_earlier_ones() {
        assert!(ulid(1_000, &OsRng) < ulid(1_001, &OsRng));
    }

    #[test]
    fn workspaces_are_uuids_of_version_4() {
        let id = WorkspaceId::new(&OsRng);
        assert_eq!(id.as_str().parse::<WorkspaceId>().unwrap(), id);
        assert!("00000000-0000-1000-8000-000000000000".parse::<WorkspaceId>().is_err());
    }
}
