//! The tokens of JavaScript.

use crate::value::Str;

/// A token and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    /// Where it begins, in bytes.
    pub(super) start: usize,
    /// Where it ends.
    pub(super) end: usize,
    /// Is there a line break before it?
    pub(super) after_newline: bool,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    End,
    /// A name or a keyword.
    Word(Str),
    Number(f64),
    BigInt(Str),
    String(Str),
    Punctuator(&'static str),
    /// A backtick: what follows is read by [`super::literal`].
    Backtick,
}

/// The punctuators, longest first.
pub(super) const PUNCTUATORS: [&str; 56] = [
    ">>>=", "...", "===", "!==", "**=", "<<=", ">>=", ">>>", "&&=", "||=", "??=", "=>", "==", "!=", "<=", ">=", "&&",
    "||", "??", "?.", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<", ">>", "**", "{", "}", "(", ")",
    "[", "]", ".", ";", ",", "<", ">", "+", "-", "*", "/", "%", "&", "|", "^", "!", "~", "?", ":",
];

/// The single `=`, which stands apart so that the list above stays sorted by length.
pub(super) const EQUALS: &str = "=";
