//! Literals that the lexer cannot read by itself: objects, templates, regular expressions.

use super::expression::refused_key;
use super::lexer::{is_newline, is_reserved};
use super::token::TokenKind;
use super::*;
use crate::value::{Str, number_to_text};

impl Parser<'_> {
    pub(super) fn object(&mut self) -> Parse<Expr> {
        self.expect("{")?;
        let in_operator = std::mem::replace(&mut self.in_operator, true);
        let mut properties = Vec::new();
        while !self.is("}") {
            properties.push(self.property()?);
            if !self.is("}") {
                self.expect(",")?;
            }
        }
        self.in_operator = in_operator;
        self.expect("}")?;
        Ok(Expr::Object(properties))
    }

    fn property(&mut self) -> Parse<Property> {
        if self.eat("...")? {
            return Ok(Property::Spread(self.assignment()?));
        }
        if self.is("*") {
            return uncovered("a generator");
        }
        let token = self.token.clone();
        let key = self.key()?;
        if let (Key::Fixed(name), TokenKind::Word(word)) = (&key, &token.kind) {
            if matches!(&**word, "get" | "set" | "async")
                && !self.is(":")
                && !self.is(",")
                && !self.is("}")
                && !self.is("(")
                && !self.is("=")
            {
                self.uncovered = Some("a getter or a setter");
                let key = self.key()?;
                return Ok(Property::Field(key, self.method(token.start, None)?));
            }
            if self.is(",") || self.is("}") {
                return if is_reserved(word) {
                    invalid()
                } else {
                    Ok(Property::Field(Key::Fixed(name.clone()), Expr::Name(name.clone())))
                };
            }
            // `{ a = 1 }` is a pattern: [`Parser::pattern_again`] reads it once `=` is seen behind it.
            if self.is("=") && !is_reserved(word) {
                self.advance()?;
                self.assignment()?;
                return Ok(Property::Field(Key::Fixed(name.clone()), Expr::Literal(crate::value::Value::Undefined)));
            }
        }
        if self.is("(") {
            let name = if let Key::Fixed(name) = &key { Some(name.clone()) } else { None };
            return Ok(Property::Field(key, self.method(token.start, name)?));
        }
        self.expect(":")?;
        Ok(Property::Field(key, self.assignment()?))
    }

    /// The key of a field, in an object or a pattern.
    pub(super) fn key(&mut self) -> Parse<Key> {
        let key = match self.advance()?.kind {
            TokenKind::Word(word) => word,
            TokenKind::String(text) => text,
            TokenKind::Number(number) => number_to_text(number).into(),
            TokenKind::BigInt(digits) => digits,
            TokenKind::Punctuator("[") => {
                let key = self.assignment()?;
                self.expect("]")?;
                return Ok(Key::Computed(key));
            }
            _ => return invalid(),
        };
        // A field named like this sets a prototype, or hides one.
        match refused_key(&key) {
            Some(_) if *key == *"__proto__" => self.uncovered = Some("a prototype"),
            _ => {}
        }
        Ok(Key::Fixed(key))
    }

    /// A template, at its first backtick.
    pub(super) fn template(&mut self) -> Parse<Expr> {
        let (mut texts, mut values) = (Vec::new(), Vec::new());
        self.lexer.at = self.token.end;
        loop {
            let (text, ends) = self.template_text()?;
            texts.push(text);
            self.token = self.lexer.next()?;
            if ends {
                return Ok(Expr::Template { texts, values });
            }
            let in_operator = std::mem::replace(&mut self.in_operator, true);
            values.push(self.expression()?);
            self.in_operator = in_operator;
            if !self.is("}") {
                return invalid();
            }
            self.lexer.at = self.token.end;
        }
    }

    /// Text up to `${` or the last backtick; is it the last?
    fn template_text(&mut self) -> Parse<(Str, bool)> {
        let mut text = String::new();
        loop {
            let Some(c) = self.lexer.peek() else { return invalid() };
            if self.lexer.rest().starts_with("${") {
                self.lexer.at += 2;
                return Ok((text.into(), false));
            }
            self.lexer.at += c.len_utf8();
            match c {
                '`' => {
                    self.previous_end = self.lexer.at;
                    return Ok((text.into(), true));
                }
                '\\' => self.lexer.escape(&mut text)?,
                '\r' => {
                    if self.lexer.peek() == Some('\n') {
                        self.lexer.at += 1;
                    }
                    text.push('\n');
                }
                c => text.push(c),
            }
        }
    }

    /// A regular expression, at its first slash.
    pub(super) fn regex(&mut self) -> Parse<Expr> {
        self.lexer.at = self.token.start + 1;
        let start = self.lexer.at;
        let mut in_class = false;
        loop {
            let Some(c) = self.lexer.peek() else { return invalid() };
            if is_newline(c) {
                return invalid();
            }
            self.lexer.at += c.len_utf8();
            match c {
                '\\' => match self.lexer.peek() {
                    Some(next) if !is_newline(next) => self.lexer.at += next.len_utf8(),
                    _ => return invalid(),
                },
                '[' => in_class = true,
                ']' => in_class = false,
                '/' if !in_class => break,
                _ => {}
            }
        }
        let pattern = self.lexer.text[start..self.lexer.at - 1].into();
        let flags = self.lexer.at;
        let length = self
            .lexer
            .rest()
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '$' && c != '_')
            .unwrap_or(self.lexer.rest().len());
        self.lexer.at += length;
        let flags = self.lexer.text[flags..self.lexer.at].into();
        self.token.end = self.lexer.at;
        self.advance()?;
        Ok(Expr::Regex { pattern, flags })
    }
}
