//! Statements.

use super::{ErrorValue, Interpreter, Run, Slot, Stop};
use crate::expression::ExpressionError;
use crate::expression::syntax::*;
use crate::value::Value;

/// How a statement ended.
enum Flow {
    Next,
    Break,
    Continue,
    Return(Value),
}

impl Interpreter<'_> {
    /// The value of a script: that of its first expression statement.
    pub(super) fn script(&mut self, block: &Block) -> Run<Value> {
        self.begin(&block.scope);
        self.hoist(&block.statements);
        for statement in &block.statements {
            if let Statement::Expression(value) = statement {
                return self.eval(value);
            }
            if let Flow::Return(value) = self.statement(statement)? {
                return Ok(value);
            }
        }
        Ok(Value::Undefined)
    }

    /// What a function's body returns.
    pub(super) fn function_body(&mut self, block: &Block) -> Run<Value> {
        match self.block(block)? {
            Flow::Return(value) => Ok(value),
            _ => Ok(Value::Undefined),
        }
    }

    /// Empties the variables of a block that begins.
    fn begin(&mut self, scope: &BlockScope) {
        for (slot, shared) in &scope.slots {
            let empty = if *shared { Slot::Cell(self.cell(None)) } else { Slot::Empty };
            self.stack[self.base + *slot as usize] = empty;
        }
    }

    /// Functions can be called before their declaration.
    fn hoist(&mut self, statements: &[Statement]) {
        for statement in statements {
            if let Statement::Function(Pattern::Declare(slot), function) = statement {
                let function = self.closure(function);
                self.declare(*slot, function);
            }
        }
    }

    fn block(&mut self, block: &Block) -> Run<Flow> {
        self.begin(&block.scope);
        self.hoist(&block.statements);
        self.all(&block.statements)
    }

    fn all(&mut self, statements: &[Statement]) -> Run<Flow> {
        for statement in statements {
            match self.statement(statement)? {
                Flow::Next => {}
                flow => return Ok(flow),
            }
        }
        Ok(Flow::Next)
    }

    fn statement(&mut self, statement: &Statement) -> Run<Flow> {
        self.step()?;
        match statement {
            Statement::Expression(value) => {
                self.eval(value)?;
            }
            Statement::Declare(kind, bound) => {
                for (pattern, value) in bound {
                    let value = match value {
                        Some(value) => self.eval(value)?,
                        None if *kind == Declaration::Var => continue,
                        None => Value::Undefined,
                    };
                    self.bind(pattern, value)?;
                }
            }
            Statement::Return(value) => {
                let value = value.as_ref().map_or(Ok(Value::Undefined), |value| self.eval(value))?;
                return Ok(Flow::Return(value));
            }
            Statement::If(test, yes, no) => {
                if self.eval(test)?.is_truthy() {
                    return self.statement(yes);
                }
                if let Some(no) = no {
                    return self.statement(no);
                }
            }
            Statement::Block(block) => return self.block(block),
            Statement::For(each) => return self.for_loop(each),
            Statement::ForEach(each) => return self.for_each(each),
            Statement::While(test, body) => {
                while self.eval(test)?.is_truthy() {
                    match self.statement(body)? {
                        Flow::Break => break,
                        flow @ Flow::Return(_) => return Ok(flow),
                        _ => {}
                    }
                }
            }
            Statement::DoWhile(body, test) => loop {
                match self.statement(body)? {
                    Flow::Break => break,
                    flow @ Flow::Return(_) => return Ok(flow),
                    _ => {}
                }
                if !self.eval(test)?.is_truthy() {
                    break;
                }
            },
            Statement::Break => return Ok(Flow::Break),
            Statement::Continue => return Ok(Flow::Continue),
            Statement::Throw(value) => {
                let value = self.eval(value)?;
                return Err(Box::new(Stop::Thrown(value)));
            }
            Statement::Try(parts) => return self.try_statement(parts),
            Statement::Switch(value, cases, scope) => return self.switch(value, cases, scope),
            Statement::Function(..) | Statement::Empty => {}
        }
        Ok(Flow::Next)
    }

    fn for_loop(&mut self, each: &For) -> Run<Flow> {
        self.begin(&each.scope);
        if let Some(start) = &each.start {
            self.statement(start)?;
        }
        loop {
            if let Some(test) = &each.test
                && !self.eval(test)?.is_truthy()
            {
                return Ok(Flow::Next);
            }
            match self.statement(&each.body)? {
                Flow::Break => return Ok(Flow::Next),
                flow @ Flow::Return(_) => return Ok(flow),
                _ => {}
            }
            self.renew(&each.scope);
            if let Some(step) = &each.step {
                self.eval(step)?;
            }
        }
    }

    /// Each round of a `for` has variables of its own, which begin with the values of the last.
    fn renew(&mut self, scope: &BlockScope) {
        for (slot, _) in scope.slots.iter().filter(|(_, shared)| *shared) {
            let at = self.base + *slot as usize;
            if let Slot::Cell(cell) = &self.stack[at] {
                let value = cell.lock().clone();
                self.stack[at] = Slot::Cell(self.cell(value));
            }
        }
    }

    fn for_each(&mut self, each: &ForEach) -> Run<Flow> {
        let over = self.eval(&each.over)?;
        let values = if each.keys {
            if over.is_nullish() {
                Vec::new()
            } else {
                self.fields(&over)?.into_iter().map(|(key, _)| Value::String(key)).collect()
            }
        } else {
            self.iterate(&over)?
        };
        for value in values {
            if each.declares.is_some_and(|kind| kind != Declaration::Var) {
                self.begin(&each.scope);
            }
            self.bind(&each.pattern, value)?;
            match self.statement(&each.body)? {
                Flow::Break => break,
                flow @ Flow::Return(_) => return Ok(flow),
                _ => {}
            }
        }
        Ok(Flow::Next)
    }

    fn try_statement(&mut self, parts: &Try) -> Run<Flow> {
        let mut result = self.block(&parts.block);
        if let Some((scope, pattern, handler)) = &parts.handler {
            let caught = match result {
                Err(stop) => match *stop {
                    Stop::Thrown(value) => Ok(value),
                    Stop::Error(ExpressionError::Refused(message)) => Ok(ErrorValue::value("Error", message)),
                    stop => Err(Err(Box::new(stop))),
                },
                fine => Err(fine),
            };
            result = match caught {
                Err(result) => result,
                Ok(value) => {
                    self.begin(scope);
                    match pattern.as_ref().map_or(Ok(()), |pattern| self.bind(pattern, value)) {
                        Ok(()) => self.block(handler),
                        Err(stop) => Err(stop),
                    }
                }
            };
        }
        let Some(last) = &parts.last else { return result };
        if matches!(&result, Err(stop) if matches!(&**stop, Stop::Error(error) if !matches!(error, ExpressionError::Refused(_))))
        {
            return result;
        }
        match self.block(last)? {
            Flow::Next => result,
            flow => Ok(flow),
        }
    }

    fn switch(&mut self, value: &Expr, cases: &[(Option<Expr>, Vec<Statement>)], scope: &BlockScope) -> Run<Flow> {
        let value = self.eval(value)?;
        self.begin(scope);
        cases.iter().for_each(|(_, body)| self.hoist(body));
        let mut start = None;
        for (at, (test, _)) in cases.iter().enumerate() {
            if let Some(test) = test
                && self.eval(test)?.strictly_equals(&value)
            {
                start = Some(at);
                break;
            }
        }
        let Some(start) = start.or_else(|| cases.iter().position(|(test, _)| test.is_none())) else {
            return Ok(Flow::Next);
        };
        for (_, body) in &cases[start..] {
            match self.all(body)? {
                Flow::Next => {}
                Flow::Break => break,
                flow => return Ok(flow),
            }
        }
        Ok(Flow::Next)
    }
}
