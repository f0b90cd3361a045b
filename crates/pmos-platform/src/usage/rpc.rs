//! Reading the ledger.

use pmos_kit::clock::DAY;
use pmos_kit::{Millis, Result};
use pmos_rpc::methods;
use pmos_store::{Read, Scope, args, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

methods! {
    /// What the workspace used in the last days: runs of agents, tokens, and what they cost.
    Read "usage.summary" Viewer => summary;
}

/// Over which time.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Summarize {
    /// Days back from now, 1 to 365; 30 without it.
    days: Option<u32>,
}

/// What was used.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct UsageSummary {
    from: Millis,
    to: Millis,
    agent_runs: i64,
    api_calls: i64,
    input_tokens: i64,
    output_tokens: i64,
    /// Billionths of a US dollar, as text: it may exceed what JavaScript's numbers hold.
    cost_nano_usd: String,
}

async fn summary(scope: &Scope<Read>, p: Summarize) -> Result<UsageSummary> {
    let to = scope.now();
    let from = to - Millis::from(p.days.unwrap_or(30).clamp(1, 365)) * DAY;
    let sums: Vec<(String, i64)> = scope
        .rows(
            sql!(
                "SELECT metric, CAST(SUM(quantity) AS BIGINT) FROM usage_events
                 WHERE workspace_id = $1 AND occurred_at >= $2 AND occurred_at <= $3 GROUP BY metric ORDER BY metric"
            ),
            args![from, to],
        )
        .await?;
    let sum = |metric: &str| sums.iter().find(|(name, _)| name == metric).map_or(0, |(_, sum)| *sum);
    Ok(UsageSummary {
        from,
        to,
        agent_runs: sum("agent_runs"),
        api_calls: sum("api_calls"),
        input_tokens: sum("input_tokens"),
        output_tokens: sum("output_tokens"),
        cost_nano_usd: sum("cost_nano_usd").to_string(),
    })
}
