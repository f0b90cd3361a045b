//! Ids, roles, scopes, prices and tokens: what is understood is written as it was read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pmos_kit::role::Scopes;
use pmos_kit::{AgentId, NanoUsd, PersonId, Role, RunId, SessionId, WorkspaceId, token};
use std::fmt::Display;
use std::str::FromStr;

fn comes_back<T: FromStr + Display>(text: &str) {
    if let Ok(id) = text.parse::<T>() {
        assert_eq!(id.to_string(), text);
    }
}

fuzz_target!(|text: &str| {
    comes_back::<AgentId>(text);
    comes_back::<PersonId>(text);
    comes_back::<RunId>(text);
    comes_back::<SessionId>(text);
    comes_back::<WorkspaceId>(text);
    if let Ok(role) = text.parse::<Role>() {
        assert_eq!(role.as_str(), text);
    }
    let scopes = Scopes::parse(text.split(','));
    assert_eq!(Scopes::parse(scopes.names()), scopes);
    if let Ok(price) = NanoUsd::parse_price_per_million(text) {
        assert!(price.0 >= 0);
    }
    if token::is_well_formed(text) {
        let (rest, last) = text.split_at(text.len() - 1);
        let other = if last == "0" { "1" } else { "0" };
        assert!(!token::is_well_formed(&format!("{rest}{other}")), "a typo is told");
    }
});
