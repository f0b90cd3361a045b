//! A mail as it is sent (RFC 5322, RFC 2045 to 2047): seven-bit text, whatever is in it.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use pmos_flow::item::Binary;
use pmos_flow::port::{Mail, PortError};
use pmos_kit::{Millis, Rng};

/// A mail as it is sent.
pub(super) struct Message {
    /// The sender's bare address.
    pub(super) from: String,
    /// The bare addresses of all receivers.
    pub(super) to: Vec<String>,
    /// Its id, with brackets.
    pub(super) id: String,
    /// Head and body.
    pub(super) content: Vec<u8>,
}

/// A mail of more bytes is taken by no server.
const LARGEST: usize = 50 << 20;

/// The message of a mail.
pub(super) fn write(mail: &Mail, now: Millis, chance: &dyn Rng) -> Result<Message, PortError> {
    let from = Address::of(&mail.from)?;
    let all = |list: &[String]| list.iter().map(|one| Address::of(one)).collect::<Result<Vec<_>, _>>();
    let (to, cc, bcc) = (all(&mail.to)?, all(&mail.cc)?, all(&mail.bcc)?);
    if mail.attachments.iter().map(|file| file.data.len()).sum::<usize>() > LARGEST {
        return Err(PortError::new(format!("The files of the mail are larger than {} MiB together", LARGEST >> 20)));
    }
    let domain = from.address.rsplit('@').next().unwrap_or("localhost");
    let id = format!("<{}@{domain}>", random(chance));
    let date = Timestamp::from_millisecond(now)
        .map(|at| at.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string())
        .unwrap_or_default();

    let mut head = format!("From: {}\r\n", from.written());
    for (name, list) in [("To", &to), ("Cc", &cc)] {
        if !list.is_empty() {
            let list: Vec<String> = list.iter().map(Address::written).collect();
            head += &format!("{name}: {}\r\n", list.join(",\r\n "));
        }
    }
    if let Some(reply_to) = &mail.reply_to {
        head += &format!("Reply-To: {}\r\n", Address::of(reply_to)?.written());
    }
    head += &format!("Subject: {}\r\nMessage-ID: {id}\r\nDate: {date}\r\nMIME-Version: 1.0\r\n", words(&mail.subject));
    let content = head + &body(mail, chance);
    let to = to.into_iter().chain(cc).chain(bcc).map(|one| one.address).collect();
    Ok(Message { from: from.address, to, id, content: content.into_bytes() })
}

/// The header lines of the body, and the body.
fn body(mail: &Mail, chance: &dyn Rng) -> String {
    let text = |kind: &str, text: &str| {
        let head = format!("Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n");
        head + &lines(text.as_bytes())
    };
    let readable = match (&mail.text, &mail.html) {
        (Some(plain), Some(html)) => several("alternative", &[text("plain", plain), text("html", html)], chance),
        (None, Some(html)) => text("html", html),
        (plain, None) => text("plain", plain.as_deref().unwrap_or_default()),
    };
    if mail.attachments.is_empty() {
        return readable;
    }
    let parts: Vec<String> = std::iter::once(readable).chain(mail.attachments.iter().map(attachment)).collect();
    several("mixed", &parts, chance)
}

fn several(kind: &str, parts: &[String], chance: &dyn Rng) -> String {
    let boundary = format!("--={}", random(chance));
    let mut body = format!("Content-Type: multipart/{kind};\r\n boundary=\"{boundary}\"\r\n\r\n");
    for part in parts {
        body += &format!("--{boundary}\r\n{part}\r\n");
    }
    body + &format!("--{boundary}--\r\n")
}

fn attachment(file: &Binary) -> String {
    let name = words(file.file_name.as_deref().unwrap_or("file")).replace('"', "");
    let kind: String = file.mime_type.chars().filter(|c| c.is_ascii_graphic() && *c != ';').collect();
    let kind = if kind.contains('/') { kind } else { "application/octet-stream".to_owned() };
    format!(
        "Content-Type: {kind}; name=\"{name}\"\r\nContent-Disposition: attachment; filename=\"{name}\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
        lines(&file.data)
    )
}

