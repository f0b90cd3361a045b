//! Functions.

use super::lexer::name_of;
use super::token::TokenKind;
use super::*;
use crate::value::Str;
use std::sync::Arc;

impl Parser<'_> {
    /// An arrow function, if one begins here.
    pub(super) fn arrow_function(&mut self) -> Parse<Option<Expr>> {
        if let Some(name) = name_of(&self.token.kind) {
            let ahead = self.lexer.clone().next()?;
            if ahead.kind != TokenKind::Punctuator("=>") || ahead.after_newline {
                return Ok(None);
            }
            if *name == *"async" {
                return uncovered("code that waits");
            }
            let start = self.token.start;
            self.advance()?;
            return self.arrow_body(start, vec![Pattern::Name(name)], None).map(Some);
        }
        let start = self.token.start;
        if !self.is("(") || self.no_arrow.contains(&start) {
            return Ok(None);
        }
        let before = (self.lexer.clone(), self.token.clone(), self.previous_end, self.depth, self.in_operator);
        match self.parameters() {
            Ok((parameters, rest)) if self.is("=>") && !self.token.after_newline => {
                return self.arrow_body(start, parameters, rest).map(Some);
            }
            _ => {}
        }
        self.no_arrow.insert(start);
        (self.lexer, self.token, self.previous_end, self.depth, self.in_operator) = before;
        Ok(None)
    }

    fn arrow_body(&mut self, start: usize, parameters: Vec<Pattern>, rest: Option<Pattern>) -> Parse<Expr> {
        self.expect("=>")?;
        let body = if self.is("{") {
            FunctionBody::Block(self.block()?)
        } else {
            FunctionBody::Expression(self.assignment()?)
        };
        Ok(Expr::Function(Arc::new(self.function_of(start, None, parameters, rest, body))))
    }

    fn parameters(&mut self) -> Parse<(Vec<Pattern>, Option<Pattern>)> {
        self.expect("(")?;
        let in_operator = std::mem::replace(&mut self.in_operator, true);
        let (mut parameters, mut rest) = (Vec::new(), None);
        while !self.is(")") {
            if self.eat("...")? {
                rest = Some(self.pattern()?);
                break;
            }
            parameters.push(self.pattern_with_default()?);
            if !self.is(")") {
                self.expect(",")?;
            }
        }
        self.in_operator = in_operator;
        self.expect(")")?;
        Ok((parameters, rest))
    }

    /// `function name(a, b) { … }` as a value.
    pub(super) fn function_expression(&mut self) -> Parse<Expr> {
        Ok(Expr::Function(Arc::new(self.function()?)))
    }

    /// `function name(a, b) { … }`.
    pub(super) fn function(&mut self) -> Parse<Function> {
        let start = self.token.start;
        self.advance()?;
        if self.is("*") {
            return uncovered("a generator");
        }
        let name = name_of(&self.token.kind);
        if name.is_some() {
            self.advance()?;
        }
        let (parameters, rest) = self.parameters()?;
        let body = FunctionBody::Block(self.block()?);
        Ok(self.function_of(start, name, parameters, rest, body))
    }

    /// A method of an object literal, at its parameters.
    pub(super) fn method(&mut self, start: usize, name: Option<Str>) -> Parse<Expr> {
        let (parameters, rest) = self.parameters()?;
        let body = FunctionBody::Block(self.block()?);
        let mut function = self.function_of(start, None, parameters, rest, body);
        function.name = name;
        Ok(Expr::Function(Arc::new(function)))
    }

    fn function_of(
        &self,
        start: usize,
        name: Option<Str>,
        parameters: Vec<Pattern>,
        rest: Option<Pattern>,
        body: FunctionBody,
    ) -> Function {
        let text = self.lexer.text.get(start..self.previous_end).unwrap_or_default().into();
        // The name of a function expression is its own variable, which the resolver numbers.
        let own_slot = name.as_ref().map(|_| 0);
        Function { parameters, rest, body, name, own_slot, slots: 0, shared: Vec::new(), captures: Vec::new(), text }
    }
}
