//! Services that n8n knows by name: which header, field or password carries the key.

use crate::nodes::network::client::Draft;
use crate::value::{Object, Value};

/// How a service wants its key. A text in braces is a field of the credential.
#[derive(Debug)]
pub(in crate::nodes::network) struct Service {
    kind: &'static str,
    place: Place,
    name: &'static str,
    value: &'static str,
    /// A second field or header.
    more: Option<(&'static str, &'static str)>,
}

/// Where the key goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A header of this name.
    Header,
    /// A field of the query of this name.
    Query,
    /// A user of this name, and its password.
    Basic,
}

const fn header(kind: &'static str, name: &'static str, value: &'static str) -> Service {
    Service { kind, place: Place::Header, name, value, more: None }
}

const fn bearer(kind: &'static str, value: &'static str) -> Service {
    header(kind, "Authorization", value)
}

const fn query(kind: &'static str, name: &'static str, value: &'static str) -> Service {
    Service { kind, place: Place::Query, name, value, more: None }
}

const fn basic(kind: &'static str, user: &'static str, password: &'static str) -> Service {
    Service { kind, place: Place::Basic, name: user, value: password, more: None }
}

impl Service {
    const fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.more = Some((name, value));
        self
    }

    pub(super) fn sign(&self, credential: &Object, draft: &mut Draft) {
        let value = fill(self.value, credential);
        match self.place {
            Place::Basic => draft.set_basic(&fill(self.name, credential), &value),
            Place::Header => {
                draft.set_header(self.name, value);
                if let Some((name, value)) = self.more {
                    draft.set_header(name, fill(value, credential));
                }
            }
            Place::Query => {
                draft.query.insert(self.name, value.into());
                if let Some((name, value)) = self.more {
                    draft.query.insert(name, fill(value, credential).into());
                }
            }
        }
    }
}

/// `Bearer {apiKey}` with the fields of the credential.
fn fill(pattern: &str, credential: &Object) -> String {
    let mut text = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let (field, after) = after.split_once('}').unwrap_or((after, ""));
        text.push_str(before);
        text.push_str(
            &credential.get(field).filter(|value| !value.is_nullish()).map(Value::to_text).unwrap_or_default(),
        );
        rest = after;
    }
    text + rest
}

/// The service that a credential's type belongs to.
pub(super) fn find(kind: &str) -> Option<&'static Service> {
    SERVICES.iter().find(|service| service.kind == kind)
}

static SERVICES: &[Service] = &[
    header("activeCampaignApi", "Api-Token", "{apiKey}"),
    query("airtableApi", "api_key", "{apiKey}"),
    bearer("airtableTokenApi", "Bearer {accessToken}"),
    header("anthropicApi", "x-api-key", "{apiKey}").with("anthropic-version", "2023-06-01"),
    bearer("apifyApi", "Bearer {apiKey}"),
    bearer("asanaApi", "Bearer {accessToken}"),
    header("azureOpenAiApi", "api-key", "{apiKey}"),
    header("braveSearchApi", "X-Subscription-Token", "{apiKey}"),
    query("calApi", "apiKey", "{apiKey}"),
    bearer("clickUpApi", "{accessToken}"),
    bearer("cloudflareApi", "Bearer {apiToken}"),
    bearer("cohereApi", "Bearer {apiKey}"),
    bearer("deepLApi", "DeepL-Auth-Key {apiKey}"),
    bearer("deepSeekApi", "Bearer {apiKey}"),
    bearer("discordBotApi", "Bot {botToken}"),
    bearer("dropboxApi", "Bearer {accessToken}"),
    basic("elasticsearchApi", "{username}", "{password}"),
    query("facebookGraphApi", "access_token", "{accessToken}"),
    header("figmaApi", "X-FIGMA-TOKEN", "{accessToken}"),
    basic("freshdeskApi", "{apiKey}", "x"),
    bearer("githubApi", "token {accessToken}"),
    header("gitlabApi", "Private-Token", "{accessToken}"),
    query("googlePalmApi", "key", "{apiKey}"),
    bearer("grafanaApi", "Bearer {apiKey}"),
    bearer("groqApi", "Bearer {apiKey}"),
    bearer("homeAssistantApi", "Bearer {accessToken}"),
    query("hubspotApi", "hapikey", "{apiKey}"),
    bearer("hubspotAppToken", "Bearer {appToken}"),
    bearer("huggingFaceApi", "Bearer {apiKey}"),
    bearer("intercomApi", "Bearer {apiKey}"),
    basic("jiraSoftwareCloudApi", "{email}", "{apiToken}"),
    basic("jiraSoftwareServerApi", "{email}", "{password}"),
    bearer("jiraSoftwareServerPatApi", "Bearer {personalAccessToken}"),
    header("linearApi", "Authorization", "{apiKey}"),
    basic("lemlistApi", "", "{apiKey}"),
    bearer("mailchimpApi", "apikey {apiKey}"),
    basic("mailgunApi", "api", "{apiKey}"),
    bearer("mistralCloudApi", "Bearer {apiKey}"),
    bearer("mondayComApi", "Bearer {apiToken}"),
    header("n8nApi", "X-N8N-API-KEY", "{apiKey}"),
    bearer("netlifyApi", "Bearer {accessToken}"),
    header("nocoDb", "xc-auth", "{apiToken}"),
    header("nocoDbApiToken", "xc-token", "{apiToken}"),
    bearer("notionApi", "Bearer {apiKey}").with("Notion-Version", "2022-02-22"),
    bearer("npmApi", "Bearer {accessToken}"),
    bearer("openAiApi", "Bearer {apiKey}"),
    bearer("openRouterApi", "Bearer {apiKey}"),
    bearer("perplexityApi", "Bearer {apiKey}"),
    header("pineconeApi", "Api-Key", "{apiKey}"),
    query("pipedriveApi", "api_token", "{apiToken}"),
    header("qdrantApi", "api-key", "{apiKey}"),
    bearer("sendGridApi", "Bearer {apiKey}"),
    header("sendInBlueApi", "api-key", "{apiKey}"),
    query("serpApi", "api_key", "{apiKey}"),
    header("shopifyAccessTokenApi", "X-Shopify-Access-Token", "{accessToken}"),
    bearer("slackApi", "Bearer {accessToken}"),
    bearer("stripeApi", "Bearer {secretKey}"),
    header("supabaseApi", "apikey", "{serviceRole}").with("Authorization", "Bearer {serviceRole}"),
    bearer("todoistApi", "Bearer {apiKey}"),
    query("trelloApi", "key", "{apiKey}").with("token", "{apiToken}"),
    basic("twilioApi", "{accountSid}", "{authToken}"),
    bearer("typeformApi", "Bearer {accessToken}"),
    bearer("webflowApi", "Bearer {accessToken}"),
    bearer("whatsAppApi", "Bearer {accessToken}"),
    basic("wooCommerceApi", "{consumerKey}", "{consumerSecret}"),
    basic("wordpressApi", "{username}", "{password}"),
    bearer("xAiApi", "Bearer {apiKey}"),
    basic("zendeskApi", "{email}/token", "{apiToken}"),
];
