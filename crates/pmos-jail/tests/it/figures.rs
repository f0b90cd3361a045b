//! What it costs: `cargo test --release -p pmos-jail figures -- --ignored --nocapture`.

use crate::support::{pool, request, three};
use nix::sys::resource::{UsageWho, getrusage};
use pmos_jail::{Form, Pool};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::Instant;

/// CPU of this process and of its children that have ended.
fn cpu() -> Duration {
    [UsageWho::RUSAGE_SELF, UsageWho::RUSAGE_CHILDREN]
        .into_iter()
        .map(|who| getrusage(who).unwrap())
        .flat_map(|usage| [usage.user_time(), usage.system_time()])
        .map(|time| Duration::new(time.tv_sec() as u64, time.tv_usec() as u32 * 1000))
        .sum()
}

/// Runs `code` so many times in one worker, and says what one run took.
async fn measure(name: &str, times: u32, form: Form, code: &str, items: &Value) {
    let mut spent = [Duration::ZERO; 2];
    let mut clock = Duration::ZERO;
    let request = request(form, &[code], items);
    // The first starts the worker alone: its cost is taken off.
    for (round, count) in [1, times + 1].into_iter().enumerate() {
        let before = cpu();
        let pool = pool();
        let mut began = Instant::now();
        for at in 0..count {
            if at == 1 {
                began = Instant::now();
            }
            let response = pool.run("w", request.clone()).await.unwrap();
            assert_eq!(response.faults, []);
        }
        clock = began.elapsed();
        drop(pool);
        tokio::time::sleep(Duration::from_millis(200)).await;
        spent[round] = cpu().saturating_sub(before);
    }
    println!(
        "{name:<40} CPU {:>8.3} ms   clock {:>8.3} ms",
        (spent[1].saturating_sub(spent[0]).as_secs_f64() * 1e3) / f64::from(times),
        clock.as_secs_f64() * 1e3 / f64::from(times)
    );
}

fn items(count: usize) -> Value {
    (0..count).map(|n| json!({ "json": { "id": n, "name": format!("Person {n}"), "email": format!("p{n}@example.com"), "age": n % 90 }, "pairedItem": { "item": n } })).collect()
}

async fn first_answer() -> Duration {
    let began = Instant::now();
    let pool: Pool = pool();
    pool.run("w", request(Form::AllItems, &["return 1"], &three())).await.unwrap();
    began.elapsed()
}

#[tokio::test]
#[ignore = "figures, for a quiet machine and a release build"]
async fn figures() {
    let mut starts = Vec::new();
    for _ in 0..31 {
        starts.push(first_answer().await);
    }
    starts.sort();
    println!("start to first answer: p50 {:?}, p95 {:?}", starts[15], starts[29]);
    let map = "return $input.all().map(item => ({ json: { ...item.json, double: item.json.age * 2 } }))";
    measure("small call", 500, Form::AllItems, "return [{ json: { a: 1 } }]", &three()).await;
    measure("small call that reads its items", 500, Form::AllItems, "return $input.all()", &three()).await;
    measure(
        "small call with a date and a timer",
        500,
        Form::AllItems,
        "const b = 1; await new Promise(d => setTimeout(d, 0)); return b",
        &three(),
    )
    .await;
    measure("1,000 items, all", 100, Form::AllItems, map, &items(1000)).await;
    measure(
        "1,000 items, each",
        100,
        Form::EachItem,
        "return { json: { ...$json, double: $json.age * 2 } }",
        &items(1000),
    )
    .await;
    measure("1,000 items, expression", 100, Form::Expressions, "$json.name.toUpperCase() + $json.age", &items(1000))
        .await;
    measure("100,000 items, all", 5, Form::AllItems, map, &items(100_000)).await;
    measure(
        "100,000 items, made",
        5,
        Form::AllItems,
        "return Array.from({ length: 100000 }, (_, i) => ({ json: { i, name: 'n' + i } }))",
        &three(),
    )
    .await;
    measure("100,000 items, each", 5, Form::EachItem, "return { double: $json.age * 2 }", &items(100_000)).await;
}
