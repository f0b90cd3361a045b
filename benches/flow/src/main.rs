//! `benches/flow/run.sh`: the workflow engine, measured in CPU time, its JavaScript workers included.

mod cpu;

use anyhow::{Result, anyhow};
use pmos::workflow::{Outside, ports};
use pmos_flow::data::{Facts, Frame, ItemScope, Status, World};
use pmos_flow::expression::Expression;
use pmos_flow::format::Workflow;
use pmos_flow::item::{Item, Items};
use pmos_flow::port::Ports;
use pmos_flow::run::{Execution, Limits, Start};
use pmos_flow::value::{Object, Value};
use serde_json::{Value as Json, json};
use std::sync::Arc;
use std::time::Duration;

/// What n8n 2.41.1 needs for the same on a machine of the same kind, in ms of CPU: by default, and at its fastest.
const N8N_DATA_100K_MS: (f64, f64) = (148_000.0, 20_000.0);

/// So many, because the system counts a living worker's time in steps of 10 ms.
const ROUNDS: u32 = 200;

/// Items out of nothing, as the workflow by which n8n was measured makes them.
const MADE: &str = "const made = Array.from({ length: 1000 }, (_, i) => ({ id: i, price: (i * 37) % 101, name: 'item ' + i }));
return made.map((one) => ({ json: { id: one.id, name: one.name.toUpperCase(), total: one.price * 1.2, even: one.id % 2 === 0 } }));";

/// Items that go in and come back with more.
const MAPPED: &str =
    "return $input.all().map((item, i) => ({ json: { ...item.json, twice: item.json.value * 2, i } }));";

fn main() -> Result<()> {
    let program = std::env::args_os().nth(1).ok_or_else(|| anyhow!("usage: pmos-bench-flow PATH_OF_PMOS"))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(measure(Outside { program: Some(program.into()), ..Outside::default() }))
}

async fn measure(outside: Outside) -> Result<()> {
    let ports = ports(&outside).await.map_err(|failure| anyhow!("{failure:?}"))?;
    println!("| what | figure | target |");
    println!("| --- | --- | --- |");
    // First, so that the peak is its own.
    let mut times = Vec::new();
    for _ in 0..5 {
        times.push(run(&data(100_000), records(1), &ports).await?);
    }
    times.sort();
    let data = ms(times[times.len() / 2]);
    println!("| 100,000 items through Code, Set, Filter, Sort, Summarize | {data:.0} ms | at most 1,200 ms |");
    println!("| … peak memory, worker included | {} MiB | at most 350 MB |", cpu::peak_mib()?);
    let (default, fastest) = N8N_DATA_100K_MS;
    println!("| … of n8n's CPU (by default, at its fastest) | 1/{:.0}, 1/{:.0} | |", default / data, fastest / data);
    expression(&ports)?;
    for count in [1_000, 10_000, 100_000, 1_000_000] {
        let spent = run(&set_if_set(), records(count), &ports).await?;
        let each = spent.as_nanos() / count as u128;
        println!("| {count} items through Set → If → Set | {:.1} ms, {each} ns an item | linear |", ms(spent));
    }
    // The worker was started by what ran before; the first round of each compiles its code.
    for (what, script, items) in
        [("Code that makes 1,000 items", MADE, records(1)), ("Code over 1,000 items", MAPPED, records(1_000))]
    {
        let workflow = chain(vec![node("Code", "code", 2.0, json!({ "jsCode": script }))]);
        run(&workflow, items.clone(), &ports).await?;
        let before = cpu::spent()?;
        for _ in 0..ROUNDS {
            run(&workflow, items.clone(), &ports).await?;
        }
        let each = ms(cpu::spent()? - before) / f64::from(ROUNDS);
        println!("| {what}, warm worker | {each:.2} ms | at most 5 ms |");
    }
    Ok(())
}

fn ms(spent: Duration) -> f64 {
    spent.as_secs_f64() * 1000.0
}

/// `$json.value * 2 + 1`, compiled once, for each of many items.
fn expression(ports: &Ports) -> Result<()> {
    let workflow = Arc::new(Workflow::parse(&set_if_set().to_string())?);
    let items = records(100_000);
    let frame =
        Arc::new(Frame { node: workflow.nodes[1].clone(), index: 1, inputs: vec![items.clone()], ..Frame::default() });
    let world = Arc::new(World::new(workflow, Arc::new(Facts::default())));
    let compiled = Expression::compile("={{ $json.value * 2 + 1 }}")?;
    let before = cpu::spent()?;
    let mut sum = 0.0;
    let rounds = 20;
    for _ in 0..rounds {
        for item in 0..items.len() {
            sum += compiled.evaluate(&ItemScope::new(&world, &frame, item, ports))?.to_number();
        }
    }
    let spent = cpu::spent()? - before;
    anyhow::ensure!(sum > 0.0, "nothing was computed");
    let each = spent.as_nanos() / (rounds as u128 * items.len() as u128);
    println!("| `$json.value * 2 + 1` | {each} ns an item | at most 100 ns |");
    Ok(())
}

