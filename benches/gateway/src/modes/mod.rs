//! One measurement each; every one opens its own connections and closes them.

pub(crate) mod chat;
pub(crate) mod crowd;
pub(crate) mod handshake;
pub(crate) mod idle;
pub(crate) mod inject;
pub(crate) mod prepare;
pub(crate) mod rpc;
pub(crate) mod startup;
pub(crate) mod tokens;
pub(crate) mod walls;
