//! Tokens into a query.

use super::issue;
use super::lexer::{Token, tokens};
use super::syntax::{Column, Expr, From, Join, Query, Select, Table, Union};
use crate::node::NodeError;
use crate::value::Str;

/// Reads a query.
pub(super) fn parse(query: &str) -> Result<Query, NodeError> {
    let mut parser = Parser { tokens: tokens(query)?, at: 0, depth: 0, operators: 0 };
    let query = parser.query()?;
    parser.sign(";");
    match parser.peek() {
        Token::End => Ok(query),
        _ => Err(parser.unexpected("the end of the query")),
    }
}

/// Queries and expressions nested deeper are refused.
const DEEPEST: usize = 40;
/// So many tables may be joined.
const MOST_TABLES: usize = 32;

/// Words that are no names unless they stand in quotes.
const RESERVED: &[&str] = &[
    "SELECT",
    "FROM",
    "WHERE",
    "GROUP",
    "HAVING",
    "ORDER",
    "LIMIT",
    "OFFSET",
    "UNION",
    "EXCEPT",
    "INTERSECT",
    "JOIN",
    "INNER",
    "LEFT",
    "RIGHT",
    "FULL",
    "OUTER",
    "CROSS",
    "ON",
    "USING",
    "AS",
    "AND",
    "OR",
    "NOT",
    "IN",
    "LIKE",
    "BETWEEN",
    "IS",
    "CASE",
    "WHEN",
    "THEN",
    "ELSE",
    "END",
    "DISTINCT",
    "ASC",
    "DESC",
    "BY",
    "NULL",
    "TRUE",
    "FALSE",
    "EXISTS",
    "FETCH",
];

/// Where in the query one is.
pub(super) struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    /// How many operators there were: trees of them are walked recursively.
    pub(super) operators: usize,
}

impl Parser {
    pub(super) fn peek(&self) -> &Token {
        self.peek_at(0)
    }

    pub(super) fn peek_at(&self, ahead: usize) -> &Token {
        self.tokens.get(self.at + ahead).unwrap_or(&Token::End)
    }

    pub(super) fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    /// Is this keyword ahead by so many tokens?
    pub(super) fn is_word(&self, ahead: usize, word: &str) -> bool {
        matches!(self.peek_at(ahead), Token::Word(text) if text.eq_ignore_ascii_case(word))
    }

    /// Takes a keyword if it is next.
    pub(super) fn word(&mut self, word: &str) -> bool {
        let is = self.is_word(0, word);
        self.at += usize::from(is);
        is
    }

    pub(super) fn must_word(&mut self, word: &str) -> Result<(), NodeError> {
        if self.word(word) { Ok(()) } else { Err(self.unexpected(word)) }
    }

    /// Takes a sign if it is next.
    pub(super) fn sign(&mut self, sign: &str) -> bool {
        let is = matches!(self.peek(), Token::Sign(text) if *text == sign);
        self.at += usize::from(is);
        is
    }

    pub(super) fn must_sign(&mut self, sign: &str) -> Result<(), NodeError> {
        if self.sign(sign) { Ok(()) } else { Err(self.unexpected(sign)) }
    }

    /// Takes a name if there is one.
    pub(super) fn maybe_name(&mut self) -> Option<Str> {
        let name = match self.peek() {
            Token::Word(word) if !RESERVED.iter().any(|reserved| word.eq_ignore_ascii_case(reserved)) => word.clone(),
            Token::Name(name) | Token::Double(name) => name.clone(),
            _ => return None,
        };
        self.at += 1;
        Some(name)
    }

    pub(super) fn name(&mut self) -> Result<Str, NodeError> {
        self.maybe_name().ok_or_else(|| self.unexpected("a name"))
    }

    pub(super) fn unexpected(&self, expected: &str) -> NodeError {
        let found = match self.peek() {
            Token::End => "the end of the query".to_owned(),
            Token::Word(text) | Token::Name(text) | Token::Double(text) | Token::Text(text) => format!("'{text}'"),
            Token::Number(number) => format!("'{number}'"),
            Token::Sign(sign) => format!("'{sign}'"),
        };
        issue(format!("parse error: expected {expected}, got {found}"))
    }

