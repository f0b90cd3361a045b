//! Expressions, by precedence.

use super::lexer::{is_reserved, name_of};
use super::token::TokenKind;
use super::*;
use crate::value::{Str, Value};

/// What may not be read from a value: the ways to code and prototypes.
const FORBIDDEN: [&str; 20] = [
    "__proto__",
    "prototype",
    "constructor",
    "getPrototypeOf",
    "mainModule",
    "binding",
    "_linkedBinding",
    "_load",
    "prepareStackTrace",
    "__lookupGetter__",
    "__lookupSetter__",
    "__defineGetter__",
    "__defineSetter__",
    "caller",
    "arguments",
    "getBuiltinModule",
    "dlopen",
    "execve",
    "loadEnvFile",
    "setPrototypeOf",
];

/// n8n's refusal to read `key`, if it refuses.
pub(crate) fn refused_key(key: &str) -> Option<ExpressionError> {
    FORBIDDEN
        .contains(&key)
        .then(|| ExpressionError::Refused(format!("Cannot access \"{key}\" due to security concerns")))
}

impl Parser<'_> {
    /// An expression with commas.
    pub(super) fn expression(&mut self) -> Parse<Expr> {
        let first = self.assignment()?;
        if !self.is(",") {
            return Ok(first);
        }
        let mut list = vec![first];
        while self.eat(",")? {
            list.push(self.assignment()?);
        }
        Ok(Expr::Sequence(list))
    }

    /// An expression without commas.
    pub(super) fn assignment(&mut self) -> Parse<Expr> {
        self.nested(|parser| {
            if let Some(function) = parser.arrow_function()? {
                return Ok(function);
            }
            if parser.is_word("yield") || parser.is_word("await") || parser.is_word("async") {
                return parser.waiting();
            }
            let start = parser.token.clone();
            let left = parser.conditional()?;
            let Some(operator) = parser.assignment_operator() else { return Ok(left) };
            let target = match left {
                Expr::Array(_) | Expr::Object(_) if operator == Assignment::Set => parser.pattern_again(start)?,
                left => to_target(left)?,
            };
            parser.advance()?;
            let value = parser.assignment()?;
            Ok(Expr::Assign { operator, target: Box::new(target), value: Box::new(value) })
        })
    }

    /// `async` and its like, which are names too.
    fn waiting(&mut self) -> Parse<Expr> {
        let ahead = self.lexer.clone().next()?.kind;
        match ahead {
            TokenKind::Word(_) | TokenKind::Number(_) | TokenKind::String(_) | TokenKind::Backtick => {
                uncovered("code that waits")
            }
            TokenKind::Punctuator("(" | "[" | "{") => uncovered("code that waits"),
            _ => self.conditional(),
        }
    }

    fn assignment_operator(&self) -> Option<Assignment> {
        let TokenKind::Punctuator(punctuator) = self.token.kind else { return None };
        Some(match punctuator {
            "=" => Assignment::Set,
            "&&=" => Assignment::Logical(Logical::And),
            "||=" => Assignment::Logical(Logical::Or),
            "??=" => Assignment::Logical(Logical::Nullish),
            _ => Assignment::Binary(match punctuator {
                "+=" => Binary::Add,
                "-=" => Binary::Subtract,
                "*=" => Binary::Multiply,
                "/=" => Binary::Divide,
                "%=" => Binary::Remainder,
                "**=" => Binary::Power,
                "<<=" => Binary::ShiftLeft,
                ">>=" => Binary::ShiftRight,
                ">>>=" => Binary::ShiftRightUnsigned,
                "&=" => Binary::BitAnd,
                "|=" => Binary::BitOr,
                "^=" => Binary::BitXor,
                _ => return None,
            }),
        })
    }

    fn conditional(&mut self) -> Parse<Expr> {
        let test = self.binary(0)?;
        if !self.eat("?")? {
            return Ok(test);
        }
        let in_operator = std::mem::replace(&mut self.in_operator, true);
        let yes = self.assignment()?;
        self.in_operator = in_operator;
        self.expect(":")?;
        let no = self.assignment()?;
        Ok(Expr::Conditional(test.into(), yes.into(), no.into()))
    }

    fn binary(&mut self, least: u8) -> Parse<Expr> {
        let begins_with_sign = matches!(&self.token.kind, TokenKind::Punctuator("-" | "+" | "!" | "~"))
            || ["typeof", "void", "delete"].iter().any(|word| self.is_word(word));
        let mut left = self.unary()?;
        let (mut mixes_nullish, mut mixes_logical) = (false, false);
        while let Some((strength, operator)) = self.operator() {
            if strength < least {
                break;
            }
            self.link()?;
            if operator == Operator::Binary(Binary::Power)
                && begins_with_sign
                && !matches!(left, Expr::Binary(Binary::Power, ..))
            {
                return invalid();
            }
            match operator {
                Operator::Logical(Logical::Nullish) => mixes_nullish = true,
                Operator::Logical(_) => mixes_logical = true,
                Operator::Binary(_) => {}
            }
            self.advance()?;
            // `**` binds to the right.
            let next = if operator == Operator::Binary(Binary::Power) { strength } else { strength + 1 };
            let right = self.nested(|parser| parser.binary(next))?;
            left = match operator {
                Operator::Binary(operator) => Expr::Binary(operator, left.into(), right.into()),
                Operator::Logical(operator) => Expr::Logical(operator, left.into(), right.into()),
            };
        }
        if mixes_nullish && mixes_logical { invalid() } else { Ok(left) }
    }

    fn operator(&self) -> Option<(u8, Operator)> {
        use Operator::{Binary as B, Logical as L};
        let punctuator = match &self.token.kind {
            TokenKind::Punctuator(punctuator) => *punctuator,
            TokenKind::Word(word) if **word == *"instanceof" => return Some((7, B(Binary::InstanceOf))),
            TokenKind::Word(word) if **word == *"in" && self.in_operator => return Some((7, B(Binary::In))),
            _ => return None,
        };
        Some(match punctuator {
            "??" => (1, L(Logical::Nullish)),
            "||" => (1, L(Logical::Or)),
            "&&" => (2, L(Logical::And)),
            "|" => (3, B(Binary::BitOr)),
            "^" => (4, B(Binary::BitXor)),
            "&" => (5, B(Binary::BitAnd)),
            "==" => (6, B(Binary::Equal)),
            "!=" => (6, B(Binary::NotEqual)),
            "===" => (6, B(Binary::Same)),
            "!==" => (6, B(Binary::NotSame)),
            "<" => (7, B(Binary::Less)),
            "<=" => (7, B(Binary::LessOrEqual)),
            ">" => (7, B(Binary::Greater)),
            ">=" => (7, B(Binary::GreaterOrEqual)),
            "<<" => (8, B(Binary::ShiftLeft)),
            ">>" => (8, B(Binary::ShiftRight)),
            ">>>" => (8, B(Binary::ShiftRightUnsigned)),
            "+" => (9, B(Binary::Add)),
            "-" => (9, B(Binary::Subtract)),
            "*" => (10, B(Binary::Multiply)),
            "/" => (10, B(Binary::Divide)),
            "%" => (10, B(Binary::Remainder)),
            "**" => (11, B(Binary::Power)),
            _ => return None,
        })
    }

    fn unary(&mut self) -> Parse<Expr> {
        let operator = match &self.token.kind {
            TokenKind::Punctuator("!") => Unary::Not,
            TokenKind::Punctuator("-") => Unary::Minus,
            TokenKind::Punctuator("+") => Unary::Plus,
            TokenKind::Punctuator("~") => Unary::BitNot,
            TokenKind::Punctuator("++" | "--") => return self.nested(Self::prefix_update),
            TokenKind::Word(word) => match &**word {
                "typeof" => Unary::Typeof,
                "void" => Unary::Void,
                "delete" => Unary::Delete,
                _ => return self.postfix(),
            },
            _ => return self.postfix(),
        };
        self.advance()?;
        let operand = self.nested(Self::unary)?;
        Ok(match (operator, operand) {
            (Unary::Minus, Expr::Literal(Value::Number(number))) => Expr::Literal(Value::Number(-number)),
            (operator, operand) => Expr::Unary(operator, operand.into()),
        })
    }

    fn prefix_update(&mut self) -> Parse<Expr> {
        let add = if self.is("++") { 1.0 } else { -1.0 };
        self.advance()?;
        let target = to_target(self.unary()?)?;
        Ok(Expr::Update { add, prefix: true, target: target.into() })
    }

    fn postfix(&mut self) -> Parse<Expr> {
        let operand = self.left_hand_side()?;
        if (self.is("++") || self.is("--")) && !self.token.after_newline {
            let add = if self.is("++") { 1.0 } else { -1.0 };
            self.advance()?;
            return Ok(Expr::Update { add, prefix: false, target: to_target(operand)?.into() });
        }
        Ok(operand)
    }

    /// A value with its members, calls and indexes.
    pub(super) fn left_hand_side(&mut self) -> Parse<Expr> {
        let mut value = if self.is_word("new") { self.nested(Self::new_value)? } else { self.primary()? };
        let mut chained = false;
        loop {
            self.link()?;
            let TokenKind::Punctuator(punctuator) = self.token.kind else {
                if self.token.kind == TokenKind::Backtick {
                    return uncovered("a tagged template");
                }
                break;
            };
            value = match punctuator {
                "." => {
                    self.advance()?;
                    self.member(value, false)?
                }
                "?." => {
                    chained = true;
                    self.advance()?;
                    match self.token.kind {
                        TokenKind::Punctuator("(") => self.call(value, true)?,
                        TokenKind::Punctuator("[") => self.index(value, true)?,
                        _ => self.member(value, true)?,
                    }
                }
                "[" => self.index(value, false)?,
                "(" => self.call(value, false)?,
                _ => break,
            };
        }
        Ok(if chained { Expr::Chain(value.into()) } else { value })
    }

    fn member(&mut self, object: Expr, optional: bool) -> Parse<Expr> {
        let TokenKind::Word(key) = self.advance()?.kind else { return invalid() };
        member_of(object, key, optional)
    }

    fn index(&mut self, object: Expr, optional: bool) -> Parse<Expr> {
        self.expect("[")?;
        let in_operator = std::mem::replace(&mut self.in_operator, true);
        let key = self.expression()?;
        self.in_operator = in_operator;
        self.expect("]")?;
        match key {
            Expr::Literal(Value::String(key)) => member_of(object, key, optional),
            key => Ok(Expr::Index { object: object.into(), key: key.into(), optional }),
        }
    }

    fn call(&mut self, callee: Expr, optional: bool) -> Parse<Expr> {
        let arguments = self.arguments()?;
        Ok(match callee {
            Expr::Member { object, key, optional: optional_object } => Expr::MethodCall(Box::new(MethodCall {
                object: *object,
                name: key,
                arguments,
                optional_object,
                optional_call: optional,
            })),
            callee => Expr::Call { callee: callee.into(), arguments, optional },
        })
    }

    pub(super) fn arguments(&mut self) -> Parse<Vec<Element>> {
        self.expect("(")?;
        self.elements(")")
    }

    /// The elements of a list up to `end`.
    fn elements(&mut self, end: &'static str) -> Parse<Vec<Element>> {
        let in_operator = std::mem::replace(&mut self.in_operator, true);
        let mut elements = Vec::new();
        while !self.is(end) {
            if self.is(",") {
                return if end == "]" { uncovered("a list with holes") } else { invalid() };
            }
            elements.push(if self.eat("...")? {
                Element::Spread(self.assignment()?)
            } else {
                Element::Item(self.assignment()?)
            });
            if !self.is(end) {
                self.expect(",")?;
            }
        }
        self.in_operator = in_operator;
        self.expect(end)?;
        Ok(elements)
    }

    fn new_value(&mut self) -> Parse<Expr> {
        self.advance()?;
        if self.is(".") {
            return uncovered("new.target");
        }
        let mut callee = if self.is_word("new") { self.nested(Self::new_value)? } else { self.primary()? };
        loop {
            callee = match self.token.kind {
                TokenKind::Punctuator(".") => {
                    self.advance()?;
                    self.member(callee, false)?
                }
                TokenKind::Punctuator("[") => self.index(callee, false)?,
                _ => break,
            };
        }
        let arguments = if self.is("(") { self.arguments()? } else { Vec::new() };
        Ok(Expr::New { callee: callee.into(), arguments })
    }

    fn primary(&mut self) -> Parse<Expr> {
        match self.token.kind.clone() {
            TokenKind::Number(number) => self.literal(Value::Number(number)),
            TokenKind::String(text) => self.literal(Value::String(text)),
            TokenKind::BigInt(digits) => {
                self.advance()?;
                Ok(Expr::BigInt(digits))
            }
            TokenKind::Backtick => self.template(),
            TokenKind::Punctuator("(") => {
                self.advance()?;
                let in_operator = std::mem::replace(&mut self.in_operator, true);
                let inner = self.expression()?;
                self.in_operator = in_operator;
                self.expect(")")?;
                Ok(inner)
            }
            TokenKind::Punctuator("[") => {
                self.advance()?;
                Ok(Expr::Array(self.elements("]")?))
            }
            TokenKind::Punctuator("{") => self.object(),
            TokenKind::Punctuator("/" | "/=") => self.regex(),
            TokenKind::Word(word) => self.word(&word),
            _ => invalid(),
        }
    }

    fn literal(&mut self, value: Value) -> Parse<Expr> {
        self.advance()?;
        Ok(Expr::Literal(value))
    }

    fn word(&mut self, word: &str) -> Parse<Expr> {
        match word {
            "null" => self.literal(Value::Null),
            "true" => self.literal(Value::Bool(true)),
            "false" => self.literal(Value::Bool(false)),
            "function" => self.function_expression(),
            "class" | "this" | "super" | "import" => uncovered(word),
            _ if is_reserved(word) => invalid(),
            "arguments" => refused_key(word).map_or_else(invalid, Err),
            _ => match name_of(&self.advance()?.kind) {
                Some(name) => Ok(Expr::Name(name)),
                None => invalid(),
            },
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Operator {
    Binary(Binary),
    Logical(Logical),
}

fn member_of(object: Expr, key: Str, optional: bool) -> Parse<Expr> {
    match refused_key(&key) {
        Some(refused) => Err(refused),
        None => Ok(Expr::Member { object: object.into(), key, optional }),
    }
}

/// What an expression on the left of `=` assigns to.
pub(super) fn to_target(left: Expr) -> Parse<Target> {
    match left {
        Expr::Name(name) => Ok(Target::Name(name)),
        Expr::Member { object, key, optional: false } => Ok(Target::Member(*object, Key::Fixed(key))),
        Expr::Index { object, key, optional: false } => Ok(Target::Member(*object, Key::Computed(*key))),
        _ => invalid(),
    }
}