/// Base64 in lines of 76 characters.
fn lines(bytes: &[u8]) -> String {
    let encoded = BASE64_STANDARD.encode(bytes);
    let mut text = String::with_capacity(encoded.len() + encoded.len() / 38 + 2);
    for (at, c) in encoded.chars().enumerate() {
        if at > 0 && at % 76 == 0 {
            text.push_str("\r\n");
        }
        text.push(c);
    }
    text + "\r\n"
}

/// Text of a header: as it is where it is plain, else in encoded words of at most 75 characters (RFC 2047). Line breaks
/// become blanks, so that no text makes a header of its own.
fn words(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.is_ascii() && text.len() < 900 {
        return text;
    }
    let mut encoded: Vec<String> = Vec::new();
    let mut part = String::new();
    for c in text.chars() {
        if part.len() + c.len_utf8() > 45 {
            encoded.push(std::mem::take(&mut part));
        }
        part.push(c);
    }
    encoded.push(part);
    let encoded: Vec<String> =
        encoded.iter().map(|part| format!("=?UTF-8?B?{}?=", BASE64_STANDARD.encode(part))).collect();
    encoded.join("\r\n ")
}

fn random(chance: &dyn Rng) -> String {
    let mut bytes = [0; 16];
    chance.fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `Ann <ann@example.com>`
struct Address {
    name: String,
    address: String,
}

impl Address {
    fn of(text: &str) -> Result<Self, PortError> {
        let (name, address) = match text.trim().strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
            Some((name, address)) => (name.trim().trim_matches('"').to_owned(), address.trim()),
            None => (String::new(), text.trim()),
        };
        let is_plain =
            address.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>' | ',' | ';' | '"' | '\\'));
        let has_parts =
            address.rsplit_once('@').is_some_and(|(person, domain)| !person.is_empty() && !domain.is_empty());
        if !is_plain || !has_parts {
            return Err(PortError::new(format!("'{text}' is no mail address")));
        }
        Ok(Self { name, address: address.to_owned() })
    }

    fn written(&self) -> String {
        if self.name.is_empty() {
            return self.address.clone();
        }
        let name = words(&self.name);
        let name = if name.starts_with("=?") { name } else { format!("\"{}\"", name.replace(['"', '\\'], "")) };
        format!("{name} <{}>", self.address)
    }
}

#[cfg(test)]
mod tests {
    use super::write;
    use pmos_flow::item::Binary;
    use pmos_flow::port::Mail;
    use pmos_kit::OsRng;

    fn mail() -> Mail {
        Mail {
            from: "Änne <anne@example.com>".into(),
            to: vec!["b@example.com".into()],
            bcc: vec!["hidden@example.com".into()],
            subject: "Hi\r\nBcc: evil@example.com".into(),
            text: Some("text".into()),
            html: Some("<b>text</b>".into()),
            ..Mail::default()
        }
    }

    #[test]
    fn a_message_names_who_may_be_named() {
        let message = write(&mail(), 0, &OsRng).unwrap();
        let text = String::from_utf8(message.content).unwrap();
        assert_eq!(
            (message.from.as_str(), message.to),
            ("anne@example.com", vec!["b@example.com".to_owned(), "hidden@example.com".to_owned()])
        );
        assert!(text.starts_with("From: =?UTF-8?B?w4RubmU=?= <anne@example.com>\r\nTo: b@example.com\r\nSubject: Hi  Bcc: evil@example.com\r\n"), "{text}");
        assert!(text.contains("Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n") && text.contains("multipart/alternative"));
        assert!(!text.contains("hidden") && text.is_ascii());
    }

    #[test]
    fn files_are_attached() {
        let file = Binary {
            data: vec![0; 100].into(),
            mime_type: "image/png".into(),
            file_name: Some("a\"b.png".into()),
            ..Binary::default()
        };
        let message = write(&Mail { attachments: vec![file], ..mail() }, 0, &OsRng).unwrap();
        let text = String::from_utf8(message.content).unwrap();
        assert!(text.contains("multipart/mixed") && text.contains("filename=\"ab.png\""), "{text}");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for address in ["", "nobody", "a@b>\r\nRCPT TO:<c@d", "a b@c.org", "@c.org", "a@"] {
            assert!(write(&Mail { to: vec![address.into()], ..mail() }, 0, &OsRng).is_err(), "{address}");
        }
    }
}
