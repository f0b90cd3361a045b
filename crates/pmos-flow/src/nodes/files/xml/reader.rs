//! A strict reader of XML that gives one event after another. Errors name the place as sax-js does, because n8n shows them.
//!
//! No document type is obeyed and no entity is expanded but the named characters of HTML: a document can only say as much
//! as it is long.

use super::DEEPEST;
use crate::node::NodeError;
use html5ever::data::NAMED_ENTITIES;
use std::borrow::Cow;

/// What comes next in a document.
#[derive(Debug, PartialEq)]
pub(in crate::nodes::files) enum Event<'a> {
    /// An element begins. One that is empty is followed by its end all the same.
    Open(Tag<'a>),
    /// The element of this name ends.
    Close(&'a str),
    /// Text, maybe not all of it.
    Text(Cow<'a, str>),
    /// Text that stood in a CDATA section.
    CData(&'a str),
}

/// The beginning of an element.
#[derive(Debug, PartialEq)]
pub(in crate::nodes::files) struct Tag<'a> {
    /// Its name with its prefix.
    pub(in crate::nodes::files) name: &'a str,
    /// Its attributes in order; of several with one name, the first.
    pub(in crate::nodes::files) attributes: Vec<(&'a str, Cow<'a, str>)>,
}

impl Tag<'_> {
    /// The value of the attribute of this name, whatever its prefix.
    pub(in crate::nodes::files) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| local_name(own) == name).map(|(_, value)| &**value)
    }
}

/// A name without its prefix.
pub(in crate::nodes::files) fn local_name(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// Reads a document.
pub(in crate::nodes::files) struct Reader<'a> {
    text: &'a str,
    at: usize,
    open: Vec<&'a str>,
    /// Was anything read yet, beside white space?
    begun: bool,
    /// The last tag was empty: its end comes next.
    closing: bool,
    ended: bool,
}

impl<'a> Reader<'a> {
    /// A reader at the beginning of a document.
    pub(in crate::nodes::files) fn new(text: &'a str) -> Self {
        let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Self { text, at, open: Vec::new(), begun: false, closing: false, ended: false }
    }

