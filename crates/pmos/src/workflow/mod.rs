//! The machine as the outside world of a workflow that is run from the command line.

mod credentials;
mod files;
mod http;
mod journal;
mod mail;
mod system;

use jiff::tz::TimeZone;
use pmos_egress::{Egress, HostPort, Policy};
use pmos_flow::port::{Journal, Ports, Sandbox};
use pmos_flow::run::NoJournal;
use pmos_flow::sandbox::Jailed;
use pmos_jail::{Pool, Settings};
use pmos_kit::{Error, OsRng};
use std::path::PathBuf;
use std::sync::Arc;

/// The hidden command that makes this program a worker of the jail.
pub(crate) const WORKER: &str = "jail-worker";

/// What of the machine a workflow may use.
#[derive(Clone, Debug, Default)]
pub struct Outside {
    /// A file with credentials.
    pub credentials: Option<PathBuf>,
    /// A file for what was done.
    pub journal: Option<PathBuf>,
    /// What the journal belongs to: the workflow and its input.
    pub identity: String,
    /// The folder in which files are read and written.
    pub files: Option<PathBuf>,
    /// Addresses that may be reached though they are not public, as `host:port`.
    pub allow: Vec<String>,
    /// The folder of workflows that are called by id.
    pub workflows: PathBuf,
    /// The program whose workers run JavaScript; nothing for this one.
    pub program: Option<PathBuf>,
}

/// The ports of a run on this machine.
///
/// # Errors
/// What a file does not hold, and what an option says that cannot be.
pub async fn ports(outside: &Outside) -> Result<Ports, Error> {
    let hosts = outside.allow.iter().map(|text| text.parse()).collect::<Result<Vec<HostPort>, _>>()?;
    let egress = Egress::new(Policy { tenant_hosts: hosts, ..Policy::default() })?;
    let journal: Arc<dyn Journal> = match &outside.journal {
        Some(file) => Arc::new(journal::FileJournal::open(file, &outside.identity)?),
        None => Arc::new(NoJournal),
    };
    Ok(Ports {
        http: Arc::new(http::Http(egress.clone())),
        sandbox: sandbox(outside.program.clone()),
        files: Arc::new(files::Folder::new(outside.files.clone())?),
        credentials: Arc::new(credentials::CredentialFile::open(outside.credentials.as_deref())?),
        mail: Arc::new(mail::Smtp::new(egress)),
        workflows: Arc::new(system::Beside(outside.workflows.clone())),
        clock: Arc::new(system::Time),
        chance: Arc::new(OsRng),
        journal,
    })
}

/// JavaScript in the jail, run by workers of `program`, or of this one.
pub(crate) fn sandbox(program: Option<PathBuf>) -> Arc<dyn Sandbox> {
    let mut settings = Settings::of_this_program([WORKER]);
    if let Some(program) = program {
        settings.program = program;
    }
    Arc::new(Jailed { pool: Pool::new(settings), key: "command".to_owned() })
}

/// The time zone of this name, such as `Europe/Berlin`.
pub(crate) fn time_zone(name: &str) -> Result<TimeZone, Error> {
    TimeZone::get(name).map_err(|_| Error::invalid(format!("'{name}' is no time zone: write it like Europe/Berlin")))
}
