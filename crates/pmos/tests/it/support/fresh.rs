//! A server on which nobody has an account yet, and people who come in with a password.

use super::database::TestDatabase;
use super::{Answer, App, MockClock, Person, Running, config};
use pmos::config::SignUp;
use pmos_kit::Secret;
use pmos_testkit::FakeModel;
use serde_json::{Value, json};

/// A password that is taken for everybody's.
pub const PASSWORD: &str = "vier Igel tanzen im Regen";

/// A server without accounts.
pub struct Fresh {
    pub running: Running,
    pub anonymous: Person,
    /// What the first account needs.
    pub bootstrap: String,
    _model: FakeModel,
    _database: TestDatabase,
}

impl Fresh {
    /// A server with this policy.
    pub async fn new(sign_up: SignUp) -> Self {
        let (database, model) = (TestDatabase::make().await, FakeModel::start().await);
        let mut config = config(&database, &model);
        config.accounts.sign_up = sign_up;
        let running = Running::start(&config, MockClock::new()).await;
        let anonymous = Person::anonymous(running.address);
        let bootstrap = printed(&running).await.unwrap();
        Self { running, anonymous, bootstrap, _model: model, _database: database }
    }

    /// What the server would print if it were started again.
    pub async fn printed_at_the_next_start(&self) -> Option<String> {
        printed(&self.running).await
    }

    /// Sign up with the bootstrap token.
    pub async fn first(&self) -> Person {
        let answer = self.anonymous.sign_up("ada@example.org", json!({ "bootstrapToken": self.bootstrap })).await;
        self.anonymous.as_answered(answer)
    }
}

async fn printed(running: &Running) -> Option<String> {
    let token = pmos_platform::accounts::ensure_bootstrap(running.house.store()).await.unwrap();
    token.map(|token| token.expose().to_owned())
}

impl App {
    /// Somebody with an account and [`PASSWORD`], who is not signed in.
    pub async fn with_password(&self, email: &str) -> Person {
        let store = self.running.house.store();
        let id =
            pmos_platform::people::create_user(store, email, "Carol", &Secret::new(PASSWORD), false).await.unwrap();
        Person { id, email: email.to_owned(), ..self.anonymous.clone() }
    }

    /// Another who runs the server.
    pub async fn another_root(&self) -> Person {
        super::person(&self.running, "another-root", true).await
    }

    /// All bytes of the server's data folder: on SQLite, the database with its log.
    pub fn data(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.database.data_dir()).unwrap();
        files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
    }
}

impl Person {
    /// Sign up as `Ada Lovelace` with [`PASSWORD`], and what else is said.
    pub async fn sign_up(&self, email: &str, more: Value) -> Answer {
        let mut params = json!({ "email": email, "name": "Ada Lovelace", "password": PASSWORD });
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.call("accounts.signup", params).await
    }

    /// Sign in with this password.
    pub async fn log_in(&self, password: &str) -> Answer {
        self.call("accounts.login", json!({ "email": self.email, "password": password })).await
    }

    /// Whoever was answered this when they signed in or up here, in the first of their workspaces.
    #[track_caller]
    pub fn as_answered(&self, answer: Answer) -> Self {
        assert_eq!(answer.status, 200, "{}", answer.text);
        let token = answer.cookie();
        let granted = answer.ok();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let id = text(&granted["person"]["id"]).parse().unwrap();
        let mut person = Self::signed_in(self.address, id, text(&granted["person"]["email"]), token);
        person.workspace = text(&granted["workspaces"][0]["id"]).parse().ok();
        person
    }
}

impl Answer {
    /// The token in the cookie that it sets.
    #[track_caller]
    pub fn cookie(&self) -> String {
        let line = self.headers.get("set-cookie").unwrap_or_else(|| panic!("no cookie: {}", self.text));
        line.to_str().unwrap().split(['=', ';']).nth(1).unwrap().to_owned()
    }
}
