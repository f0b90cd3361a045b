//! Floor 0: every outgoing HTTP request of PMOS, whoever asks for it.
//!
//! A tenant, a model or a remote server chooses where requests go, and this machine can reach more than they may: its own
//! loopback, the office network, the cloud's metadata service. So there is one door (security.md, 3, "Egress"):
//!
//! - The URL is parsed once, by one parser, and that object is checked and sent ([`Request`]).
//! - A name is resolved once, when connecting; if *any* of its addresses is not [`is_global`], nothing is connected.
//!   The connection goes to the checked address, so that a second answer of the name server changes nothing.
//! - Redirects go through the same checks, at most five, and lose all credentials when the origin changes.
//! - Exact `host:port` pairs that the operator listed in the [`Policy`] are exempt.
//! - Connections that carry no HTTP (mail) pass the same checks ([`Egress::connect`]).
//! - Everything has an end: connecting, the first byte, silence, the whole, and the size.
//! - Proxies of the environment are ignored, and no error names an address that a name resolved to.

mod address;
mod client;
mod failure;
#[cfg(fuzzing)]
pub mod fuzzing;
mod names;
mod policy;
mod request;
mod response;
mod stream;
mod target;

pub use address::is_global;
pub use client::Egress;
pub use failure::{Failure, Fault};
pub use policy::{HostPort, Policy, Trust};
pub use request::{Request, Timeouts};
pub use reqwest::{Method, StatusCode, Url, header};
pub use response::Response;
pub use stream::TlsStream;

#[cfg(test)]
mod tests;
