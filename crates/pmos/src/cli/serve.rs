//! `pmos serve` and `pmos migrate`.

use super::{Failure, Place, say, say_json, tell};
use crate::config::{Env, Log, LogFormat};
use crate::server::{House, Outside, Server};
use clap::Args;
use pmos_kit::Error;
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

const EXAMPLES: &str = "\
Examples:
  pmos serve                                                  everything in ~/.local/share/pmos
  pmos serve --data-dir ./data --listen 127.0.0.1:8080
  OPENAI_API_KEY=sk-… pmos serve                              agents may use OpenAI's models
  pmos serve --database-url postgres://pmos:secret@db/pmos    PostgreSQL instead of the file

Ctrl-C or SIGTERM stops it: clients are told, and what runs has 25 seconds to come to its end.
All settings: `pmos config show`; the same keys go into pmos.toml in the data folder.";

/// Start the server and print the page to open.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Serve {
    #[command(flatten)]
    place: Place,
    /// Listen on this address and port [env: PMOS_LISTEN] [default: 127.0.0.1:7667].
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// Let this Redis server carry events between replicas [env: PMOS_REDIS_URL].
    #[arg(long, value_name = "URL")]
    redis_url: Option<String>,
    /// Serve the UI from this folder [env: PMOS_UI_DIR].
    #[arg(long, value_name = "FOLDER")]
    ui_dir: Option<String>,
    /// The address that browsers use, behind a proxy [env: PMOS_PUBLIC_ORIGIN].
    #[arg(long, value_name = "URL")]
    public_origin: Option<String>,
}

impl Serve {
    pub(super) fn run(self, env: &Env) -> Result<(), Failure> {
        let mut flags = self.place.flags();
        flags.set("server.listen", "--listen", self.listen);
        flags.set("server.ui_dir", "--ui-dir", self.ui_dir);
        flags.set("server.public_origin", "--public-origin", self.public_origin);
        flags.set("storage.redis_url", "--redis-url", self.redis_url);
        let loaded = crate::config::load(&flags, env)?;
        start_log(&loaded.config.log)?;
        for name in env.unknown() {
            tracing::warn!("{name} is set and means nothing to pmos: is it misspelt?");
        }
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Error::internal)?;
        runtime.block_on(async {
            let server = Server::start(&loaded.config, Outside::default()).await?;
            announce(&server)?;
            server.run(stop_signal()?).await?;
            tell("pmos stopped");
            Ok(())
        })
    }
}

/// What was made, what was found, and the page to open.
fn announce(server: &Server) -> Result<(), Failure> {
    say(&format!("pmos {} is ready", crate::server::VERSION))?;
    server.house().news.lines().iter().try_for_each(|line| say(line))?;
    say(&format!("  open   {}", server.page()))?;
    if server.is_first_start() {
        say("         this link makes the first account, which runs this server; it works until that account exists")?;
    }
    Ok(())
}

/// SIGINT or SIGTERM. A second one does not wait.
fn stop_signal() -> Result<impl Future<Output = ()> + Send, Failure> {
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Error::internal)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(Error::internal)?;
    Ok(async move {
        tokio::select! { _ = interrupt.recv() => {} _ = terminate.recv() => {} }
        tell("stopping: clients are told, and what runs has up to 25 s to come to its end (again to stop at once)");
        tokio::spawn(async move {
            tokio::select! { _ = interrupt.recv() => {} _ = terminate.recv() => {} }
            std::process::exit(1);
        });
    })
}

fn start_log(log: &Log) -> Result<(), Failure> {
    let level: Targets = log.level.parse().map_err(|_| Failure::usage("log.level is no level"))?;
    let registry = tracing_subscriber::registry().with(level);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    match log.format {
        LogFormat::Json => registry.with(lines.json()).try_init(),
        LogFormat::Text => registry
            .with(lines.with_target(false).with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())))
            .try_init(),
    }
    .map_err(|error| Error::internal(error).into())
}

/// Bring the database up to this version's schema, and stop.
///
/// `pmos serve` does the same at its start. Run it beforehand where several servers share one PostgreSQL database.
#[derive(Debug, Args)]
pub(super) struct Migrate {
    #[command(flatten)]
    place: Place,
    /// Print one JSON object.
    #[arg(long)]
    pub(super) json: bool,
}

impl Migrate {
    pub(super) async fn run(self, env: &Env) -> Result<(), Failure> {
        let loaded = self.place.load(env)?;
        let house = House::open(&loaded.config, Outside::default()).await?;
        let (kind, schema) = (house.store().kind(), pmos_store::migrate::SCHEMA_VERSION);
        if self.json {
            return say_json(&json!({ "ok": true, "database": kind, "schema": schema }));
        }
        say(&format!("the {kind} database has schema {schema}"))
    }
}
