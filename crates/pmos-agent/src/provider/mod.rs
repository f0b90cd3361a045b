//! The models of the world: what speaks the OpenAI or the Anthropic API behind a URL.

mod anthropic;
#[cfg(fuzzing)]
pub mod fuzzing;
mod openai;
mod refusal;
mod sse;
mod stream;
#[cfg(test)]
mod tests;
mod wire;

use crate::{Events, Failure, FailureKind, Model, ModelRequest};
use async_trait::async_trait;
use bytes::Bytes;
use pmos_egress::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use pmos_egress::{Egress, Method, Request, Response, Timeouts, Trust, Url};
use pmos_kit::Secret;
use serde::Deserialize;
use std::time::Duration;

const MAX_STREAM_BYTES: u64 = 32 * 1024 * 1024;
const MAX_ERROR_BYTES: usize = 64 * 1024;

/// Where Ollama listens. The operator's list of [`pmos_egress::Policy`] must name it.
pub const OLLAMA: &str = "127.0.0.1:11434";

/// Which API an endpoint speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Api {
    /// Chat completions: OpenAI, Ollama, OpenRouter, vLLM, LM Studio and most others.
    OpenAi,
    /// Anthropic's messages.
    Anthropic,
}

/// Where a provider is, and how it is spoken to.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// What events, ledger and errors call it, such as `openai`.
    pub name: String,
    /// Which API it speaks.
    pub api: Api,
    /// Such as `https://api.openai.com/v1` or `https://api.anthropic.com`; `/v1` is added where the path is empty.
    pub base_url: String,
    /// The key; absent for a server that wants none.
    pub key: Option<Secret>,
    /// Who chose the URL: the operator's may be private, a tenant's may not.
    pub trust: Trust,
    /// How long to wait for it.
    pub timeouts: Timeouts,
}

impl Endpoint {
    /// How long a model may take. Two minutes to the first byte, because a local server loads the model first; one minute
    /// of silence; a quarter of an hour for everything.
    pub const TIMEOUTS: Timeouts = Timeouts {
        first_byte: Duration::from_secs(120),
        idle: Duration::from_secs(60),
        total: Duration::from_secs(15 * 60),
    };

    /// The Ollama of this machine.
    pub fn ollama() -> Self {
        Self {
            name: "ollama".into(),
            api: Api::OpenAi,
            base_url: format!("http://{OLLAMA}/v1"),
            key: None,
            trust: Trust::Operator,
            timeouts: Self::TIMEOUTS,
        }
    }

    /// The URL of one of the API's resources, such as `models`.
    fn url(&self, resource: &str) -> String {
        let base = self.base_url.trim_end_matches('/');
        let has_path = base.split_once("://").is_some_and(|(_, rest)| rest.contains('/'));
        let version = if has_path { "" } else { "/v1" };
        format!("{base}{version}/{resource}")
    }

    /// OpenAI itself, not one of those who speak like it.
    fn is_openai(&self) -> bool {
        Url::parse(&self.base_url).is_ok_and(|url| url.host_str() == Some("api.openai.com"))
    }
}

/// A model that a provider offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelInfo {
    /// What [`ModelRequest::model`] takes.
    pub id: String,
    /// The provider's name for people, if it has one.
    pub name: Option<String>,
}

/// A model provider behind a URL. Cheap to clone; all share the connections of one [`Egress`].
#[derive(Debug, Clone)]
pub struct Provider {
    egress: Egress,
    endpoint: Endpoint,
}

impl Provider {
    /// The provider at this endpoint. Nothing is sent yet.
    pub fn new(egress: Egress, endpoint: Endpoint) -> Self {
        Self { egress, endpoint }
    }

    /// The models that it offers, as it orders them. Also the cheapest check of a key.
    ///
    /// # Errors
    /// `Auth` with the provider's words if it rejects the key; else as for a call. Nothing is repeated.
    pub async fn list_models(&self) -> Result<Vec<ModelInfo>, Failure> {
        let listed = self.list().await;
        listed.map_err(|failure| refusal::without_key(failure, self.endpoint.key.as_ref()))
    }

    async fn list(&self) -> Result<Vec<ModelInfo>, Failure> {
        #[derive(Deserialize)]
        struct List {
            data: Vec<Listed>,
        }
        #[derive(Deserialize)]
        struct Listed {
            id: String,
            #[serde(alias = "name")]
            display_name: Option<String>,
        }
        // Anthropic pages by 20 unless told otherwise; 1000 is the most that it gives.
        let resource = match self.endpoint.api {
            Api::OpenAi => "models",
            Api::Anthropic => "models?limit=1000",
        };
        let mut request = Request::new(Method::GET, self.endpoint.url(resource));
        request.headers = self.headers("application/json")?;
        request.timeouts.first_byte = self.endpoint.timeouts.first_byte.min(request.timeouts.first_byte);
        let response = self.send(request).await?;
        let body = response.bytes().await.map_err(refusal::of_egress)?;
        let list: List = serde_json::from_slice(&body)
            .map_err(|error| wire::bad("the provider's list of models cannot be read").with_cause(error))?;
        Ok(list.data.into_iter().map(|model| ModelInfo { id: model.id, name: model.display_name }).collect())
    }

