//! Gives every name its place: a slot of the running function, a variable of one around it, or the world outside.

use super::*;
use crate::value::{Str, Value};
use std::sync::Arc;

/// How deep the tree may be; the sandbox takes what is deeper.
const MAX_LEVELS: usize = 250;
/// The functions among the names with `$` that look at nothing but their arguments.
const PURE: [&str; 9] = ["$if", "$ifEmpty", "$min", "$max", "$average", "$not", "$jmespath", "$now", "$today"];

pub(super) fn resolve(mut body: Body) -> Parse<Program> {
    let mut resolver = Resolver::default();
    resolver.functions.push(Scope::default());
    resolver.enter();
    match &mut body {
        Body::Expression(expression) => resolver.expr(expression)?,
        Body::Statements(block) => resolver.block(block)?,
    }
    let shared = resolver.leave().shared();
    let slots = resolver.functions.pop().map_or(0, |scope| scope.captured.len());
    Ok(Program { body, slots, shared, reads_json: resolver.reads_json, looks_once: resolver.looks <= 1 })
}

#[derive(Default)]
struct Resolver {
    functions: Vec<Scope>,
    levels: usize,
    /// How often the code looks at what it is given.
    looks: usize,
    reads_json: bool,
    /// Inside how many loops is it?
    loops: usize,
}

/// The variables of a function.
#[derive(Default)]
struct Scope {
    blocks: Vec<Vec<(Str, u32, bool)>>,
    /// For each slot: does a function within take it along?
    captured: Vec<bool>,
    /// What it takes along itself, and where that place is in the function around it.
    captures: Vec<Place>,
}

impl Resolver {
    fn expr(&mut self, expr: &mut Expr) -> Parse<()> {
        self.levels += 1;
        if self.levels > MAX_LEVELS {
            return uncovered("deeply nested code");
        }
        self.expr_inner(expr)?;
        self.levels -= 1;
        Ok(())
    }

    fn expr_inner(&mut self, expr: &mut Expr) -> Parse<()> {
        match expr {
            Expr::Name(name) => {
                if let Some(found) = self.name(name) {
                    *expr = found;
                }
                Ok(())
            }
            Expr::Template { values, .. } | Expr::Sequence(values) => {
                values.iter_mut().try_for_each(|value| self.expr(value))
            }
            Expr::Array(elements) => self.elements(elements),
            Expr::Object(properties) => properties.iter_mut().try_for_each(|property| match property {
                Property::Field(key, value) => {
                    self.key(key)?;
                    self.expr(value)
                }
                Property::Spread(value) => self.expr(value),
            }),
            Expr::Function(function) => self.function(function),
            Expr::Member { object, .. } | Expr::Chain(object) | Expr::Unary(_, object) => self.expr(object),
            Expr::Index { object, key, .. } => {
                self.expr(object)?;
                self.expr(key)
            }
            Expr::Call { callee, arguments, .. } | Expr::New { callee, arguments } => {
                self.expr(callee)?;
                self.elements(arguments)
            }
            Expr::MethodCall(call) => {
                self.expr(&mut call.object)?;
                self.elements(&mut call.arguments)
            }
            Expr::Update { target, .. } => self.target(target),
            Expr::Binary(_, left, right) | Expr::Logical(_, left, right) => {
                self.expr(left)?;
                self.expr(right)
            }
            Expr::Conditional(test, yes, no) => {
                self.expr(test)?;
                self.expr(yes)?;
                self.expr(no)
            }
            Expr::Assign { target, value, .. } => {
                self.target(target)?;
                self.expr(value)
            }
            Expr::Literal(_) | Expr::BigInt(_) | Expr::Regex { .. } | Expr::Variable(_) | Expr::Json => Ok(()),
        }
    }

    fn elements(&mut self, elements: &mut [Element]) -> Parse<()> {
        elements.iter_mut().try_for_each(|(Element::Item(value) | Element::Spread(value))| self.expr(value))
    }

