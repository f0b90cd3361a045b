//! The wiring of all crates: the one place that knows them all.

use super::models;
use super::news::News;
use crate::config::{Config, SignUp};
use futures_util::FutureExt;
use pmos_chat::{Models, Runs};
use pmos_gateway::Presence;
use pmos_kit::{Clock, Error, OsRng, Result, Rng, SystemClock, token};
use pmos_platform::accounts;
use pmos_platform::limits::Limits;
use pmos_platform::secrets::{MasterKey, Vault};
use pmos_platform::workspaces::WhenFounded;
use pmos_platform::{Bus, Dispatch};
use pmos_rpc::Method;
use pmos_rpc::protocol::EventRow;
use pmos_store::{Database, Store, Surroundings};
use std::path::PathBuf;
use std::sync::Arc;

/// What a house takes from the world outside. Tests hand in their own.
#[derive(Clone)]
pub struct Outside {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub rng: Arc<dyn Rng>,
}

impl Default for Outside {
    fn default() -> Self {
        Self { clock: Arc::new(SystemClock), rng: Arc::new(OsRng) }
    }
}

/// The store with the services of all domains, and the pipeline in front of it.
pub struct House {
    /// The pipeline.
    pub dispatch: Arc<Dispatch>,
    /// The models of the operator and of the workspaces.
    pub models: Arc<Models>,
    /// The runs of this process.
    pub runs: Arc<Runs>,
    /// What was made and found on the way.
    pub news: News,
}

impl House {
    /// Open the database and wire everything to it. Nothing runs yet and nobody can enter.
    ///
    /// # Errors
    /// `UNAVAILABLE` with what to do: the database cannot be opened, is in use, or belongs to another master key.
    pub async fn open(config: &Config, outside: Outside) -> Result<Self> {
        let mut news = News::before(config);
        let database = config.database()?;
        let master = master_key(config, &*outside.rng)?;
        news.vault_is_sealed = master.is_none();
        let vault = Arc::new(Vault::new(master));
        let boot = boot_id(&*outside.rng);
        let models = Arc::new(models::of(config, vault.clone())?);
        let runs = Arc::new(Runs::new(boot.clone(), models.clone()));
        let surroundings = surroundings(config, &outside, &vault, &models, &runs);
        let store = Arc::new(Store::open(&database, surroundings).await?);
        vault.check(&store).await?;
        let limits = Limits::new(config.limits.scale);
        let dispatch = Arc::new(Dispatch::new(store, Arc::new(Bus::default()), methods(), limits, boot)?);
        runs.attach(&dispatch)?;
        news.after(config, &database);
        Ok(Self { dispatch, models, runs, news })
    }

    /// The store.
    pub fn store(&self) -> &Arc<Store> {
        &self.dispatch.store
    }
}

/// What handlers ask for by its type.
fn surroundings(
    config: &Config,
    outside: &Outside,
    vault: &Arc<Vault>,
    models: &Arc<Models>,
    runs: &Arc<Runs>,
) -> Surroundings {
    let sign_up = match config.accounts.sign_up {
        SignUp::Open => accounts::SignUp::Open,
        SignUp::Invite => accounts::SignUp::Invite,
        SignUp::Closed => accounts::SignUp::Closed,
    };
    let founding = WhenFounded(vec![|scope| pmos_chat::agents::create_default(scope).boxed()]);
    Surroundings::new(outside.clock.clone(), outside.rng.clone())
        .with(vault.clone())
        .with(models.clone())
        .with(runs.clone())
        .with(Arc::new(accounts::Config::new(sign_up)))
        .with(Arc::new(founding))
        .with(Arc::new(Presence::new(super::VERSION, outside.clock.now())))
}

/// The methods of all domains, floor by floor.
pub fn methods() -> Vec<Method> {
    [pmos_platform::methods(), pmos_chat::methods(), pmos_gateway::methods()].into_iter().flatten().collect()
}

/// The events of all domains, likewise.
pub fn events() -> Vec<EventRow> {
    [pmos_platform::events(), pmos_chat::events(), pmos_gateway::events()].into_iter().flatten().collect()
}

/// Where the master key is, if it is not given itself.
pub fn master_key_path(config: &Config) -> PathBuf {
    config.storage.master_key_file.clone().unwrap_or_else(|| config.storage.data_dir.join("master.key"))
}

/// The master key. Beside a PostgreSQL server it is never made: each replica would make its own.
fn master_key(config: &Config, rng: &dyn Rng) -> Result<Option<MasterKey>> {
    if let Some(text) = &config.storage.master_key {
        return MasterKey::parse(text).map(Some);
    }
    let path = master_key_path(config);
    if config.storage.database_url.is_some() {
        return MasterKey::load(&path);
    }
    config.make_data_dir()?;
    MasterKey::load_or_create(&path, rng).map(Some)
}

/// A name for this process, new at each start.
fn boot_id(rng: &dyn Rng) -> String {
    let mut bytes = [0; 8];
    rng.fill(&mut bytes);
    token::hex(&bytes)
}

impl Config {
    /// The database that is meant.
    ///
    /// # Errors
    /// `UNAVAILABLE` if the data folder cannot be made.
    pub fn database(&self) -> Result<Database> {
        if let Some(url) = &self.storage.database_url {
            return Ok(Database::Postgres(url.expose().to_owned()));
        }
        self.make_data_dir()?;
        Ok(Database::Sqlite(self.database_file()))
    }

    /// The file of the SQLite database, where there is no `database_url`.
    pub fn database_file(&self) -> PathBuf {
        self.storage.data_dir.join("pmos.db")
    }

    /// Make the data folder, for this user alone.
    fn make_data_dir(&self) -> Result<()> {
        use std::os::unix::fs::DirBuilderExt;
        let dir = &self.storage.data_dir;
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(|cause| {
            Error::unavailable(format!(
                "the data folder {} cannot be made: {cause}; choose another with --data-dir",
                dir.display()
            ))
        })
    }
}
