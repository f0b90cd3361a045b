//! The walls of Linux.

use super::{Wall, system_calls};
use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetStatus, Scope};
use nix::sched::{CloneFlags, unshare};
use nix::sys::prctl;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::unistd::{Gid, Uid, close, getuid, setgroups, setresgid, setresuid};

/// Whom root becomes. It owns nothing anywhere.
const NOBODY: u32 = 65_534;
/// How much CPU a worker may use in its life. The pool retires it long before.
const CPU_SECONDS: u64 = 1_800;
/// The engine's own limit lies below; this holds for whoever breaks out of it.
const ADDRESS_SPACE: u64 = 2 << 30;

const STACK: u64 = 32 << 20;

type Raised = Result<String, String>;

/// Raises the walls. Each needs those above it, or at least does not mind them.
pub(super) fn raise() -> Vec<Wall> {
    let wall = |name: &str, raised: Raised| {
        let stands = raised.is_ok();
        Wall { name: name.to_owned(), stands, detail: raised.unwrap_or_else(|reason| reason) }
    };
    vec![
        wall("descriptors", descriptors()),
        wall("namespaces", namespaces()),
        wall("user", user()),
        wall("privileges", privileges()),
        wall("landlock", landlock()),
        wall("limits", limits()),
        wall("seccomp", seccomp()),
    ]
}

/// Closes what was inherited beside the pipe.
fn descriptors() -> Raised {
    let open: Vec<i32> = match std::fs::read_dir("/proc/self/fd") {
        Ok(list) => list.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect(),
        Err(_) => (3..4_096).collect(),
    };
    for descriptor in open.into_iter().filter(|descriptor| *descriptor > 2) {
        // One of them listed the others, and is closed already.
        match close(descriptor) {
            Ok(()) | Err(nix::Error::EBADF) => {}
            Err(cause) => return Err(format!("descriptor {descriptor} stays open: {cause}")),
        }
    }
    Ok("nothing is open but the pipe".to_owned())
}

/// A network without interfaces, and names of its own. Root needs no user namespace for that; others need one.
fn namespaces() -> Raised {
    let flags =
        CloneFlags::CLONE_NEWNET | CloneFlags::CLONE_NEWIPC | CloneFlags::CLONE_NEWNS | CloneFlags::CLONE_NEWUTS;
    let raised = if getuid().is_root() { unshare(flags) } else { unshare(flags | CloneFlags::CLONE_NEWUSER) };
    raised
        .map(|()| "own network, mounts, IPC and host name".to_owned())
        .map_err(|cause| format!("this host forbids them ({cause})"))
}

fn user() -> Raised {
    if !Uid::effective().is_root() && !getuid().is_root() {
        return Ok("not root".to_owned());
    }
    let (uid, gid) = (Uid::from_raw(NOBODY), Gid::from_raw(NOBODY));
    let dropped = setgroups(&[]).and_then(|()| setresgid(gid, gid, gid)).and_then(|()| setresuid(uid, uid, uid));
    dropped
        .map(|()| format!("root became user {NOBODY}"))
        .map_err(|cause| format!("root cannot become user {NOBODY} ({cause})"))
}

/// No program may give privileges back, and no process of the same user may look inside.
fn privileges() -> Raised {
    let kept = prctl::set_no_new_privs().and_then(|()| prctl::set_dumpable(false));
    kept.map(|()| "none can be gained".to_owned()).map_err(|cause| cause.to_string())
}

/// Nothing readable, nothing writable, no TCP, no signals and abstract sockets of others.
fn landlock() -> Raised {
    let abi = ABI::V6;
    let restricted = Ruleset::default()
        .handle_access(AccessFs::from_all(abi))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(abi)))
        .and_then(|rules| rules.scope(Scope::from_all(abi)))
        .and_then(|rules| rules.create()?.restrict_self())
        .map_err(|cause| cause.to_string())?;
    match restricted.ruleset {
        RulesetStatus::FullyEnforced => Ok("no file can be opened".to_owned()),
        RulesetStatus::PartiallyEnforced => Ok("no file can be opened (an older kernel: not all of it)".to_owned()),
        RulesetStatus::NotEnforced => Err("this kernel has none".to_owned()),
    }
}

fn limits() -> Raised {
    // The engine's own bound on recursion lies well below, wherever the worker was started from.
    let (_, most) = getrlimit(Resource::RLIMIT_STACK).map_err(|cause| cause.to_string())?;
    setrlimit(Resource::RLIMIT_STACK, STACK.min(most), most).map_err(|cause| cause.to_string())?;
    let limits = [
        (Resource::RLIMIT_CPU, CPU_SECONDS),
        (Resource::RLIMIT_AS, ADDRESS_SPACE),
        (Resource::RLIMIT_FSIZE, 0),
        (Resource::RLIMIT_CORE, 0),
        (Resource::RLIMIT_NPROC, 0),
        (Resource::RLIMIT_MEMLOCK, 0),
        (Resource::RLIMIT_NOFILE, 3),
    ];
    for (resource, limit) in limits {
        setrlimit(resource, limit, limit).map_err(|cause| format!("{resource:?} ({cause})"))?;
    }
    Ok("CPU, memory, no files, no processes".to_owned())
}

/// Only the system calls on a list are let through; the rest fail.
fn seccomp() -> Raised {
    let filter = system_calls::filter().map_err(|cause| cause.to_string())?;
    seccompiler::apply_filter(&filter).map_err(|cause| format!("this host forbids it ({cause})"))?;
    Ok("no system calls but those for memory, time and the pipe".to_owned())
}
