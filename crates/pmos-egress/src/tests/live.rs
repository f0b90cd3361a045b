//! The client against real sockets. 127.0.0.1 plays the public internet, all other addresses are private.

use super::server::{Server, ok, redirect};
use crate::names::Lookup;
use crate::{Egress, Failure, Fault, HostPort, Policy, Request, Response, Timeouts, Trust};
use bytes::Bytes;
use pmos_kit::Error;
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

/// A name server: each name has answers, one after the other; the last one stays.
fn names(table: &[(&str, &[&str])]) -> Lookup {
    let parse = |answer: &&str| answer.split_whitespace().map(|ip| SocketAddr::new(ip.parse().unwrap(), 0)).collect();
    let table = table.iter().map(|(name, answers)| ((*name).to_owned(), answers.iter().map(parse).collect()));
    let table: Arc<Mutex<HashMap<String, Vec<Vec<SocketAddr>>>>> = Arc::new(Mutex::new(table.collect()));
    Arc::new(move |name| {
        let mut table = table.lock().unwrap();
        let found = table.get_mut(&name).map(|left| if left.len() > 1 { left.remove(0) } else { left[0].clone() });
        Box::pin(async move { found.ok_or_else(|| io::ErrorKind::NotFound.into()) })
    })
}

fn is_public(address: IpAddr) -> bool {
    address == IpAddr::from([127, 0, 0, 1])
}

fn egress(policy: Policy, table: &[(&str, &[&str])]) -> Egress {
    Egress::with(policy, names(table), is_public).unwrap()
}

/// A policy under which tenants may use these names and ports.
fn listing(hosts: &[String]) -> Policy {
    Policy { tenant_hosts: hosts.iter().map(|host| host.parse().unwrap()).collect(), ..Policy::default() }
}

fn get(url: String, trust: Trust) -> Request {
    Request { trust, ..Request::new(Method::GET, url) }
}

async fn text(sent: Result<Response, Failure>) -> String {
    String::from_utf8(sent.unwrap().bytes().await.unwrap().to_vec()).unwrap()
}

fn fault<T: std::fmt::Debug>(sent: Result<T, Failure>) -> Fault {
    sent.unwrap_err().fault()
}

#[tokio::test]
async fn a_connection_serves_many_requests() {
    let server = Server::start("127.0.0.1:0", |_| ok("hello")).await;
    let egress = egress(Policy::default(), &[("a.test", &["127.0.0.1"])]);
    for _ in 0..20 {
        let sent = egress.send(get(format!("http://a.test:{}/", server.at.port()), Trust::Operator)).await;
        assert_eq!(text(sent).await, "hello");
    }
    assert_eq!((server.connections(), server.requests().len()), (1, 20));
}

#[tokio::test]
async fn a_name_with_one_private_address_is_not_connected_at_all() {
    let public = Server::start("127.0.0.1:0", |_| ok("public")).await;
    let private = Server::start(&format!("127.0.0.2:{}", public.at.port()), |_| ok("private")).await;
    let egress =
        egress(Policy::default(), &[("both.test", &["127.0.0.1 127.0.0.2"]), ("private.test", &["127.0.0.2"])]);
    let mut words = Vec::new();
    for name in ["both.test", "private.test", "missing.test"] {
        let failure =
            egress.send(get(format!("http://{name}:{}/", public.at.port()), Trust::Operator)).await.unwrap_err();
        assert_eq!(failure.fault(), Fault::Refused, "{name}");
        words.push(Error::from(failure).public().replace(name, "NAME"));
    }
    assert_eq!((public.connections(), private.connections()), (0, 0));
    words.dedup();
    assert_eq!(words.len(), 1, "a private name and a missing one answer alike");
}

