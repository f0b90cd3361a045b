//! The machine: configuration, folder, key, database, UI, port.

use super::Finding;
use crate::client::{Address, get};
use crate::config::{Config, Env, Loaded};
use crate::server::{House, Outside, master_key_path, ui_is_built_in};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tokio::net::TcpListener;

pub(super) fn configuration(loaded: &Loaded, env: &Env) -> Finding {
    let found = match &loaded.file {
        Some(file) => format!("sound: {}", file.display()),
        None => "sound: defaults, environment and flags, no pmos.toml".to_owned(),
    };
    match env.unknown().as_slice() {
        [] => Finding::ok("configuration", found),
        unknown => Finding::note(
            "configuration",
            found,
            format!("means nothing to pmos: {}; is it misspelt?", unknown.join(", ")),
        ),
    }
}

pub(super) fn data_dir(config: &Config) -> Finding {
    let dir = &config.storage.data_dir;
    // The nearest folder that is there is where the first start would make the rest.
    let there = dir.ancestors().find(|parent| parent.exists()).unwrap_or(Path::new("/"));
    match (probe(there), dir.exists()) {
        (Ok(()), true) => Finding::ok("data folder", format!("{} can be written", dir.display())),
        (Ok(()), false) => Finding::ok("data folder", format!("{} is made at the first start", dir.display())),
        (Err(cause), _) => Finding::bad(
            "data folder",
            format!("{} cannot be written: {cause}", there.display()),
            "choose another with --data-dir or PMOS_DATA_DIR",
        ),
    }
}

/// Can a file be made there?
fn probe(dir: &Path) -> std::io::Result<()> {
    let file = dir.join(format!(".pmos-doctor-{}", std::process::id()));
    std::fs::File::create_new(&file)?;
    std::fs::remove_file(&file)
}

pub(super) fn master_key(config: &Config) -> Finding {
    let path = master_key_path(config);
    let is_postgres = config.storage.database_url.is_some();
    match std::fs::metadata(&path) {
        _ if config.storage.master_key.is_some() => Finding::ok("master key", "given by the configuration"),
        Ok(about) if about.permissions().mode() & 0o077 != 0 => {
            let found = format!("others may read {}, so the server does not start", path.display());
            Finding::bad("master key", found, format!("chmod 600 {}", path.display()))
        }
        Ok(_) => Finding::ok("master key", format!("{}, readable by this user alone", path.display())),
        Err(_) if is_postgres => {
            let fix = format!("(umask 077; openssl rand -hex 32 > {}), the same on every server", path.display());
            Finding::note("master key", "there is none, so workspaces cannot store provider keys", fix)
        }
        Err(_) => Finding::ok("master key", format!("{} is made at the first start", path.display())),
    }
}

/// The database, opened as the server opens it. `in_use`: a server answers on our port, so the file is its own.
pub(super) async fn database(config: &Config, in_use: bool) -> Finding {
    let is_file = config.storage.database_url.is_none();
    let file = config.database_file();
    if is_file && !file.exists() {
        return Finding::ok("database", format!("{} is made at the first start", file.display()));
    }
    match House::open(config, Outside::default()).await {
        Ok(_) if is_file => Finding::ok("database", format!("{} is sound", file.display())),
        Ok(_) => Finding::ok("database", "PostgreSQL answers, and row-level security is proven"),
        Err(error) if is_file && in_use && error.is_retryable() => {
            Finding::ok("database", format!("{} is in use by the server that runs", file.display()))
        }
        Err(error) => {
            let cause = error.cause().map(|cause| format!(" ({cause})")).unwrap_or_default();
            Finding::bad(
                "database",
                format!("{}{cause}", error.public()),
                "the server does not start before this is mended",
            )
        }
    }
}

pub(super) fn ui(config: &Config) -> Finding {
    match &config.server.ui_dir {
        Some(dir) if dir.join("index.html").is_file() => Finding::ok("ui", dir.display().to_string()),
        Some(dir) => Finding::bad(
            "ui",
            format!("{} holds no index.html", dir.display()),
            "npm ci && npm run build in ui/, then --ui-dir ui/dist",
        ),
        None if ui_is_built_in() => Finding::ok("ui", "part of this program"),
        None => Finding::note(
            "ui",
            "not part of this build",
            "npm ci && npm run build in ui/, then --ui-dir ui/dist; `make run` does all of it",
        ),
    }
}

/// The port, and whether it is a server of ours that holds it.
pub(super) struct Port {
    pub(super) finding: Finding,
    pub(super) is_ours: bool,
}

pub(super) async fn port(config: &Config) -> Port {
    let listen = config.server.listen;
    let Err(cause) = TcpListener::bind(listen).await else {
        return Port { finding: Finding::ok("port", format!("{listen} is free")), is_ours: false };
    };
    if answers(listen).await {
        return Port { finding: Finding::ok("port", format!("a server runs on {listen}")), is_ours: true };
    }
    let finding = Finding::bad(
        "port",
        format!("{listen} cannot be listened on: {cause}"),
        "stop what runs there, or choose another with --listen",
    );
    Port { finding, is_ours: false }
}

async fn answers(listen: std::net::SocketAddr) -> bool {
    let Ok(address) = Address::parse(&format!("http://{listen}")) else { return false };
    get(&address, "/healthz").await.is_ok_and(|status| status.is_success())
}
