//! The master key: 32 bytes in a file of its own, readable by the server's user alone.
//!
//! It is kept apart from the database and its backups. Whoever loses it loses every sealed secret.

use super::key_place;
use super::seal::{DataKey, Key, decrypt, encrypt, spoilt};
use pmos_kit::{Error, Result, Rng, Secret, WorkspaceId, token};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use zeroize::Zeroizing;

/// What to do where there is none.
pub(super) const HOW_TO_MAKE_ONE: &str = "make one with: (umask 077; openssl rand -hex 32 > master.key)";

/// The master key, wiped when dropped.
pub struct MasterKey {
    key: Key,
    /// Tells one master key from another, and says nothing of either.
    name: String,
}

impl MasterKey {
    /// The key in this file; on the first start the file is made.
    ///
    /// # Errors
    /// As [`MasterKey::load`]; `UNAVAILABLE` if the file cannot be written.
    pub fn load_or_create(path: &Path, rng: &dyn Rng) -> Result<Self> {
        match Self::load(path)? {
            Some(key) => Ok(key),
            None => Self::create(path, rng),
        }
    }

    /// The key in this file, or `None` if there is no such file.
    ///
    /// # Errors
    /// `UNAVAILABLE` with what to do: others may read the file, or it holds no key.
    pub fn load(path: &Path) -> Result<Option<Self>> {
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(Error::unavailable(format!("the master key {} cannot be read: {error}", path.display())));
            }
        };
        refuse_shared(path, &file)?;
        let mut text = Zeroizing::new(String::with_capacity(128));
        let read = (&mut file).take(128).read_to_string(&mut text);
        read.map_err(|error| Error::unavailable(format!("the master key {} cannot be read: {error}", path.display())))?;
        Self::parse(&Secret::new(text.trim())).map(Some)
    }

    /// A key as 64 characters of hex, such as an environment variable holds.
    ///
    /// # Errors
    /// `UNAVAILABLE` if it is none.
    pub fn parse(text: &Secret) -> Result<Self> {
        let text = text.expose();
        let mut key = Key::default();
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Error::unavailable(format!("a master key is 64 characters of hex: {HOW_TO_MAKE_ONE}")));
        }
        for (byte, pair) in key.iter_mut().zip(text.as_bytes().chunks(2)) {
            *byte = pair.iter().fold(0, |high, digit| high << 4 | hex_digit(*digit));
        }
        Ok(Self::new(key))
    }

    fn new(key: Key) -> Self {
        let hex = Zeroizing::new(format!("pmos master key {}", &*Zeroizing::new(token::hex(&*key))));
        let mut name = token::digest(&hex);
        name.truncate(12);
        Self { key, name }
    }

    /// Make the file. It is never written over, and is on the disk before the key is used.
    fn create(path: &Path, rng: &dyn Rng) -> Result<Self> {
        let mut key = Key::default();
        rng.fill(&mut *key);
        let text = Zeroizing::new(format!("{}\n", &*Zeroizing::new(token::hex(&*key))));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written =
            options.open(path).and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()));
        written.map_err(|error| {
            Error::unavailable(format!("the master key {} cannot be written: {error}", path.display()))
        })?;
        Ok(Self::new(key))
    }

    /// Wrap a workspace's data key: `m1.<which master key>.<nonce and ciphertext>`.
    pub(super) fn wrap(&self, workspace: &WorkspaceId, data: &DataKey, rng: &dyn Rng) -> Result<String> {
        let wrapped = encrypt(&self.key, &key_place(workspace), data.version, &*data.key, rng)?;
        Ok(format!("m1.{}.{wrapped}", self.name))
    }

    /// Was this wrapped with this key?
    pub(super) fn wrapped(&self, wrapped: &str) -> bool {
        self.body(wrapped).is_some()
    }

    fn body<'a>(&self, wrapped: &'a str) -> Option<&'a str> {
        wrapped.strip_prefix("m1.")?.strip_prefix(self.name.as_str())?.strip_prefix('.')
    }

    pub(super) fn unwrap(&self, workspace: &WorkspaceId, wrapped: &str, version: i64) -> Result<DataKey> {
        let body = self.body(wrapped).ok_or_else(|| {
            Error::unavailable(
                "this workspace's secrets were sealed with another master key: whoever runs this server puts it back",
            )
        })?;
        let opened = decrypt(&self.key, &key_place(workspace), version, body)?;
        let mut key = Key::default();
        if opened.len() != key.len() {
            return Err(spoilt());
        }
        key.copy_from_slice(&opened);
        Ok(DataKey { key, version })
    }
}

fn hex_digit(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        b'A'..=b'F' => digit - b'A' + 10,
        _ => 0,
    }
}

/// Refuse a key that others on the machine may read.
fn refuse_shared(path: &Path, file: &File) -> Result<()> {
    #[cfg(unix)]
    {
        let about = file
            .metadata()
            .map_err(|error| Error::unavailable(format!("{} cannot be read: {error}", path.display())))?;
        let mode = std::os::unix::fs::PermissionsExt::mode(&about.permissions());
        if mode & 0o077 != 0 {
            return Err(Error::unavailable(format!(
                "others may read the master key, so the server does not start: chmod 600 {}",
                path.display()
            )));
        }
    }
    Ok(())
}