/// The name server first gives a public address, then a private one. Each connection is checked with its own answer.
#[tokio::test]
async fn rebinding_gains_nothing() {
    let public =
        Server::start("127.0.0.1:0", |_| ok("public").replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n")).await;
    let private = Server::start(&format!("127.0.0.2:{}", public.at.port()), |_| ok("private")).await;
    let egress = egress(Policy::default(), &[("rebind.test", &["127.0.0.1", "127.0.0.2"])]);
    let url = format!("http://rebind.test:{}/", public.at.port());
    assert_eq!(text(egress.send(get(url.clone(), Trust::Operator)).await).await, "public");
    assert_eq!(fault(egress.send(get(url, Trust::Operator)).await), Fault::Refused);
    assert_eq!((public.connections(), private.connections()), (1, 0));
}

#[tokio::test]
async fn redirects_to_private_hosts_are_refused() {
    let private = Server::start("127.0.0.2:0", |_| ok("private")).await;
    let port = private.at.port();
    let mut targets = vec![
        format!("http://127.0.0.2:{port}/"),
        format!("http://private.test:{port}/"),
        format!("//127.0.0.2:{port}/"),
    ];
    targets.extend(
        [
            "http://private.test/",
            "http://2130706434/",
            "file:///etc/passwd",
            "http://u:p@example.com/",
            "http://[::1]/",
        ]
        .map(String::from),
    );
    for to in targets {
        let answer = redirect(302, &to);
        let public = Server::start("127.0.0.1:0", move |_| answer.clone()).await;
        let egress = egress(Policy::default(), &[("a.test", &["127.0.0.1"]), ("private.test", &["127.0.0.2"])]);
        let failure =
            egress.send(get(format!("http://a.test:{}/", public.at.port()), Trust::Operator)).await.unwrap_err();
        assert_eq!(failure.fault(), Fault::Refused, "{to}");
    }
    assert_eq!(private.connections(), 0);
}

/// The operator trusts a URL, not what the server behind it says: its redirect has a tenant's rights.
#[tokio::test]
async fn a_redirect_does_not_inherit_the_operators_trust() {
    let ollama = Server::start("127.0.0.2:0", |_| ok("models")).await;
    let to = format!("http://{}/api", ollama.at);
    let answer = redirect(307, &to);
    let public = Server::start("127.0.0.1:0", move |_| answer.clone()).await;
    let listed: HostPort = ollama.at.to_string().parse().unwrap();
    let egress = egress(Policy { operator_hosts: vec![listed], ..Policy::default() }, &[("a.test", &["127.0.0.1"])]);
    let url = format!("http://a.test:{}/", public.at.port());
    assert_eq!(fault(egress.send(get(url, Trust::Operator)).await), Fault::Refused);
    assert_eq!(
        text(egress.send(get(to, Trust::Operator)).await).await,
        "models",
        "asked for by the operator it is reached"
    );
    assert_eq!(ollama.connections(), 1);
}

#[tokio::test]
async fn five_redirects_are_followed_and_no_more() {
    let server = Server::start("127.0.0.1:0", |request| {
        let hop: u32 = request.split(['/', ' ']).nth(2).unwrap().parse().unwrap();
        if hop == 0 { ok("there") } else { redirect(302, &format!("/{}", hop - 1)) }
    })
    .await;
    let host = format!("a.test:{}", server.at.port());
    let egress = egress(listing(std::slice::from_ref(&host)), &[("a.test", &["127.0.0.1"])]);
    let sent = egress.send(get(format!("http://{host}/5"), Trust::Tenant)).await.unwrap();
    assert_eq!(sent.url().path(), "/0");
    assert_eq!(text(Ok(sent)).await, "there");
    assert_eq!(fault(egress.send(get(format!("http://{host}/6"), Trust::Tenant)).await), Fault::Redirects);
    assert_eq!(server.requests().len(), 12);
    let unfollowed = Request { redirects: 0, ..get(format!("http://{host}/1"), Trust::Tenant) };
    assert_eq!(egress.send(unfollowed).await.unwrap().status(), 302);
}

#[tokio::test]
async fn credentials_stay_with_their_origin() {
    let other = Server::start("127.0.0.1:0", |_| ok("")).await;
    let (there, here) = (redirect(307, &format!("http://b.test:{}/", other.at.port())), redirect(307, "/again"));
    let first = Server::start(
        "127.0.0.1:0",
        move |request| if request.contains("/again") { there.clone() } else { here.clone() },
    )
    .await;
    let hosts = [format!("a.test:{}", first.at.port()), format!("b.test:{}", other.at.port())];
    let egress = egress(listing(&hosts), &[("a.test", &["127.0.0.1"]), ("b.test", &["127.0.0.1"])]);
    let mut request = get(format!("http://{}/", hosts[0]), Trust::Tenant);
    request.method = Method::POST;
    request.body = Bytes::from_static(b"payload");
    request.headers = ["authorization", "cookie", "x-api-key", "accept", "content-type", "proxy-authorization", "host"]
        .into_iter()
        .map(|name| (HeaderName::from_static(name), HeaderValue::from_static("canary/1")))
        .collect::<HeaderMap>();
    assert_eq!(egress.send(request).await.unwrap().status(), 200);
    let count = |request: &String| request.matches("canary/1").count();
    assert_eq!(first.requests().iter().map(count).collect::<Vec<_>>(), [5, 5], "all but those of the connection");
    assert_eq!(other.requests().iter().map(count).collect::<Vec<_>>(), [2], "accept and content-type");
    assert!(other.requests()[0].ends_with("payload"), "307 keeps method and body");
    assert!(first.requests()[0].contains(&format!("host: {}", hosts[0])));
}

#[tokio::test]
async fn a_303_turns_a_post_into_a_get() {
    let server =
        Server::start(
            "127.0.0.1:0",
            |request| if request.starts_with("POST") { redirect(303, "/done") } else { ok("done") },
        )
        .await;
    let host = format!("a.test:{}", server.at.port());
    let egress = egress(listing(std::slice::from_ref(&host)), &[("a.test", &["127.0.0.1"])]);
    let request = Request { body: Bytes::from_static(b"x=1"), ..Request::new(Method::POST, format!("http://{host}/")) };
    assert_eq!(text(egress.send(request).await).await, "done");
    assert!(server.requests()[1].starts_with("GET /done ") && !server.requests()[1].contains("x=1"));
}

#[tokio::test]
async fn silence_ends_in_time() {
    let server = Server::start("127.0.0.1:0", |request| {
        let head = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nbeginning";
        if request.contains("/stall") { head.into() } else { String::new() }
    })
    .await;
    let egress = egress(Policy::default(), &[("a.test", &["127.0.0.1"])]);
    let short = Duration::from_millis(80);
    let long = Duration::from_secs(20);
    let ask = |path: &str, timeouts| Request {
        timeouts,
        ..get(format!("http://a.test:{}{path}", server.at.port()), Trust::Operator)
    };

    let waits = Timeouts { first_byte: short, idle: long, total: long };
    assert_eq!(fault(egress.send(ask("/", waits)).await), Fault::Timeout);
    let waits = Timeouts { first_byte: long, idle: short, total: long };
    assert_eq!(fault(egress.send(ask("/stall", waits)).await.unwrap().bytes().await), Fault::Timeout);
    let waits = Timeouts { first_byte: long, idle: long, total: short };
    assert_eq!(fault(egress.send(ask("/", waits)).await), Fault::Timeout);
    assert_eq!(fault(egress.send(ask("/stall", waits)).await.unwrap().bytes().await), Fault::Timeout);
}

#[tokio::test]
async fn no_answer_is_larger_than_allowed() {
    let server = Server::start("127.0.0.1:0", |request| {
        if request.contains("/said") {
            return ok(&"x".repeat(11));
        }
        format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{}0\r\n\r\n", "5\r\nxxxxx\r\n".repeat(3))
    })
    .await;
    let egress = egress(Policy::default(), &[("a.test", &["127.0.0.1"])]);
    let ask = |path: &str, max_bytes| Request {
        max_bytes,
        ..get(format!("http://a.test:{}{path}", server.at.port()), Trust::Operator)
    };
    assert_eq!(fault(egress.send(ask("/said", 10)).await), Fault::TooLarge);
    assert_eq!(fault(egress.send(ask("/unsaid", 14)).await.unwrap().bytes().await), Fault::TooLarge);
    assert_eq!(text(egress.send(ask("/unsaid", 15)).await).await, "x".repeat(15));
}

#[tokio::test]
async fn no_error_names_an_address_that_the_caller_did_not() {
    let closed = Server::start("127.0.0.1:0", |_| "garbage\r\n\r\nconnection: close".into()).await;
    let egress = egress(Policy::default(), &[("a.test", &["127.0.0.1"]), ("p.test", &["127.0.0.2"])]);
    let urls = [
        format!("http://a.test:{}/", closed.at.port()),
        "http://a.test:1/".into(),
        "http://p.test:1/".into(),
        "https://a.test:1/".into(),
    ];
    for url in urls {
        let error = Error::from(egress.send(get(url.clone(), Trust::Operator)).await.unwrap_err());
        assert!(!error.public().contains("127.0"), "{url}: {error}");
    }
}

/// The server's own address, found out under another name.
#[tokio::test]
async fn a_name_that_leads_back_to_us_is_refused() {
    let own = Server::start("127.0.0.1:0", |_| ok("admin")).await;
    let policy = Policy { own_hosts: vec!["127.0.0.1".into()], ..Policy::default() };
    let egress = egress(policy, &[("a.test", &["127.0.0.1"])]);
    assert_eq!(
        fault(egress.send(get(format!("http://a.test:{}/", own.at.port()), Trust::Operator)).await),
        Fault::Refused
    );
    assert_eq!(own.connections(), 0);
}

/// A bare connection is checked as a request is: what is private is reached only where it is listed.
#[tokio::test]
async fn bare_connections_pass_the_same_checks() {
    let server = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = server.local_addr().unwrap().port();
    let listed =
        egress(listing(&[format!("127.0.0.1:{port}"), format!("mail.test:{port}")]), &[("mail.test", &["127.0.0.1"])]);
    assert!(listed.connect("127.0.0.1", port, &[], Trust::Tenant).await.is_ok());
    assert!(listed.connect("mail.test", port, &[], Trust::Tenant).await.is_ok());
    let closed = egress(Policy::default(), &[("mail.test", &["10.0.0.1"])]);
    for host in ["10.1.2.3", "::1", "localhost", "mail.test", "169.254.169.254"] {
        assert_eq!(fault(closed.connect(host, 25, &[25], Trust::Tenant).await), Fault::Refused, "{host}");
    }
    assert_eq!(fault(closed.connect("127.0.0.1", 22, &[25], Trust::Tenant).await), Fault::Refused, "another port");
}
