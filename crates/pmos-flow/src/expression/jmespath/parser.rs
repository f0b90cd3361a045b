//! Tokens to trees.

use super::lexer::{Token, tokens};
use super::{ExpressionError, thrown};
use crate::value::{Str, Value};

const MAX_DEPTH: usize = 100;

#[derive(Clone, Debug)]
pub(super) enum Node {
    Current,
    Field(Str),
    Literal(Value),
    Index(i64),
    Slice(Option<i64>, Option<i64>, Option<i64>),
    /// The right part for what the left gives.
    Sub(Box<Node>, Box<Node>),
    /// The right part for every element of what the left gives.
    Project(Box<Node>, Box<Node>),
    ProjectValues(Box<Node>, Box<Node>),
    Flatten(Box<Node>),
    Filter(Box<Node>, Box<Node>, Box<Node>),
    List(Vec<Node>),
    Hash(Vec<(Str, Node)>),
    Or(Box<Node>, Box<Node>),
    And(Box<Node>, Box<Node>),
    Not(Box<Node>),
    Compare(&'static str, Box<Node>, Box<Node>),
    Call(Str, Vec<Node>),
    Reference(Box<Node>),
}

pub(super) fn parse(query: &str) -> Result<Node, ExpressionError> {
    let mut parser = Parser { tokens: tokens(query)?, at: 0, depth: 0 };
    let node = parser.expression(0)?;
    if parser.peek() == &Token::End { Ok(node) } else { parser.unexpected() }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

/// How strongly a sign binds to what is on its left.
fn strength(token: &Token) -> u8 {
    match token {
        Token::Sign(sign) => match *sign {
            "|" => 1,
            "||" => 2,
            "&&" => 3,
            "==" | "!=" | "<" | ">" | "<=" | ">=" => 5,
            "[]" => 9,
            "*" => 20,
            "[?" => 21,
            "." => 40,
            "!" => 45,
            "{" => 50,
            "[" => 55,
            "(" => 60,
            _ => 0,
        },
        _ => 0,
    }
}

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).unwrap_or(&Token::End)
    }

    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    fn eat(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Token::Sign(own) if *own == sign);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &str) -> Result<(), ExpressionError> {
        if self.eat(sign) { Ok(()) } else { self.unexpected() }
    }

    fn unexpected<T>(&self) -> Result<T, ExpressionError> {
        thrown(format!("Unexpected token in a JMESPath expression: {:?}", self.peek()))
    }

    fn expression(&mut self, least: u8) -> Result<Node, ExpressionError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return thrown("the JMESPath expression is nested too deeply");
        }
        let mut left = self.prefix()?;
        let mut links = 0;
        while strength(self.peek()) > least {
            links += 1;
            if links > MAX_DEPTH {
                return thrown("the JMESPath expression is too long");
            }
            left = self.infix(left)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    fn prefix(&mut self) -> Result<Node, ExpressionError> {
        let token = self.next();
        Ok(match token {
            Token::Literal(value) => Node::Literal(value),
            Token::Name(name) if matches!(self.peek(), Token::Sign("(")) => {
                self.at += 1;
                let mut arguments = Vec::new();
                while !self.eat(")") {
                    arguments.push(self.expression(0)?);
                    if !matches!(self.peek(), Token::Sign(")")) {
                        self.expect(",")?;
                    }
                }
                Node::Call(name, arguments)
            }
            Token::Name(name) | Token::Quoted(name) => Node::Field(name),
            Token::Sign("@") => Node::Current,
            Token::Sign("!") => Node::Not(self.expression(45)?.into()),
            Token::Sign("&") => Node::Reference(self.expression(0)?.into()),
            Token::Sign("*") => Node::ProjectValues(Node::Current.into(), self.right(20)?.into()),
            Token::Sign("[]") => Node::Project(Node::Flatten(Node::Current.into()).into(), self.right(9)?.into()),
            Token::Sign("[?") => self.filter(Node::Current)?,
            Token::Sign("{") => self.hash()?,
            Token::Sign("(") => {
                let inner = self.expression(0)?;
                self.expect(")")?;
                inner
            }
            Token::Sign("[") => match self.peek() {
                Token::Number(_) | Token::Sign(":") => self.index(Node::Current)?,
                Token::Sign("*") if matches!(self.tokens.get(self.at + 1), Some(Token::Sign("]"))) => {
                    self.at += 2;
                    Node::Project(Node::Current.into(), self.right(20)?.into())
                }
                _ => self.list()?,
            },
            _ => {
                self.at -= 1;
                return self.unexpected();
            }
        })
    }

    fn infix(&mut self, left: Node) -> Result<Node, ExpressionError> {
        let Token::Sign(sign) = self.next() else { return self.unexpected() };
        Ok(match sign {
            "." if self.eat("*") => Node::ProjectValues(left.into(), self.right(20)?.into()),
            "." => Node::Sub(left.into(), self.dotted(40)?.into()),
            "|" => Node::Sub(left.into(), self.expression(1)?.into()),
            "||" => Node::Or(left.into(), self.expression(2)?.into()),
            "&&" => Node::And(left.into(), self.expression(3)?.into()),
            "[]" => Node::Project(Node::Flatten(left.into()).into(), self.right(9)?.into()),
            "[?" => self.filter(left)?,
            "[" => match self.peek() {
                Token::Number(_) | Token::Sign(":") => self.index(left)?,
                _ => {
                    self.expect("*")?;
                    self.expect("]")?;
                    Node::Project(left.into(), self.right(20)?.into())
                }
            },
            "==" | "!=" | "<" | ">" | "<=" | ">=" => Node::Compare(sign, left.into(), self.expression(5)?.into()),
            _ => return self.unexpected(),
        })
    }

    /// What may stand behind a dot.
    fn dotted(&mut self, least: u8) -> Result<Node, ExpressionError> {
        match self.peek() {
            Token::Name(_) | Token::Quoted(_) | Token::Sign("*") => self.expression(least),
            Token::Sign("[") => {
                self.at += 1;
                self.list()
            }
            Token::Sign("{") => {
                self.at += 1;
                self.hash()
            }
            _ => self.unexpected(),
        }
    }

    /// What follows a projection.
    fn right(&mut self, least: u8) -> Result<Node, ExpressionError> {
        match self.peek() {
            token if strength(token) < 10 => Ok(Node::Current),
            Token::Sign("[" | "[?") => self.expression(least),
            Token::Sign(".") => {
                self.at += 1;
                self.dotted(least)
            }
            _ => self.unexpected(),
        }
    }

    fn filter(&mut self, left: Node) -> Result<Node, ExpressionError> {
        let condition = self.expression(0)?;
        self.expect("]")?;
        let right = if matches!(self.peek(), Token::Sign("[]")) { Node::Current } else { self.right(21)? };
        Ok(Node::Filter(left.into(), right.into(), condition.into()))
    }

    /// `[0]` or `[1:2]`, behind its bracket.
    fn index(&mut self, left: Node) -> Result<Node, ExpressionError> {
        let mut parts = [None; 3];
        let mut colons = 0;
        while !self.eat("]") {
            match self.next() {
                Token::Number(number) => parts[colons] = Some(number),
                Token::Sign(":") if colons < 2 => colons += 1,
                _ => {
                    self.at -= 1;
                    return self.unexpected();
                }
            }
        }
        if colons == 0 {
            let Some(index) = parts[0] else { return self.unexpected() };
            return Ok(Node::Sub(left.into(), Node::Index(index).into()));
        }
        if parts[2] == Some(0) {
            return thrown("Invalid slice, step cannot be 0");
        }
        let slice = Node::Sub(left.into(), Node::Slice(parts[0], parts[1], parts[2]).into());
        Ok(Node::Project(slice.into(), self.right(20)?.into()))
    }

    fn list(&mut self) -> Result<Node, ExpressionError> {
        let mut nodes = Vec::new();
        loop {
            nodes.push(self.expression(0)?);
            if self.eat("]") {
                return Ok(Node::List(nodes));
            }
            self.expect(",")?;
        }
    }

    fn hash(&mut self) -> Result<Node, ExpressionError> {
        let mut fields = Vec::new();
        loop {
            let (Token::Name(key) | Token::Quoted(key)) = self.next() else {
                self.at -= 1;
                return self.unexpected();
            };
            self.expect(":")?;
            fields.push((key, self.expression(0)?));
            if self.eat("}") {
                return Ok(Node::Hash(fields));
            }
            self.expect(",")?;
        }
    }
}
