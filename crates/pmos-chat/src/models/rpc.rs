//! `models.*`.

use super::{HINT, KEY_FIELD, Models, Own, api_of};
use pmos_agent::{Endpoint, FailureKind};
use pmos_egress::Trust;
use pmos_kit::{Error, ProviderId, Result, Secret};
use pmos_rpc::{Call, DONE, Done, Nothing, Text, methods};
use pmos_store::{OrConflict, Read, Scope, Write, args, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

methods! {
    /// The models that agents of this workspace may use. An agent's `model` is `provider/id`.
    Read "models.list" Viewer => list;
    /// The providers of this workspace, and those of the operator that it may use. Keys are never shown.
    Read "models.providers.list" Admin => providers, agents: Never;
    /// Set up a provider, or change one.
    ///
    /// Without `models` the provider is asked for them first: an address or a key that does not work is refused, with
    /// the provider's words. With `models` nothing is asked, for providers that list none. A changed `baseUrl` needs the key anew. The key is stored encrypted.
    Write "models.providers.set" Admin => check then set, limit: per_minute(30), agents: Never;
    /// Remove a provider of this workspace. Agents that use its models say so when they are next asked.
    Write "models.providers.delete" Admin => delete, agents: Never;
    /// Ask a provider for its models with the key that is stored, to see whether both still work.
    Call "models.providers.check" Admin => check_stored, limit: per_minute(30), agents: Never;
}

/// Which models. Fields of OpenClaw's protocol are accepted and have no effect.
#[derive(Debug, Deserialize, JsonSchema)]
struct ListModels {
    #[serde(flatten)]
    _accepted: std::collections::HashMap<String, Value>,
}

/// The models of a workspace.
#[derive(Debug, Serialize, JsonSchema)]
struct ModelList {
    models: Vec<ModelRow>,
}

/// A model.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ModelRow {
    /// The provider's name of the model.
    id: String,
    name: String,
    provider: String,
    is_default: bool,
}

async fn list(scope: &Scope<Read>, _: ListModels) -> Result<ModelList> {
    let models = scope.service::<Models>()?;
    let default = models.default_of(scope).await?;
    let own = own_providers(scope).await?;
    let of_own = own.iter().flat_map(|own| own.models().into_iter().map(|model| (own.name.clone(), model)));
    let of_operator = models
        .operators()
        .iter()
        .flat_map(|operator| models.models_of(operator).into_iter().map(|model| (operator.name.clone(), model)));
    let row = |(provider, id): (String, String)| ModelRow {
        is_default: default.as_deref() == Some(&format!("{provider}/{id}")),
        name: id.clone(),
        id,
        provider,
    };
    Ok(ModelList { models: of_own.chain(of_operator).map(row).collect() })
}

async fn own_providers(scope: &Scope<Read>) -> Result<Vec<Own>> {
    scope
        .rows(
            sql!(
                "SELECT id, kind, name, base_url, sealed_key, key_hint, models, default_model FROM providers
                 WHERE workspace_id = $1 ORDER BY created_at, id"
            ),
            args![],
        )
        .await
}

/// The providers that a workspace may use.
#[derive(Debug, Serialize, JsonSchema)]
struct ProviderList {
    providers: Vec<ProviderRow>,
    /// What to set up, where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'static str>,
}

/// A provider.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ProviderRow {
    /// The name, for one of the operator's.
    id: String,
    /// `openai` or `anthropic`: which API it speaks.
    #[schemars(extend("enum" = ["openai", "anthropic"]))]
    kind: &'static str,
    name: String,
    base_url: String,
    /// `workspace` or `operator`.
    #[schemars(extend("enum" = ["workspace", "operator"]))]
    source: &'static str,
    /// The end of the key, to tell keys apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    key_hint: Option<String>,
    models: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_model: Option<String>,
}

const KINDS: [&str; 2] = ["openai", "anthropic"];

fn kind_word(api: pmos_agent::Api) -> &'static str {
    match api {
        pmos_agent::Api::OpenAi => KINDS[0],
        pmos_agent::Api::Anthropic => KINDS[1],
    }
}

impl From<Own> for ProviderRow {
    fn from(own: Own) -> Self {
        Self {
            models: own.models(),
            kind: kind_word(api_of(&own.kind)),
            id: own.id.as_str().to_owned(),
            name: own.name,
            base_url: own.base_url,
            source: "workspace",
            key_hint: own.key_hint,
            default_model: own.default_model,
        }
    }
}