    async fn stream(&self, request: &ModelRequest) -> Result<Events, Failure> {
        let (resource, body, decoder): (_, _, Box<dyn wire::Decode>) = match self.endpoint.api {
            Api::OpenAi => {
                let body = openai::request(request, self.endpoint.is_openai())?;
                ("chat/completions", body, Box::<openai::Decoder>::default())
            }
            Api::Anthropic => ("messages", anthropic::request(request)?, Box::<anthropic::Decoder>::default()),
        };
        let mut request = Request::new(Method::POST, self.endpoint.url(resource));
        request.headers = self.headers("text/event-stream")?;
        request.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        request.body = Bytes::from(body);
        request.timeouts = self.endpoint.timeouts;
        request.max_bytes = MAX_STREAM_BYTES;
        let response = self.send(request).await?;
        let response = must_be_stream(response).await?;
        Ok(stream::events(response, decoder, self.endpoint.key.clone()))
    }

    /// Send, and turn an answer that is no success into its failure.
    async fn send(&self, mut request: Request) -> Result<Response, Failure> {
        request.trust = self.endpoint.trust;
        // A redirect would carry the conversation elsewhere; whoever set the URL up should see that it moved.
        request.redirects = 0;
        let mut response = self.egress.send(request).await.map_err(refusal::of_egress)?;
        if response.status().is_success() {
            return Ok(response);
        }
        let body = head(&mut response).await;
        Err(refusal::of_answer(response.status(), response.headers(), &body))
    }

    fn headers(&self, accept: &'static str) -> Result<HeaderMap, Failure> {
        let mut headers = HeaderMap::with_capacity(6);
        headers.insert(ACCEPT, HeaderValue::from_static(accept));
        let (name, prefix) = match self.endpoint.api {
            Api::OpenAi => (AUTHORIZATION, "Bearer "),
            Api::Anthropic => {
                headers.insert("anthropic-version", HeaderValue::from_static("2023-06-01"));
                (HeaderName::from_static("x-api-key"), "")
            }
        };
        if let Some(key) = &self.endpoint.key {
            headers.insert(name, credential(prefix, key)?);
        }
        Ok(headers)
    }
}

#[async_trait]
impl Model for Provider {
    fn provider(&self) -> &str {
        &self.endpoint.name
    }

    async fn call(&self, request: &ModelRequest) -> Result<Events, Failure> {
        let called = self.stream(request).await;
        called.map_err(|failure| refusal::without_key(failure, self.endpoint.key.as_ref()))
    }
}

/// The Ollama of this machine and its models, if one answers within a second.
pub async fn discover_ollama(egress: &Egress) -> Option<(Provider, Vec<ModelInfo>)> {
    let ollama = Provider::new(egress.clone(), Endpoint::ollama());
    let models = tokio::time::timeout(Duration::from_secs(1), ollama.list_models()).await.ok()?.ok()?;
    Some((ollama, models))
}

fn credential(prefix: &str, key: &Secret) -> Result<HeaderValue, Failure> {
    let bad = |_| Failure::new(FailureKind::Auth, "the key holds characters that no key has: enter it again");
    let mut value = HeaderValue::try_from(format!("{prefix}{}", key.expose())).map_err(bad)?;
    value.set_sensitive(true);
    Ok(value)
}

/// The beginning of a body that is no success. Why it ended does not matter: the status has said enough.
async fn head(response: &mut Response) -> Vec<u8> {
    let mut head = Vec::new();
    while let Ok(Some(piece)) = response.chunk().await {
        head.extend_from_slice(&piece);
        if head.len() >= MAX_ERROR_BYTES {
            break;
        }
    }
    head
}

/// A success that is no stream is an error in disguise, or not the API that we were told. No type at all is let pass.
async fn must_be_stream(mut response: Response) -> Result<Response, Failure> {
    let media_type =
        response.headers().get(CONTENT_TYPE).map(|value| value.to_str().unwrap_or_default().to_ascii_lowercase());
    match media_type {
        None => Ok(response),
        Some(media_type) if media_type.starts_with("text/event-stream") => Ok(response),
        Some(media_type) => {
            let body = head(&mut response).await;
            if serde_json::from_slice::<serde_json::Value>(&body).is_ok_and(|json| json.get("error").is_some()) {
                return Err(refusal::in_stream(&String::from_utf8_lossy(&body)));
            }
            let words = "the provider's answer is no event stream: is the URL that of its API?";
            Err(wire::bad(words).with_cause(media_type).with_status(response.status().as_u16()))
        }
    }
}
