//! One run: a fresh engine, the prelude, the code, its values.

use super::fault::{self, Thrown};
use super::natives::{self, Console, Given};
use super::{Worker, text};
use crate::message::{Answer, Form, Limit, Limits, Response};
use rquickjs::convert::List;
use rquickjs::{CatchResultExt, CaughtError, Context, Ctx, Function, Object, Promise, Runtime};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use tokio::time::Instant;

/// How much of the process's stack JavaScript may use. The rest of it is for the engine's own recursion.
const STACK_BYTES: usize = 8 << 20;

/// More than this no run gets: the process itself may have twice as much.
const MOST_MEMORY: u64 = 1 << 30;

/// What is to be run.
pub(super) struct Run {
    pub(super) form: Form,
    pub(super) code: Vec<String>,
    pub(super) sees: Box<RawValue>,
    pub(super) limits: Limits,
    pub(super) items: Vec<u8>,
    pub(super) nodes: Vec<u8>,
}

/// Why there are no values.
enum Failure {
    Limit(Limit),
    Broken(String),
}

impl From<rquickjs::Error> for Failure {
    fn from(error: rquickjs::Error) -> Self {
        Self::Broken(error.to_string())
    }
}

impl From<CaughtError<'_>> for Failure {
    /// An error in our own prelude, or of the engine: those of the code are values.
    fn from(error: CaughtError<'_>) -> Self {
        match error {
            CaughtError::Exception(exception) if !fault::is_memory(&exception.message().unwrap_or_default()) => {
                Self::Broken(format!(
                    "{}{}",
                    exception.message().unwrap_or_default(),
                    exception.stack().unwrap_or_default()
                ))
            }
            CaughtError::Error(error) => Self::Broken(error.to_string()),
            // An engine without memory throws what it can: null.
            CaughtError::Exception(_) | CaughtError::Value(_) => Self::Limit(Limit::Memory),
        }
    }
}

/// Runs code and gives the answer with its values.
pub(super) fn run(worker: &Worker, run: Run) -> (Answer, Vec<u8>) {
    let deadline = Instant::now() + Duration::from_millis(run.limits.time_ms);
    let is_late = Rc::new(Cell::new(false));
    match attempt(worker, run, deadline, &is_late) {
        // Whatever it ended with: it ended because it was stopped.
        _ if is_late.get() => (Answer::Limit(Limit::Time), Vec::new()),
        Ok((response, values)) => (Answer::Done(response), values),
        Err(Failure::Limit(limit)) => (Answer::Limit(limit), Vec::new()),
        Err(Failure::Broken(reason)) => (Answer::Broken(reason), Vec::new()),
    }
}

fn attempt(
    worker: &Worker,
    run: Run,
    deadline: Instant,
    is_late: &Rc<Cell<bool>>,
) -> Result<(Response, Vec<u8>), Failure> {
    let runtime = Runtime::new()?;
    let memory = usize::try_from(run.limits.memory_bytes.min(MOST_MEMORY)).unwrap_or(usize::MAX);
    runtime.set_memory_limit(memory);
    runtime.set_max_stack_size(STACK_BYTES);
    // The collector looks for cycles, of which items have none: by default it would walk 100,000 of them over and over.
    runtime.set_gc_threshold(memory / 4);
    let late = is_late.clone();
    runtime.set_interrupt_handler(Some(Box::new(move || {
        late.set(Instant::now() >= deadline);
        late.get()
    })));
    let context = Context::full(&runtime)?;
    context.with(|ctx| drive(&ctx, worker, run, deadline, is_late))
}

fn drive(
    ctx: &Ctx<'_>,
    worker: &Worker,
    run: Run,
    deadline: Instant,
    is_late: &Cell<bool>,
) -> Result<(Response, Vec<u8>), Failure> {
    let Run { form, code, sees, limits, items, nodes } = run;
    let console = Rc::new(RefCell::new(Console::default()));
    let natives = natives::object(ctx, worker, Given { items, nodes, sees }, &console).catch(ctx)?;
    let prelude: Function<'_> = natives::load(ctx, &worker.compiled, "core").and_then(|core| core.get()).catch(ctx)?;
    let runner: Object<'_> = prelude.call((natives, format!("{form:?}"))).catch(ctx)?;
    let start: Function<'_> = runner.get("start")?;
    if form == Form::Expressions {
        start.call::<_, ()>((&code,)).catch(ctx)?;
    } else {
        let promise: Promise<'_> = start.call((&code,)).catch(ctx)?;
        settle(ctx, &runner, &promise, deadline, is_late)?;
    }
    let finish: Function<'_> = runner.get("finish")?;
    let (values, head): (String, String) = finish.call::<_, List<_>>(()).catch(ctx)?.0;
    if values.len() as u64 > limits.output_bytes {
        return Err(Failure::Limit(Limit::Output));
    }
    let response =
        respond(&text::without_lone_surrogates(head), &code, form, std::mem::take(&mut console.borrow_mut().lines))?;
    Ok((response, text::without_lone_surrogates(values).into_bytes()))
}

/// Runs jobs and timers until the code has ended.
fn settle(
    ctx: &Ctx<'_>,
    runner: &Object<'_>,
    promise: &Promise<'_>,
    deadline: Instant,
    is_late: &Cell<bool>,
) -> Result<(), Failure> {
    let (next, fire): (Function<'_>, Function<'_>) = (runner.get("next")?, runner.get("fire")?);
    loop {
        while !is_late.get() && ctx.execute_pending_job() {}
        if promise.state() != rquickjs::promise::PromiseState::Pending || is_late.get() {
            return promise.result::<()>().unwrap_or(Ok(())).catch(ctx).map_err(Failure::from);
        }
        let wait: f64 = next.call(()).catch(ctx)?;
        let left = deadline.saturating_duration_since(Instant::now());
        // Nothing can end what waits for nothing: it has until the end of its time, as any other code.
        let wait = if wait < 0.0 { left } else { Duration::from_secs_f64(wait / 1000.0) };
        if wait >= left {
            std::thread::sleep(left);
            is_late.set(true);
            return Ok(());
        }
        std::thread::sleep(wait);
        fire.call::<_, ()>(()).catch(ctx)?;
    }
}

/// What JavaScript says beside the values.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    faults: Vec<(usize, Thrown)>,
    undefined: Vec<usize>,
    static_data: Option<Box<RawValue>>,
    custom_data: Option<Box<RawValue>>,
}

fn respond(head: &str, code: &[String], form: Form, console: Vec<String>) -> Result<Response, Failure> {
    let head: Head = serde_json::from_str(head).map_err(|error| Failure::Broken(error.to_string()))?;
    if head.faults.iter().any(|(_, thrown)| thrown.is_memory()) {
        return Err(Failure::Limit(Limit::Memory));
    }
    let source = if form == Form::Expressions { None } else { code.first().map(String::as_str) };
    let faults = head.faults.into_iter().map(|(at, thrown)| (at, thrown.into_fault(source))).collect();
    Ok(Response {
        values: Vec::new(),
        faults,
        undefined: head.undefined,
        console,
        static_data: head.static_data,
        custom_data: head.custom_data,
    })
}
