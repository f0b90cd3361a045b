//! Tries what the walls forbid, so that what is said of them is known and not believed.

use std::net::{TcpListener, UdpSocket};
use std::os::unix::net::UnixStream;

/// What was tried, and the error that it met; none where it went through.
pub(super) fn try_everything() -> Vec<(String, Option<String>)> {
    let tried = |what: &str, error: Option<String>| (what.to_owned(), error);
    vec![
        tried("open a file", failed(std::fs::read("/etc/passwd"))),
        tried("write a file", failed(std::fs::write("/tmp/pmos-jail-probe", "x"))),
        tried("list a folder", failed(std::fs::read_dir("/"))),
        tried("listen", failed(TcpListener::bind("127.0.0.1:0"))),
        tried("send datagrams", failed(UdpSocket::bind("127.0.0.1:0"))),
        tried("open a local socket", failed(UnixStream::pair())),
        tried("start a program", failed(start())),
        tried("start a thread", failed(std::thread::Builder::new().spawn(|| ()))),
        tried("make namespaces", failed(nix::sched::unshare(nix::sched::CloneFlags::CLONE_NEWUSER))),
        tried("trace", failed(nix::sys::ptrace::traceme())),
        tried("signal", failed(nix::sys::signal::kill(nix::unistd::getppid(), None))),
        tried("become root", failed(nix::unistd::setuid(nix::unistd::Uid::from_raw(0)))),
    ]
}

fn failed<T>(result: Result<T, impl ToString>) -> Option<String> {
    result.err().map(|error| error.to_string())
}

#[expect(clippy::disallowed_methods, reason = "it must fail: that is what is being looked at")]
fn start() -> std::io::Result<std::process::Child> {
    std::process::Command::new("/bin/true").spawn()
}
