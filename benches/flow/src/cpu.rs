//! The CPU time of this process and of those that it started.

use anyhow::{Context, Result};
use std::time::Duration;

/// User and system time of this process, of its children that ended, and of those that still run.
pub(crate) fn spent() -> Result<Duration> {
    // The clock of this process is exact; the others are in ticks.
    let own = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    let own = Duration::new(u64::try_from(own.tv_sec)?, u32::try_from(own.tv_nsec)?);
    let running: u64 = children()?.iter().map(|pid| ticks_of(pid, &[11, 12, 13, 14]).unwrap_or(0)).sum();
    let others = ticks_of("self", &[13, 14])? + running;
    Ok(own + tick() * u32::try_from(others)?)
}

/// The largest resident memory of this process and its children so far, in MiB.
pub(crate) fn peak_mib() -> Result<u64> {
    let mut kib = peak_of("self")?;
    for child in children()? {
        kib += peak_of(&child).unwrap_or(0);
    }
    Ok(kib / 1024)
}

fn tick() -> Duration {
    Duration::from_secs(1) / u32::try_from(rustix::param::clock_ticks_per_second()).unwrap_or(100)
}

/// The sum of some fields of proc(5)'s stat, counted from behind the name: 11 utime, 12 stime, 13 cutime, 14 cstime.
fn ticks_of(pid: &str, fields: &[usize]) -> Result<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let all: Vec<&str> = stat.rsplit(')').next().context("no stat")?.split_whitespace().collect();
    Ok(fields.iter().filter_map(|at| all.get(*at)?.parse::<u64>().ok()).sum())
}

fn peak_of(pid: &str) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

fn children() -> Result<Vec<String>> {
    let mut children = Vec::new();
    for task in std::fs::read_dir("/proc/self/task")? {
        let listed = std::fs::read_to_string(task?.path().join("children")).unwrap_or_default();
        children.extend(listed.split_whitespace().map(str::to_owned));
    }
    Ok(children)
}