    /// The next event; nothing behind the end of the outermost element, whatever else stands there.
    pub(in crate::nodes::files) fn next(&mut self) -> Result<Option<Event<'a>>, NodeError> {
        if self.closing {
            self.closing = false;
            return Ok(Some(self.close()));
        }
        loop {
            if self.ended {
                return Ok(None);
            }
            let rest = &self.text[self.at..];
            let Some(first) = rest.chars().next() else {
                return if self.open.is_empty() { Ok(None) } else { Err(self.error("Unclosed root tag")) };
            };
            if first != '<' {
                if let Some(text) = self.read_text(first)? {
                    return Ok(Some(Event::Text(text)));
                }
                continue;
            }
            self.begun = true;
            if let Some(cdata) = rest.get(..9).filter(|head| head.eq_ignore_ascii_case("<![CDATA[")) {
                let content = self.until(cdata.len(), "]]>")?;
                return Ok(Some(Event::CData(content)));
            }
            if rest.starts_with("<!--") {
                let content = self.until(4, "--")?;
                if !self.text[self.at..].starts_with('>') {
                    return Err(self.error(if content.len() + self.at < self.text.len() {
                        "Malformed comment"
                    } else {
                        "Unexpected end"
                    }));
                }
                self.at += 1;
            } else if rest.starts_with("<?") {
                self.until(2, "?>")?;
            } else if rest.starts_with("<!") {
                self.skip_declaration()?;
            } else {
                return self.read_tag().map(Some);
            }
        }
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    /// The text from so many bytes on up to `end`, behind which reading goes on.
    fn until(&mut self, skip: usize, end: &str) -> Result<&'a str, NodeError> {
        let from = self.at + skip;
        match self.text[from..].find(end) {
            Some(length) => {
                self.at = from + length + end.len();
                Ok(&self.text[from..from + length])
            }
            None => {
                self.at = self.text.len();
                Err(self.error(if self.open.is_empty() { "Unexpected end" } else { "Unclosed root tag" }))
            }
        }
    }

    fn read_text(&mut self, first: char) -> Result<Option<Cow<'a, str>>, NodeError> {
        if self.open.is_empty() {
            if !is_space(first) {
                return Err(self.error(if self.begun {
                    "Text data outside of root node."
                } else {
                    "Non-whitespace before first tag."
                }));
            }
            self.at += first.len_utf8();
            return Ok(None);
        }
        if first == '&' {
            return self.read_entity().map(|c| Some(c.into()));
        }
        let rest = &self.text[self.at..];
        let length = rest.find(['<', '&']).unwrap_or(rest.len());
        self.at += length;
        Ok(Some(rest[..length].into()))
    }

    fn read_entity(&mut self) -> Result<String, NodeError> {
        let from = self.at + 1;
        self.at = from;
        while let Some(c) = self.peek() {
            let first = self.at == from;
            if c == ';' {
                let name = &self.text[from..self.at];
                let text = entity(name).ok_or_else(|| self.error("Invalid character entity"))?;
                self.at += 1;
                return Ok(text);
            }
            if !(is_name(c, first) || c == '#' || (!first && c.is_ascii_digit())) {
                return Err(self.error("Invalid character in entity name"));
            }
            self.at += c.len_utf8();
        }
        Err(self.error("Unclosed root tag"))
    }

    /// Skips `<!…>` with its quotes and, of a document type, what stands in its brackets.
    fn skip_declaration(&mut self) -> Result<(), NodeError> {
        let (mut quote, mut depth) = (None, 0_usize);
        for (offset, c) in self.text[self.at..].char_indices() {
            match (quote, c) {
                (Some(own), c) if own == c => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'') => quote = Some(c),
                (None, '[' | '<') => depth += 1,
                (None, ']') => depth = depth.saturating_sub(1),
                (None, '>') => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        self.at += offset + 1;
                        return Ok(());
                    }
                }
                _ => {}
            }
        }
        self.at = self.text.len();
        Err(self.error("Unexpected end"))
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(is_space) {
            self.at += 1;
        }
    }

    fn read_name(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let length = rest.char_indices().find(|(at, c)| !is_name(*c, *at == 0)).map_or(rest.len(), |(at, _)| at);
        self.at += length;
        &rest[..length]
    }

    fn read_tag(&mut self) -> Result<Event<'a>, NodeError> {
        self.at += 1;
        self.skip_space();
        if self.peek() == Some('/') {
            self.at += 1;
            return self.read_end();
        }
        let name = self.read_name();
        if name.is_empty() {
            return Err(self.unexpected("Unencoded <"));
        }
        if self.open.len() >= DEEPEST {
            return Err(NodeError::new("The XML is nested too deeply"));
        }
        self.open.push(name);
        let mut attributes: Vec<(&'a str, Cow<'a, str>)> = Vec::new();
        if !self.peek().is_none_or(|c| is_space(c) || c == '>' || c == '/') {
            return Err(self.error("Invalid character in tag name"));
        }
        loop {
            self.skip_space();
            match self.peek() {
                Some('>') => {
                    self.at += 1;
                    return Ok(Event::Open(Tag { name, attributes }));
                }
                Some('/') => {
                    self.at += 1;
                    if self.peek() != Some('>') {
                        return Err(self.unexpected("Forward-slash in opening tag not followed by >"));
                    }
                    self.at += 1;
                    self.closing = true;
                    return Ok(Event::Open(Tag { name, attributes }));
                }
                _ => {
                    let (key, value) = self.read_attribute()?;
                    if !attributes.iter().any(|(own, _)| *own == key) {
                        attributes.push((key, value));
                    }
                }
            }
        }
    }

    fn read_attribute(&mut self) -> Result<(&'a str, Cow<'a, str>), NodeError> {
        let key = self.read_name();
        if key.is_empty() {
            return Err(self.unexpected("Invalid attribute name"));
        }
        let spaced = self.peek().is_some_and(is_space);
        self.skip_space();
        match self.peek() {
            Some('=') => self.at += 1,
            Some(c) if !spaced && c != '>' => return Err(self.error("Invalid attribute name")),
            _ => return Err(self.unexpected("Attribute without value")),
        }
        self.skip_space();
        let quote = match self.peek() {
            Some(quote @ ('"' | '\'')) => quote,
            _ => return Err(self.unexpected("Unquoted attribute value")),
        };
        self.at += 1;
        let mut value = Cow::Borrowed("");
        loop {
            let rest = &self.text[self.at..];
            let Some(length) = rest.find([quote, '&']) else {
                self.at = self.text.len();
                return Err(self.unexpected(""));
            };
            value += &rest[..length];
            self.at += length;
            if rest[length..].starts_with('&') {
                value += Cow::Owned(self.read_entity()?);
                continue;
            }
            self.at += 1;
            return match self.peek() {
                Some(c) if is_name(c, true) => Err(self.error("No whitespace between attributes")),
                Some(c) if !is_space(c) && c != '>' && c != '/' => Err(self.error("Invalid attribute name")),
                _ => Ok((key, value)),
            };
        }
    }

    fn read_end(&mut self) -> Result<Event<'a>, NodeError> {
        self.skip_space();
        let name = self.read_name();
        let wrong = match (name.is_empty(), self.peek()) {
            (true, Some('>')) => "Weird empty close tag.",
            (true, _) => "Invalid tagname in closing tag.",
            (false, Some(c)) if c != '>' && !is_space(c) => "Invalid tagname in closing tag",
            _ => "",
        };
        if !wrong.is_empty() {
            return Err(self.unexpected(wrong));
        }
        self.skip_space();
        if self.peek() != Some('>') {
            return Err(self.unexpected("Invalid characters in closing tag"));
        }
        match self.open.last() {
            Some(open) if *open == name => {
                self.at += 1;
                Ok(self.close())
            }
            Some(_) => Err(self.error("Unexpected close tag")),
            None => Err(self.error(&format!("Unmatched closing tag: {name}"))),
        }
    }

    fn close(&mut self) -> Event<'a> {
        let name = self.open.pop().unwrap_or_default();
        self.ended = self.open.is_empty();
        Event::Close(name)
    }

    /// An error at the next character, or that the document ends here.
    fn unexpected(&self, message: &str) -> NodeError {
        match self.peek() {
            Some(_) => self.error(message),
            // The tag that was being read has not begun yet for who counts elements.
            None if self.open.len() > 1 => self.error("Unclosed root tag"),
            None => self.error("Unexpected end"),
        }
    }

    /// An error at the next character, with its place.
    fn error(&self, message: &str) -> NodeError {
        let c = self.peek();
        let end = self.at + c.map_or(0, char::len_utf8);
        let read = &self.text[..end];
        let line = read.matches('\n').count();
        let column = read.rsplit('\n').next().unwrap_or_default().encode_utf16().count();
        NodeError::new(format!(
            "{message}\nLine: {line}\nColumn: {column}\nChar: {}",
            c.map(String::from).unwrap_or_default()
        ))
    }
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\n' | '\r' | '\t')
}

/// May a name begin with it, or go on with it?
pub(super) fn is_name(c: char, first: bool) -> bool {
    let begins = matches!(c, ':' | 'A'..='Z' | '_' | 'a'..='z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
        | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{200c}' | '\u{200d}' | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}'
        | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}' | '\u{10000}'..='\u{effff}');
    begins
        || (!first && matches!(c, '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}' | '\u{2040}'))
}

/// What a character reference stands for.
pub(in crate::nodes) fn entity(name: &str) -> Option<String> {
    let number = match name.strip_prefix('#') {
        Some(digits) => match digits.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => digits.parse().ok()?,
        },
        None => {
            let &(first, second) = NAMED_ENTITIES.get(&*format!("{name};"))?;
            let second = char::from_u32(second).filter(|c| *c != '\0');
            return Some(char::from_u32(first).into_iter().chain(second).collect());
        }
    };
    let c = char::from_u32(number)?;
    let allowed = matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    allowed.then(|| c.to_string())
}
