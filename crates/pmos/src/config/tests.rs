use super::*;
use std::path::Path;

fn home(dir: &Path) -> Env {
    let dir = dir.to_str().unwrap();
    Env::from([("HOME", dir), ("XDG_DATA_HOME", dir)])
}

fn write(dir: &Path, text: &str) {
    std::fs::create_dir_all(dir.join("pmos")).unwrap();
    std::fs::write(dir.join("pmos/pmos.toml"), text).unwrap();
}

fn refused(text: &str) -> String {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), text);
    load(&Flags::default(), &home(dir.path())).unwrap_err().public().to_owned()
}

#[test]
fn without_any_source_the_defaults_hold() {
    let dir = tempfile::tempdir().unwrap();
    let loaded = load(&Flags::default(), &home(dir.path())).unwrap();
    assert_eq!(loaded.config.server.listen.to_string(), "127.0.0.1:7667");
    assert_eq!(loaded.config.storage.data_dir, dir.path().join("pmos"));
    assert_eq!(loaded.config.accounts.sign_up, SignUp::Invite);
    assert!(loaded.file.is_none() && rows(&loaded).unwrap().iter().all(|row| row.from == "default"));
}

#[test]
fn a_flag_beats_the_environment_which_beats_the_file() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "[server]\nlisten = \"127.0.0.1:1\"\n\n[limits]\nscale = 2\n\n[accounts]\nsign_up = \"open\"\n");
    let home = dir.path().to_str().unwrap();
    let env = Env::from([("XDG_DATA_HOME", home), ("PMOS_LISTEN", "127.0.0.1:2"), ("PMOS_LIMITS_SCALE", "3")]);
    let mut flags = Flags::default();
    flags.set("server.listen", "--listen", Some("127.0.0.1:3"));
    let loaded = load(&flags, &env).unwrap();
    assert_eq!(loaded.config.server.listen.port(), 3);
    assert_eq!(loaded.config.limits.scale, 3);
    assert_eq!(loaded.config.accounts.sign_up, SignUp::Open);
    let from = |key: &str| rows(&loaded).unwrap().into_iter().find(|row| row.key == key).unwrap().from;
    assert_eq!(from("server.listen"), "--listen");
    assert_eq!(from("limits.scale"), "PMOS_LIMITS_SCALE");
    assert!(from("accounts.sign_up").ends_with("pmos.toml:8"), "{}", from("accounts.sign_up"));
}

#[test]
fn an_unknown_key_is_named_with_its_line() {
    let words = refused("[server]\n\nlisten_on = \"127.0.0.1:1\"\n");
    assert!(words.contains("line 3") && words.contains("listen_on"), "{words}");
    assert!(refused("[sever]\n").contains("sever"));
}

#[test]
fn each_rule_says_what_to_write_instead() {
    for (text, word) in [
        ("[server]\nlisten = \"7667\"", "line 2"),
        ("[server]\npublic_origin = \"https://pmos.example.com/\"", "pmos.toml:2"),
        ("[server]\ntrusted_proxies = [\"proxy\"]", "IP address"),
        ("[server]\nmetrics_token = \"short\"", "16 characters"),
        ("[storage]\ndatabase_url = \"mysql://x\"", "postgres://"),
        ("[accounts]\nsign_up = \"maybe\"", "maybe"),
        ("[limits]\nscale = 0", "1 to 1000000"),
        ("[models]\ndefault = \"gpt\"", "provider/model"),
        ("[[models.providers]]\nname = \"My GPU\"", "lower-case"),
        ("[[models.providers]]\nname = \"a\"\n[[models.providers]]\nname = \"a\"", "two providers"),
        ("[[models.providers]]\nname = \"a\"\nbase_url = \"gpu:80\"", "http://"),
        ("[[models.providers]]\nname = \"a\"\nkey_env = \"NOBODY_SET_THIS\"", "NOBODY_SET_THIS"),
        ("[log]\nlevel = \"loud=very\"", "debug"),
    ] {
        let words = refused(text);
        assert!(words.contains(word), "{text}: {words}");
    }
}

#[test]
fn a_wrong_variable_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().to_str().unwrap();
    for (name, value) in
        [("PMOS_LISTEN", "here"), ("PMOS_LIMITS_SCALE", "x"), ("PMOS_SIGN_UP", "maybe"), ("PMOS_MODELS_SHARED", "2")]
    {
        let env = Env::from([("XDG_DATA_HOME", home), (name, value)]);
        let error = load(&Flags::default(), &env).unwrap_err();
        assert!(error.public().contains(name), "{error}");
    }
}

#[test]
fn keys_of_the_environment_become_providers_and_fill_those_of_the_file() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "[[models.providers]]\nname = \"openai\"\nbase_url = \"http://gpu:8000/v1\"\n");
    let home = dir.path().to_str().unwrap();
    let env = Env::from([
        ("XDG_DATA_HOME", home),
        ("OPENAI_API_KEY", "sk-1"),
        ("ANTHROPIC_API_KEY", "sk-2"),
        ("OLLAMA_HOST", "0.0.0.0"),
    ]);
    let loaded = load(&Flags::default(), &env).unwrap();
    let providers = &loaded.config.models.providers;
    let seen: Vec<_> =
        providers.iter().map(|p| (p.name.as_str(), p.url(), p.key.as_ref().map(|key| key.expose()))).collect();
    assert_eq!(
        seen,
        [
            ("openai", "http://gpu:8000/v1", Some("sk-1")),
            ("anthropic", "https://api.anthropic.com", Some("sk-2")),
            ("ollama", "http://127.0.0.1:11434/v1", None),
        ]
    );
    assert_eq!(
        loaded.origin("models.providers.anthropic").map(ToString::to_string).as_deref(),
        Some("ANTHROPIC_API_KEY")
    );
}

#[test]
fn what_is_shown_holds_no_secret() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().to_str().unwrap();
    let env = Env::from([
        ("XDG_DATA_HOME", home),
        ("PMOS_METRICS_TOKEN", "canary-canary-canary"),
        ("PMOS_DATABASE_URL", "postgres://pmos:canary@db/pmos"),
        ("OPENAI_API_KEY", "sk-canary"),
    ]);
    let loaded = load(&Flags::default(), &env).unwrap();
    let shown = serde_json::to_string(&rows(&loaded).unwrap()).unwrap();
    assert!(!shown.contains("canary") && shown.contains("postgres://pmos:***@db/pmos"), "{shown}");
    assert!(!format!("{:?}", loaded.config).contains("canary"));
}
