//! Text of a query into tokens.

use super::issue;
use crate::node::NodeError;
use crate::value::Str;

/// A piece of a query.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A word without quotes: a keyword or a name.
    Word(Str),
    /// A name in backticks or brackets.
    Name(Str),
    /// In double quotes: a name where there is such a column, else text.
    Double(Str),
    /// Text in single quotes.
    Text(Str),
    /// A number.
    Number(f64),
    /// An operator or punctuation.
    Sign(&'static str),
    /// The end of the query.
    End,
}

/// Longer ones first, so that `<=` is not read as `<`.
const SIGNS: &[&str] = &[
    "!==", "===", "<>", "<=", ">=", "!=", "==", "||", "->", "=", "<", ">", "+", "-", "*", "/", "%", "^", "(", ")", ",",
    ".", ";",
];

/// A query of more tokens is refused.
const MOST_TOKENS: usize = 50_000;

/// The tokens of a query, the last one [`Token::End`].
pub(super) fn tokens(query: &str) -> Result<Vec<Token>, NodeError> {
    let mut tokens = Vec::new();
    let mut rest = query;
    loop {
        rest = without_blanks(rest);
        let Some(first) = rest.chars().next() else { break };
        if tokens.len() >= MOST_TOKENS {
            return Err(issue("the query is too long"));
        }
        let token;
        (token, rest) = match first {
            '\'' => quoted(rest, '\'').map(|(text, rest)| (Token::Text(text), rest))?,
            '"' => quoted(rest, '"').map(|(text, rest)| (Token::Double(text), rest))?,
            '`' => quoted(rest, '`').map(|(text, rest)| (Token::Name(text), rest))?,
            '[' => quoted(rest, ']').map(|(text, rest)| (Token::Name(text), rest))?,
            _ if starts_number(rest) => number(rest)?,
            _ if is_of_word(first) => {
                let end = rest.find(|character| !is_of_word(character)).unwrap_or(rest.len());
                (Token::Word(rest[..end].into()), &rest[end..])
            }
            _ => match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
                Some(sign) => (Token::Sign(sign), &rest[sign.len()..]),
                None => return Err(issue(format!("unexpected '{first}'"))),
            },
        };
        tokens.push(token);
    }
    tokens.push(Token::End);
    Ok(tokens)
}

fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '$' | '@' | '#')
}

/// What follows blanks and comments.
fn without_blanks(mut rest: &str) -> &str {
    loop {
        rest = rest.trim_start();
        rest = if let Some(comment) = rest.strip_prefix("--") {
            comment.find('\n').map_or("", |end| &comment[end..])
        } else if let Some(comment) = rest.strip_prefix("/*") {
            comment.find("*/").map_or("", |end| &comment[end + 2..])
        } else {
            return rest;
        };
    }
}

/// What stands in quotes, and what follows. A quote within is written twice, or behind a backslash.
fn quoted(text: &str, quote: char) -> Result<(Str, &str), NodeError> {
    let mut content = String::new();
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        if character == quote {
            if next != Some(quote) || quote == ']' {
                return Ok((content.into(), &text[at + character.len_utf8()..]));
            }
            characters.next();
        } else if let ('\\', '\'' | '"', Some(escaped)) = (character, quote, next)
            && (escaped == quote || escaped == '\\')
        {
            characters.next();
            content.push(escaped);
            continue;
        }
        content.push(character);
    }
    Err(issue(format!("a closing {quote} is missing")))
}

fn starts_number(text: &str) -> bool {
    let text = text.strip_prefix('.').unwrap_or(text);
    text.starts_with(|first: char| first.is_ascii_digit())
}

fn number(text: &str) -> Result<(Token, &str), NodeError> {
    let digits = |from: usize| from + text[from..].bytes().take_while(u8::is_ascii_digit).count();
    let mut end = digits(0);
    if text[end..].starts_with('.') {
        end = digits(end + 1);
    }
    if text[end..].starts_with(['e', 'E']) {
        let sign = usize::from(text[end + 1..].starts_with(['+', '-']));
        let power = digits(end + 1 + sign);
        end = if power > end + 1 + sign { power } else { end };
    }
    // A name may begin with a digit: `2nd`.
    if text[end..].starts_with(is_of_word) {
        let end = text.find(|character| !is_of_word(character)).unwrap_or(text.len());
        return Ok((Token::Word(text[..end].into()), &text[end..]));
    }
    let number = text[..end].parse().map_err(|_| issue(format!("'{}' is no number", &text[..end])))?;
    Ok((Token::Number(number), &text[end..]))
}