/// Runs a workflow and gives the CPU time that it took.
async fn run(workflow: &Json, items: Items, ports: &Ports) -> Result<Duration> {
    let workflow = Arc::new(Workflow::parse(&workflow.to_string())?);
    let before = cpu::spent()?;
    let start = Start { items: Some(items), ..Start::default() };
    let mut execution = Execution::new(workflow, Facts::default(), start, ports.clone(), Limits::default())?;
    let outcome = execution.run().await;
    let spent = cpu::spent()? - before;
    anyhow::ensure!(outcome.status == Status::Success, "{:?}", outcome.error);
    Ok(spent)
}

fn records(count: usize) -> Items {
    let record = |id: usize| {
        Object::from_iter([
            ("id", Value::from(id)),
            ("group", Value::from(format!("g{}", id % 50))),
            ("value", Value::from((id * 7919) % 10_007)),
            ("label", Value::from(format!("row {id}"))),
        ])
    };
    Arc::new((0..count).map(|id| Item::new(record(id))).collect())
}

fn node(name: &str, kind: &str, version: f64, parameters: Json) -> Json {
    json!({ "name": name, "type": format!("n8n-nodes-base.{kind}"), "typeVersion": version, "position": [0, 0], "parameters": parameters })
}

fn chain(nodes: Vec<Json>) -> Json {
    let mut all = vec![node("Trigger", "manualTrigger", 1.0, json!({}))];
    all.extend(nodes);
    let connections: serde_json::Map<String, Json> = all
        .windows(2)
        .map(|pair| {
            (
                pair[0]["name"].as_str().unwrap_or_default().to_owned(),
                json!({ "main": [[{ "node": pair[1]["name"], "type": "main", "index": 0 }]] }),
            )
        })
        .collect();
    json!({ "name": "bench", "nodes": all, "connections": connections, "settings": { "executionOrder": "v1" } })
}

fn set(name: &str, fields: &[(&str, &str, &str)], others: bool) -> Json {
    let fields: Vec<Json> = fields
        .iter()
        .map(|(name, value, kind)| json!({ "id": name, "name": name, "value": value, "type": kind }))
        .collect();
    node(
        name,
        "set",
        3.4,
        json!({ "assignments": { "assignments": fields }, "includeOtherFields": others, "options": {} }),
    )
}

fn greater(field: &str, than: u32) -> Json {
    json!({
        "combinator": "and",
        "options": { "caseSensitive": true, "leftValue": "", "typeValidation": "strict", "version": 2 },
        "conditions": [{ "id": "c", "leftValue": format!("={{{{ $json.{field} }}}}"), "rightValue": than, "operator": { "type": "number", "operation": "gt" } }],
    })
}

fn set_if_set() -> Json {
    chain(vec![
        set(
            "Set",
            &[
                ("total", "={{ $json.value * 2 + 1 }}", "number"),
                ("name", "={{ $json.label.toUpperCase() }}", "string"),
            ],
            true,
        ),
        node("If", "if", 2.2, json!({ "conditions": greater("total", 5000), "options": {} })),
        set(
            "Line",
            &[
                ("line", "={{ $json.name }} {{ $json.total }}", "string"),
                ("big", "={{ $json.total > 9000 }}", "boolean"),
            ],
            false,
        ),
    ])
}

fn data(count: usize) -> Json {
    let script = format!(
        "return Array.from({{ length: {count} }}, (_, i) => ({{ json: {{ id: i, group: 'g' + (i % 50), value: (i * 7919) % 10007, label: 'row ' + i }} }}));"
    );
    chain(vec![
        node("Generate", "code", 2.0, json!({ "jsCode": script })),
        set(
            "Set",
            &[
                ("score", "={{ $json.value * 2 + 1 }}", "number"),
                ("tag", "={{ $json.group }}-{{ $json.label }}", "string"),
            ],
            true,
        ),
        node("Filter", "filter", 2.2, json!({ "conditions": greater("score", 5000), "options": {} })),
        node(
            "Sort",
            "sort",
            1.0,
            json!({ "sortFieldsUi": { "sortField": [{ "fieldName": "score", "order": "descending" }, { "fieldName": "id" }] }, "options": {} }),
        ),
        node(
            "Summarize",
            "summarize",
            1.1,
            json!({
                "fieldsToSummarize": { "values": [
                    { "aggregation": "sum", "field": "score" },
                    { "aggregation": "max", "field": "value" },
                    { "aggregation": "count", "field": "id" }
                ] },
                "fieldsToSplitBy": "group",
                "options": {}
            }),
        ),
    ])
}
