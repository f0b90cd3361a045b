//! Trees to instructions.

use super::CompileError;
use super::parse::{Node, Parsed};
use super::set::{Set, canonical};

const MAX_SIZE: usize = 20_000;

/// One step of the machine. `back` reads towards the start, as within a look behind.
#[derive(Debug)]
pub(super) enum Step {
    Char {
        c: char,
        back: bool,
    },
    /// `looped`: the set stands alone in a loop, so that it does not count characters.
    Set {
        set: Set,
        back: bool,
        looped: bool,
    },
    Start,
    End,
    WordBoundary(bool),
    Save(usize),
    BackReference {
        group: usize,
        back: bool,
    },
    /// Goes to the first, and to the second if that fails.
    Split(usize, usize),
    Jump(usize),
    /// Forgets the groups of a loop's last round.
    Forget(usize, usize),
    /// Keeps where a round began, and fails a round that read nothing.
    RoundStart(usize),
    RoundEnd(usize),
    /// The inner pattern follows and ends in `Match`; then it goes on at `next`.
    Look {
        negated: bool,
        next: usize,
    },
    Match,
}

#[derive(Debug)]
pub(super) struct Program {
    pub(super) steps: Vec<Step>,
    pub(super) groups: usize,
    pub(super) names: Vec<(String, usize)>,
    pub(super) rounds: usize,
    pub(super) any_case: bool,
    pub(super) multiline: bool,
    pub(super) unicode: bool,
    /// The character that every match begins with.
    pub(super) first: Option<char>,
}

pub(super) fn compile(parsed: Parsed, flags: &str) -> Result<Program, CompileError> {
    let (any_case, unicode) = (flags.contains('i'), flags.contains('u'));
    let mut compiler = Compiler { steps: Vec::new(), rounds: 0, any_case, unicode };
    compiler.emit(Step::Save(0))?;
    compiler.node(&parsed.node, false, false)?;
    compiler.emit(Step::Save(1))?;
    compiler.emit(Step::Match)?;
    let first = match &compiler.steps[1] {
        Step::Char { c, .. } if !any_case => Some(*c),
        _ => None,
    };
    Ok(Program {
        steps: compiler.steps,
        groups: parsed.groups,
        names: parsed.names,
        rounds: compiler.rounds,
        any_case,
        multiline: flags.contains('m'),
        unicode,
        first,
    })
}

struct Compiler {
    steps: Vec<Step>,
    rounds: usize,
    any_case: bool,
    unicode: bool,
}

impl Compiler {
    fn emit(&mut self, step: Step) -> Result<usize, CompileError> {
        if self.steps.len() >= MAX_SIZE {
            return Err(CompileError::Uncovered("a large regular expression"));
        }
        self.steps.push(step);
        Ok(self.steps.len() - 1)
    }

    fn node(&mut self, node: &Node, back: bool, looped: bool) -> Result<(), CompileError> {
        match node {
            Node::Empty => {}
            Node::Char(c) => {
                let c = if self.any_case { canonical(*c, self.unicode) } else { *c };
                self.emit(Step::Char { c, back })?;
            }
            Node::Set(set) => {
                self.emit(Step::Set { set: set.clone(), back, looped })?;
            }
            Node::Start => {
                self.emit(Step::Start)?;
            }
            Node::End => {
                self.emit(Step::End)?;
            }
            Node::WordBoundary(is) => {
                self.emit(Step::WordBoundary(*is))?;
            }
            Node::Group(inner, number) => {
                self.emit(Step::Save(number * 2 + usize::from(back)))?;
                self.node(inner, back, false)?;
                self.emit(Step::Save(number * 2 + usize::from(!back)))?;
            }
            Node::BackReference(group) => {
                self.emit(Step::BackReference { group: *group, back })?;
            }
            Node::Look { inner, behind, negated } => {
                let look = self.emit(Step::Match)?;
                self.node(inner, *behind, false)?;
                self.emit(Step::Match)?;
                self.steps[look] = Step::Look { negated: *negated, next: self.steps.len() };
            }
            Node::Sequence(nodes) if back => nodes.iter().rev().try_for_each(|node| self.node(node, back, false))?,
            Node::Sequence(nodes) => nodes.iter().try_for_each(|node| self.node(node, back, false))?,
            Node::Either(branches) => self.either(branches, back)?,
            Node::Repeat { inner, least, most, greedy, groups } => {
                self.repeat(inner, *least, *most, *greedy, *groups, back)?;
            }
        }
        Ok(())
    }

    fn either(&mut self, branches: &[Node], back: bool) -> Result<(), CompileError> {
        let mut jumps = Vec::new();
        for (at, branch) in branches.iter().enumerate() {
            if at + 1 == branches.len() {
                self.node(branch, back, false)?;
                break;
            }
            let split = self.emit(Step::Match)?;
            self.node(branch, back, false)?;
            jumps.push(self.emit(Step::Match)?);
            self.steps[split] = Step::Split(split + 1, self.steps.len());
        }
        let end = self.steps.len();
        for jump in jumps {
            self.steps[jump] = Step::Jump(end);
        }
        Ok(())
    }

    fn repeat(
        &mut self,
        inner: &Node,
        least: u32,
        most: Option<u32>,
        greedy: bool,
        groups: (usize, usize),
        back: bool,
    ) -> Result<(), CompileError> {
        let forgets = groups.0 <= groups.1;
        for _ in 0..least {
            if forgets {
                self.emit(Step::Forget(groups.0, groups.1))?;
            }
            self.node(inner, back, most.is_none())?;
        }
        let mut splits = Vec::new();
        match most {
            Some(most) => {
                for _ in least..most {
                    splits.push(self.emit(Step::Match)?);
                    self.round(inner, groups, back, false)?;
                }
            }
            None => {
                let start = self.emit(Step::Match)?;
                splits.push(start);
                self.round(inner, groups, back, true)?;
                self.emit(Step::Jump(start))?;
            }
        }
        let end = self.steps.len();
        for split in splits {
            self.steps[split] = if greedy { Step::Split(split + 1, end) } else { Step::Split(end, split + 1) };
        }
        Ok(())
    }

    /// One optional round of a loop.
    fn round(&mut self, inner: &Node, groups: (usize, usize), back: bool, looped: bool) -> Result<(), CompileError> {
        if groups.0 <= groups.1 {
            self.emit(Step::Forget(groups.0, groups.1))?;
        }
        if matches!(inner, Node::Char(_) | Node::Set(_)) {
            return self.node(inner, back, looped);
        }
        let round = self.rounds;
        self.rounds += 1;
        self.emit(Step::RoundStart(round))?;
        self.node(inner, back, false)?;
        self.emit(Step::RoundEnd(round))?;
        Ok(())
    }
}
