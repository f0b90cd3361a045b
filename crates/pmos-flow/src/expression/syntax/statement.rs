//! Statements.

use super::token::TokenKind;
use super::*;
use std::sync::Arc;

impl Parser<'_> {
    pub(super) fn statement(&mut self) -> Parse<Statement> {
        self.nested(Self::statement_inner)
    }

    /// `{ … }`.
    pub(super) fn block(&mut self) -> Parse<Block> {
        self.expect("{")?;
        let in_operator = std::mem::replace(&mut self.in_operator, true);
        let mut statements = Vec::new();
        while !self.is("}") {
            if self.token.kind == TokenKind::End {
                return invalid();
            }
            statements.push(self.statement()?);
        }
        self.in_operator = in_operator;
        self.advance()?;
        Ok(Block { statements, scope: BlockScope::default() })
    }

    fn statement_inner(&mut self) -> Parse<Statement> {
        if self.is("{") {
            return Ok(Statement::Block(self.block()?));
        }
        if self.eat(";")? {
            return Ok(Statement::Empty);
        }
        let TokenKind::Word(word) = self.token.kind.clone() else { return self.expression_statement() };
        match &*word {
            "var" | "const" => self.declaration(),
            "let" if self.next_begins_pattern()? => self.declaration(),
            "function" => {
                let function = self.function()?;
                let Some(name) = function.name.clone() else { return invalid() };
                let function = Function { own_slot: None, ..function };
                Ok(Statement::Function(Pattern::Name(name), Arc::new(function)))
            }
            "return" => {
                self.advance()?;
                let value = if self.ends_statement() { None } else { Some(self.expression()?) };
                self.end(Statement::Return(value))
            }
            "throw" => {
                self.advance()?;
                if self.token.after_newline {
                    return invalid();
                }
                let value = self.expression()?;
                self.end(Statement::Throw(value))
            }
            "break" | "continue" => {
                self.advance()?;
                if matches!(self.token.kind, TokenKind::Word(_)) && !self.token.after_newline {
                    return uncovered("a label");
                }
                self.end(if *word == *"break" { Statement::Break } else { Statement::Continue })
            }
            "if" => {
                let test = self.head()?;
                let yes = self.statement()?.into();
                let no = if self.eat_word("else")? { Some(self.statement()?.into()) } else { None };
                Ok(Statement::If(test, yes, no))
            }
            "while" => Ok(Statement::While(self.head()?, self.statement()?.into())),
            "do" => {
                self.advance()?;
                let body = self.statement()?.into();
                if !self.is_word("while") {
                    return invalid();
                }
                let test = self.head()?;
                self.eat(";")?;
                Ok(Statement::DoWhile(body, test))
            }
            "for" => self.for_statement(),
            "switch" => self.switch(),
            "try" => self.try_statement(),
            "class" | "with" | "import" | "export" | "debugger" => uncovered(&word),
            _ if self.lexer.clone().next()?.kind == TokenKind::Punctuator(":") => uncovered("a label"),
            _ => self.expression_statement(),
        }
    }

    /// The keyword and its `( … )`.
    fn head(&mut self) -> Parse<Expr> {
        self.advance()?;
        self.expect("(")?;
        let value = self.expression()?;
        self.expect(")")?;
        Ok(value)
    }

    fn next_begins_pattern(&self) -> Parse<bool> {
        Ok(match self.lexer.clone().next()?.kind {
            TokenKind::Word(word) => &*word != "in" && &*word != "instanceof" && &*word != "of",
            TokenKind::Punctuator("{" | "[") => true,
            _ => false,
        })
    }

    fn expression_statement(&mut self) -> Parse<Statement> {
        let expression = self.expression()?;
        self.end(Statement::Expression(expression))
    }

    fn ends_statement(&self) -> bool {
        self.is(";") || self.is("}") || self.token.kind == TokenKind::End || self.token.after_newline
    }

    /// The `;` behind a statement, which a line break may stand for.
    fn end(&mut self, statement: Statement) -> Parse<Statement> {
        if !self.ends_statement() {
            return invalid();
        }
        self.eat(";")?;
        Ok(statement)
    }

    fn declaration(&mut self) -> Parse<Statement> {
        let (kind, bound) = self.bindings(false)?;
        self.end(Statement::Declare(kind, bound))
    }

    /// `let a = 1, b`; in the head of a `for` the first may lack its value.
    fn bindings(&mut self, in_head: bool) -> Parse<(Declaration, Vec<(Pattern, Option<Expr>)>)> {
        let kind = match self.advance()?.kind {
            TokenKind::Word(word) if *word == *"const" => Declaration::Const,
            TokenKind::Word(word) if *word == *"let" => Declaration::Let,
            _ => Declaration::Var,
        };
        let mut bound = Vec::new();
        loop {
            let pattern = self.pattern()?;
            let value = if self.eat("=")? { Some(self.assignment()?) } else { None };
            let over = in_head && bound.is_empty() && (self.is_word("of") || self.is_word("in"));
            if value.is_none() && !over && (kind == Declaration::Const || !matches!(pattern, Pattern::Name(_))) {
                return invalid();
            }
            bound.push((pattern, value));
            if over || !self.eat(",")? {
                return Ok((kind, bound));
            }
        }
    }

    fn for_statement(&mut self) -> Parse<Statement> {
        self.advance()?;
        if self.is_word("await") {
            return uncovered("code that waits");
        }
        self.expect("(")?;
        let declares =
            self.is_word("var") || self.is_word("const") || (self.is_word("let") && self.next_begins_pattern()?);
        self.in_operator = false;
        let start = if self.is(";") {
            None
        } else if declares {
            let (kind, bound) = self.bindings(true)?;
            Some(Statement::Declare(kind, bound))
        } else {
            let token = self.token.clone();
            let left = self.expression()?;
            if self.is_word("of") || self.is_word("in") {
                let target = match left {
                    Expr::Array(_) | Expr::Object(_) => self.pattern_again(token)?,
                    left => expression::to_target(left)?,
                };
                self.in_operator = true;
                return self.for_each(None, Pattern::Assign(target.into()));
            }
            Some(Statement::Expression(left))
        };
        self.in_operator = true;
        if self.is_word("of") || self.is_word("in") {
            let Some(Statement::Declare(kind, mut bound)) = start else { return invalid() };
            return match (bound.pop(), bound.is_empty()) {
                (Some((pattern, None)), true) => self.for_each(Some(kind), pattern),
                _ => invalid(),
            };
        }
        self.expect(";")?;
        let test = if self.is(";") { None } else { Some(self.expression()?) };
        self.expect(";")?;
        let step = if self.is(")") { None } else { Some(self.expression()?) };
        self.expect(")")?;
        let body = self.statement()?;
        Ok(Statement::For(Box::new(For { scope: BlockScope::default(), start, test, step, body })))
    }

    fn for_each(&mut self, declares: Option<Declaration>, pattern: Pattern) -> Parse<Statement> {
        let keys = self.is_word("in");
        self.advance()?;
        let over = if keys { self.expression()? } else { self.assignment()? };
        self.expect(")")?;
        let body = self.statement()?;
        Ok(Statement::ForEach(Box::new(ForEach { scope: BlockScope::default(), declares, pattern, over, keys, body })))
    }

    fn switch(&mut self) -> Parse<Statement> {
        let value = self.head()?;
        self.expect("{")?;
        let mut cases = Vec::new();
        while !self.eat("}")? {
            let test = if self.eat_word("default")? {
                None
            } else if self.eat_word("case")? {
                Some(self.expression()?)
            } else {
                return invalid();
            };
            self.expect(":")?;
            let mut body = Vec::new();
            while !self.is("}") && !self.is_word("case") && !self.is_word("default") {
                if self.token.kind == TokenKind::End {
                    return invalid();
                }
                body.push(self.statement()?);
            }
            cases.push((test, body));
        }
        Ok(Statement::Switch(value, cases, BlockScope::default()))
    }

    fn try_statement(&mut self) -> Parse<Statement> {
        self.advance()?;
        let block = self.block()?;
        let handler = if self.eat_word("catch")? {
            let pattern = if self.eat("(")? {
                let pattern = self.pattern()?;
                self.expect(")")?;
                Some(pattern)
            } else {
                None
            };
            Some((BlockScope::default(), pattern, self.block()?))
        } else {
            None
        };
        let last = if self.eat_word("finally")? { Some(self.block()?) } else { None };
        if handler.is_none() && last.is_none() {
            return invalid();
        }
        Ok(Statement::Try(Box::new(Try { block, handler, last })))
    }
}
