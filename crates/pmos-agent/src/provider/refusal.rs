//! What a provider's "no" means, from its status, its headers and its words.

use super::wire::bad;
use crate::{Failure, FailureKind};
use pmos_egress::header::{DATE, HeaderMap, RETRY_AFTER};
use pmos_egress::{Fault, StatusCode};
use pmos_kit::Secret;
use serde_json::Value;
use std::time::Duration;

const MAX_WORDS: usize = 500;

/// A failure that was told by an answer which is no success.
pub(super) fn of_answer(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Failure {
    let said = serde_json::from_slice::<Value>(body).map(|json| Said::of(&json)).unwrap_or_default();
    let kind = kind(status.as_u16(), &said, retry_after(headers));
    let words = match said.words.is_empty() {
        false => tidy(&said.words),
        true => format!("the provider answered {status}"),
    };
    let failure = Failure::new(kind, words).with_status(status.as_u16());
    match said.words.is_empty() && !body.is_empty() {
        // A proxy's page in HTML is for the log, not for the reader.
        true => failure.with_cause(tidy(&String::from_utf8_lossy(&body[..body.len().min(MAX_WORDS)]))),
        false => failure,
    }
}

/// A failure that was told inside of a stream which had begun well.
pub(super) fn in_stream(data: &str) -> Failure {
    let Ok(json) = serde_json::from_str::<Value>(data) else {
        return bad("the provider sent an error that cannot be read");
    };
    let said = Said::of(&json);
    let kind = kind(said.status, &said, None);
    Failure::new(kind, if said.words.is_empty() { "the provider reports an error".into() } else { tidy(&said.words) })
}

/// A failure on the way to the provider.
pub(super) fn of_egress(failure: pmos_egress::Failure) -> Failure {
    let kind = match failure.fault() {
        Fault::Timeout => FailureKind::Timeout,
        Fault::Refused => FailureKind::Rejected,
        Fault::TooLarge | Fault::Redirects => FailureKind::BadResponse,
        _ => FailureKind::Unavailable { retry_after: None },
    };
    let words = Failure::new(kind, failure.error().public());
    match failure.error().cause() {
        Some(cause) => words.with_cause(cause),
        None => words,
    }
}

/// Take the key out of a failure's words. Providers like to repeat the key that they reject, whole or with stars.
pub(super) fn without_key(failure: Failure, key: Option<&Secret>) -> Failure {
    let Some(key) = key.map(Secret::expose).filter(|key| !key.is_empty()) else { return failure };
    let hide = |text: &str| {
        let head: String = key.chars().take(3).collect();
        let hidden = text.replace(key, "[key]");
        let is_masked = |word: &str| word.contains('*') && word.contains(&head);
        hidden.split(' ').map(|word| if is_masked(word) { "[key]" } else { word }).collect::<Vec<_>>().join(" ")
    };
    failure.map_words(hide)
}

/// What an error object says. There are as many forms as servers; all are looked for in the same places.
#[derive(Debug, Default)]
struct Said {
    words: String,
    /// `type` and `code`, which say the same thing in different servers.
    marks: [String; 2],
    /// A status inside of the object, 0 for none.
    status: u16,
}

impl Said {
    fn of(json: &Value) -> Self {
        let json = json.get(0).unwrap_or(json);
        let error = json.get("error").unwrap_or(json);
        let text = |name: &str| error.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let words =
            [error.as_str(), error.get("message").and_then(Value::as_str), error.get("detail").and_then(Value::as_str)];
        Self {
            words: words.into_iter().flatten().next().unwrap_or_default().to_owned(),
            marks: [text("type"), text("code")],
            status: error.get("code").and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok()).unwrap_or(0),
        }
    }

    fn is_marked(&self, marks: &[&str]) -> bool {
        self.marks.iter().any(|mark| marks.contains(&mark.as_str()))
    }

    fn says(&self, phrases: &[&str]) -> bool {
        let words = self.words.to_ascii_lowercase();
        phrases.iter().any(|phrase| words.contains(phrase))
    }
}

// Marks first: they are exact. Words next, for servers that only have words. The status last.
fn kind(status: u16, said: &Said, retry_after: Option<Duration>) -> FailureKind {
    const TOO_LONG: [&str; 7] = [
        "context length",
        "context window",
        "context size",
        "maximum context",
        "prompt is too long",
        "input is too long",
        "too many input tokens",
    ];
    if said.is_marked(&["insufficient_quota", "billing_error", "billing_hard_limit_reached"])
        || said.says(&["credit balance is too low", "insufficient balance", "insufficient credits"])
    {
        return FailureKind::Quota;
    }
    if said.is_marked(&["content_filter", "content_policy_violation", "refusal"]) {
        return FailureKind::Refusal;
    }
    if said.is_marked(&["context_length_exceeded", "request_too_large"]) || (status != 429 && said.says(&TOO_LONG)) {
        return FailureKind::ContextLength;
    }
    if said.is_marked(&["rate_limit_error", "rate_limit_exceeded", "rate_limit"]) {
        return FailureKind::RateLimit { retry_after };
    }
    if said.is_marked(&["authentication_error", "permission_error", "invalid_api_key"]) {
        return FailureKind::Auth;
    }
    if said.is_marked(&["timeout_error"]) {
        return FailureKind::Timeout;
    }
    if said.is_marked(&["invalid_request_error", "not_found_error", "model_not_found"])
        && !matches!(status, 401 | 403 | 429 | 500..)
    {
        return FailureKind::Rejected;
    }
    match status {
        401 | 403 => FailureKind::Auth,
        402 => FailureKind::Quota,
        413 => FailureKind::ContextLength,
        429 => FailureKind::RateLimit { retry_after },
        408 | 504 | 524 => FailureKind::Timeout,
        300..=499 => FailureKind::Rejected,
        _ => FailureKind::Unavailable { retry_after },
    }
}

