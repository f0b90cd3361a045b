//! The turn loop against a model of a few lines. Time stands still and jumps where everything waits.

use super::world::World;
use crate::{Event, Events, Failure, FailureKind, Message, Model, ModelRequest, Stop, StopReason, ToolCall, Usage};
use async_trait::async_trait;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;
use tokio::time::Instant;

/// What a call does.
enum Does {
    Fails(Failure),
    Says(Vec<Result<Event, Failure>>),
    /// Says this, then nothing for good.
    Hangs(Vec<Event>),
}

struct Actor {
    script: Mutex<VecDeque<Does>>,
    asked: Mutex<Vec<ModelRequest>>,
}

fn actor(script: impl IntoIterator<Item = Does>) -> Actor {
    Actor { script: Mutex::new(script.into_iter().collect()), asked: Mutex::default() }
}

#[async_trait]
impl Model for Actor {
    fn provider(&self) -> &str {
        "actor"
    }

    async fn call(&self, request: &ModelRequest) -> Result<Events, Failure> {
        self.asked.lock().unwrap().push(request.clone());
        match self.script.lock().unwrap().pop_front().expect("the script has no more calls") {
            Does::Fails(failure) => Err(failure),
            Does::Says(events) => Ok(stream::iter(events).boxed()),
            Does::Hangs(events) => Ok(stream::iter(events.into_iter().map(Ok)).chain(stream::pending()).boxed()),
        }
    }
}

fn says(events: impl IntoIterator<Item = Event>) -> Does {
    Does::Says(events.into_iter().map(Ok).collect())
}

fn text(text: &str) -> Event {
    Event::Text(text.into())
}

fn call(id: &str, name: &str, arguments: Value) -> Event {
    Event::ToolCall(ToolCall { id: id.into(), name: name.into(), arguments })
}

fn usage(input: u64, output: u64) -> Event {
    Event::Usage(Usage { input, output, ..Usage::default() })
}

fn busy(seconds: u64) -> Failure {
    Failure::new(FailureKind::RateLimit { retry_after: Some(Duration::from_secs(seconds)) }, "busy")
}

const DONE: Event = Event::Stop(StopReason::Stop);
const CALLS: Event = Event::Stop(StopReason::ToolCalls);

#[tokio::test(start_paused = true)]
async fn a_turn_calls_tools_until_the_model_has_its_say() {
    let model = actor([
        says([
            text("Wait."),
            call("a", "echo", json!({"say": "one"})),
            call("b", "echo", json!({"say": "two"})),
            usage(10, 5),
            CALLS,
        ]),
        says([text("Do"), text("ne."), usage(20, 3), DONE]),
    ]);
    let mut world = World::new();
    let outcome = world.run(&model).await;
    assert!(matches!(outcome.stop, Stop::Done));
    assert_eq!((outcome.text(), outcome.usage.total(), outcome.last_step), ("Done.", 38, 2));
    assert_eq!(
        world.diary.lines,
        [
            "call 1.1 actor m",
            "text Wait.",
            "done 1.1 ToolCalls, 10+5",
            "tool a echo {\"say\":\"one\"}",
            "result a one",
            "tool b echo {\"say\":\"two\"}",
            "result b two",
            "call 2.1 actor m",
            "text Do",
            "text ne.",
            "done 2.1 Stop, 20+3",
        ]
    );
    let asked = model.asked.lock().unwrap();
    assert_eq!(asked[1].messages[1..], outcome.messages[..3], "the model is told what its tools answered");
    assert_eq!(asked[0].tools[0].name, "echo");
}

