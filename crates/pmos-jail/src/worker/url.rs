//! Addresses, as browsers read them.

use rquickjs::{Ctx, Function, Object};
use url::Url;

/// Adds `url(text, base?)`, which gives the parts of an address or nothing, and `urlWith(href, part, value)`.
pub(super) fn add<'js>(ctx: &Ctx<'js>, natives: &Object<'js>) -> rquickjs::Result<()> {
    let read = |ctx: Ctx<'js>, text: String, base: Option<String>| {
        let url = match base {
            Some(base) => Url::parse(&base).and_then(|base| base.join(&text)),
            None => Url::parse(&text),
        };
        url.ok().map(|url| parts(&ctx, &url)).transpose()
    };
    natives.set("url", Function::new(ctx.clone(), read)?)?;
    let change = |ctx: Ctx<'js>, href: String, part: String, value: String| {
        let Ok(mut url) = Url::parse(&href) else { return Ok(None) };
        change(&mut url, &part, &value);
        parts(&ctx, &url).map(Some)
    };
    natives.set("urlWith", Function::new(ctx.clone(), change)?)
}

fn parts<'js>(ctx: &Ctx<'js>, url: &Url) -> rquickjs::Result<Object<'js>> {
    use url::quirks;
    let parts = Object::new(ctx.clone())?;
    for (name, value) in [
        ("href", quirks::href(url)),
        ("protocol", quirks::protocol(url)),
        ("username", quirks::username(url)),
        ("password", quirks::password(url)),
        ("host", quirks::host(url)),
        ("hostname", quirks::hostname(url)),
        ("port", quirks::port(url)),
        ("pathname", quirks::pathname(url)),
        ("search", quirks::search(url)),
        ("hash", quirks::hash(url)),
    ] {
        parts.set(name, value)?;
    }
    parts.set("origin", quirks::origin(url))?;
    Ok(parts)
}

/// Sets a part; what cannot be is left as it was, as browsers do.
fn change(url: &mut Url, part: &str, value: &str) {
    use url::quirks;
    let changed = match part {
        "href" => quirks::set_href(url, value).map_err(|_| ()),
        "protocol" => quirks::set_protocol(url, value),
        "username" => quirks::set_username(url, value),
        "password" => quirks::set_password(url, value),
        "host" => quirks::set_host(url, value),
        "hostname" => quirks::set_hostname(url, value),
        "port" => quirks::set_port(url, value),
        "pathname" => {
            quirks::set_pathname(url, value);
            Ok(())
        }
        "search" => {
            quirks::set_search(url, value);
            Ok(())
        }
        _ => {
            quirks::set_hash(url, value);
            Ok(())
        }
    };
    changed.ok();
}
