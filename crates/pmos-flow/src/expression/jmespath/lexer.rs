//! Queries to tokens.

use super::{ExpressionError, thrown};
use crate::value::{Str, Value, parse};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Name(Str),
    Quoted(Str),
    Literal(Value),
    Number(i64),
    Sign(&'static str),
    End,
}

const SIGNS: [&str; 23] = [
    "||", "&&", "==", "!=", "<=", ">=", "[?", "[]", ".", "*", "[", "]", "{", "}", "(", ")", ",", ":", "|", "<", ">",
    "!", "&",
];

pub(super) fn tokens(query: &str) -> Result<Vec<Token>, ExpressionError> {
    let mut tokens = Vec::new();
    let mut rest = query;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            c if c.is_whitespace() => c.len_utf8(),
            'a'..='z' | 'A'..='Z' | '_' => {
                let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
                tokens.push(Token::Name(rest[..length].into()));
                length
            }
            '0'..='9' | '-' => {
                let digits = rest[1..].bytes().take_while(u8::is_ascii_digit).count();
                let Ok(number) = rest[..=digits].parse() else { return thrown(format!("Unknown character:{c}")) };
                tokens.push(Token::Number(number));
                digits + 1
            }
            '"' | '\'' | '`' => {
                let Some(length) = rest[1..].find(c) else { return thrown("Unclosed quote in a JMESPath expression") };
                let text = &rest[1..=length];
                tokens.push(match c {
                    '"' => Token::Quoted(text.into()),
                    '\'' => Token::Literal(text.into()),
                    // A literal that is no JSON is text, as old queries have it.
                    _ => Token::Literal(parse(text.trim()).unwrap_or_else(|_| text.trim().into())),
                });
                length + 2
            }
            '@' => {
                tokens.push(Token::Sign("@"));
                1
            }
            _ => match SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
                Some(sign) => {
                    tokens.push(Token::Sign(sign));
                    sign.len()
                }
                None => return thrown(format!("Unknown character:{c}")),
            },
        };
        rest = &rest[length..];
    }
    tokens.push(Token::End);
    Ok(tokens)
}
