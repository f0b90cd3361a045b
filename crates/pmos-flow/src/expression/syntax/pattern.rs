//! What declarations, parameters and assignments bind.

use super::expression::to_target;
use super::lexer::{is_reserved, name_of};
use super::token::{Token, TokenKind};
use super::*;

impl Parser<'_> {
    /// What a declaration binds.
    pub(super) fn pattern(&mut self) -> Parse<Pattern> {
        self.nested(|parser| parser.bound(false))
    }

    /// With a default, if there is one.
    pub(super) fn pattern_with_default(&mut self) -> Parse<Pattern> {
        let pattern = self.pattern()?;
        self.with_default(pattern)
    }

    /// Reads what was taken for a list or an object again, as what an assignment sets.
    pub(super) fn pattern_again(&mut self, start: Token) -> Parse<Target> {
        self.lexer.at = start.end;
        self.token = start;
        Ok(Target::Pattern(self.nested(|parser| parser.bound(true))?))
    }

    fn with_default(&mut self, pattern: Pattern) -> Parse<Pattern> {
        if self.eat("=")? { Ok(Pattern::Default(pattern.into(), self.assignment()?)) } else { Ok(pattern) }
    }

    /// One thing that is bound; `assigns` to what is there already.
    fn bound(&mut self, assigns: bool) -> Parse<Pattern> {
        if self.is("{") {
            return self.object_pattern(assigns);
        }
        if self.is("[") {
            return self.array_pattern(assigns);
        }
        if assigns {
            let target = self.left_hand_side()?;
            return Ok(Pattern::Assign(to_target(target)?.into()));
        }
        match name_of(&self.token.kind) {
            Some(name) => {
                self.advance()?;
                Ok(Pattern::Name(name))
            }
            None => invalid(),
        }
    }

    fn inner(&mut self, assigns: bool) -> Parse<Pattern> {
        let pattern = self.nested(|parser| parser.bound(assigns))?;
        self.with_default(pattern)
    }

    fn object_pattern(&mut self, assigns: bool) -> Parse<Pattern> {
        self.expect("{")?;
        let (mut fields, mut rest) = (Vec::new(), None);
        while !self.is("}") {
            if self.eat("...")? {
                rest = Some(Box::new(self.bound(assigns)?));
                break;
            }
            let is_name = matches!(&self.token.kind, TokenKind::Word(word) if !is_reserved(word));
            let key = self.key()?;
            let pattern = match &key {
                _ if self.eat(":")? => self.inner(assigns)?,
                Key::Fixed(name) if is_name => {
                    let name = name.clone();
                    let pattern =
                        if assigns { Pattern::Assign(Target::Name(name).into()) } else { Pattern::Name(name) };
                    self.with_default(pattern)?
                }
                _ => return invalid(),
            };
            fields.push((key, pattern));
            if !self.is("}") {
                self.expect(",")?;
            }
        }
        self.expect("}")?;
        Ok(Pattern::Object { fields, rest })
    }

    fn array_pattern(&mut self, assigns: bool) -> Parse<Pattern> {
        self.expect("[")?;
        let (mut elements, mut rest) = (Vec::new(), None);
        while !self.is("]") {
            if self.eat(",")? {
                elements.push(None);
                continue;
            }
            if self.eat("...")? {
                rest = Some(Box::new(self.nested(|parser| parser.bound(assigns))?));
                break;
            }
            elements.push(Some(self.inner(assigns)?));
            if !self.is("]") {
                self.expect(",")?;
            }
        }
        self.expect("]")?;
        Ok(Pattern::Array { elements, rest })
    }
}
