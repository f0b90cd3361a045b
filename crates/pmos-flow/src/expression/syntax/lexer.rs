//! Text to tokens.

use super::token::{EQUALS, PUNCTUATORS, Token, TokenKind};
use super::{Parse, invalid, uncovered};
use crate::value::Str;

#[derive(Clone)]
pub(super) struct Lexer<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The next token; `/` is always the operator, [`super::literal`] reads regular expressions.
    pub(super) fn next(&mut self) -> Parse<Token> {
        let after_newline = self.skip_blank()?;
        let start = self.at;
        let kind = self.kind()?;
        Ok(Token { kind, start, end: self.at, after_newline })
    }

    fn kind(&mut self) -> Parse<TokenKind> {
        let Some(first) = self.peek() else { return Ok(TokenKind::End) };
        let second = self.rest().as_bytes().get(1).copied().unwrap_or_default();
        match first {
            '"' | '\'' => self.string(first),
            '`' => {
                self.at += 1;
                Ok(TokenKind::Backtick)
            }
            '0'..='9' => self.number(),
            '.' if second.is_ascii_digit() => self.number(),
            _ if is_name_start(first) => {
                let length = self.rest().find(|c| !is_name_part(c)).unwrap_or(self.rest().len());
                let word = &self.rest()[..length];
                self.at += length;
                if self.peek() == Some('\\') {
                    uncovered("an escape in a name")
                } else {
                    Ok(TokenKind::Word(word.into()))
                }
            }
            '\\' => uncovered("an escape in a name"),
            '#' => uncovered("a private name"),
            _ => self.punctuator(second),
        }
    }

    fn punctuator(&mut self, second: u8) -> Parse<TokenKind> {
        let rest = self.rest();
        let Some(found) = PUNCTUATORS.into_iter().chain([EQUALS]).find(|punctuator| rest.starts_with(punctuator))
        else {
            return invalid();
        };
        // `a?.5:1` is a condition.
        let found = if found == "?." && rest.as_bytes().get(2).is_some_and(u8::is_ascii_digit) && second == b'.' {
            "?"
        } else {
            found
        };
        self.at += found.len();
        Ok(TokenKind::Punctuator(found))
    }

    /// Skips blanks and comments; was there a line break among them?
    fn skip_blank(&mut self) -> Parse<bool> {
        let mut newline = false;
        loop {
            let rest = self.rest();
            if rest.starts_with("//") {
                self.at += rest.find(is_newline).unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                let Some(length) = rest.find("*/") else { return invalid() };
                newline |= rest[..length].contains(is_newline);
                self.at += length + 2;
            } else {
                match self.peek() {
                    Some(c) if c.is_whitespace() || c == '\u{feff}' => {
                        newline |= is_newline(c);
                        self.at += c.len_utf8();
                    }
                    _ => return Ok(newline),
                }
            }
        }
    }

    fn number(&mut self) -> Parse<TokenKind> {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let radix = match bytes.get(1).map(u8::to_ascii_lowercase) {
            Some(b'x') if bytes[0] == b'0' => 16,
            Some(b'o') if bytes[0] == b'0' => 8,
            Some(b'b') if bytes[0] == b'0' => 2,
            _ => 10,
        };
        let length = if radix == 10 {
            decimal_length(bytes)
        } else {
            2 + bytes[2..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count()
        };
        let text = rest[..length].trim_end_matches('n');
        let digits = if radix == 10 { text } else { &text[2..] };
        if digits.starts_with('_')
            || digits.ends_with('_')
            || digits.contains("__")
            || digits.contains("_.")
            || digits.contains("._")
        {
            return invalid();
        }
        let digits = digits.replace('_', "");
        let is_bigint = bytes.get(length) == Some(&b'n')
            || (radix == 16 && rest[..length].ends_with('n'))
            || (radix < 10 && rest[..length].ends_with('n'));
        self.at += length + usize::from(bytes.get(length) == Some(&b'n'));
        if self.peek().is_some_and(is_name_part) {
            return invalid();
        }
        if is_bigint {
            return Ok(TokenKind::BigInt(text.replace('_', "").into()));
        }
        if radix == 10 && digits.len() > 1 && digits.starts_with('0') && digits.as_bytes()[1].is_ascii_digit() {
            return uncovered("an octal number of the old form");
        }
        let number = if radix == 10 { digits.parse().ok() } else { from_radix(&digits, radix) };
        number.map_or_else(invalid, |number| Ok(TokenKind::Number(number)))
    }

    fn string(&mut self, quote: char) -> Parse<TokenKind> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let Some(c) = self.peek() else { return invalid() };
            self.at += c.len_utf8();
            match c {
                _ if c == quote => return Ok(TokenKind::String(text.into())),
                '\n' | '\r' => return invalid(),
                '\\' => self.escape(&mut text)?,
                _ => text.push(c),
            }
        }
    }

    /// Reads an escape, behind its backslash.
    pub(super) fn escape(&mut self, text: &mut String) -> Parse<()> {
        let Some(c) = self.peek() else { return invalid() };
        self.at += c.len_utf8();
        match c {
            'n' => text.push('\n'),
            't' => text.push('\t'),
            'r' => text.push('\r'),
            'b' => text.push('\u{8}'),
            'f' => text.push('\u{c}'),
            'v' => text.push('\u{b}'),
            '0' if !self.peek().is_some_and(|next| next.is_ascii_digit()) => text.push('\0'),
            '0'..='9' => return uncovered("an octal escape"),
            'x' => match self.hex(2).and_then(char::from_u32) {
                Some(c) => text.push(c),
                None => return invalid(),
            },
            'u' => text.push(self.unicode()?),
            '\r' => {
                if self.peek() == Some('\n') {
                    self.at += 1;
                }
            }
            '\n' | '\u{2028}' | '\u{2029}' => {}
            c => text.push(c),
        }
        Ok(())
    }

    fn unicode(&mut self) -> Parse<char> {
        if self.peek() == Some('{') {
            let Some(length) = self.rest().find('}') else { return invalid() };
            let code = u32::from_str_radix(&self.rest()[1..length], 16).ok().and_then(char::from_u32);
            self.at += length + 1;
            return code.map_or_else(invalid, Ok);
        }
        let Some(unit) = self.hex(4) else { return invalid() };
        if let Some(c) = char::from_u32(unit) {
            return Ok(c);
        }
        let mut ahead = self.clone();
        if unit < 0xdc00 && ahead.rest().starts_with("\\u") {
            ahead.at += 2;
            if let Some(low @ 0xdc00..=0xdfff) = ahead.hex(4) {
                self.at = ahead.at;
                return char::from_u32(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00)).map_or_else(invalid, Ok);
            }
        }
        uncovered("half a character")
    }

    fn hex(&mut self, digits: usize) -> Option<u32> {
        let text = self.rest().get(..digits)?;
        let number =
            text.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(text, 16).ok())??;
        self.at += digits;
        Some(number)
    }
}

