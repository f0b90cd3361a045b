//! A worker whose host does no more than give back what it was given: what the tests of the jail start.

use pmos_jail::{Call, Host, HostError, work};

fn main() -> std::process::ExitCode {
    let echo = |call: &Call<'_>| match call.code.starts_with("$jmespath") {
        true => Ok(call.given.to_owned()),
        false => Err(HostError::Missing),
    };
    work(Host::new(echo))
}
