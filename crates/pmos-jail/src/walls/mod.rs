//! What stands between a worker and the machine.
//!
//! The worker raises its walls itself, before it reads any input, and tells which of them stand. Hosts differ: a container
//! may forbid namespaces, an old kernel has no Landlock. Each wall alone would do; a worker starts where at least one of
//! those that shut off files and network stands, and the limits do.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
mod system_calls;

use serde::{Deserialize, Serialize};
use std::fmt;

/// The walls of a worker, in the order in which they were raised.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walls(pub Vec<Wall>);

/// One wall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wall {
    /// Such as `seccomp`.
    pub name: String,
    /// Does it stand?
    pub stands: bool,
    /// What it does; why it does not stand.
    pub detail: String,
}

impl Walls {
    /// Raises every wall that this machine allows around this process. Cannot be undone.
    pub(crate) fn raise() -> Self {
        #[cfg(target_os = "linux")]
        return Self(linux::raise());
        #[cfg(not(target_os = "linux"))]
        Self::default()
    }

    /// Does a wall stand?
    pub fn stands(&self, name: &str) -> bool {
        self.0.iter().any(|wall| wall.name == name && wall.stands)
    }

    /// Do those stand that are needed? The error says what is missing.
    pub fn suffice(&self) -> Result<(), String> {
        if self.0.is_empty() {
            return Err("only Linux has the walls that this needs".to_owned());
        }
        // Seccomp alone lets nothing through. Landlock leaves datagrams to the network's namespace, and root's means to its user.
        let shut = self.stands("seccomp") || ["landlock", "namespaces", "user"].iter().all(|name| self.stands(name));
        let missing: Vec<String> = self
            .0
            .iter()
            .filter(|wall| !wall.stands)
            .filter(|wall| !shut || ["descriptors", "limits"].contains(&&*wall.name))
            .map(Wall::to_string)
            .collect();
        if missing.is_empty() { Ok(()) } else { Err(missing.join("; ")) }
    }
}

impl fmt::Display for Wall {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.stands {
            true => write!(formatter, "{}: {}", self.name, self.detail),
            false => write!(formatter, "no {}: {}", self.name, self.detail),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Wall, Walls};

    fn walls(standing: &[&str]) -> Walls {
        let names = ["descriptors", "namespaces", "user", "privileges", "landlock", "limits", "seccomp"];
        let wall =
            |name: &&str| Wall { name: (*name).to_owned(), stands: standing.contains(name), detail: String::new() };
        Walls(names.iter().map(wall).collect())
    }

    #[test]
    fn one_wall_that_shuts_files_and_network_off_is_needed() {
        let base = ["descriptors", "limits"];
        let with = |more: &[&'static str]| walls(&[&base[..], more].concat()).suffice();
        assert!(with(&["seccomp"]).is_ok());
        assert!(with(&["landlock", "namespaces", "user"]).is_ok());
        assert!(with(&["landlock", "namespaces"]).is_err());
        assert!(with(&["landlock"]).is_err());
        assert!(with(&["namespaces"]).is_err());
        assert!(walls(&["seccomp", "landlock", "namespaces"]).suffice().is_err());
        assert!(Walls::default().suffice().is_err());
    }
}
