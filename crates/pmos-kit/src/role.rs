//! Roles of people in a workspace, and the scopes of the OpenClaw protocol that they amount to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// What a person is in one workspace. Ordered: each role may do what the ones before it may.
///
/// `super_admin` is no role: it is a flag of the account, and works inside a workspace only through a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Chats, and creates and runs agents of their own.
    Member,
    /// Manages everything in the workspace.
    Admin,
}

impl Role {
    /// The role's word in the store and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Viewer => "viewer",
            Role::Member => "member",
            Role::Admin => "admin",
        }
    }
}

impl FromStr for Role {
    type Err = crate::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "viewer" => Ok(Role::Viewer),
            "member" => Ok(Role::Member),
            "admin" => Ok(Role::Admin),
            other => Err(crate::Error::internal(format!("unknown role {other:?}"))),
        }
    }
}

/// A scope of the OpenClaw protocol (openclaw.md, section 7), as a set in one byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scopes(u8);

/// One scope: its bit and its name on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeName {
    /// Look at things.
    Read,
    /// Chat and run.
    Write,
    /// Manage.
    Admin,
    /// Decide on approvals.
    Approvals,
    /// Pair devices.
    Pairing,
}

impl ScopeName {
    /// All scopes, in the order in which a hello lists them.
    pub const ALL: [ScopeName; 5] =
        [ScopeName::Admin, ScopeName::Read, ScopeName::Write, ScopeName::Approvals, ScopeName::Pairing];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            ScopeName::Read => "operator.read",
            ScopeName::Write => "operator.write",
            ScopeName::Admin => "operator.admin",
            ScopeName::Approvals => "operator.approvals",
            ScopeName::Pairing => "operator.pairing",
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl Scopes {
    /// No scope at all.
    pub const NONE: Scopes = Scopes(0);
    /// Every scope.
    pub const ALL: Scopes = Scopes(0b1_1111);

    /// What a role amounts to (decisions.md, 2).
    pub fn of_role(role: Role) -> Self {
        use ScopeName::{Approvals, Read, Write};
        match role {
            Role::Viewer => Scopes(Read.bit()),
            Role::Member => Scopes(Read.bit() | Write.bit() | Approvals.bit()),
            Role::Admin => Scopes::ALL,
        }
    }

    /// Scopes as a client asks for them. Admin implies all, write implies read; unknown names are ignored.
    pub fn parse<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let asked = names
            .into_iter()
            .filter_map(|name| ScopeName::ALL.into_iter().find(|scope| scope.as_str() == name))
            .fold(0, |bits, scope| bits | scope.bit());
        let mut scopes = Scopes(asked);
        if scopes.has(ScopeName::Admin) {
            scopes = Scopes::ALL;
        }
        if scopes.has(ScopeName::Write) {
            scopes.0 |= ScopeName::Read.bit();
        }
        scopes
    }

    /// The scopes that both sets have.
    #[must_use]
    pub fn and(self, other: Scopes) -> Self {
        Scopes(self.0 & other.0)
    }

    /// Does the set have this scope?
    pub fn has(self, scope: ScopeName) -> bool {
        self.0 & scope.bit() != 0
    }

    /// The names on the wire.
    pub fn names(self) -> Vec<&'static str> {
        ScopeName::ALL.into_iter().filter(|scope| self.has(*scope)).map(ScopeName::as_str).collect()
    }

    /// The set as it is stored.
    pub fn bits(self) -> i64 {
        i64::from(self.0)
    }

    /// The set as it was stored.
    pub fn from_bits(bits: i64) -> Self {
        Scopes((bits & i64::from(Scopes::ALL.0)) as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn admin_implies_all_and_write_implies_read() {
        assert_eq!(Scopes::parse(["operator.admin"]), Scopes::ALL);
        assert!(Scopes::parse(["operator.write"]).has(ScopeName::Read));
        assert_eq!(Scopes::parse(["operator.root", ""]), Scopes::NONE);
    }

    #[test]
    fn a_member_never_gets_admin_by_asking() {
        let granted = Scopes::parse(["operator.admin"]).and(Scopes::of_role(Role::Member));
        assert_eq!(granted.names(), ["operator.read", "operator.write", "operator.approvals"]);
    }
}