    fn key(&mut self, key: &mut Key) -> Parse<()> {
        match key {
            Key::Fixed(_) => Ok(()),
            Key::Computed(key) => self.expr(key),
        }
    }

    fn target(&mut self, target: &mut Target) -> Parse<()> {
        match target {
            Target::Name(name) => {
                if let Some((place, constant)) = self.find(name) {
                    *target = if constant { Target::Constant(name.clone()) } else { Target::Variable(place) };
                } else if name.starts_with('$') {
                    return uncovered("an assignment to a variable of n8n");
                }
                Ok(())
            }
            Target::Member(object, key) => {
                self.expr(object)?;
                self.key(key)
            }
            Target::Pattern(pattern) => self.pattern(pattern),
            Target::Variable(_) | Target::Constant(_) => Ok(()),
        }
    }

    /// Resolves what a pattern holds; its names are declared already.
    fn pattern(&mut self, pattern: &mut Pattern) -> Parse<()> {
        match pattern {
            Pattern::Name(name) => match self.functions.last().and_then(|scope| scope.local(name)) {
                Some((slot, _)) => {
                    *pattern = Pattern::Declare(slot);
                    Ok(())
                }
                None => invalid(),
            },
            Pattern::Declare(_) => Ok(()),
            Pattern::Assign(target) => self.target(target),
            Pattern::Object { fields, rest } => {
                for (key, pattern) in fields {
                    self.key(key)?;
                    self.pattern(pattern)?;
                }
                rest.iter_mut().try_for_each(|rest| self.pattern(rest))
            }
            Pattern::Array { elements, rest } => {
                elements.iter_mut().flatten().try_for_each(|pattern| self.pattern(pattern))?;
                rest.iter_mut().try_for_each(|rest| self.pattern(rest))
            }
            Pattern::Default(pattern, value) => {
                self.pattern(pattern)?;
                self.expr(value)
            }
        }
    }

    fn name(&mut self, name: &Str) -> Option<Expr> {
        if let Some((place, _)) = self.find(name) {
            return Some(Expr::Variable(place));
        }
        if name.starts_with('$') && !PURE.contains(&&**name) {
            self.looks += if self.loops > 0 || self.functions.len() > 1 { 2 } else { 1 };
        }
        match &**name {
            "$json" | "$data" => {
                self.reads_json = true;
                Some(Expr::Json)
            }
            "undefined" => Some(Expr::Literal(Value::Undefined)),
            "NaN" => Some(Expr::Literal(Value::Number(f64::NAN))),
            "Infinity" => Some(Expr::Literal(Value::Number(f64::INFINITY))),
            _ => None,
        }
    }

    /// Where a declared variable lives, and whether it is a constant.
    fn find(&mut self, name: &str) -> Option<(Place, bool)> {
        let owner = self.functions.iter().rposition(|scope| scope.local(name).is_some())?;
        let (slot, constant) = self.functions[owner].local(name)?;
        let mut place = Place::Local(slot);
        if owner + 1 < self.functions.len() {
            self.functions[owner].captured[slot as usize] = true;
        }
        for scope in &mut self.functions[owner + 1..] {
            let number = scope.captures.iter().position(|known| *known == place).unwrap_or_else(|| {
                scope.captures.push(place);
                scope.captures.len() - 1
            });
            place = Place::Captured(number as u32);
        }
        Some((place, constant))
    }

    fn enter(&mut self) {
        if let Some(scope) = self.functions.last_mut() {
            scope.blocks.push(Vec::new());
        }
    }

    /// Leaves a block; its variables are known now.
    fn leave(&mut self) -> BlockScope {
        let Some(scope) = self.functions.last_mut() else { return BlockScope::default() };
        let names = scope.blocks.pop().unwrap_or_default();
        BlockScope { slots: names.into_iter().map(|(_, slot, _)| (slot, scope.captured[slot as usize])).collect() }
    }