/// When to try again: `retry-after-ms` (OpenAI), or `Retry-After` in seconds or as a date (RFC 9110, 10.2.3). A date is
/// taken against the answer's own `Date`, so that our clock may be wrong.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| (0.0..1e9).contains(number));
    if let Some(millis) = text("retry-after-ms").and_then(number) {
        return Some(Duration::from_secs_f64(millis / 1000.0));
    }
    let after = text(RETRY_AFTER.as_str())?;
    if let Some(seconds) = number(after) {
        return Some(Duration::from_secs_f64(seconds));
    }
    let then = httpdate::parse_http_date(after).ok()?;
    let now = httpdate::parse_http_date(text(DATE.as_str())?).ok()?;
    Some(then.duration_since(now).unwrap_or_default())
}

/// One line, without control characters, of bearable length.
fn tidy(words: &str) -> String {
    let clean = words.chars().map(|char| if char.is_control() { ' ' } else { char });
    clean.take(MAX_WORDS).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn answered(status: u16, body: &str) -> Failure {
        of_answer(StatusCode::from_u16(status).unwrap(), &HeaderMap::new(), body.as_bytes())
    }

    /// Bodies as the providers' documentation and servers show them.
    #[test]
    fn each_no_has_its_kind() {
        let table = [
            (
                401,
                json!({"error": {"message": "Incorrect API key provided", "type": "invalid_request_error", "code": "invalid_api_key"}}),
                "auth",
            ),
            (
                401,
                json!({"type": "error", "error": {"type": "authentication_error", "message": "invalid x-api-key"}}),
                "auth",
            ),
            (403, json!({"error": {"message": "no access", "type": "invalid_request_error"}}), "auth"),
            (404, json!({"error": {"message": "The model `x` does not exist", "code": "model_not_found"}}), "rejected"),
            (404, json!({"error": "model 'llama9' not found"}), "rejected"),
            (400, json!({"error": {"message": "Unsupported parameter", "type": "invalid_request_error"}}), "rejected"),
            (
                400,
                json!({"error": {"message": "maximum context length is 8192 tokens", "code": "context_length_exceeded"}}),
                "context_length",
            ),
            (
                400,
                json!({"type": "error", "error": {"type": "invalid_request_error", "message": "prompt is too long: 210000 tokens > 200000"}}),
                "context_length",
            ),
            (
                400,
                json!({"object": "error", "message": "This model's maximum context length is 4096", "code": 400}),
                "context_length",
            ),
            (413, json!({}), "context_length"),
            (
                400,
                json!({"type": "error", "error": {"type": "invalid_request_error", "message": "Your credit balance is too low"}}),
                "quota",
            ),
            (402, json!({"error": {"message": "pay", "code": 402}}), "quota"),
            (
                429,
                json!({"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}),
                "quota",
            ),
            (429, json!({"error": {"message": "slow down", "type": "requests"}}), "rate_limit"),
            (429, json!([{"error": {"message": "RESOURCE_EXHAUSTED", "code": 429}}]), "rate_limit"),
            (400, json!({"error": {"message": "filtered", "code": "content_filter"}}), "refusal"),
            (
                529,
                json!({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}),
                "unavailable",
            ),
            (500, json!({"error": {"message": "oops", "type": "server_error"}}), "unavailable"),
            (504, json!({}), "timeout"),
            (302, json!({}), "rejected"),
        ];
        for (status, body, kind) in table {
            assert_eq!(answered(status, &body.to_string()).kind().as_str(), kind, "{status} {body}");
        }
        assert_eq!(in_stream(r#"{"error":{"code":429,"message":"busy"}}"#).kind().as_str(), "rate_limit");
        assert_eq!(
            in_stream(r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#).kind().as_str(),
            "unavailable"
        );
    }

    #[test]
    fn a_page_of_a_proxy_stays_in_the_log() {
        let failure = answered(502, "<html>nginx</html>");
        assert_eq!(failure.message(), "the provider answered 502 Bad Gateway");
        assert_eq!(failure.cause(), Some("<html>nginx</html>"));
    }

    #[test]
    fn the_key_is_never_repeated() {
        let key = Secret::new("sk-proj-abcdefgh12345678");
        for words in ["wrong: sk-proj-abcdefgh12345678.", "wrong: sk-proj-****5678. See …"] {
            let failure = without_key(Failure::new(FailureKind::Auth, words).with_cause(words), Some(&key));
            assert!(failure.message().starts_with("wrong: [key]"), "{failure}");
            assert!(!failure.to_string().contains("5678"), "{failure}");
        }
    }

    #[test]
    fn retry_after_comes_in_three_forms() {
        let after = |headers: &[(&'static str, &str)]| {
            let headers = headers
                .iter()
                .map(|(name, value)| (pmos_egress::header::HeaderName::from_static(name), value.parse().unwrap()));
            retry_after(&headers.collect())
        };
        assert_eq!(after(&[("retry-after", "7")]), Some(Duration::from_secs(7)));
        assert_eq!(after(&[("retry-after", "9"), ("retry-after-ms", "250")]), Some(Duration::from_millis(250)));
        let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(after(&[date, ("retry-after", "Sun, 06 Nov 1994 08:49:57 GMT")]), Some(Duration::from_secs(20)));
        assert_eq!(after(&[date, ("retry-after", "Sun, 06 Nov 1994 08:00:00 GMT")]), Some(Duration::ZERO));
        for bad in ["", "-1", "NaN", "inf", "soon", "1e300"] {
            assert_eq!(after(&[("retry-after", bad)]), None, "{bad:?}");
        }
    }
}
