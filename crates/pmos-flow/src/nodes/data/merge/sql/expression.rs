//! Tokens into expressions.

use super::issue;
use super::lexer::Token;
use super::parser::Parser;
use super::syntax::{Aggregate, Expr, Op};
use crate::node::NodeError;
use crate::value::Value;

/// A query of more operators is refused; AND and OR do not count.
const MOST_OPERATORS: usize = 300;

/// Operators that bind alike.
type Level = &'static [(&'static str, Op)];

const SUMS: Level = &[("+", Op::Add), ("-", Op::Subtract), ("||", Op::Join)];
const PRODUCTS: Level = &[("*", Op::Multiply), ("/", Op::Divide), ("%", Op::Remainder)];
const POWERS: Level = &[("^", Op::Power)];
const COMPARISONS: Level = &[
    ("=", Op::Equal),
    ("==", Op::Equal),
    ("===", Op::Equal),
    ("<>", Op::NotEqual),
    ("!=", Op::NotEqual),
    ("!==", Op::NotEqual),
    ("<", Op::Less),
    ("<=", Op::AtMost),
    (">", Op::More),
    (">=", Op::AtLeast),
];

impl Parser {
    /// `a OR b OR ...`
    pub(super) fn any_of(&mut self) -> Result<Expr, NodeError> {
        let mut parts = vec![self.all_of()?];
        while self.word("OR") {
            parts.push(self.all_of()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expr::Any(parts) })
    }

    fn all_of(&mut self) -> Result<Expr, NodeError> {
        let mut parts = vec![self.negation()?];
        while self.word("AND") {
            parts.push(self.negation()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expr::All(parts) })
    }

    fn negation(&mut self) -> Result<Expr, NodeError> {
        if self.word("NOT") {
            return Ok(Expr::Not(Box::new(self.within(Self::negation)?)));
        }
        self.comparison()
    }

    fn count(&mut self) -> Result<(), NodeError> {
        self.operators += 1;
        if self.operators > MOST_OPERATORS { Err(issue("the query has too many operators")) } else { Ok(()) }
    }

    fn operator(&mut self, level: Level) -> Result<Option<Op>, NodeError> {
        let Token::Sign(sign) = self.peek() else { return Ok(None) };
        let Some((_, op)) = level.iter().find(|(own, _)| own == sign) else { return Ok(None) };
        self.next();
        self.count()?;
        Ok(Some(*op))
    }

    fn comparison(&mut self) -> Result<Expr, NodeError> {
        let mut left = self.sum()?;
        loop {
            if let Some(op) = self.operator(COMPARISONS)? {
                left = Expr::Binary(op, Box::new(left), Box::new(self.sum()?));
                continue;
            }
            let value = Box::new(left);
            if self.word("IS") {
                self.count()?;
                let not = self.word("NOT");
                if !self.word("NULL") && !self.word("UNDEFINED") {
                    return Err(self.unexpected("NULL"));
                }
                left = Expr::IsNull { value, not };
                continue;
            }
            let follows = ["LIKE", "IN", "BETWEEN"].iter().any(|word| self.is_word(1, word));
            let not = self.is_word(0, "NOT") && follows;
            if not {
                self.next();
            }
            left = if self.word("LIKE") {
                Expr::Like { value, pattern: Box::new(self.sum()?), not }
            } else if self.word("BETWEEN") {
                let low = Box::new(self.sum()?);
                self.must_word("AND")?;
                Expr::Between { value, low, high: Box::new(self.sum()?), not }
            } else if self.word("IN") {
                self.must_sign("(")?;
                let found = if self.is_word(0, "SELECT") {
                    Expr::InQuery { value, query: Box::new(self.query()?), not }
                } else {
                    Expr::In { value, list: self.list(Self::expr)?, not }
                };
                self.must_sign(")")?;
                found
            } else {
                return Ok(*value);
            };
            self.count()?;
        }
    }

    fn sum(&mut self) -> Result<Expr, NodeError> {
        self.chain(SUMS, Self::product)
    }

    fn product(&mut self) -> Result<Expr, NodeError> {
        self.chain(PRODUCTS, Self::power)
    }

    fn power(&mut self) -> Result<Expr, NodeError> {
        self.chain(POWERS, Self::unary)
    }

