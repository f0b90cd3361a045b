//! What may be reached, as far as it can be told without a network.

use crate::policy::{Policy, Route, Trust};
use crate::{HostPort, is_global, target};
use proptest::prelude::*;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

#[test]
fn no_special_address_is_global() {
    let refused = [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.100.100.200",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.0.1",
        "169.254.169.254",
        "169.254.170.2",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.0.192",
        "192.0.2.1",
        "192.31.196.1",
        "192.52.193.1",
        "192.88.99.1",
        "192.168.0.1",
        "192.168.255.255",
        "192.175.48.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::8.8.8.8",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::ffff:0:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "64:ff9b:1::8.8.8.8",
        "100::1",
        "2001::1",
        "2001:2::1",
        "2001:10::1",
        "2001:20::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "2002:808:808::1",
        "2620:4f:8000::1",
        "3fff::1",
        "3fff:fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::5efe:127.0.0.1",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
        "4000::1",
        "2a00:1450::5efe:10.0.0.1",
        "2a00:1450::200:5efe:a00:1",
    ];
    for address in refused {
        assert!(!is_global(address.parse().unwrap()), "{address}");
    }
}

#[test]
fn addresses_next_to_the_special_ones_are_global() {
    let allowed = [
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "168.63.129.15",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "192.0.3.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "203.0.112.255",
        "203.0.114.0",
        "223.255.255.255",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2600:1f18::1",
        "2606:4700:4700::1111",
        "2a00:1450:4001::200e",
        "3fff:1000::1",
    ];
    for address in allowed {
        assert!(is_global(address.parse().unwrap()), "{address}");
    }
}

fn policy() -> Policy {
    Policy {
        operator_hosts: vec!["127.0.0.1:11434".parse().unwrap(), "llm.corp.example:8000".parse().unwrap()],
        tenant_hosts: vec![
            "10.1.2.3:8080".parse().unwrap(),
            "[fd00::7]:443".parse().unwrap(),
            "wiki.corp:80".parse().unwrap(),
        ],
        own_hosts: vec!["pmos.example.com".into(), "93.184.216.34".into()],
    }
}

fn route(url: &str, trust: Trust) -> Result<Route, String> {
    let url = target::parse(url).map_err(|error| error.public().to_owned())?;
    policy().route(&url, trust, is_global).map_err(|failure| failure.error().public().to_owned())
}

#[test]
fn a_tenant_gets_no_further_than_the_public_internet() {
    let refused = [
        "",
        "x",
        "//example.com",
        "example.com",
        "/path",
        "http:",
        "http:/",
        "http://",
        "http:///",
        "http:example.com",
        "http:/example.com",
        "http:///example.com",
        "file:///etc/passwd",
        "ftp://example.com/",
        "gopher://example.com/",
        "ws://example.com/",
        "data:text/plain,x",
        "javascript:alert(1)",
        "jar:http://example.com!/",
        "http://user@example.com/",
        "http://user:password@example.com/",
        "http://@example.com/",
        "http://ü@example.com/",
        "http://ü:p@bücher.example/",
        "http://:@example.com/",
        "http://example.com@127.0.0.1/",
        "http://1.1.1.1 @127.0.0.1/",
        "http://1.1.1.1\\@127.0.0.1/",
        "http://127.0.0.1\\.example.com/",
        "http://example.com:0/",
        "http://example.com:22/",
        "http://example.com:8080/",
        "https://example.com:65536/",
        "http://example.com:080/",
        "http://example.com:/",
        "http://example.com:+80/",
        "http://127.0.0.1/",
        "https://127.0.0.1:443/",
        "http://127.1/",
        "http://127.0.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://017700000001/",
        "http://127.0.0.1./",
        "http://0/",
        "http://0.0.0.0/",
        "http://00000010.8.8.8/",
        "http://134744072/",
        "http://8.8.2056/",
        "http://0x8.8.8.8/",
        "http://%31%32%37.0.0.1/",
        "http://1%32%37.0.0.1/",
        "http://①②⑦.⓪.⓪.①/",
        "http://127。0。0。1/",
        "http://１２７.0.0.1/",
        "http://localhost/",
        "http://LOCALHOST/",
        "http://localhost./",
        "http://app.localhost/",
        "http://ｌocalhost/",
        "http://[::1]/",
        "http://[::]/",
        "http://[0:0:0:0:0:0:0:1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[::127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fe80::1%25eth0]/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://[::1",
        "http://::1/",
        "http://[::1]x/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/",
        "http://100.100.100.200/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://172.16.0.1/",
        "http://255.255.255.255/",
        "http://224.0.0.1/",
        "http://exa mple.com/",
        "http://exa\tmple.com/",
        "http://example.com/\n",
        " http://example.com/",
        "http://example.com/\u{7f}",
        "http://exam%70le.com/",
        "http://example.com%2f@127.0.0.1/",
        "http://a..b:80:80/",
        "http://pmos.example.com/",
        "https://PMOS.example.com./",
        "http://93.184.216.34/",
        "http://127.0.0.1:11434/",
        "http://llm.corp.example:8000/",
        "http://10.1.2.3/",
        "http://10.1.2.3:8081/",
        "http://[fd00::7]/",
        "http://[fd00::8]:443/",
    ];
    for url in refused {
        assert!(route(url, Trust::Tenant).is_err(), "{url:?} was let through");
    }
}