    fn declare(&mut self, name: &Str, constant: bool, in_function: bool) -> u32 {
        let Some(scope) = self.functions.last_mut() else { return 0 };
        let block = if in_function { 0 } else { scope.blocks.len() - 1 };
        if let Some((_, slot, _)) = scope.blocks[block].iter().find(|(known, ..)| known == name) {
            return *slot;
        }
        let slot = scope.captured.len() as u32;
        scope.captured.push(false);
        scope.blocks[block].push((name.clone(), slot, constant));
        slot
    }

    fn declare_pattern(&mut self, pattern: &Pattern, kind: Declaration) {
        match pattern {
            Pattern::Name(name) => {
                self.declare(name, kind == Declaration::Const, kind == Declaration::Var);
            }
            Pattern::Declare(_) | Pattern::Assign(_) => {}
            Pattern::Object { fields, rest } => {
                fields
                    .iter()
                    .map(|(_, pattern)| pattern)
                    .chain(rest.as_deref())
                    .for_each(|pattern| self.declare_pattern(pattern, kind));
            }
            Pattern::Array { elements, rest } => {
                elements
                    .iter()
                    .flatten()
                    .chain(rest.as_deref())
                    .for_each(|pattern| self.declare_pattern(pattern, kind));
            }
            Pattern::Default(pattern, _) => self.declare_pattern(pattern, kind),
        }
    }

    /// Declares what statements declare in their own block, and the `var`s within them.
    fn declare_statements(&mut self, statements: &[Statement]) {
        for statement in statements {
            match statement {
                Statement::Declare(kind, bound) => {
                    bound.iter().for_each(|(pattern, _)| self.declare_pattern(pattern, *kind))
                }
                Statement::Function(pattern, _) => self.declare_pattern(pattern, Declaration::Let),
                statement => self.declare_vars(statement),
            }
        }
    }

    fn declare_vars(&mut self, statement: &Statement) {
        match statement {
            Statement::Declare(Declaration::Var, bound) => {
                bound.iter().for_each(|(pattern, _)| self.declare_pattern(pattern, Declaration::Var));
            }
            Statement::If(_, yes, no) => {
                self.declare_vars(yes);
                no.iter().for_each(|no| self.declare_vars(no));
            }
            Statement::Block(block) => block.statements.iter().for_each(|statement| self.declare_vars(statement)),
            Statement::For(each) => {
                each.start.iter().for_each(|start| self.declare_vars(start));
                self.declare_vars(&each.body);
            }
            Statement::ForEach(each) => {
                if each.declares == Some(Declaration::Var) {
                    self.declare_pattern(&each.pattern, Declaration::Var);
                }
                self.declare_vars(&each.body);
            }
            Statement::While(_, body) | Statement::DoWhile(body, _) => self.declare_vars(body),
            Statement::Try(parts) => {
                let handler = parts.handler.iter().map(|(_, _, block)| block);
                let blocks = std::iter::once(&parts.block).chain(handler).chain(&parts.last);
                blocks.flat_map(|block| &block.statements).for_each(|statement| self.declare_vars(statement));
            }
            Statement::Switch(_, cases, _) => {
                cases.iter().flat_map(|(_, body)| body).for_each(|statement| self.declare_vars(statement));
            }
            _ => {}
        }
    }

    fn block(&mut self, block: &mut Block) -> Parse<()> {
        self.enter();
        self.declare_statements(&block.statements);
        block.statements.iter_mut().try_for_each(|statement| self.statement(statement))?;
        block.scope = self.leave();
        Ok(())
    }

    fn statement(&mut self, statement: &mut Statement) -> Parse<()> {
        self.levels += 1;
        if self.levels > MAX_LEVELS {
            return uncovered("deeply nested code");
        }
        self.statement_inner(statement)?;
        self.levels -= 1;
        Ok(())
    }

