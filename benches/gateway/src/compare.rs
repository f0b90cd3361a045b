//! Two series side by side: ratios, and which targets are met.

use std::fmt::Write;
use std::fs;

use anyhow::{Context, Result};
use serde::Serialize;

use crate::figures::quantile;
use crate::options::Options;
use crate::suite::Series;

/// What a figure of ours must reach.
#[derive(Debug, Clone, Copy)]
enum Target {
    /// At most this share of OpenClaw's.
    Under(f64),
    /// At least this many times OpenClaw's.
    Times(f64),
    AtMost(f64),
    Below(f64),
    AtLeast(f64),
}

/// Ratios count at 32 connections; on one connection the figures are only reported.
const TARGETS: [(&str, Target); 16] = [
    ("rpc.health.32.cpu_ms", Target::Under(25.0)),
    ("rpc.agents.list.32.cpu_ms", Target::Under(25.0)),
    ("rpc.sessions.list.32.cpu_ms", Target::Under(25.0)),
    ("rpc.health.32.per_second", Target::Times(15.0)),
    ("rpc.agents.list.32.per_second", Target::Times(15.0)),
    ("rpc.sessions.list.32.per_second", Target::Times(15.0)),
    ("idle.1.rss_mb", Target::Under(20.0)),
    ("idle.1000.rss_mb", Target::Under(20.0)),
    ("startup.rss_mb", Target::Below(36.0)),
    ("idle.1000.kib_per_connection", Target::AtMost(10.0)),
    ("idle.1000.dropped", Target::AtMost(0.0)),
    ("startup.ready_ms", Target::AtMost(150.0)),
    ("chat.1.cpu_ms", Target::AtMost(5.0)),
    ("chat.64.lost", Target::AtMost(0.0)),
    ("inject.64.messages_per_second", Target::AtLeast(2000.0)),
    ("inject.64.messages_per_commit", Target::AtLeast(8.0)),
];

/// One figure of both servers, medians over the repetitions.
#[derive(Debug, Serialize)]
struct Row {
    figure: String,
    openclaw: Option<f64>,
    pmos: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    met: Option<bool>,
}

pub(crate) fn compare(options: &Options) -> Result<()> {
    let read = |index: usize| -> Result<Series> {
        let path = options.word(index).context("compare OPENCLAW.json PMOS.json")?;
        Ok(serde_json::from_str(&fs::read_to_string(path).with_context(|| path.to_owned())?)?)
    };
    let (openclaw, pmos) = (read(1)?, read(2)?);
    let mut names: Vec<&String> = openclaw.names().chain(pmos.names()).collect();
    names.sort();
    names.dedup();
    let judged: Vec<Row> = TARGETS.iter().map(|(figure, target)| judge(&openclaw, &pmos, figure, *target)).collect();
    let others = names.into_iter().filter(|name| !TARGETS.iter().any(|(figure, _)| figure == name));
    let others: Vec<Row> = others.map(|name| row(&openclaw, &pmos, name)).collect();

    let page = page(&judged, &others)?;
    print!("{page}");
    let out = options.required("out")?;
    fs::write(format!("{out}.md"), &page)?;
    fs::write(format!("{out}.json"), serde_json::to_string_pretty(&judged.iter().chain(&others).collect::<Vec<_>>())?)?;
    Ok(())
}

fn row(openclaw: &Series, pmos: &Series, figure: &str) -> Row {
    let median = |series: &Series| quantile(series.get(figure)?, 0.5);
    Row { figure: figure.to_owned(), openclaw: median(openclaw), pmos: median(pmos), target: None, met: None }
}

/// A target that was not measured is not met.
fn judge(openclaw: &Series, pmos: &Series, figure: &str, target: Target) -> Row {
    let row = row(openclaw, pmos, figure);
    let (theirs, ours) = (row.openclaw.unwrap_or(f64::NAN), row.pmos.unwrap_or(f64::NAN));
    let (text, met) = match target {
        Target::Under(times) => (format!("at most 1/{times}"), ours * times <= theirs),
        Target::Times(times) => (format!("at least {times} times"), ours >= theirs * times),
        Target::AtMost(limit) => (format!("at most {limit}"), ours <= limit),
        Target::Below(limit) => (format!("below {limit}"), ours < limit),
        Target::AtLeast(limit) => (format!("at least {limit}"), ours >= limit),
    };
    Row { target: Some(text), met: Some(met), ..row }
}

fn page(judged: &[Row], others: &[Row]) -> Result<String> {
    let mut page = String::new();
    let met = judged.iter().filter(|row| row.met == Some(true)).count();
    writeln!(page, "# PMOS beside OpenClaw\n\n{met} of {} targets met.\n", judged.len())?;
    writeln!(page, "| figure | OpenClaw | PMOS | better by | target | met |\n| --- | --- | --- | --- | --- | --- |")?;
    for row in judged {
        let met = if row.met == Some(true) { "yes" } else { "**no**" };
        writeln!(page, "{} {} | {met} |", cells(row), row.target.as_deref().unwrap_or_default())?;
    }
    writeln!(page, "\n## All other figures\n\n| figure | OpenClaw | PMOS | better by |\n| --- | --- | --- | --- |")?;
    for row in others {
        writeln!(page, "{}", cells(row))?;
    }
    Ok(page)
}

/// "Better by" is how many times less PMOS needs, or for a rate how many times more it does.
fn cells(row: &Row) -> String {
    let number = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| format!("{value}"));
    let is_rate = row.figure.ends_with("per_second");
    let ratio = row.openclaw.zip(row.pmos).map(|(theirs, ours)| if is_rate { ours / theirs } else { theirs / ours });
    let ratio = ratio.filter(|ratio| ratio.is_finite()).map_or_else(|| "–".to_owned(), |ratio| format!("{ratio:.2}"));
    format!("| {} | {} | {} | {ratio} |", row.figure, number(row.openclaw), number(row.pmos))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(json: &str) -> Series {
        serde_json::from_str(json).unwrap_or_default()
    }

    /// A ratio is taken between medians, and what was not measured is not met.
    #[test]
    fn targets_are_judged_by_medians() {
        let openclaw = series(r#"{ "cpu": [1.0, 50.0, 2.0] }"#);
        let pmos = series(r#"{ "cpu": [0.08], "rate": [1.0] }"#);
        assert_eq!(judge(&openclaw, &pmos, "cpu", Target::Under(25.0)).met, Some(true));
        assert_eq!(judge(&openclaw, &pmos, "cpu", Target::Under(26.0)).met, Some(false));
        assert_eq!(judge(&openclaw, &pmos, "rate", Target::Times(15.0)).met, Some(false));
        assert_eq!(judge(&openclaw, &pmos, "absent", Target::AtMost(0.0)).met, Some(false));
    }
}