async fn providers(scope: &Scope<Read>, _: Nothing) -> Result<ProviderList> {
    let models = scope.service::<Models>()?;
    let mut providers: Vec<ProviderRow> = own_providers(scope).await?.into_iter().map(ProviderRow::from).collect();
    providers.extend(models.operators().iter().map(|operator| ProviderRow {
        id: operator.name.clone(),
        kind: kind_word(operator.api),
        name: operator.name.clone(),
        base_url: operator.base_url.clone(),
        source: "operator",
        key_hint: None,
        models: models.models_of(operator),
        default_model: operator.default_model.clone(),
    }));
    let hint = providers.is_empty().then_some(HINT);
    Ok(ProviderList { providers, hint })
}

/// Which API a provider speaks.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum ProviderKind {
    /// Chat completions: OpenAI, OpenRouter, vLLM, LM Studio, Ollama and most others.
    OpenAi,
    /// Anthropic's messages.
    Anthropic,
}

impl ProviderKind {
    fn as_str(self) -> &'static str {
        match self {
            ProviderKind::OpenAi => KINDS[0],
            ProviderKind::Anthropic => KINDS[1],
        }
    }

    fn default_url(self) -> &'static str {
        match self {
            ProviderKind::OpenAi => "https://api.openai.com/v1",
            ProviderKind::Anthropic => "https://api.anthropic.com/v1",
        }
    }
}

/// A provider to set up or change.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SetProvider {
    /// The one to change; a new one without it.
    provider_id: Option<ProviderId>,
    kind: ProviderKind,
    /// 1 to 40 of a-z, 0-9 and -, unique in the workspace: models are named with it.
    name: String,
    /// `https://…`, a public address; the provider's own without it.
    base_url: Option<String>,
    /// Without it, a changed provider keeps its key if its address stays.
    api_key: Option<Secret>,
    models: Option<Vec<String>>,
    default_model: Option<String>,
}

/// A provider that was tried.
struct Checked {
    id: Option<ProviderId>,
    kind: &'static str,
    name: String,
    base_url: String,
    key: NewKey,
    models: Vec<String>,
    default_model: Option<String>,
}

enum NewKey {
    Keep,
    Set(Option<Secret>),
}

/// The provider as it is now.
#[derive(Debug, Serialize, JsonSchema)]
struct ProviderSet {
    provider: ProviderRow,
}

async fn check(call: &Call, p: SetProvider) -> Result<Checked> {
    let name = slug(&p.name)?;
    let scope = call.scope()?;
    let models = scope.service::<Models>()?;
    let before = match &p.provider_id {
        Some(id) => Some(stored(&scope, id).await?),
        None => None,
    };
    let base_url = p.base_url.unwrap_or_else(|| p.kind.default_url().to_owned());
    let keeps = p.api_key.is_none() && before.as_ref().is_some_and(|own| own.base_url == base_url);
    let key = match (&before, p.api_key) {
        (Some(own), None) if keeps => models.endpoint(&scope, own).await?.key,
        (_, key) => key,
    };
    let endpoint = Endpoint {
        name: name.clone(),
        api: api_of(p.kind.as_str()),
        base_url: base_url.clone(),
        key: key.clone(),
        trust: Trust::Tenant,
        timeouts: Endpoint::TIMEOUTS,
    };
    let offered = match p.models {
        Some(models) if !models.is_empty() => model_names(models)?,
        _ => offered(&models, endpoint).await?,
    };
    let default_model = p.default_model.map(|model| MODEL.name(&model)).transpose()?;
    let key = if keeps { NewKey::Keep } else { NewKey::Set(key) };
    Ok(Checked { id: p.provider_id, kind: p.kind.as_str(), name, base_url, key, models: offered, default_model })
}

const MODEL: Text = Text { field: "models", min: 1, max: 200 };
const MAX_MODELS: usize = 1_000;

fn model_names(names: Vec<String>) -> Result<Vec<String>> {
    if names.len() > MAX_MODELS {
        return Err(Error::invalid_field("models", format!("models: at most {MAX_MODELS} of them")));
    }
    names.iter().map(|name| MODEL.name(name)).collect()
}

async fn offered(models: &Models, endpoint: Endpoint) -> Result<Vec<String>> {
    let listed = models.provider(endpoint).list_models().await;
    let listed = listed.map_err(|failure| {
        let field = if failure.kind() == FailureKind::Auth { "apiKey" } else { "baseUrl" };
        Error::invalid_field(field, format!("{field}: {}", failure.message())).with_cause(&failure)
    })?;
    Ok(listed.into_iter().take(MAX_MODELS).map(|model| model.id).collect())
}

fn slug(name: &str) -> Result<String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if (1..=40).contains(&name.len()) && name.chars().all(plain) {
        return Ok(name.to_owned());
    }
    Err(Error::invalid_field("name", "name: 1 to 40 of a-z, 0-9 and -, such as openai"))
}