    fn statement_inner(&mut self, statement: &mut Statement) -> Parse<()> {
        match statement {
            Statement::Expression(value) | Statement::Return(Some(value)) | Statement::Throw(value) => self.expr(value),
            Statement::Declare(_, bound) => bound.iter_mut().try_for_each(|(pattern, value)| {
                value.iter_mut().try_for_each(|value| self.expr(value))?;
                self.pattern(pattern)
            }),
            Statement::Function(pattern, function) => {
                self.pattern(pattern)?;
                self.function(function)
            }
            Statement::If(test, yes, no) => {
                self.expr(test)?;
                self.statement(yes)?;
                no.iter_mut().try_for_each(|no| self.statement(no))
            }
            Statement::Block(block) => self.block(block),
            Statement::For(each) => {
                self.enter();
                if let Some(start) = &each.start {
                    self.declare_statements(std::slice::from_ref(start));
                }
                each.start.iter_mut().try_for_each(|start| self.statement(start))?;
                self.loops += 1;
                each.test.iter_mut().chain(&mut each.step).try_for_each(|part| self.expr(part))?;
                self.statement(&mut each.body)?;
                self.loops -= 1;
                each.scope = self.leave();
                Ok(())
            }
            Statement::ForEach(each) => {
                self.expr(&mut each.over)?;
                self.enter();
                if let Some(kind) = each.declares {
                    self.declare_pattern(&each.pattern, kind);
                }
                self.loops += 1;
                self.pattern(&mut each.pattern)?;
                self.statement(&mut each.body)?;
                self.loops -= 1;
                each.scope = self.leave();
                Ok(())
            }
            Statement::While(test, body) | Statement::DoWhile(body, test) => {
                self.loops += 1;
                self.expr(test)?;
                self.statement(body)?;
                self.loops -= 1;
                Ok(())
            }
            Statement::Try(parts) => {
                self.block(&mut parts.block)?;
                if let Some((scope, pattern, block)) = &mut parts.handler {
                    self.enter();
                    if let Some(pattern) = pattern {
                        self.declare_pattern(pattern, Declaration::Let);
                        self.pattern(pattern)?;
                    }
                    self.block(block)?;
                    *scope = self.leave();
                }
                parts.last.iter_mut().try_for_each(|block| self.block(block))
            }
            Statement::Switch(value, cases, scope) => {
                self.expr(value)?;
                self.enter();
                cases.iter().for_each(|(_, body)| self.declare_statements(body));
                for (test, body) in cases {
                    test.iter_mut().try_for_each(|test| self.expr(test))?;
                    body.iter_mut().try_for_each(|statement| self.statement(statement))?;
                }
                *scope = self.leave();
                Ok(())
            }
            Statement::Return(None) | Statement::Break | Statement::Continue | Statement::Empty => Ok(()),
        }
    }

    fn function(&mut self, function: &mut Arc<Function>) -> Parse<()> {
        // Nobody else holds it yet: it was parsed just now.
        let Some(function) = Arc::get_mut(function) else { return invalid() };
        self.functions.push(Scope::default());
        self.enter();
        if let (Some(slot), Some(name)) = (&mut function.own_slot, &function.name) {
            *slot = self.declare(name, true, true);
        }
        for pattern in function.parameters.iter().chain(&function.rest) {
            self.declare_pattern(pattern, Declaration::Var);
        }
        function.parameters.iter_mut().chain(&mut function.rest).try_for_each(|pattern| self.pattern(pattern))?;
        match &mut function.body {
            FunctionBody::Expression(value) => self.expr(value)?,
            FunctionBody::Block(block) => self.block(block)?,
        }
        function.shared = self.leave().shared();
        if let Some(scope) = self.functions.pop() {
            function.slots = scope.captured.len();
            function.captures = scope.captures;
        }
        Ok(())
    }
}

impl BlockScope {
    /// The slots that functions take along.
    fn shared(self) -> Vec<u32> {
        self.slots.into_iter().filter(|(_, captured)| *captured).map(|(slot, _)| slot).collect()
    }
}

impl Scope {
    /// The slot of a variable that can be seen here, and whether it is a constant.
    fn local(&self, name: &str) -> Option<(u32, bool)> {
        let block = self.blocks.iter().rev().find_map(|block| block.iter().rfind(|(known, ..)| **known == *name))?;
        Some((block.1, block.2))
    }
}
