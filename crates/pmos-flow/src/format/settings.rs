//! How a workflow runs.

use crate::value::{Str, Value};

/// How a workflow runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// In which order its nodes run.
    pub order: Order,
    /// Its time zone, an IANA name; nothing for the default of who runs it.
    pub timezone: Option<Str>,
    /// The workflow that runs when this one fails.
    pub error_workflow: Option<Str>,
    /// Who may call it: `any`, `none`, `workflowsFromAList`, `workflowsFromSameOwner`.
    pub caller_policy: Option<Str>,
    /// How long it may take, in milliseconds.
    pub timeout_ms: Option<u64>,
}

/// In which order nodes run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Breadth first, as before 2023: what files say that say nothing.
    #[default]
    V0,
    /// Depth first, the top-most branch before the next.
    V1,
}

impl Settings {
    /// From the file's `settings`; what is missing or of another type has its default.
    pub(super) fn read(settings: &Value) -> Self {
        let text =
            |key: &str| settings.get(key).as_str().filter(|text| !text.is_empty() && *text != "DEFAULT").map(Str::from);
        Self {
            order: if settings.get("executionOrder").as_str() == Some("v1") { Order::V1 } else { Order::V0 },
            timezone: text("timezone"),
            error_workflow: text("errorWorkflow"),
            caller_policy: text("callerPolicy"),
            timeout_ms: settings.get("executionTimeout").as_number().filter(|s| *s > 0.0).map(|s| (s * 1000.0) as u64),
        }
    }
}
