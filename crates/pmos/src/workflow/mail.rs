//! Outgoing mail of workflows, over a server of their own (RFC 5321): connected to through the egress client.

mod message;
mod session;

use async_trait::async_trait;
use message::Message;
use pmos_egress::{Egress, Trust};
use pmos_flow::port::{Mail, MailOut, PortError};
use pmos_flow::value::{Object, Str, Value};
use pmos_kit::{Clock, OsRng, SystemClock};
use session::{Session, Stream};
use std::time::Duration;

/// The ports of mail servers.
const PORTS: &[u16] = &[25, 465, 587, 2525];
/// For all that is said.
const WHOLE: Duration = Duration::from_secs(120);

/// Mail over SMTP.
pub(super) struct Smtp {
    egress: Egress,
}

impl Smtp {
    pub(super) fn new(egress: Egress) -> Self {
        Self { egress }
    }

    async fn deliver(&self, mail: &Mail) -> Result<Value, PortError> {
        let text = |key: &str| {
            mail.server.get(key).filter(|value| !value.is_nullish()).map(Value::to_text).unwrap_or_default()
        };
        let host = text("host");
        if host.is_empty() {
            return Err(PortError::new("The credential of the mail server has no host"));
        }
        if mail.server.get("allowUnauthorizedCerts").is_some_and(Value::is_truthy) {
            return Err(PortError::new(
                "Certificates that nobody vouches for are not accepted here: turn 'Ignore SSL Issues' off",
            ));
        }
        let is_secure = mail.server.get("secure").is_none_or(|secure| secure.as_bool() != Some(false));
        let port = mail.server.get("port").map(Value::to_number).filter(|port| (1.0..=65535.0).contains(port));
        let port = port.map_or(if is_secure { 465 } else { 587 }, |port| port as u16);
        let message = message::write(mail, SystemClock.now(), &OsRng)?;

        let stream = self.egress.connect(&host, port, PORTS, Trust::Tenant).await.map_err(failed)?;
        let login = Some((text("user"), text("password"))).filter(|(user, _)| !user.is_empty());
        let name = Some(text("hostName")).filter(|name| !name.is_empty()).unwrap_or_else(|| "localhost".into());
        if is_secure {
            let stream = self.egress.secure(&host, stream).await.map_err(failed)?;
            return hand_over(Session::greeted(stream, &name).await?, login, message).await;
        }
        let session = Session::greeted(stream, &name).await?;
        let plain_is_wanted = mail.server.get("disableStartTls").is_some_and(Value::is_truthy);
        if !plain_is_wanted && session.can("STARTTLS") {
            let stream = self.egress.secure(&host, session.start_tls().await?).await.map_err(failed)?;
            return hand_over(Session::upgraded(stream, &name).await?, login, message).await;
        }
        if login.is_some() && !plain_is_wanted {
            return Err(PortError::new(format!("{host} offers no TLS, and a password is not sent in the open")));
        }
        hand_over(session, login, message).await
    }
}

/// Signs in, hands the message over, and says what became of it.
async fn hand_over<S: Stream>(
    mut session: Session<S>,
    login: Option<(Str, Str)>,
    message: Message,
) -> Result<Value, PortError> {
    if let Some((user, password)) = login {
        session.sign_in(&user, &password).await?;
    }
    let sent = session.send(&message.from, &message.to, &message.content).await?;
    Ok(Object::from_iter([
        ("accepted", list(&sent.accepted)),
        ("rejected", list(&sent.rejected)),
        ("messageSize", message.content.len().into()),
        ("response", sent.response.into()),
        ("envelope", Object::from_iter([("from", Value::from(message.from)), ("to", list(&message.to))]).into()),
        ("messageId", message.id.into()),
    ])
    .into())
}

fn list(addresses: &[String]) -> Value {
    Value::list(addresses.iter().map(|address| Value::from(address.as_str())))
}

fn failed(failure: pmos_egress::Failure) -> PortError {
    PortError { transient: failure.error().is_retryable(), ..PortError::new(failure.error().public()) }
}

#[async_trait]
impl MailOut for Smtp {
    async fn send(&self, mail: Mail) -> Result<Value, PortError> {
        match tokio::time::timeout(WHOLE, self.deliver(&mail)).await {
            Ok(sent) => sent,
            Err(_) => Err(PortError::new("The mail server did not answer in time")),
        }
    }
}