    /// Goes one level deeper.
    pub(super) fn within<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, NodeError>) -> Result<T, NodeError> {
        if self.depth >= DEEPEST {
            return Err(issue("the query is nested too deeply"));
        }
        self.depth += 1;
        let found = read(self);
        self.depth -= 1;
        found
    }

    /// What `read` finds, between commas.
    pub(super) fn list<T>(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Result<T, NodeError>,
    ) -> Result<Vec<T>, NodeError> {
        let mut list = vec![read(self)?];
        while self.sign(",") {
            list.push(read(self)?);
        }
        Ok(list)
    }

    pub(super) fn query(&mut self) -> Result<Query, NodeError> {
        self.within(Self::query_here)
    }

    fn query_here(&mut self) -> Result<Query, NodeError> {
        let mut query = Query { first: self.select()?, others: Vec::new(), order: Vec::new(), limit: None, offset: 0 };
        loop {
            let union = if self.word("UNION") {
                if self.word("ALL") { Union::All } else { Union::Distinct }
            } else if self.word("EXCEPT") {
                Union::Except
            } else if self.word("INTERSECT") {
                Union::Intersect
            } else {
                break;
            };
            self.word("DISTINCT");
            query.others.push((union, self.select()?));
        }
        if self.word("ORDER") {
            self.must_word("BY")?;
            query.order = self.list(|parser| {
                let expr = parser.expr()?;
                let descending = parser.word("DESC");
                parser.word("ASC");
                Ok((expr, descending))
            })?;
        }
        if self.word("LIMIT") {
            let number = self.whole_number()?;
            // `LIMIT offset, count` as MySQL has it.
            if self.sign(",") {
                (query.offset, query.limit) = (number, Some(self.whole_number()?));
            } else {
                query.limit = Some(number);
            }
        }
        if self.word("OFFSET") {
            query.offset = self.whole_number()?;
        }
        Ok(query)
    }

    fn whole_number(&mut self) -> Result<usize, NodeError> {
        match self.peek() {
            Token::Number(number) if *number >= 0.0 => {
                let number = *number as usize;
                self.at += 1;
                Ok(number)
            }
            _ => Err(self.unexpected("a number")),
        }
    }

    fn select(&mut self) -> Result<Select, NodeError> {
        self.must_word("SELECT")?;
        let distinct = self.word("DISTINCT");
        if !distinct {
            self.word("ALL");
        }
        let columns = self.list(Self::select_column)?;
        let from = if self.word("FROM") { self.from()? } else { Vec::new() };
        let filter = if self.word("WHERE") { Some(self.expr()?) } else { None };
        let mut groups = Vec::new();
        if self.word("GROUP") {
            self.must_word("BY")?;
            groups = self.list(Self::expr)?;
        }
        let having = if self.word("HAVING") { Some(self.expr()?) } else { None };
        Ok(Select { distinct, columns, from, filter, groups, having })
    }

    fn select_column(&mut self) -> Result<Column, NodeError> {
        if self.sign("*") {
            return Ok(Column::All(None));
        }
        if matches!((self.peek_at(1), self.peek_at(2)), (Token::Sign("."), Token::Sign("*"))) {
            let table = self.name()?;
            self.at += 2;
            return Ok(Column::All(Some(table)));
        }
        let expr = self.expr()?;
        let name = if self.word("AS") { self.alias()? } else { self.maybe_name().unwrap_or_else(|| expr.name()) };
        Ok(Column::Of(expr, name))
    }

    /// Behind AS any word is a name.
    fn alias(&mut self) -> Result<Str, NodeError> {
        match self.next() {
            Token::Word(name) | Token::Name(name) | Token::Double(name) | Token::Text(name) => Ok(name),
            _ => {
                self.at -= 1;
                Err(self.unexpected("a name"))
            }
        }
    }

    fn from(&mut self) -> Result<Vec<From>, NodeError> {
        let mut from = vec![self.table(Join::Inner)?];
        loop {
            let (join, conditions) = if self.sign(",") {
                (Join::Inner, false)
            } else if self.word("CROSS") {
                self.must_word("JOIN")?;
                (Join::Inner, false)
            } else {
                let join = match () {
                    () if self.word("LEFT") => Some(Join::Left),
                    () if self.word("RIGHT") => Some(Join::Right),
                    () if self.word("FULL") => Some(Join::Full),
                    () if self.word("OUTER") => Some(Join::Full),
                    () if self.word("INNER") => Some(Join::Inner),
                    () => None,
                };
                if join.is_some() {
                    self.word("OUTER");
                    self.must_word("JOIN")?;
                } else if !self.word("JOIN") {
                    return Ok(from);
                }
                (join.unwrap_or(Join::Inner), true)
            };
            if from.len() >= MOST_TABLES {
                return Err(issue(format!("more than {MOST_TABLES} tables are joined")));
            }
            let mut table = self.table(join)?;
            if conditions && self.word("ON") {
                table.on = Some(self.expr()?);
            } else if conditions && self.word("USING") {
                let parenthesis = self.sign("(");
                table.using = self.list(Self::name)?;
                if parenthesis {
                    self.must_sign(")")?;
                }
            }
            from.push(table);
        }
    }

    fn table(&mut self, join: Join) -> Result<From, NodeError> {
        let (table, own) = if self.sign("(") {
            let query = self.query()?;
            self.must_sign(")")?;
            (Table::Query(Box::new(query)), None)
        } else {
            let name = self.name()?;
            (Table::Named(name.clone()), Some(name))
        };
        let alias = if self.word("AS") { Some(self.alias()?) } else { self.maybe_name() };
        let name = alias.or(own).unwrap_or_default();
        Ok(From { table, name, join, on: None, using: Vec::new() })
    }

    /// An expression, at any depth.
    pub(super) fn expr(&mut self) -> Result<Expr, NodeError> {
        self.within(|parser| parser.any_of())
    }
}
