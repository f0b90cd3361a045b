//! The jail: which walls stand around code that tenants wrote.

use super::Finding;
use pmos_jail::{Pool, Settings, Wall, Walls};

const FIX: &str = "workflows run, but for JavaScript beyond what expressions are evaluated in";

/// Starts a worker, has it try what its walls forbid, and ends it.
pub(super) async fn examine() -> Finding {
    match Pool::new(Settings::of_this_program([crate::workflow::WORKER])).probe().await {
        Ok(walls) => found(&walls),
        Err(error) => Finding::note("jail", error.to_string(), FIX),
    }
}

fn found(walls: &Walls) -> Finding {
    let (standing, missing): (Vec<&Wall>, Vec<&Wall>) = walls.0.iter().partition(|wall| wall.stands);
    let names: Vec<&str> = standing.iter().map(|wall| wall.name.as_str()).collect();
    let found = format!("code of workflows runs behind {}", names.join(", "));
    if missing.is_empty() {
        return Finding::ok("jail", found);
    }
    let reasons: Vec<String> = missing.into_iter().map(Wall::to_string).collect();
    Finding::note(
        "jail",
        format!("{found}; {}", reasons.join("; ")),
        "those that stand suffice; allow the others for a second line",
    )
}

#[cfg(test)]
mod tests {
    use super::{super::State, found};
    use pmos_jail::{Wall, Walls};

    #[test]
    fn a_wall_that_does_not_stand_is_named_with_its_reason() {
        let wall = |name: &str, stands, detail: &str| Wall { name: name.to_owned(), stands, detail: detail.to_owned() };
        let all = found(&Walls(vec![wall("limits", true, "CPU"), wall("seccomp", true, "")]));
        assert_eq!((all.state, &*all.found), (State::Ok, "code of workflows runs behind limits, seccomp"));
        let some = found(&Walls(vec![wall("seccomp", true, ""), wall("landlock", false, "this kernel has none")]));
        assert_eq!(some.state, State::Note);
        assert!(some.found.ends_with("no landlock: this kernel has none"), "{}", some.found);
    }
}
