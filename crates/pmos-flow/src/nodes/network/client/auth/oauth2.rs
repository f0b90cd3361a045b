//! OAuth 2: a token that is asked for when there is none, and renewed when it is no longer taken.

use crate::node::{Context, NodeError};
use crate::nodes::network::client::{Body, Draft, failure, read_form};
use crate::port::HttpResponse;
use crate::value::{self, Object, Str, Value};
use std::sync::Arc;

/// A credential of OAuth 2.
#[derive(Clone, Debug)]
pub(in crate::nodes::network) struct OAuth2 {
    kind: Str,
    fields: Arc<Object>,
}

/// Is a credential one of OAuth 2, by its type or by its fields?
pub(super) fn is_oauth2(kind: &str, fields: &Object) -> bool {
    kind.to_ascii_lowercase().contains("oauth2") || fields.contains_key("oauthTokenData")
}

/// Where tokens of well-known services come from, by the beginning of the credential's type: files leave out what is fixed.
static TOKEN_URLS: &[(&str, &str)] = &[
    ("airtable", "https://airtable.com/oauth2/v1/token"),
    ("asana", "https://app.asana.com/-/oauth_token"),
    ("discord", "https://discord.com/api/oauth2/token"),
    ("dropbox", "https://api.dropboxapi.com/oauth2/token"),
    ("github", "https://github.com/login/oauth/access_token"),
    ("gmail", "https://oauth2.googleapis.com/token"),
    ("google", "https://oauth2.googleapis.com/token"),
    ("gSuite", "https://oauth2.googleapis.com/token"),
    ("hubspot", "https://api.hubapi.com/oauth/v1/token"),
    ("linkedIn", "https://www.linkedin.com/oauth/v2/accessToken"),
    ("microsoft", "https://login.microsoftonline.com/common/oauth2/v2.0/token"),
    ("slack", "https://slack.com/api/oauth.v2.access"),
    ("spotify", "https://accounts.spotify.com/api/token"),
    ("todoist", "https://todoist.com/oauth/access_token"),
    ("youTube", "https://oauth2.googleapis.com/token"),
    ("zoom", "https://zoom.us/oauth/token"),
];

impl OAuth2 {
    pub(super) fn new(kind: &str, fields: Arc<Object>) -> Self {
        Self { kind: kind.into(), fields }
    }

    pub(super) fn fields(&self) -> &Object {
        &self.fields
    }

    fn text(&self, key: &str) -> Str {
        self.fields.get(key).filter(|value| !value.is_nullish()).map(Value::to_text).unwrap_or_default()
    }

    fn token(&self) -> Value {
        match self.fields.get("oauthTokenData") {
            Some(Value::String(text)) => value::parse(text).unwrap_or_default(),
            Some(token) => token.clone(),
            None => Value::Undefined,
        }
    }

    /// Sends a request with the token; with a new one where the service says 401.
    pub(super) async fn send(
        &mut self,
        context: &mut Context<'_>,
        item: usize,
        first: usize,
        draft: &Draft,
    ) -> Result<HttpResponse, NodeError> {
        let is_own = &*self.text("grantType") == "clientCredentials";
        if access_token(&self.token()).is_none() {
            if !is_own {
                return Err(NodeError::new("OAuth credentials not connected"));
            }
            self.renew(context, item, first, draft).await?;
        }
        let request = self.signed(draft).request(context)?;
        let response = context.send(item, first + 1, request).await?;
        if response.status != 401 {
            return Ok(response);
        }
        if !is_own && refresh_token(&self.token()).is_none() {
            return Ok(response);
        }
        self.renew(context, item, first + 2, draft).await?;
        let request = self.signed(draft).request(context)?;
        context.send(item, first + 3, request).await
    }

    fn signed(&self, draft: &Draft) -> Draft {
        let mut signed = draft.clone();
        let access = access_token(&self.token()).unwrap_or_default();
        signed.set_header("Authorization", format!("Bearer {access}"));
        signed
    }

    /// Gets a new token and keeps it.
    async fn renew(
        &mut self,
        context: &mut Context<'_>,
        item: usize,
        call: usize,
        draft: &Draft,
    ) -> Result<(), NodeError> {
        let old = self.token();
        let mut form = match refresh_token(&old) {
            Some(token) if &*self.text("grantType") != "clientCredentials" => {
                Object::from_iter([("refresh_token", Value::from(token)), ("grant_type", "refresh_token".into())])
            }
            _ => {
                let mut form = Object::from_iter([("grant_type", Value::from("client_credentials"))]);
                let scope = self.text("scope");
                if !scope.is_empty() {
                    form.insert("scope", scope.into());
                }
                form
            }
        };
        let mut request = Draft {
            method: "POST".into(),
            url: self.token_url()?,
            allow_unauthorized_certs: draft.allow_unauthorized_certs
                || self.fields.get("ignoreSSLIssues").is_some_and(Value::is_truthy),
            proxy: draft.proxy.clone(),
            timeout_ms: draft.timeout_ms,
            ..Draft::default()
        };
        request.set_header("Accept", "application/json");
        if &*self.text("authentication") == "body" {
            form.insert("client_id", self.text("clientId").into());
            form.insert("client_secret", self.text("clientSecret").into());
        } else {
            request.set_basic(&self.text("clientId"), &self.text("clientSecret"));
        }
        request.body = Body::Form(form);
        let request = request.request(context)?;
        let response = context.send(item, call, request).await?;
        if !(200..300).contains(&response.status) {
            return Err(failure(&response));
        }
        let text = String::from_utf8_lossy(&response.body);
        // Some services answer with a form.
        let new = value::parse(&text).ok().and_then(|new| new.as_object().cloned()).unwrap_or_else(|| read_form(&text));
        if access_token(&new.clone().into()).is_none() {
            return Err(NodeError::new("The service gave no access token")
                .described("Check the client id, the client secret and the token URL"));
        }
        // A service that gives no new refresh token means the old one to be kept.
        let mut token = old.as_object().cloned().unwrap_or_default();
        token.extend(new);
        let mut fields = Object::clone(&self.fields);
        fields.insert("oauthTokenData", token.into());
        self.fields = Arc::new(fields);
        context.update_credential(&self.kind, self.fields.clone()).await
    }

    fn token_url(&self) -> Result<String, NodeError> {
        let own = self.text("accessTokenUrl");
        let known = || {
            TOKEN_URLS.iter().find(|(beginning, _)| self.kind.starts_with(beginning)).map(|(_, url)| (*url).to_owned())
        };
        let url = Some(own.to_string()).filter(|url| !url.is_empty()).or_else(known);
        url.ok_or_else(|| NodeError::new(format!("The credential of type '{}' names no token URL", self.kind)))
    }
}

fn access_token(token: &Value) -> Option<Str> {
    field(token, ["access_token", "accessToken"])
}

fn refresh_token(token: &Value) -> Option<Str> {
    field(token, ["refresh_token", "refreshToken"])
}

fn field(token: &Value, names: [&str; 2]) -> Option<Str> {
    names.into_iter().find_map(|name| token.get(name).as_str()).filter(|text| !text.is_empty()).map(Str::from)
}
