//! What must hold beyond the types.

use super::sections::{Accounts, Config, Limits, Log, Models, Server, Storage};
use pmos_egress::Url;
use pmos_kit::Secret;

// Each check gives the path of the key at fault and what to write instead.
type Check = Result<(), (String, String)>;

impl Config {
    /// What must hold beyond the types. The error names the key's path.
    pub(super) fn check(&self) -> Check {
        let Config { server, storage, accounts: Accounts { sign_up: _ }, limits, models, log } = self;
        server.check()?;
        storage.check()?;
        limits.check()?;
        models.check()?;
        log.check()
    }
}

fn fault(path: &str, words: impl Into<String>) -> Check {
    Err((path.to_owned(), words.into()))
}

impl Server {
    fn check(&self) -> Check {
        if let Some(origin) = &self.public_origin
            && !is_origin(origin)
        {
            return fault("server.public_origin", "write scheme and host alone, such as https://pmos.example.com");
        }
        if self.metrics_token.as_ref().is_some_and(|token| token.expose().len() < 16) {
            return fault("server.metrics_token", "a token that short can be guessed: use 16 characters or more");
        }
        Ok(())
    }
}

/// Scheme, host and port alone, as a browser writes them in `Origin`.
fn is_origin(text: &str) -> bool {
    Url::parse(text)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.origin().ascii_serialization() == text)
}

impl Storage {
    fn check(&self) -> Check {
        let is_postgres =
            |url: &Secret| url.expose().starts_with("postgres://") || url.expose().starts_with("postgresql://");
        if self.database_url.as_ref().is_some_and(|url| !is_postgres(url)) {
            return fault(
                "storage.database_url",
                "write it like postgres://user:password@host/database; leave it out for the SQLite file",
            );
        }
        if self.redis_url.is_some() {
            return fault(
                "storage.redis_url",
                "this version carries no events through Redis yet: leave it out and run one replica",
            );
        }
        if self.master_key.is_some() && self.master_key_file.is_some() {
            return fault("storage.master_key", "there is a master_key_file too: keep one of them");
        }
        Ok(())
    }
}

impl Limits {
    fn check(&self) -> Check {
        match self.scale {
            1..=1_000_000 => Ok(()),
            _ => fault("limits.scale", "write a whole number from 1 to 1000000"),
        }
    }
}

impl Models {
    fn check(&self) -> Check {
        for (place, provider) in self.providers.iter().enumerate() {
            let path = format!("models.providers.{}", provider.name);
            let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            if provider.name.is_empty() || !provider.name.bytes().all(is_name) {
                return fault(&path, format!("{:?} is no name: use lower-case letters, digits and -", provider.name));
            }
            if self.providers[..place].iter().any(|other| other.name == provider.name) {
                return fault(&path, "two providers have this name");
            }
            if !Url::parse(provider.url()).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host()) {
                return fault(&path, "base_url must begin with http:// or https://");
            }
        }
        match &self.default {
            Some(model)
                if !model
                    .split_once('/')
                    .is_some_and(|(provider, model)| !provider.is_empty() && !model.is_empty()) =>
            {
                fault("models.default", "write it as provider/model, such as ollama/llama3.2")
            }
            _ => Ok(()),
        }
    }
}

impl Log {
    fn check(&self) -> Check {
        match self.level.parse::<tracing_subscriber::filter::Targets>() {
            Ok(_) => Ok(()),
            Err(_) => {
                fault("log.level", "write error, warn, info, debug or trace, also per crate: info,pmos_store=debug")
            }
        }
    }
}
