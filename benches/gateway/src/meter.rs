//! What a stretch of time cost the server, ourselves and the machine.

use tokio::time::Instant;

use crate::figures::Figures;
use crate::processes::{Tree, host_ms, own_cpu_ms};

/// A running measurement.
#[derive(Debug)]
pub(crate) struct Meter {
    server: Vec<u32>,
    server_cpu_ms: f64,
    begun: Instant,
    own_ms: f64,
    host_ms: (f64, f64),
}

/// How long it took and what it used.
#[derive(Debug)]
pub(crate) struct Spent {
    pub(crate) seconds: f64,
    server_cpu_ms: Option<f64>,
    own_cpu_ms: f64,
    host_busy_pct: f64,
}

impl Meter {
    pub(crate) fn start(server: &[u32]) -> Meter {
        let server_cpu_ms = Tree::of(server).cpu_ms;
        let server = server.to_vec();
        Meter { server, server_cpu_ms, own_ms: own_cpu_ms(), host_ms: host_ms(), begun: Instant::now() }
    }

    pub(crate) fn stop(self) -> Spent {
        let seconds = self.begun.elapsed().as_secs_f64();
        let (all, idle) = host_ms();
        let all_ms = (all - self.host_ms.0).max(1.0);
        Spent {
            seconds,
            server_cpu_ms: (!self.server.is_empty()).then(|| Tree::of(&self.server).cpu_ms - self.server_cpu_ms),
            own_cpu_ms: own_cpu_ms() - self.own_ms,
            host_busy_pct: 100.0 * (1.0 - (idle - self.host_ms.1) / all_ms),
        }
    }
}

impl Spent {
    /// What one operation cost the server, and what was going on meanwhile.
    pub(crate) fn report(&self, operations: usize, figures: &mut Figures) {
        figures.set("operations", operations as f64);
        if let Some(cpu_ms) = self.server_cpu_ms_each(operations) {
            figures.set("cpu_ms", cpu_ms);
        }
        self.report_load(figures);
    }

    pub(crate) fn server_cpu_ms_each(&self, operations: usize) -> Option<f64> {
        Some(self.server_cpu_ms? / operations.max(1) as f64)
    }

    /// How busy everybody was: with a busy host, wall figures say little.
    pub(crate) fn report_load(&self, figures: &mut Figures) {
        if let Some(cpu_ms) = self.server_cpu_ms {
            figures.set("server_cpu_pct", cpu_ms / self.seconds / 10.0);
        }
        figures.set("generator_cpu_pct", self.own_cpu_ms / self.seconds / 10.0);
        figures.set("host_busy_pct", self.host_busy_pct);
    }
}
