//! Talking to a running server, over HTTP for one call and over the socket for a conversation.

mod address;
mod http;
mod socket;

pub(crate) use address::{Address, Remote};
pub(crate) use http::{call, get};
pub(crate) use socket::{Frame, Socket};
