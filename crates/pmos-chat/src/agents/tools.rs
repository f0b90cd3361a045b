//! The tools that every agent has: its own files, and the time.
//!
//! A tool does nothing by itself: it calls a method, through dispatch, as the person who started the run.

use pmos_agent::{ToolCall, ToolResult, ToolSpec, Tools};
use pmos_kit::{AgentId, Millis};
use pmos_platform::Dispatch;
use pmos_platform::dispatch::Peer;
use serde_json::{Value, json};
use std::sync::{Arc, LazyLock};

static SPECS: LazyLock<Arc<[ToolSpec]>> = LazyLock::new(|| {
    let path = json!({ "type": "string", "description": "A relative path such as notes/today.md" });
    let spec = |name: &str, description: &str, properties: Value, required: Value| ToolSpec {
        name: name.into(),
        description: description.into(),
        parameters: json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false }),
    };
    [
        spec("file_list", "List your own files.", json!({}), json!([])),
        spec("file_read", "Read one of your own files.", json!({ "path": path.clone() }), json!(["path"])),
        spec(
            "file_write",
            "Write one of your own files, whole. It is kept for later conversations.",
            json!({ "path": path, "content": { "type": "string" } }),
            json!(["path", "content"]),
        ),
        spec("current_time", "The present date and time in UTC.", json!({}), json!([])),
    ]
    .into()
});

/// The built-in tools, for one run of one agent.
pub struct FileTools {
    /// The pipeline.
    pub dispatch: Arc<Dispatch>,
    /// On whose behalf.
    pub peer: Peer,
    /// Whose files.
    pub agent: AgentId,
}

#[async_trait::async_trait]
impl Tools for FileTools {
    fn specs(&self) -> Arc<[ToolSpec]> {
        SPECS.clone()
    }

    async fn call(&self, call: &ToolCall) -> ToolResult {
        let argument = |name: &str| call.arguments[name].as_str().map(str::to_owned);
        match (call.name.as_str(), argument("path"), argument("content")) {
            ("file_list", ..) => self.method("agents.files.list", json!({}), names).await,
            ("file_read", Some(path), _) => self.method("agents.files.get", json!({ "name": path }), content).await,
            ("file_write", Some(path), Some(content)) => {
                self.method("agents.files.set", json!({ "name": path, "content": content }), |_| "written".into()).await
            }
            ("current_time", ..) => ToolResult::ok(utc(self.dispatch.store.surroundings().clock.now())),
            (name, ..) => {
                ToolResult::error(format!("{name}: path and content are texts, and both are needed for writing"))
            }
        }
    }
}

impl FileTools {
    async fn method(&self, method: &str, mut params: Value, words: fn(&Value) -> String) -> ToolResult {
        params["agentId"] = self.agent.as_str().into();
        match self.dispatch.call(&self.peer, method, Some(&params.to_string())).await {
            Ok(answer) => ToolResult::ok(words(&serde_json::from_str(&answer.json).unwrap_or_default())),
            Err(error) => ToolResult::error(error.public()),
        }
    }
}

fn names(answer: &Value) -> String {
    let present = answer["files"].as_array().into_iter().flatten().filter(|file| file["missing"] == false);
    let lines: Vec<&str> = present.filter_map(|file| file["name"].as_str()).collect();
    if lines.is_empty() { "no files yet".into() } else { lines.join("\n") }
}

fn content(answer: &Value) -> String {
    answer["file"]["content"].as_str().unwrap_or("this file is not written yet").to_owned()
}

/// A moment as RFC 3339 in UTC, to the second.
fn utc(at: Millis) -> String {
    let (days, second) = (at.div_euclid(86_400_000), at.rem_euclid(86_400_000) / 1_000);
    // Civil date from a day count: the era of 400 years has 146,097 days (H. Hinnant, "chrono-compatible date algorithms").
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", second / 3_600, second / 60 % 60, second % 60)
}

#[cfg(test)]
mod tests {
    use super::utc;

    #[test]
    fn the_time_is_told_as_rfc_3339() {
        assert_eq!(utc(0), "1970-01-01T00:00:00Z");
        assert_eq!(utc(951_827_696_000), "2000-02-29T12:34:56Z");
        assert_eq!(utc(1_795_441_478_360), "2026-11-23T13:44:38Z");
    }
}
