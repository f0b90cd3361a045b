//! Measures a server that speaks the OpenClaw gateway protocol.
//!
//! One thread, so that on two cores the other one is the server's. What counts is the server's CPU time (user + system of
//! its process tree, reaped children included); wall figures depend on what else the machine does.

mod client;
mod compare;
mod figures;
mod http;
mod meter;
mod modes;
mod options;
mod postgres;
mod processes;
mod provision;
mod suite;

use anyhow::{Result, bail};
use options::Options;

const USAGE: &str = "\
pmos-bench-gateway MODE --url ws://HOST:PORT --token TOKEN [--pid SERVER] [options]

  rpc        --method M [--params JSON] [--conns 1] [--seconds 5]   one outstanding request per connection
  handshake  [--total 400] [--parallel 16]                          connect, hello, close
  idle       [--conns 1000] [--hold 10]                             memory of connections that say nothing
  chat       [--runs 15]                                            one run at a time: ack, first delta, final
  chatload   [--concurrency 64] [--runs 256]                        many sessions at once; counts lost runs
  tokens     [--tokens 200] [--delay-ms 5] [--runs 5] [--caps C]    from the model's write to our receipt
  inject     --tokens-file F [--callers 64] [--seconds 5] [--metrics URL]   durable writes, each caller its own workspace
  startup    --cmd COMMAND [--runs 5] [--settle 3]                  spawn to first health
  prepare    [--sessions 201]                                       create sessions until there are so many
  fill       --tokens-file F [--agents 50]                          create agents in each workspace until there are so many
  crowd      --{alone,crowd}-{url,cmd,tokens-file,database} …       agents.list in one of many workspaces, and alone
  walls      --database URL [--seconds 2] [--reps 7]                the statement of agents.list behind row-level security
  provision  --bootstrap TOKEN --out FILE [--workspaces 64]         a PMOS account, its workspaces, a key for each
  suite      --cmd COMMAND --out FILE [--reps 3] [--quick true] [--tokens-file F]   all of these, on a server that it starts
  compare    OPENCLAW.json PMOS.json --out NAME                     ratios and targets met, as NAME.md and NAME.json

Every mode but compare prints its figures as JSON.";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let options = Options::parse(std::env::args().skip(1))?;
    tokio::task::LocalSet::new().run_until(run(&options)).await
}

async fn run(options: &Options) -> Result<()> {
    let figures = match options.word(0).unwrap_or_default() {
        "compare" => return compare::compare(options),
        "suite" => return suite::suite(options).await,
        "provision" => return provision::provision(options).await,
        "rpc" => modes::rpc::measure(options).await?,
        "handshake" => modes::handshake::measure(options).await?,
        "idle" => modes::idle::measure(options).await?,
        "chat" => modes::chat::one_at_a_time(options).await?,
        "chatload" => modes::chat::at_once(options).await?,
        "tokens" => modes::tokens::measure(options).await?,
        "inject" => modes::inject::measure(options).await?,
        "startup" => modes::startup::measure(options).await?,
        "fill" => modes::prepare::agents(options).await?,
        "crowd" => modes::crowd::measure(options).await?,
        "walls" => modes::walls::measure(options).await?,
        "prepare" => modes::prepare::sessions(options).await?,
        _ => bail!("{USAGE}"),
    };
    println!("{}", serde_json::to_string_pretty(&figures)?);
    Ok(())
}
