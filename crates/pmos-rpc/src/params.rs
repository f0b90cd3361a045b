//! Parameters: JSON text on its way into a handler's type.

use pmos_kit::{Error, Result};
use serde::de::DeserializeOwned;

/// How deep objects and arrays may nest. Nothing of ours nests deeper than 8; a bomb nests a million deep.
const MAX_DEPTH: usize = 64;

/// The parameters of one call, not yet understood. Absent parameters are `{}`.
#[derive(Debug, Clone)]
pub struct Params {
    method: &'static str,
    text: Box<str>,
}

impl Params {
    /// The parameters of a call of `method`.
    pub fn new(method: &'static str, text: Option<&str>) -> Self {
        Self { method, text: text.unwrap_or("{}").into() }
    }

    /// Understand them as `P`, which refuses unknown fields.
    ///
    /// # Errors
    /// `INVALID_REQUEST` that names method, field and reason, in the words of the OpenClaw protocol (openclaw.md, 2).
    pub fn parse<P: DeserializeOwned>(&self) -> Result<P> {
        check_text(&self.text)?;
        serde_json::from_str(&self.text).map_err(|_| self.explain::<P>())
    }

    /// Parse once more, slowly, to learn where it failed.
    fn explain<P: DeserializeOwned>(&self) -> Error {
        let mut reader = serde_json::Deserializer::from_str(&self.text);
        let Err(failure) = serde_path_to_error::deserialize::<_, P>(&mut reader) else {
            return Error::invalid(format!("invalid {} params: more than one value", self.method));
        };
        let path = failure.path().to_string();
        let words = failure.inner().to_string();
        let words = words.split(" at line ").next().unwrap_or_default();
        let named =
            |prefix: &str| words.strip_prefix(prefix).and_then(|rest| rest.split('`').nth(1)).map(str::to_owned);
        let at = if path == "." { "root".to_owned() } else { format!("/{}", path.replace('.', "/")) };
        let (field, reason) = if let Some(name) = named("missing field") {
            (join(&path, &name), format!("must have required property '{name}'"))
        } else if let Some(name) = named("unknown field") {
            let at = at
                .strip_suffix(&format!("/{name}"))
                .map_or(at.as_str(), |rest| if rest.is_empty() { "root" } else { rest });
            (name.clone(), format!("at {at}: unexpected property '{name}'"))
        } else {
            (path.clone(), format!("at {at}: {words}"))
        };
        Error::invalid_field(field, format!("invalid {} params: {reason}", self.method))
    }
}

fn join(path: &str, name: &str) -> String {
    if path == "." { name.to_owned() } else { format!("{path}.{name}") }
}

/// Refuse what no surface of ours takes: nesting beyond reason, and U+0000, which PostgreSQL cannot store.
///
/// # Errors
/// `INVALID_REQUEST` saying which.
pub fn check_text(text: &str) -> Result<()> {
    let (mut depth, mut in_string, mut bytes) = (0usize, false, text.bytes());
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string => {
                let escaped = bytes.next();
                if escaped == Some(b'u') && bytes.clone().take(4).eq(*b"0000") {
                    return Err(Error::invalid("U+0000 cannot be stored: send the text without it"));
                }
            }
            b'{' | b'[' if !in_string => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(Error::invalid(format!("nested deeper than {MAX_DEPTH} levels")));
                }
            }
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

/// A field of OpenClaw's protocol that has no meaning here: accepted, no effect (decisions.md, 3.3).
#[derive(Debug)]
pub struct Ignored;

impl<'de> serde::Deserialize<'de> for Ignored {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde::de::IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}

impl schemars::JsonSchema for Ignored {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Ignored".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "description": "Accepted, no effect." })
    }
}

/// Rules for text that people write: lengths are in characters.
#[derive(Debug, Clone, Copy)]
pub struct Text {
    /// The field, for the error.
    pub field: &'static str,
    /// At least so many characters, without the blanks around.
    pub min: usize,
    /// At most so many.
    pub max: usize,
}

impl Text {
    /// A name: one line, trimmed, without control characters and without the invisible ones that make two names look
    /// alike (security.md, 4). Stored as it was typed otherwise.
    ///
    /// # Errors
    /// `INVALID_REQUEST` naming the field.
    pub fn name(self, text: &str) -> Result<String> {
        let text = text.trim();
        if text.chars().any(|c| c.is_control() || is_invisible(c)) {
            return Err(Error::invalid_field(self.field, format!("{}: one line of visible characters", self.field)));
        }
        self.length(text).map(|()| text.to_owned())
    }

    /// Longer text, stored byte for byte.
    ///
    /// # Errors
    /// `INVALID_REQUEST` naming the field.
    pub fn body(self, text: &str) -> Result<&str> {
        self.length(text).map(|()| text)
    }

    fn length(self, text: &str) -> Result<()> {
        let length = text.chars().count();
        if length < self.min || length > self.max {
            let words = format!("{}: {} to {} characters, not {length}", self.field, self.min, self.max);
            return Err(Error::invalid_field(self.field, words));
        }
        Ok(())
    }
}

/// Bidirectional overrides and zero-width characters, which no name needs; the joiners stay, which scripts do.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[expect(dead_code, reason = "only parsed")]
        message: String,
        #[expect(dead_code, reason = "only parsed")]
        schedule: Option<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {}

    fn words(text: &str) -> String {
        Params::new("chat.send", Some(text)).parse::<Sample>().unwrap_err().public().to_owned()
    }

    #[test]
    fn errors_speak_the_words_that_clients_know() {
        assert_eq!(words("{}"), "invalid chat.send params: must have required property 'message'");
        assert_eq!(words(r#"{"message":"m","x":1}"#), "invalid chat.send params: at root: unexpected property 'x'");
        assert_eq!(
            words(r#"{"message":"m","schedule":{"everyMs":1}}"#),
            "invalid chat.send params: at /schedule: unexpected property 'everyMs'"
        );
        assert!(words(r#"{"message":1}"#).starts_with("invalid chat.send params: at /message: invalid type: integer"));
    }

    #[test]
    fn bombs_and_nul_are_refused_and_escaped_backslashes_are_not() {
        assert!(check_text(&"[".repeat(65)).is_err());
        assert!(check_text(&format!("{}{}", "[".repeat(64), "]".repeat(64))).is_ok());
        assert!(check_text(r#""\u0000""#).is_err());
        assert!(check_text(r#""\\u0000""#).is_ok());
        assert!(check_text(&format!("\"{}\"", "[".repeat(100))).is_ok(), "brackets in text do not nest");
    }

    proptest! {
        #[test]
        fn any_text_is_understood_or_refused(text in ".*") {
            let _ = Params::new("m", Some(&text)).parse::<Sample>();
        }
    }
}
