//! JavaScript's syntax: text to tree.
//!
//! [`parse`] reads one `{{ }}`; [`resolve`] then gives every name its place, so that no name is looked up at run time.
//! What JavaScript allows and the native evaluator leaves to the sandbox is [`ExpressionError::Uncovered`].

mod expression;
mod function;
mod lexer;
mod literal;
mod pattern;
mod resolve;
mod statement;
mod token;
mod tree;

pub(super) use expression::refused_key;
pub(super) use tree::*;

use super::ExpressionError;
use lexer::Lexer;
use std::collections::HashSet;
use token::{Token, TokenKind};

/// How deep code may nest: what a person writes stays below 30.
const MAX_DEPTH: usize = 120;
/// How many operators, members and calls one code may have: each may be a level of the tree.
const MAX_LINKS: usize = 5_000;
/// What n8n says of code that is none.
const INVALID: &str = "invalid syntax";

/// Reads the code between `{{` and `}}`.
pub(super) fn parse(code: &str) -> Result<Program, ExpressionError> {
    // Code that is one expression is one, even where it would read as a block: `{ a: 1 }` is an object.
    let mut parser = Parser::new(code)?;
    let body = match parser.whole_expression() {
        Ok(expression) => Body::Expression(expression),
        Err(ExpressionError::Syntax(_)) => {
            parser = Parser::new(code)?;
            Body::Statements(parser.whole_script()?)
        }
        Err(error) => return Err(error),
    };
    if let Some(what) = parser.uncovered {
        return uncovered(what);
    }
    resolve::resolve(body)
}

type Parse<T> = Result<T, ExpressionError>;

struct Parser<'a> {
    lexer: Lexer<'a>,
    /// The token that is looked at.
    token: Token,
    /// Where the token before it ended.
    previous_end: usize,
    depth: usize,
    links: usize,
    /// Where a `(` was found not to begin an arrow function's parameters, so that it is not tried twice.
    no_arrow: HashSet<usize>,
    /// What was read that only the sandbox can run: known at the end, because the code may be none after all.
    uncovered: Option<&'static str>,
    /// Is `in` an operator here? Not in the head of a `for`.
    in_operator: bool,
}

impl<'a> Parser<'a> {
    fn new(code: &'a str) -> Parse<Self> {
        let mut lexer = Lexer::new(code);
        let token = lexer.next()?;
        Ok(Self {
            lexer,
            token,
            previous_end: 0,
            depth: 0,
            links: 0,
            no_arrow: HashSet::new(),
            uncovered: None,
            in_operator: true,
        })
    }

    fn whole_expression(&mut self) -> Parse<Expr> {
        let expression = self.expression()?;
        while self.is(";") {
            self.advance()?;
        }
        if self.token.kind == TokenKind::End { Ok(expression) } else { invalid() }
    }

    fn whole_script(&mut self) -> Parse<Block> {
        let mut statements = Vec::new();
        while self.token.kind != TokenKind::End {
            statements.push(self.statement()?);
        }
        if statements.is_empty() {
            return invalid();
        }
        Ok(Block { statements, scope: BlockScope::default() })
    }

    fn advance(&mut self) -> Parse<Token> {
        self.previous_end = self.token.end;
        let next = self.lexer.next()?;
        Ok(std::mem::replace(&mut self.token, next))
    }

    /// Is the token this punctuator?
    fn is(&self, punctuator: &str) -> bool {
        matches!(&self.token.kind, TokenKind::Punctuator(own) if *own == punctuator)
    }

    /// Is the token this word, written without escapes?
    fn is_word(&self, word: &str) -> bool {
        matches!(&self.token.kind, TokenKind::Word(own) if **own == *word)
    }

    fn eat(&mut self, punctuator: &str) -> Parse<bool> {
        let found = self.is(punctuator);
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    fn eat_word(&mut self, word: &str) -> Parse<bool> {
        let found = self.is_word(word);
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    fn expect(&mut self, punctuator: &str) -> Parse<()> {
        if self.eat(punctuator)? { Ok(()) } else { invalid() }
    }

    /// Counts an operator, a member or a call.
    fn link(&mut self) -> Parse<()> {
        self.links += 1;
        if self.links > MAX_LINKS { uncovered("very long code") } else { Ok(()) }
    }

    /// Runs `inner` one level deeper.
    fn nested<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return uncovered("deeply nested code");
        }
        let result = inner(self);
        self.depth -= 1;
        result
    }
}

fn invalid<T>() -> Parse<T> {
    Err(ExpressionError::Syntax(INVALID.into()))
}

fn uncovered<T>(what: &str) -> Parse<T> {
    Err(ExpressionError::Uncovered(what.into()))
}
