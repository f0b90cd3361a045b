//! The tree that is evaluated.

use crate::value::{Str, Value};
use std::sync::Arc;

/// The code of one `{{ }}`, ready to run.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) body: Body,
    /// How many variables it has outside functions.
    pub(crate) slots: usize,
    /// The slots of `var`s that functions take along.
    pub(crate) shared: Vec<u32>,
    /// Does it read `$json`?
    pub(crate) reads_json: bool,
    /// Does it name what it is given (`$json`, `$input`, `$(…)`) once at most, and not where code repeats? Then nobody sees
    /// whether a list that it was given is changed.
    pub(crate) looks_once: bool,
}

#[derive(Debug)]
pub(crate) enum Body {
    Expression(Expr),
    Statements(Block),
}

/// Where a variable lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A slot of the running function's frame.
    Local(u32),
    /// A variable of a function around it, by its number among those that the running function took along.
    Captured(u32),
}

#[derive(Debug)]
pub(crate) enum Expr {
    Literal(Value),
    BigInt(Str),
    Template {
        texts: Vec<Str>,
        values: Vec<Expr>,
    },
    Regex {
        pattern: Str,
        flags: Str,
    },
    Array(Vec<Element>),
    Object(Vec<Property>),
    Function(Arc<Function>),
    /// A name before it is resolved; afterwards one that no code declares: a global or nothing.
    Name(Str),
    Variable(Place),
    /// `$json`.
    Json,
    Member {
        object: Box<Expr>,
        key: Str,
        optional: bool,
    },
    Index {
        object: Box<Expr>,
        key: Box<Expr>,
        optional: bool,
    },
    Call {
        callee: Box<Expr>,
        arguments: Vec<Element>,
        optional: bool,
    },
    MethodCall(Box<MethodCall>),
    /// Where an optional chain ends: `undefined` if a part was missing.
    Chain(Box<Expr>),
    New {
        callee: Box<Expr>,
        arguments: Vec<Element>,
    },
    Unary(Unary, Box<Expr>),
    Update {
        add: f64,
        prefix: bool,
        target: Box<Target>,
    },
    Binary(Binary, Box<Expr>, Box<Expr>),
    Logical(Logical, Box<Expr>, Box<Expr>),
    Conditional(Box<Expr>, Box<Expr>, Box<Expr>),
    Assign {
        operator: Assignment,
        target: Box<Target>,
        value: Box<Expr>,
    },
    Sequence(Vec<Expr>),
}

/// `object.name(arguments)`.
#[derive(Debug)]
pub(crate) struct MethodCall {
    pub(crate) object: Expr,
    pub(crate) name: Str,
    pub(crate) arguments: Vec<Element>,
    /// `object?.name()`
    pub(crate) optional_object: bool,
    /// `object.name?.()`
    pub(crate) optional_call: bool,
}

/// An element of a list literal, or an argument.
#[derive(Debug)]
pub(crate) enum Element {
    Item(Expr),
    Spread(Expr),
}

#[derive(Debug)]
pub(crate) enum Property {
    Field(Key, Expr),
    Spread(Expr),
}

#[derive(Debug)]
pub(crate) enum Key {
    Fixed(Str),
    Computed(Expr),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unary {
    Not,
    Minus,
    Plus,
    BitNot,
    Typeof,
    Void,
    Delete,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
    Equal,
    NotEqual,
    Same,
    NotSame,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    BitAnd,
    BitOr,
    BitXor,
    ShiftLeft,
    ShiftRight,
    ShiftRightUnsigned,
    In,
    InstanceOf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Logical {
    And,
    Or,
    Nullish,
}

/// What an assignment does with the old value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Assignment {
    Set,
    Binary(Binary),
    Logical(Logical),
}

/// What can be assigned to.
#[derive(Debug)]
pub(crate) enum Target {
    /// A name before it is resolved; afterwards one that no code declares.
    Name(Str),
    Variable(Place),
    Member(Expr, Key),
    Pattern(Pattern),
    /// A constant: assigning to it throws.
    Constant(Str),
}

/// What a declaration or a parameter binds.
#[derive(Debug)]
pub(crate) enum Pattern {
    /// A name before it is resolved.
    Name(Str),
    /// A variable that is declared here.
    Declare(u32),
    /// What an assignment by pattern sets.
    Assign(Box<Target>),
    Object {
        fields: Vec<(Key, Pattern)>,
        rest: Option<Box<Pattern>>,
    },
    Array {
        elements: Vec<Option<Pattern>>,
        rest: Option<Box<Pattern>>,
    },
    Default(Box<Pattern>, Expr),
}

/// A function's code.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) parameters: Vec<Pattern>,
    pub(crate) rest: Option<Pattern>,
    pub(crate) body: FunctionBody,
    /// Its own name, which its body can see, and its slot.
    pub(crate) name: Option<Str>,
    pub(crate) own_slot: Option<u32>,
    /// How many variables it has.
    pub(crate) slots: usize,
    /// The slots that functions within it take along, filled before its body runs.
    pub(crate) shared: Vec<u32>,
    /// What it takes along from the functions around it.
    pub(crate) captures: Vec<Place>,
    /// Its text.
    pub(crate) text: Str,
}

#[derive(Debug)]
pub(crate) enum FunctionBody {
    Expression(Expr),
    Block(Block),
}

/// Statements with variables of their own.
#[derive(Debug, Default)]
pub(crate) struct Block {
    pub(crate) statements: Vec<Statement>,
    pub(crate) scope: BlockScope,
}

/// The variables that a block declares: emptied whenever it begins.
#[derive(Debug, Default)]
pub(crate) struct BlockScope {
    /// Its slots, and whether a function takes the variable along.
    pub(crate) slots: Vec<(u32, bool)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Declaration {
    Var,
    Let,
    Const,
}

#[derive(Debug)]
pub(crate) enum Statement {
    Expression(Expr),
    Declare(Declaration, Vec<(Pattern, Option<Expr>)>),
    Function(Pattern, Arc<Function>),
    Return(Option<Expr>),
    If(Expr, Box<Statement>, Option<Box<Statement>>),
    Block(Block),
    For(Box<For>),
    ForEach(Box<ForEach>),
    While(Expr, Box<Statement>),
    DoWhile(Box<Statement>, Expr),
    Break,
    Continue,
    Throw(Expr),
    Try(Box<Try>),
    Switch(Expr, Vec<(Option<Expr>, Vec<Statement>)>, BlockScope),
    Empty,
}

#[derive(Debug)]
pub(crate) struct For {
    pub(crate) scope: BlockScope,
    pub(crate) start: Option<Statement>,
    pub(crate) test: Option<Expr>,
    pub(crate) step: Option<Expr>,
    pub(crate) body: Statement,
}

/// `for (… of …)` and `for (… in …)`.
#[derive(Debug)]
pub(crate) struct ForEach {
    pub(crate) scope: BlockScope,
    pub(crate) declares: Option<Declaration>,
    pub(crate) pattern: Pattern,
    pub(crate) over: Expr,
    /// `in`: over keys.
    pub(crate) keys: bool,
    pub(crate) body: Statement,
}

#[derive(Debug)]
pub(crate) struct Try {
    pub(crate) block: Block,
    pub(crate) handler: Option<(BlockScope, Option<Pattern>, Block)>,
    pub(crate) last: Option<Block>,
}
