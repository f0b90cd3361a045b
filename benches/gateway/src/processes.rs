//! What a server's processes have used, read from `/proc`.

use std::collections::HashMap;
use std::fs;

/// CPU and memory of processes and all that descend from them.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tree {
    /// User + system, with that of children which have ended and were waited for.
    pub(crate) cpu_ms: f64,
    pub(crate) rss_kib: f64,
    /// Shared pages counted once.
    pub(crate) pss_kib: f64,
    pub(crate) processes: usize,
}

impl Tree {
    /// Processes that end while we look are left out.
    pub(crate) fn of(roots: &[u32]) -> Tree {
        let mut tree = Tree::default();
        for pid in with_descendants(roots) {
            let Some(cpu_ms) = cpu_ms(pid) else { continue };
            tree.cpu_ms += cpu_ms;
            tree.rss_kib += kib(&format!("/proc/{pid}/status"), "VmRSS:").unwrap_or(0.0);
            tree.pss_kib += kib(&format!("/proc/{pid}/smaps_rollup"), "Pss:").unwrap_or(0.0);
            tree.processes += 1;
        }
        tree
    }
}

/// Milliseconds of this process's own CPU time.
pub(crate) fn own_cpu_ms() -> f64 {
    cpu_ms(std::process::id()).unwrap_or(0.0)
}

/// `(all, idle)` milliseconds of the whole machine's processors.
pub(crate) fn host_ms() -> (f64, f64) {
    let text = fs::read_to_string("/proc/stat").unwrap_or_default();
    let ticks: Vec<f64> = text
        .lines()
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .skip(1)
        .take(8)
        .filter_map(|n| n.parse().ok())
        .collect();
    let idle: f64 = ticks.iter().skip(3).take(2).sum();
    (ticks.iter().sum::<f64>() * tick_ms(), idle * tick_ms())
}

fn with_descendants(roots: &[u32]) -> Vec<u32> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    for pid in entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok()) {
        if let Some(parent) = stat(pid).and_then(|fields| fields.get(1)?.parse().ok()) {
            children.entry(parent).or_default().push(pid);
        }
    }
    let mut found = roots.to_vec();
    let mut next = 0;
    while let Some(pid) = found.get(next) {
        found.extend(children.remove(pid).unwrap_or_default());
        next += 1;
    }
    found
}

fn cpu_ms(pid: u32) -> Option<f64> {
    let fields = stat(pid)?;
    let ticks = fields.get(11..15)?.iter().filter_map(|field| field.parse::<f64>().ok()).sum::<f64>();
    Some(ticks * tick_ms())
}

/// The fields of `/proc/PID/stat` behind the program's name, which may hold spaces itself.
fn stat(pid: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = text.rsplit_once(") ")?;
    Some(fields.split_whitespace().map(str::to_owned).collect())
}

fn kib(path: &str, label: &str) -> Option<f64> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(label))?;
    line.split_whitespace().next()?.parse().ok()
}

fn tick_ms() -> f64 {
    1000.0 / rustix::param::clock_ticks_per_second() as f64
}
