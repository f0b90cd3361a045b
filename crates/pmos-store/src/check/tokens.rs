//! A statement as tokens, each with its nesting depth, made in `const` context.

const MAX_TOKENS: usize = 640;

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Word,
    Number,
    Quoted,
    Param,
    Symbol,
}

#[derive(Clone, Copy)]
pub(super) struct Token {
    kind: Kind,
    from: usize,
    to: usize,
    pub(super) depth: usize,
}

pub(super) struct Tokens<'a> {
    text: &'a [u8],
    pub(super) list: [Token; MAX_TOKENS],
    pub(super) len: usize,
}

impl Tokens<'_> {
    /// Is the token this word (in any case) or this symbol?
    pub(super) const fn is(&self, at: usize, word: &str) -> bool {
        if at >= self.len || self.list[at].kind as u8 == Kind::Quoted as u8 {
            return false;
        }
        let token = self.list[at];
        let word = word.as_bytes();
        if token.to - token.from != word.len() {
            return false;
        }
        let mut place = 0;
        while place < word.len() {
            if !self.text[token.from + place].eq_ignore_ascii_case(&word[place]) {
                return false;
            }
            place += 1;
        }
        true
    }

    /// Are two tokens the same word?
    pub(super) const fn same(&self, left: usize, right: usize) -> bool {
        let (left, right) = (self.list[left], self.list[right]);
        if left.to - left.from != right.to - right.from {
            return false;
        }
        let mut place = 0;
        while place < left.to - left.from {
            if !self.text[left.from + place].eq_ignore_ascii_case(&self.text[right.from + place]) {
                return false;
            }
            place += 1;
        }
        true
    }

    /// Is the token a word, and not a sign or a value?
    pub(super) const fn is_word(&self, at: usize) -> bool {
        at < self.len && self.list[at].kind as u8 == Kind::Word as u8
    }

    /// The number of a parameter; 0 for anything else.
    pub(super) const fn param(&self, at: usize) -> usize {
        if at >= self.len || self.list[at].kind as u8 != Kind::Param as u8 {
            return 0;
        }
        let mut number = 0;
        let mut place = self.list[at].from + 1;
        while place < self.list[at].to {
            number = number * 10 + (self.text[place] - b'0') as usize;
            place += 1;
        }
        number
    }
}

/// Cut a statement into tokens.
pub(super) const fn tokenize(text: &[u8]) -> Tokens<'_> {
    let none = Token { kind: Kind::Symbol, from: 0, to: 0, depth: 0 };
    let mut tokens = Tokens { text, list: [none; MAX_TOKENS], len: 0 };
    let mut depth = 0;
    let mut at = 0;
    while at < text.len() {
        let byte = text[at];
        if byte.is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let from = at;
        let kind = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                at = run(text, at);
                Kind::Word
            }
            b'0'..=b'9' => {
                at = run(text, at);
                Kind::Number
            }
            b'$' => {
                at = run(text, at + 1);
                if at == from + 1 {
                    panic!("sql!: $ wants a number");
                }
                Kind::Param
            }
            b'\'' => {
                at += 1;
                while at < text.len() && text[at] != b'\'' {
                    at += 1;
                }
                at += 1;
                Kind::Quoted
            }
            b';' | b'"' | b'`' | b'\\' | b'[' | b'{' => {
                panic!("sql!: one statement of plain words: no ; no quoted names, no escapes")
            }
            b'-' | b'/' => {
                at += 1;
                if at < text.len() && (text[at] == b'-' || text[at] == b'*') {
                    panic!("sql!: comments stand in Rust, not in the statement");
                }
                Kind::Symbol
            }
            _ => {
                at += 1;
                Kind::Symbol
            }
        };
        if tokens.len == MAX_TOKENS {
            panic!("sql!: the statement is too long");
        }
        tokens.list[tokens.len] = Token { kind, from, to: at, depth };
        tokens.len += 1;
        let last = tokens.len - 1;
        // `(` and `)` carry the depth outside, what is between them one more. CASE … END nests the same way, because
        // its ANDs are no parts of the condition around it.
        if tokens.is(last, "(") || tokens.is(last, "CASE") {
            depth += 1;
        } else if tokens.is(last, ")") || tokens.is(last, "END") {
            if depth == 0 {
                panic!("sql!: a parenthesis or END too many");
            }
            depth -= 1;
            tokens.list[last].depth = depth;
        }
    }
    if depth != 0 {
        panic!("sql!: a parenthesis or CASE is not closed");
    }
    tokens
}

const fn run(text: &[u8], mut at: usize) -> usize {
    while at < text.len() && (text[at].is_ascii_alphanumeric() || text[at] == b'_') {
        at += 1;
    }
    at
}
