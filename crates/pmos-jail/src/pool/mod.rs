//! The server's side: warm workers, each of which belongs to one key.
//!
//! - A key (a workspace) has at most [`Settings::per_key`] workers, all keys together [`Settings::total`]; who comes when
//!   they are busy waits in line, for as long as [`Settings::wait`] says.
//! - A worker never serves a second key. Where a place is needed, the one that was idle longest is killed.
//! - A worker that met a limit, broke, or was left in the middle (its caller went away) is killed.

mod error;
mod process;

pub use error::JailError;

use crate::frame::Frame;
use crate::message::{Answer, Order, Request, Response};
use crate::walls::Walls;
use parking_lot::Mutex;
use process::Process;
use std::collections::HashMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, timeout};

/// What a worker may overrun its time by before it is killed: it stops itself, unless it is stuck where nothing asks.
const GRACE: Duration = Duration::from_millis(500);
/// How long a worker may take until it says that its walls stand.
const START: Duration = Duration::from_secs(10);
/// A worker that was given and gave more than this retires: it may hold on to the memory.
const HEAVY_BYTES: usize = 16 << 20;
/// A worker retires when it has worked this long: its system lets it use so much CPU and no more.
const WORKING_LIFE: Duration = Duration::from_secs(600);

/// How many workers there are, and what they are.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The program that is a worker when it is started with `arguments`.
    pub program: PathBuf,
    /// What makes it a worker.
    pub arguments: Vec<OsString>,
    /// How many workers a key may have.
    pub per_key: usize,
    /// How many workers there may be.
    pub total: usize,
    /// How long an idle worker is kept.
    pub idle: Duration,
    /// How long a request waits for a worker.
    pub wait: Duration,
}

impl Settings {
    /// Eight workers of this very program, two a key, kept for 30 seconds.
    pub fn of_this_program(arguments: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        Self {
            // The program that runs, even where its file was replaced meanwhile.
            program: "/proc/self/exe".into(),
            arguments: arguments.into_iter().map(Into::into).collect(),
            per_key: 2,
            total: 8,
            idle: Duration::from_secs(30),
            wait: Duration::from_secs(60),
        }
    }
}

/// Warm workers.
#[derive(Debug, Clone)]
pub struct Pool {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    settings: Settings,
    places: Arc<Semaphore>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// In the order in which they became idle.
    idle: Vec<Idle>,
    /// How many workers run code, or are being started for it.
    busy: usize,
    /// The places of each key that has work or waits for it.
    keys: HashMap<String, Arc<Semaphore>>,
    is_watched: bool,
}

#[derive(Debug)]
struct Idle {
    key: String,
    process: Process,
    since: Instant,
}

impl Pool {
    /// A pool without workers: they are started when they are needed.
    pub fn new(settings: Settings) -> Self {
        let places = Arc::new(Semaphore::new(settings.total));
        Self { shared: Arc::new(Shared { settings, places, state: Mutex::default() }) }
    }

    /// Runs code in a worker of `key`.
    ///
    /// Dropping the future kills the worker. Fails where no worker can be had, or the code met a limit; an error that the
    /// code threw is part of the response.
    pub async fn run(&self, key: &str, request: Request) -> Result<Response, JailError> {
        let Request { form, code, items, nodes, sees, limits } = request;
        let head = serde_json::to_vec(&Order::Run { form, code, sees, limits }).map_err(JailError::broken)?;
        let seat = self.sit(key).await?;
        let time = Duration::from_millis(limits.time_ms);
        let mut process = self.worker(key).await?;
        let began = Instant::now();
        let frame = Frame { head, body: items, more: nodes };
        let answered = timeout(time + GRACE, process.ask(&frame, limits.output_bytes)).await;
        let (answer, values) = answered.map_err(|_| JailError::Time { limit_ms: limits.time_ms })??;
        match answer {
            Answer::Done(response) => {
                process.worked += began.elapsed();
                if frame.size() + values.len() <= HEAVY_BYTES && process.worked <= WORKING_LIFE {
                    self.put_back(key, process);
                }
                drop(seat);
                Ok(Response { values, ..response })
            }
            Answer::Limit(limit) => Err(JailError::of(limit, limits)),
            Answer::Broken(reason) => Err(JailError::Broken(reason)),
            Answer::Ready(_) | Answer::Probed(_) => Err(JailError::broken("it answered something else")),
        }
    }