#[tokio::test(start_paused = true)]
async fn a_busy_provider_is_asked_again_when_it_says() {
    let model = actor([Does::Fails(busy(7)), Does::Says(vec![Err(busy(600))]), says([text("Hi"), DONE])]);
    let mut world = World::new();
    let started = Instant::now();
    let outcome = world.run(&model).await;
    assert_eq!(outcome.text(), "Hi");
    assert_eq!(started.elapsed().as_secs(), 7 + 60, "no wait is longer than a minute");
    assert_eq!(
        world.diary.lines,
        [
            "call 1.1 actor m",
            "done 1.1 retry rate_limit, no usage",
            "call 1.2 actor m",
            "done 1.2 retry rate_limit, no usage",
            "call 1.3 actor m",
            "text Hi",
            "done 1.3 Stop, no usage",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn three_attempts_are_all() {
    let model = actor([Does::Fails(busy(1)), Does::Fails(busy(1)), Does::Fails(busy(1))]);
    let outcome = World::new().run(&model).await;
    assert!(matches!(outcome.stop, Stop::Failed(failure) if failure == busy(1)));
    assert!(outcome.messages.is_empty());
}

#[tokio::test(start_paused = true)]
async fn nothing_is_repeated_behind_the_first_output() {
    for output in [text("partial"), Event::Thinking("hm".into()), call("a", "echo", json!({}))] {
        let model = actor([Does::Says(vec![Ok(output), Err(busy(1))])]);
        let mut world = World::new();
        let outcome = world.run(&model).await;
        assert!(matches!(outcome.stop, Stop::Failed(_)));
        assert_eq!(world.diary.lines.last().unwrap(), "done 1.1 failed rate_limit, no usage");
        assert!(
            outcome.messages.iter().all(|message| *message == Message::assistant("partial")),
            "partial text is kept, calls are not"
        );
        assert!(world.tools.ran.lock().unwrap().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn calls_that_cannot_run_are_answered() {
    let garbled = Event::BadToolCall { id: String::new(), name: "echo".into(), raw: "{\"say\"".into() };
    let model = actor([
        says([garbled, call("", "rm", json!({})), call("x", "echo", json!({})), call("x", "echo", json!({})), DONE]),
        says([DONE]),
    ]);
    let mut world = World::new();
    let outcome = world.run(&model).await;
    assert!(matches!(outcome.stop, Stop::Done), "calls run even where the server says stop");
    let answers: Vec<_> =
        world.diary.lines.iter().filter(|line| line.starts_with("error") || line.starts_with("result")).collect();
    assert_eq!(
        answers,
        [
            "error call_1_0 not run: the arguments are no JSON object: {\"say\"",
            "error call_1_1 there is no tool \"rm\"",
            "result x nothing",
            "result call_1_3 nothing",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_turn_has_a_last_step() {
    let again = || says([call("a", "echo", json!({})), CALLS]);
    let model = actor([again(), again(), again()]);
    let mut world = World::new();
    world.limits.max_steps = 3;
    world.limits.first_step = 5;
    let outcome = world.run(&model).await;
    assert!(matches!(outcome.stop, Stop::MaxSteps));
    assert_eq!(
        (outcome.last_step, world.tools.ran.lock().unwrap().len()),
        (7, 2),
        "nobody would read what the last call answers"
    );
}

#[tokio::test(start_paused = true)]
async fn an_answer_cut_at_its_length_runs_nothing() {
    let model = actor([says([text("long"), call("a", "echo", json!({})), Event::Stop(StopReason::Length)])]);
    let mut world = World::new();
    let outcome = world.run(&model).await;
    assert!(matches!(outcome.stop, Stop::Length));
    assert_eq!((outcome.messages, world.tools.ran.lock().unwrap().len()), (vec![Message::assistant("long")], 0));
}

#[tokio::test(start_paused = true)]
async fn an_abort_is_heard_wherever_the_turn_waits() {
    let says_call = || says([call("a", "echo", json!({"hang": true})), call("b", "echo", json!({})), CALLS]);
    let table: [(Vec<Does>, &[&str]); 4] = [
        (
            vec![Does::Hangs(vec![text("par"), text("tial")])],
            &["call 1.1 actor m", "text par", "text tial", "done 1.1 aborted, no usage"],
        ),
        (vec![Does::Hangs(vec![])], &["call 1.1 actor m", "done 1.1 aborted, no usage"]),
        (vec![Does::Fails(busy(30))], &["call 1.1 actor m", "done 1.1 retry rate_limit, no usage"]),
        (
            vec![says_call()],
            &[
                "call 1.1 actor m",
                "done 1.1 ToolCalls, no usage",
                "tool a echo {\"hang\":true}",
                "error a aborted while it ran: it may or may not have taken effect",
                "tool b echo {}",
                "error b not run: the turn was aborted",
            ],
        ),
    ];
    for (script, lines) in table {
        let mut world = World::new();
        let cancel = world.cancel.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(5)).await;
            cancel.cancel();
        });
        let started = Instant::now();
        let outcome = world.run(&actor(script)).await;
        assert!(matches!(outcome.stop, Stop::Aborted), "{:?}", outcome.stop);
        assert_eq!(
            (&world.diary.lines[..], started.elapsed().as_secs()),
            (&lines.iter().map(ToString::to_string).collect::<Vec<_>>()[..], 5)
        );
        assert_eq!(outcome.text(), if lines.len() == 4 { "partial" } else { "" });
    }
}

#[tokio::test(start_paused = true)]
async fn a_turn_aborted_before_it_began_calls_nobody() {
    let mut world = World::new();
    world.cancel.cancel();
    let outcome = world.run(&actor([])).await;
    assert!(matches!(outcome.stop, Stop::Aborted) && world.diary.lines.is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_sink_may_lower_the_cap_or_refuse_the_call() {
    let model = actor([says([call("a", "echo", json!({})), CALLS])]);
    let mut world = World::new();
    world.diary.max_tokens = Some(300);
    world.diary.refuse_step = Some(2);
    let outcome = world.run(&model).await;
    assert!(
        matches!(outcome.stop, Stop::Refused(error) if error.code() == "QUOTA_EXCEEDED"),
        "its own error comes back"
    );
    assert_eq!(model.asked.lock().unwrap().iter().map(|request| request.max_tokens).collect::<Vec<_>>(), [Some(300)]);
    assert_eq!(world.diary.caps, [None, None], "each step asks anew");
}

/// Text is saved when there is much of it, and after a while even if the model falls silent.
#[tokio::test(start_paused = true)]
async fn text_is_saved_by_size_and_by_time() {
    let model = actor([Does::Hangs(vec![text("1234"), text("5678"), text("9")])]);
    let mut world = World::new();
    (world.limits.save_bytes, world.limits.save_every) = (8, Duration::from_millis(250));
    let cancel = world.cancel.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(300)).await;
        cancel.cancel();
    });
    world.run(&model).await;
    assert_eq!(
        world.diary.lines[1..],
        ["text 1234", "text 5678", "save 12345678", "text 9", "save 123456789", "done 1.1 aborted, no usage"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_stream_without_an_end_is_a_failure() {
    let outcome = World::new().run(&actor([says([text("half")])])).await;
    assert!(matches!(&outcome.stop, Stop::Failed(failure) if failure.kind() == FailureKind::BadResponse));
    assert_eq!(outcome.text(), "half");
}

#[tokio::test(start_paused = true)]
async fn a_long_tool_result_is_cut_between_characters() {
    let model = actor([says([call("a", "echo", json!({"say": "äöü"})), CALLS]), says([DONE])]);
    let mut world = World::new();
    world.limits.tool_result_bytes = 3;
    let outcome = world.run(&model).await;
    assert_eq!(outcome.messages[1].text(), "ä … (cut: 6 bytes in all)");
}
