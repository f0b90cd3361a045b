//! Counters in Prometheus' text format.

use super::call::bearer;
use super::{arrival_of, problem, text};
use crate::front::Front;
use crate::origin;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use pmos_kit::{Error, token};
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Linux counts a process's time in hundredths of a second (USER_HZ), whatever its own clock runs at.
const TICKS_PER_SECOND: f64 = 100.0;

pub(super) async fn metrics(State(front): State<Arc<Front>>, request: Request) -> Response {
    let (head, _) = request.into_parts();
    if !may_read(&front, &head) {
        return problem(&Error::forbidden(
            "metrics are read with the configured metrics token, or over loopback if there is none",
        ));
    }
    text(StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", page(&front))
}

/// With a token configured, whoever shows it; else whoever is on this machine, and no page in a browser on it whose name
/// was made to point here.
fn may_read(front: &Front, head: &Parts) -> bool {
    match &front.config.metrics_token {
        Some(configured) => bearer(&head.headers).is_some_and(|shown| token::same(shown.expose(), configured.expose())),
        None => {
            let is_loopback = arrival_of(head).is_ok_and(|arrival| arrival.is_loopback);
            is_loopback && origin::host(&head.headers).is_none_or(origin::is_local)
        }
    }
}

fn page(front: &Front) -> String {
    let (store, own) = (front.dispatch.store.counters(), &front.counters);
    let mut page = String::with_capacity(1_500);
    let mut line = |name: &str, kind: &str, help: &str, value: f64| {
        // Writing to a String does not fail.
        let _infallible = writeln!(page, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}");
    };
    let count = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed) as f64;
    line("pmos_store_commits_total", "counter", "Commits that reached the disk.", count(&store.commits));
    line("pmos_store_writes_total", "counter", "Write handlers whose changes were committed.", count(&store.writes));
    line("pmos_connections", "gauge", "Sockets that are signed in.", count(&own.sockets));
    line("pmos_connections_refused_total", "counter", "Sockets that were refused.", count(&own.refused));
    line("pmos_requests_total", "counter", "Methods that were called, over HTTP and sockets.", count(&own.requests));
    line("pmos_tasks", "gauge", "Connections of any kind.", front.tasks.len() as f64);
    line("pmos_uptime_seconds", "gauge", "Since the server started.", front.started.elapsed().as_secs_f64());
    if let Some(bytes) = resident_bytes() {
        line("process_resident_memory_bytes", "gauge", "Memory of the process.", bytes);
    }
    if let Some(seconds) = cpu_seconds() {
        line("process_cpu_seconds_total", "counter", "CPU time of the process, user and system.", seconds);
    }
    page
}

fn resident_bytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib * 1024.0)
}

fn cpu_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The program's name stands in parentheses and may hold blanks; user and system time are the 12th and 13th behind it.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11);
    let mut next = || fields.next()?.parse::<f64>().ok();
    Some((next()? + next()?) / TICKS_PER_SECOND)
}
