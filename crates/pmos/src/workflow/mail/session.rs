//! A talk with a mail server (RFC 5321, RFC 3207, RFC 4954).

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use pmos_flow::port::PortError;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// What a talk goes over.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// No server says more in one answer.
const LONGEST_ANSWER: usize = 64 << 10;

/// A talk with a mail server that has been greeted.
pub(super) struct Session<S> {
    stream: S,
    unread: Vec<u8>,
    /// What the server says that it can, such as `STARTTLS`.
    abilities: Vec<String>,
}

/// What became of a message.
pub(super) struct Sent {
    pub(super) accepted: Vec<String>,
    pub(super) rejected: Vec<String>,
    pub(super) response: String,
}

struct Answer {
    code: u16,
    lines: Vec<String>,
}

impl Answer {
    fn is_good(&self) -> bool {
        (200..400).contains(&self.code)
    }

    fn words(&self) -> String {
        format!("{} {}", self.code, self.lines.join(" "))
    }
}

fn refused(what: &str, answer: &Answer) -> PortError {
    // 4xx means not now, 5xx never (RFC 5321, 4.2.1).
    PortError { transient: (400..500).contains(&answer.code), ..PortError::new(format!("{what}: {}", answer.words())) }
}

fn broken(cause: std::io::Error) -> PortError {
    PortError {
        transient: true,
        ..PortError::new(format!("The connection to the mail server broke: {}", cause.kind()))
    }
}

impl<S: Stream> Session<S> {
    /// Waits for the server's greeting and greets back as `name`.
    pub(super) async fn greeted(stream: S, name: &str) -> Result<Self, PortError> {
        let mut session = Self { stream, unread: Vec::new(), abilities: Vec::new() };
        let greeting = session.answer().await?;
        if !greeting.is_good() {
            return Err(refused("The mail server takes no mail", &greeting));
        }
        session.hello(name).await?;
        Ok(session)
    }

    /// Greets anew, over a connection that has become a secure one.
    pub(super) async fn upgraded(stream: S, name: &str) -> Result<Self, PortError> {
        let mut session = Self { stream, unread: Vec::new(), abilities: Vec::new() };
        session.hello(name).await?;
        Ok(session)
    }

    async fn hello(&mut self, name: &str) -> Result<(), PortError> {
        let mut answer = self.ask(&format!("EHLO {name}")).await?;
        if !answer.is_good() {
            answer = self.ask(&format!("HELO {name}")).await?;
        }
        if !answer.is_good() {
            return Err(refused("The mail server does not greet back", &answer));
        }
        self.abilities = answer.lines.iter().skip(1).map(|line| line.to_ascii_uppercase()).collect();
        Ok(())
    }

    /// Can the server do this?
    pub(super) fn can(&self, ability: &str) -> bool {
        self.abilities.iter().any(|own| own.split(' ').next() == Some(ability))
    }

    /// Asks for TLS and gives the connection, on which it is to begin.
    pub(super) async fn start_tls(mut self) -> Result<S, PortError> {
        let answer = self.ask("STARTTLS").await?;
        if !answer.is_good() {
            return Err(refused("The mail server refuses TLS", &answer));
        }
        // What came in the open after that would be taken for an answer within TLS.
        if !self.unread.is_empty() {
            return Err(PortError::new("The mail server spoke before TLS had begun"));
        }
        Ok(self.stream)
    }

    pub(super) async fn sign_in(&mut self, user: &str, password: &str) -> Result<(), PortError> {
        let ways: Vec<&str> = self
            .abilities
            .iter()
            .filter_map(|own| own.strip_prefix("AUTH"))
            .flat_map(|ways| ways.split([' ', '=']))
            .collect();
        let answer = if ways.contains(&"PLAIN") || !ways.contains(&"LOGIN") {
            let token = BASE64_STANDARD.encode(format!("\0{user}\0{password}"));
            self.ask(&format!("AUTH PLAIN {token}")).await?
        } else {
            self.ask("AUTH LOGIN").await?;
            self.ask(&BASE64_STANDARD.encode(user)).await?;
            self.ask(&BASE64_STANDARD.encode(password)).await?
        };
        if answer.is_good() { Ok(()) } else { Err(refused("Invalid login", &answer)) }
    }