    /// The walls that stand around a worker of this machine, tried one by one. Fails where they do not suffice, or do not hold.
    pub async fn probe(&self) -> Result<Walls, JailError> {
        let (mut process, walls) = self.start().await?;
        let head = serde_json::to_vec(&Order::Probe).map_err(JailError::broken)?;
        let asked = timeout(START, process.ask(&Frame { head, ..Frame::default() }, 0)).await;
        let (answer, _) = asked.map_err(|_| JailError::broken("it did not answer"))??;
        let Answer::Probed(tried) = answer else { return Err(JailError::broken("it answered something else")) };
        let through: Vec<String> =
            tried.into_iter().filter(|(_, error)| error.is_none()).map(|(what, _)| what).collect();
        if through.is_empty() {
            Ok(walls)
        } else {
            Err(JailError::Unavailable(format!("a worker could {}", through.join(", "))))
        }
    }

    /// How many workers there are, busy and idle.
    pub fn workers(&self) -> usize {
        let state = self.shared.state.lock();
        state.busy + state.idle.len()
    }

    /// Waits for a place of the key, and one of all.
    async fn sit(&self, key: &str) -> Result<Seat, JailError> {
        let places = {
            let mut state = self.shared.state.lock();
            let places = state.keys.entry(key.to_owned());
            places.or_insert_with(|| Arc::new(Semaphore::new(self.shared.settings.per_key))).clone()
        };
        let waited = async {
            // First its own: who has many requests waits among them, and takes no place from others meanwhile.
            let own = places.acquire_owned().await.map_err(JailError::broken)?;
            let any = self.shared.places.clone().acquire_owned().await.map_err(JailError::broken)?;
            Ok((own, any))
        };
        let permits = timeout(self.shared.settings.wait, waited).await.map_err(|_| JailError::Busy).flatten();
        let seat = permits.map(|permits| Seat { shared: self.shared.clone(), _permits: permits });
        let mut state = self.shared.state.lock();
        match &seat {
            Ok(_) => state.busy += 1,
            Err(_) => state.forget_idle_keys(),
        }
        seat
    }

    /// A warm worker of the key, or a new one in the place of whoever was idle longest.
    async fn worker(&self, key: &str) -> Result<Process, JailError> {
        let evicted = {
            let mut state = self.shared.state.lock();
            if let Some(at) = state.idle.iter().rposition(|idle| idle.key == key) {
                return Ok(state.idle.remove(at).process);
            }
            let over = (state.busy + state.idle.len()).saturating_sub(self.shared.settings.total).min(state.idle.len());
            state.idle.drain(..over).collect::<Vec<_>>()
        };
        drop(evicted);
        Ok(self.start().await?.0)
    }

    async fn start(&self) -> Result<(Process, Walls), JailError> {
        let started = timeout(START, Process::start(&self.shared.settings)).await;
        let (process, walls) =
            started.map_err(|_| JailError::Unavailable("a worker did not start in time".to_owned()))??;
        walls.suffice().map_err(JailError::Unavailable)?;
        Ok((process, walls))
    }

    fn put_back(&self, key: &str, process: Process) {
        let mut state = self.shared.state.lock();
        state.idle.push(Idle { key: key.to_owned(), process, since: Instant::now() });
        if !std::mem::replace(&mut state.is_watched, true) {
            tokio::spawn(watch(Arc::downgrade(&self.shared)));
        }
    }
}

/// Ends workers that were idle for too long, until none is idle.
async fn watch(shared: Weak<Shared>) {
    loop {
        let wait = {
            let Some(shared) = shared.upgrade() else { return };
            let mut state = shared.state.lock();
            let now = Instant::now();
            state.idle.retain(|idle| now < idle.since + shared.settings.idle);
            state.forget_idle_keys();
            match state.idle.first() {
                Some(first) => (first.since + shared.settings.idle).saturating_duration_since(now),
                None => {
                    state.is_watched = false;
                    return;
                }
            }
        };
        sleep(wait).await;
    }
}

impl State {
    fn forget_idle_keys(&mut self) {
        self.keys.retain(|_, places| Arc::strong_count(places) > 1);
    }
}

/// The right to have a worker run.
#[derive(Debug)]
struct Seat {
    shared: Arc<Shared>,
    _permits: (OwnedSemaphorePermit, OwnedSemaphorePermit),
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.shared.state.lock().busy -= 1;
    }
}