async fn stored(scope: &Scope<Read>, id: &ProviderId) -> Result<Own> {
    scope
        .one(
            sql!(
                "SELECT id, kind, name, base_url, sealed_key, key_hint, models, default_model FROM providers
                 WHERE workspace_id = $1 AND id = $2"
            ),
            args![id],
        )
        .await
}

const NAME_TAKEN: &str = "a provider of this workspace has this name already";

async fn set(scope: &Scope<Write>, checked: Checked) -> Result<ProviderSet> {
    let fresh = checked.id.is_none();
    let id = checked.id.unwrap_or_else(|| ProviderId::new(scope.clock(), scope.rng()));
    let models = serde_json::to_string(&checked.models).map_err(Error::internal)?;
    let now = scope.now();
    if fresh {
        scope
            .run(
                sql!(
                    "INSERT INTO providers (workspace_id, id, kind, name, base_url, models, default_model, created_at, updated_at)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)"
                ),
                args![id, checked.kind, checked.name, checked.base_url, models, checked.default_model, now],
            )
            .await
            .or_conflict(NAME_TAKEN)?;
    } else {
        scope
            .run_one(
                sql!(
                    "UPDATE providers SET kind = $3, name = $4, base_url = $5, models = $6, default_model = $7, updated_at = $8
                     WHERE workspace_id = $1 AND id = $2"
                ),
                args![id, checked.kind, checked.name, checked.base_url, models, checked.default_model, now],
            )
            .await
            .or_conflict(NAME_TAKEN)?;
    }
    if let NewKey::Set(key) = checked.key {
        set_key(scope, &id, key.as_ref()).await?;
    }
    scope.about(id.as_str());
    let own: Own = scope
        .one(
            sql!(
                "SELECT id, kind, name, base_url, sealed_key, key_hint, models, default_model FROM providers
                 WHERE workspace_id = $1 AND id = $2"
            ),
            args![id],
        )
        .await?;
    Ok(ProviderSet { provider: own.into() })
}

async fn set_key(scope: &Scope<Write>, id: &ProviderId, key: Option<&Secret>) -> Result<()> {
    let models = scope.service::<Models>()?;
    let sealed = match key {
        Some(key) => Some(models.vault().seal(scope, id.as_str(), KEY_FIELD, key).await?),
        None => None,
    };
    let hint = key.map(|key| hint(key.expose()));
    scope
        .run_one(
            sql!("UPDATE providers SET sealed_key = $3, key_hint = $4 WHERE workspace_id = $1 AND id = $2"),
            args![id, sealed, hint],
        )
        .await
}

/// The last four characters of a key that is long enough for that to say nothing.
fn hint(key: &str) -> String {
    let chars: Vec<char> = key.chars().collect();
    let tail: String = if chars.len() >= 16 { chars[chars.len() - 4..].iter().collect() } else { String::new() };
    format!("…{tail}")
}

/// Which provider.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NameProvider {
    provider_id: ProviderId,
}

async fn delete(scope: &Scope<Write>, p: NameProvider) -> Result<Done> {
    scope.about(p.provider_id.as_str());
    scope.run_one(sql!("DELETE FROM providers WHERE workspace_id = $1 AND id = $2"), args![p.provider_id]).await?;
    Ok(DONE)
}

/// Which provider: the id of one of the workspace's, or the name of one of the operator's.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CheckProvider {
    #[schemars(extend("x-id" = "ProviderId"))]
    provider_id: String,
}

/// Whether a provider answers.
#[derive(Debug, Serialize, JsonSchema)]
struct ProviderChecked {
    ok: bool,
    models: Vec<String>,
    /// Why not, in the provider's words where it said any.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

async fn check_stored(call: &Arc<Call>, p: CheckProvider) -> Result<ProviderChecked> {
    let scope = call.scope()?;
    let models = scope.service::<Models>()?;
    let operator = models.operators().iter().find(|operator| operator.name == p.provider_id);
    let endpoint = match operator {
        Some(operator) => operator.endpoint(),
        None => {
            let id = p.provider_id.parse().map_err(|_| Error::not_found())?;
            models.endpoint(&scope, &stored(&scope, &id).await?).await?
        }
    };
    Ok(match models.provider(endpoint).list_models().await {
        Ok(listed) => {
            ProviderChecked { ok: true, models: listed.into_iter().map(|model| model.id).collect(), error: None }
        }
        Err(failure) => ProviderChecked { ok: false, models: Vec::new(), error: Some(failure.message().to_owned()) },
    })
}