    /// Hands a message over, for those of `to` that the server takes.
    pub(super) async fn send(&mut self, from: &str, to: &[String], content: &[u8]) -> Result<Sent, PortError> {
        let answer = self.ask(&format!("MAIL FROM:<{from}>")).await?;
        if !answer.is_good() {
            return Err(refused("Mail command failed", &answer));
        }
        let (mut accepted, mut rejected, mut last) = (Vec::new(), Vec::new(), None);
        for address in to {
            let answer = self.ask(&format!("RCPT TO:<{address}>")).await?;
            if answer.is_good() {
                accepted.push(address.clone());
            } else {
                rejected.push(address.clone());
                last = Some(answer);
            }
        }
        if let (true, Some(answer)) = (accepted.is_empty(), last) {
            return Err(refused("Can't send mail - all recipients were rejected", &answer));
        }
        let answer = self.ask("DATA").await?;
        if !answer.is_good() {
            return Err(refused("Data command failed", &answer));
        }
        let mut stuffed = Vec::with_capacity(content.len() + 64);
        for line in content.split_inclusive(|byte| *byte == b'\n') {
            if line.first() == Some(&b'.') {
                stuffed.push(b'.');
            }
            stuffed.extend_from_slice(line);
        }
        if !stuffed.ends_with(b"\r\n") {
            stuffed.extend_from_slice(b"\r\n");
        }
        stuffed.extend_from_slice(b".\r\n");
        self.stream.write_all(&stuffed).await.map_err(broken)?;
        self.stream.flush().await.map_err(broken)?;
        let answer = self.answer().await?;
        if !answer.is_good() {
            return Err(refused("Message failed", &answer));
        }
        // The message is taken: whether the farewell arrives changes nothing.
        let _ = self.stream.write_all(b"QUIT\r\n").await;
        let _ = self.stream.shutdown().await;
        Ok(Sent { accepted, rejected, response: answer.words() })
    }

    async fn ask(&mut self, line: &str) -> Result<Answer, PortError> {
        if line.contains(['\r', '\n']) {
            return Err(PortError::new("A line break within a command of mail"));
        }
        self.stream.write_all(format!("{line}\r\n").as_bytes()).await.map_err(broken)?;
        self.stream.flush().await.map_err(broken)?;
        self.answer().await
    }

    async fn answer(&mut self) -> Result<Answer, PortError> {
        let odd = || PortError::new("The mail server says something that is no answer");
        let (mut lines, mut size) = (Vec::new(), 0);
        loop {
            let line = self.line().await?;
            size += line.len();
            if size > LONGEST_ANSWER {
                return Err(odd());
            }
            let code: u16 = line.get(..3).and_then(|code| code.parse().ok()).ok_or_else(odd)?;
            lines.push(line.get(4..).unwrap_or_default().to_owned());
            if line.as_bytes().get(3) != Some(&b'-') {
                return Ok(Answer { code, lines });
            }
        }
    }

    async fn line(&mut self) -> Result<String, PortError> {
        loop {
            if let Some(end) = self.unread.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.unread.drain(..=end).collect();
                return Ok(String::from_utf8_lossy(&line).trim_end().to_owned());
            }
            let mut buffer = [0; 4096];
            let count = self.stream.read(&mut buffer).await.map_err(broken)?;
            if count == 0 || self.unread.len() > LONGEST_ANSWER {
                return Err(broken(std::io::ErrorKind::UnexpectedEof.into()));
            }
            self.unread.extend_from_slice(&buffer[..count]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Session;
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

    /// A server that answers each line by the table, and gives all that it was told.
    async fn server(stream: tokio::io::DuplexStream, table: &[(&str, &str)]) -> String {
        let (read, mut write) = tokio::io::split(stream);
        let (mut lines, mut said, mut in_data) = (BufReader::new(read).lines(), String::new(), false);
        write.write_all(b"220 hello\r\n").await.unwrap();
        while let Ok(Some(line)) = lines.next_line().await {
            said += &line;
            said.push('\n');
            let answer = match (in_data, line.as_str()) {
                (true, ".") => "250 taken",
                (true, _) => continue,
                (false, line) => {
                    table.iter().find(|(start, _)| line.starts_with(start)).map_or("250 ok", |(_, answer)| answer)
                }
            };
            in_data = answer.starts_with("354");
            // Nobody waits for the answer to the farewell.
            if write.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
                break;
            }
        }
        said
    }

    #[tokio::test]
    async fn a_message_is_handed_over() {
        let (ours, theirs) = tokio::io::duplex(1 << 16);
        let table = [
            ("EHLO", "250-mail.test\r\n250-AUTH PLAIN LOGIN\r\n250 STARTTLS"),
            ("AUTH", "235 in"),
            ("RCPT TO:<no@", "550 nobody"),
            ("DATA", "354 go on"),
        ];
        let talk = async {
            let mut session = Session::greeted(ours, "here").await.unwrap();
            assert!(session.can("STARTTLS") && !session.can("SIZE"));
            session.sign_in("u", "p").await.unwrap();
            session
                .send("a@x.org", &["b@x.org".into(), "no@x.org".into()], b"Subject: x\r\n\r\n.dot\r\n")
                .await
                .unwrap()
        };
        let (sent, said) = tokio::join!(talk, server(theirs, &table));
        assert_eq!(
            (sent.accepted, sent.rejected, sent.response),
            (vec!["b@x.org".to_owned()], vec!["no@x.org".to_owned()], "250 taken".to_owned())
        );
        assert!(said.contains("AUTH PLAIN AHUAcA==") && said.contains("\n..dot\n.\n"), "{said}");
    }

    #[tokio::test]
    async fn a_command_holds_no_second_one() {
        let (ours, theirs) = tokio::io::duplex(1 << 16);
        let talk = async {
            let mut session = Session::greeted(ours, "here").await.unwrap();
            session.send("a@x.org>\r\nRCPT TO:<evil@x.org", &[], b"").await.is_err()
        };
        let (failed, said) = tokio::join!(talk, server(theirs, &[]));
        assert!(failed && !said.contains("evil"), "{said}");
    }
}