/// How long a decimal number is: digits, a fraction, an exponent.
fn decimal_length(bytes: &[u8]) -> usize {
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'_').count();
    let mut length = digits(0);
    if bytes.get(length) == Some(&b'.') {
        length += 1 + digits(length + 1);
    }
    if matches!(bytes.get(length), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
        let exponent = digits((length + 1 + sign).min(bytes.len()));
        if exponent > 0 {
            length += 1 + sign + exponent;
        }
    }
    length
}

fn from_radix(digits: &str, radix: u32) -> Option<f64> {
    u128::from_str_radix(digits, radix).ok().map(|number| number as f64)
}

pub(super) fn is_newline(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

pub(super) fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || c == '$' || c == '_'
}

pub(super) fn is_name_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '$' | '_' | '\u{200c}' | '\u{200d}')
}

/// Is the word one that cannot name a variable?
pub(super) fn is_reserved(word: &str) -> bool {
    matches!(
        word,
        "break"
            | "case"
            | "catch"
            | "class"
            | "const"
            | "continue"
            | "debugger"
            | "default"
            | "delete"
            | "do"
            | "else"
            | "enum"
            | "export"
            | "extends"
            | "false"
            | "finally"
            | "for"
            | "function"
            | "if"
            | "import"
            | "in"
            | "instanceof"
            | "new"
            | "null"
            | "return"
            | "super"
            | "switch"
            | "this"
            | "throw"
            | "true"
            | "try"
            | "typeof"
            | "var"
            | "void"
            | "while"
            | "with"
    )
}

/// A name as text that can be shared.
pub(super) fn name_of(kind: &TokenKind) -> Option<Str> {
    match kind {
        TokenKind::Word(word) if !is_reserved(word) => Some(word.clone()),
        _ => None,
    }
}