#[test]
fn ordinary_urls_pass() {
    use Route::{Listed, Public};
    let allowed = [
        ("http://example.com", Public),
        ("https://example.com/", Public),
        ("HTTPS://Example.COM/Path?q=1#f", Public),
        ("https://example.com:443/x", Public),
        ("https://example.com:80/x", Public),
        ("http://example.com./", Public),
        ("http://8.8.8.8/dns", Public),
        ("https://[2606:4700:4700::1111]/", Public),
        ("https://[2606:4700:4700:0:0:0:0:1111]:443/", Public),
        ("https://bücher.example/straße", Public),
        ("https://xn--bcher-kva.example/", Public),
        ("https://example.com/a%20b/%7Euser@host?to=http://127.0.0.1/", Public),
        ("https://my_bucket.example.com/", Public),
        ("http://10.1.2.3:8080/api", Listed),
        ("https://[fd00::7]/", Listed),
        ("http://wiki.corp/", Listed),
        ("http://WIKI.corp:80/", Listed),
    ];
    for (url, expected) in allowed {
        assert_eq!(route(url, Trust::Tenant), Ok(expected), "{url}");
    }
}

/// What the operator lists is exact: neither the neighbour port nor another loopback address comes with it.
#[test]
fn the_operator_reaches_private_hosts_by_exact_host_and_port() {
    assert_eq!(route("http://127.0.0.1:11434/v1/models", Trust::Operator), Ok(Route::Listed));
    assert_eq!(route("http://llm.corp.example:8000/", Trust::Operator), Ok(Route::Listed));
    assert_eq!(route("http://10.1.2.3:8080/", Trust::Operator), Ok(Route::Listed));
    assert_eq!(route("https://models.example.com:8443/v1", Trust::Operator), Ok(Route::Public), "any public port");
    for url in [
        "http://127.0.0.1:11435/",
        "http://127.0.0.2:11434/",
        "http://localhost:11434/",
        "http://[::1]:11434/",
        "http://10.0.0.1/",
    ] {
        assert!(route(url, Trust::Operator).is_err(), "{url}");
    }
}

#[test]
fn an_entry_of_a_list_is_a_host_and_a_port_and_nothing_else() {
    for bad in [
        "",
        "127.0.0.1",
        ":80",
        "host:",
        "host:x",
        "host:99999",
        "u@host:80",
        "host:80/path",
        "host:80?q",
        "0x7f.1:80",
        "*:80",
        "h h:80",
    ] {
        assert!(bad.parse::<HostPort>().is_err(), "{bad:?}");
    }
}

/// Private hosts, names without an address and refused redirects answer alike, and say nothing of what was found.
#[test]
fn a_refusal_names_the_host_as_it_was_written() {
    let words = route("http://10.0.0.1/", Trust::Tenant).unwrap_err();
    assert_eq!(words, "requests to 10.0.0.1 are not allowed: it is no host on the public internet");
}

proptest! {
    #[test]
    fn whatever_is_let_through_is_plain(text in "(https?|HTTP|ftp)?:?/{0,3}[a-z0-9.@:%\\[\\]/\\\\?# x-]{0,30}") {
        let Ok(url) = target::parse(&text) else { return Ok(()) };
        prop_assert!(matches!(url.scheme(), "http" | "https"));
        prop_assert!(url.username().is_empty() && url.password().is_none());
        if Policy::default().route(&url, Trust::Tenant, is_global).is_ok() {
            prop_assert!(matches!(url.port_or_known_default(), Some(80 | 443)));
            prop_assert!(target::ip(&url).is_none_or(is_global));
            prop_assert!(text.to_ascii_lowercase().contains(url.host_str().unwrap()));
        }
    }

    #[test]
    fn an_ipv4_address_passes_in_its_plain_form_alone(bits: u32) {
        let plain = Ipv4Addr::from_bits(bits);
        let [a, b, c, d] = plain.octets();
        prop_assert_eq!(route(&format!("http://{plain}/"), Trust::Tenant).is_ok(), is_global(IpAddr::V4(plain)) && bits != 0x5db8_d822);
        for odd in [
            format!("{bits}"), format!("{bits:#x}"), format!("{bits:#o}").replace('o', ""), format!("{a}.{b}.{}", u32::from(c) << 8 | u32::from(d)),
            format!("{a:#x}.{b}.{c}.{d}"), format!("0{a:o}.{b}.{c}.0{d:o}"), format!("{plain}."), format!("[::{plain}]"), format!("[::ffff:{plain}]"),
            format!("[64:ff9b::{plain}]"),
        ] {
            prop_assert!(route(&format!("http://{odd}/"), Trust::Tenant).is_err(), "{}", odd);
        }
    }

    #[test]
    fn no_ipv6_address_outside_of_global_unicast_passes(bits: u128) {
        let address = Ipv6Addr::from_bits(bits);
        prop_assert!(bits >> 125 == 1 || !is_global(IpAddr::V6(address)));
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC{0,60}") {
        target::parse(&text).ok();
    }
}
