//! What comes back.

use crate::Failure;
use bytes::{Bytes, BytesMut};
use reqwest::header::HeaderMap;
use reqwest::{StatusCode, Url};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// The head of an answer, and its body as it comes.
///
/// Read the body to its end where that is near: only then is the connection used again.
#[derive(Debug)]
pub struct Response {
    inner: reqwest::Response,
    idle: Duration,
    deadline: Instant,
    max_bytes: u64,
    left: u64,
}

impl Response {
    pub(crate) fn new(
        inner: reqwest::Response,
        idle: Duration,
        deadline: Instant,
        max_bytes: u64,
    ) -> Result<Self, Failure> {
        let response = Self { inner, idle, deadline, max_bytes, left: max_bytes };
        // A body that says how large it is need not be read to be refused.
        if response.inner.content_length().is_some_and(|length| length > max_bytes) {
            return Err(response.too_large());
        }
        Ok(response)
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.inner.status()
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        self.inner.headers()
    }

    /// Where the answer is from, behind all redirects.
    pub fn url(&self) -> &Url {
        self.inner.url()
    }

    /// The next piece of the body, or `None` at its end.
    ///
    /// # Errors
    /// `Timeout` after silence or at the end of the time for everything, `TooLarge` beyond the cap, else `Broken`.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Failure> {
        let until = self.deadline.min(Instant::now() + self.idle);
        match timeout_at(until, self.inner.chunk()).await {
            Err(_) => Err(Failure::timeout(self.host(), "go on")),
            Ok(Err(error)) => Err(Failure::broken(self.host(), error)),
            Ok(Ok(None)) => Ok(None),
            Ok(Ok(Some(piece))) => {
                self.left = self.left.checked_sub(piece.len() as u64).ok_or_else(|| self.too_large())?;
                Ok(Some(piece))
            }
        }
    }

    /// The whole body.
    ///
    /// # Errors
    /// As [`Response::chunk`].
    pub async fn bytes(mut self) -> Result<Bytes, Failure> {
        let Some(first) = self.chunk().await? else { return Ok(Bytes::new()) };
        let Some(second) = self.chunk().await? else { return Ok(first) };
        let mut whole = BytesMut::from(first);
        whole.extend_from_slice(&second);
        while let Some(piece) = self.chunk().await? {
            whole.extend_from_slice(&piece);
        }
        Ok(whole.freeze())
    }

    fn host(&self) -> &str {
        self.inner.url().host_str().unwrap_or_default()
    }

    fn too_large(&self) -> Failure {
        Failure::too_large(self.host(), self.max_bytes)
    }
}