    fn chain(&mut self, level: Level, next: fn(&mut Self) -> Result<Expr, NodeError>) -> Result<Expr, NodeError> {
        let mut left = next(self)?;
        while let Some(op) = self.operator(level)? {
            left = Expr::Binary(op, Box::new(left), Box::new(next(self)?));
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expr, NodeError> {
        if self.sign("-") {
            return Ok(Expr::Minus(Box::new(self.within(Self::unary)?)));
        }
        if self.sign("+") {
            return self.within(Self::unary);
        }
        let mut value = self.primary()?;
        while self.sign("->") {
            self.count()?;
            let name = match self.next() {
                Token::Word(name) | Token::Name(name) | Token::Double(name) | Token::Text(name) => name,
                Token::Number(number) => Value::Number(number).to_text(),
                _ => return Err(issue("parse error: expected a name behind ->")),
            };
            value = Expr::Field(Box::new(value), name);
        }
        Ok(value)
    }

    fn primary(&mut self) -> Result<Expr, NodeError> {
        match self.peek().clone() {
            Token::Number(number) => {
                self.next();
                return Ok(Expr::Literal(Value::Number(number)));
            }
            Token::Text(text) => {
                self.next();
                return Ok(Expr::Literal(Value::String(text)));
            }
            Token::Double(text) if *self.peek_at(1) != Token::Sign(".") => {
                self.next();
                return Ok(Expr::Double(text));
            }
            _ => {}
        }
        if self.sign("(") {
            let found = if self.is_word(0, "SELECT") { Expr::Scalar(Box::new(self.query()?)) } else { self.expr()? };
            self.must_sign(")")?;
            return Ok(found);
        }
        for (word, value) in [("NULL", Value::Undefined), ("TRUE", Value::Bool(true)), ("FALSE", Value::Bool(false))] {
            if self.word(word) {
                return Ok(Expr::Literal(value));
            }
        }
        if self.word("CASE") {
            return self.case();
        }
        if self.word("EXISTS") {
            self.must_sign("(")?;
            let query = self.query()?;
            self.must_sign(")")?;
            return Ok(Expr::Exists(Box::new(query)));
        }
        // LEFT and RIGHT join tables, but are functions too.
        if let (Token::Word(name), Token::Sign("(")) = (self.peek().clone(), self.peek_at(1)) {
            self.next();
            self.next();
            return self.function(&name);
        }
        let mut names = vec![self.name()?];
        while self.sign(".") {
            names.push(match self.next() {
                Token::Word(name) | Token::Name(name) | Token::Double(name) => name,
                Token::Number(number) => Value::Number(number).to_text(),
                _ => return Err(issue("parse error: expected a name behind .")),
            });
        }
        Ok(Expr::column(names))
    }

    fn case(&mut self) -> Result<Expr, NodeError> {
        let of = if self.is_word(0, "WHEN") { None } else { Some(Box::new(self.expr()?)) };
        let mut when = Vec::new();
        while self.word("WHEN") {
            let condition = self.expr()?;
            self.must_word("THEN")?;
            when.push((condition, self.expr()?));
        }
        let otherwise = if self.word("ELSE") { Some(Box::new(self.expr()?)) } else { None };
        self.must_word("END")?;
        Ok(Expr::Case { of, when, otherwise })
    }

    fn function(&mut self, name: &str) -> Result<Expr, NodeError> {
        let upper = name.to_uppercase();
        if let Some(kind) = Aggregate::named(&upper) {
            let distinct = self.word("DISTINCT");
            let of = if self.sign("*") { None } else { Some(Box::new(self.expr()?)) };
            self.must_sign(")")?;
            return Ok(Expr::Aggregate { kind, distinct, of, slot: 0 });
        }
        if upper == "CAST" || upper == "CONVERT" {
            return self.cast(upper == "CAST");
        }
        let arguments = if matches!(self.peek(), Token::Sign(")")) { Vec::new() } else { self.list(Self::expr)? };
        self.must_sign(")")?;
        super::functions::must_exist(&upper, name)?;
        Ok(Expr::Function { name: name.into(), arguments })
    }

    /// `CAST(value AS type)` or `CONVERT(type, value)`.
    fn cast(&mut self, value_first: bool) -> Result<Expr, NodeError> {
        let mut value = if value_first { Some(self.expr()?) } else { None };
        if value_first {
            self.must_word("AS")?;
        }
        let kind = self.name()?;
        if self.sign("(") {
            self.list(Self::expr)?;
            self.must_sign(")")?;
        }
        if value.is_none() {
            self.must_sign(",")?;
            value = Some(self.expr()?);
        }
        self.must_sign(")")?;
        let value = value.unwrap_or(Expr::Literal(Value::Undefined));
        Ok(Expr::Cast(Box::new(value), kind.to_uppercase().into()))
    }
}
