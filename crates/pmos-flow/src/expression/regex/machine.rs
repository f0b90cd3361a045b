//! Runs instructions, and goes back where they fail.

use super::program::{Program, Step};
use super::set::{Set, canonical};
use super::{Match, MatchError};

const MAX_STEPS: usize = 5_000_000;
const MAX_BACK: usize = 1_000_000;
const MAX_LOOKS: usize = 100;

/// What to do when the machine goes back.
enum Back {
    /// Go on at this step and place.
    Branch(usize, usize),
    /// Give a group's edge its old value.
    Group(usize, Option<usize>),
    Round(usize, usize),
}

struct Machine<'m> {
    program: &'m Program,
    text: &'m str,
    groups: Vec<Option<usize>>,
    rounds: Vec<usize>,
    back: Vec<Back>,
    steps: usize,
    looks: usize,
}

pub(super) fn find(
    program: &Program,
    text: &str,
    from: usize,
    only_there: bool,
) -> (Result<Option<Match>, MatchError>, usize) {
    let mut machine = Machine {
        program,
        text,
        groups: vec![None; (program.groups + 1) * 2],
        rounds: vec![0; program.rounds],
        back: Vec::new(),
        steps: 0,
        looks: 0,
    };
    let found = machine.search(from, only_there);
    (found, machine.steps)
}

impl Machine<'_> {
    fn search(&mut self, from: usize, only_there: bool) -> Result<Option<Match>, MatchError> {
        let mut start = from;
        loop {
            if let (Some(first), false) = (self.program.first, only_there) {
                match self.text[start..].find(first) {
                    Some(at) => start += at,
                    None => return Ok(None),
                }
            }
            self.back.clear();
            self.groups.fill(None);
            if self.run(0, start)?.is_some() {
                let groups = self.groups.chunks_exact(2).map(|edges| Some(edges[0]?..edges[1]?)).collect();
                return Ok(Some(Match { groups }));
            }
            match self.text[start..].chars().next() {
                Some(c) if !only_there => start += c.len_utf8(),
                _ => return Ok(None),
            }
        }
    }

    /// Runs from a step and a place to `Match`: gives where that was.
    fn run(&mut self, step: usize, at: usize) -> Result<Option<usize>, MatchError> {
        let floor = self.back.len();
        let (mut step, mut at) = (step, at);
        loop {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                return Err(MatchError::Steps);
            }
            if self.back.len() > MAX_BACK {
                return Err(MatchError::Depth);
            }
            let goes_on = match &self.program.steps[step] {
                Step::Match => return Ok(Some(at)),
                Step::Char { c, back } => match self.read(at, *back) {
                    Some((found, next)) if self.same(found, *c) => {
                        at = next;
                        true
                    }
                    _ => false,
                },
                Step::Set { set, back, looped } => match self.read(at, *back) {
                    Some((found, next)) if self.holds(set, found) => {
                        if found.len_utf16() > 1 && !looped && !self.program.unicode {
                            return Err(MatchError::Depth);
                        }
                        at = next;
                        true
                    }
                    _ => false,
                },
                Step::Start => {
                    at == 0 || (self.program.multiline && self.read(at, true).is_some_and(|(c, _)| is_newline(c)))
                }
                Step::End => {
                    at == self.text.len()
                        || (self.program.multiline && self.read(at, false).is_some_and(|(c, _)| is_newline(c)))
                }
                Step::WordBoundary(is) => (self.is_word(at, true) != self.is_word(at, false)) == *is,
                Step::Save(edge) => {
                    self.back.push(Back::Group(*edge, self.groups[*edge]));
                    self.groups[*edge] = Some(at);
                    true
                }
                Step::BackReference { group, back } => match self.reference(*group, at, *back) {
                    Some(next) => {
                        at = next;
                        true
                    }
                    None => false,
                },
                Step::Split(first, second) => {
                    self.back.push(Back::Branch(*second, at));
                    step = *first;
                    continue;
                }
                Step::Jump(to) => {
                    step = *to;
                    continue;
                }
                Step::Forget(from, to) => {
                    for edge in from * 2..to * 2 + 2 {
                        if self.groups[edge].is_some() {
                            self.back.push(Back::Group(edge, self.groups[edge].take()));
                        }
                    }
                    true
                }
                Step::RoundStart(round) => {
                    self.back.push(Back::Round(*round, self.rounds[*round]));
                    self.rounds[*round] = at;
                    true
                }
                Step::RoundEnd(round) => self.rounds[*round] != at,
                Step::Look { negated, next } => {
                    let (negated, next) = (*negated, *next);
                    if self.look(step + 1, at)? != negated {
                        step = next;
                        continue;
                    }
                    false
                }
            };
            if goes_on {
                step += 1;
                continue;
            }
            match self.go_back(floor) {
                Some(branch) => (step, at) = branch,
                None => return Ok(None),
            }
        }
    }

    /// Does the pattern at `step` match here? What it captured stays; what it could have tried is forgotten.
    fn look(&mut self, step: usize, at: usize) -> Result<bool, MatchError> {
        self.looks += 1;
        if self.looks > MAX_LOOKS {
            return Err(MatchError::Depth);
        }
        let floor = self.back.len();
        let matched = self.run(step, at)?.is_some();
        self.looks -= 1;
        if matched {
            let kept = self.back.split_off(floor).into_iter().filter(|back| !matches!(back, Back::Branch(..)));
            self.back.extend(kept);
        }
        Ok(matched)
    }

    /// Goes back to the last branch above `floor`.
    fn go_back(&mut self, floor: usize) -> Option<(usize, usize)> {
        while self.back.len() > floor {
            match self.back.pop()? {
                Back::Branch(step, at) => return Some((step, at)),
                Back::Group(edge, old) => self.groups[edge] = old,
                Back::Round(round, old) => self.rounds[round] = old,
            }
        }
        None
    }

    /// The next character in a direction, and the place behind it.
    fn read(&self, at: usize, back: bool) -> Option<(char, usize)> {
        if back {
            let c = self.text[..at].chars().next_back()?;
            Some((c, at - c.len_utf8()))
        } else {
            let c = self.text[at..].chars().next()?;
            Some((c, at + c.len_utf8()))
        }
    }

    fn same(&self, found: char, wanted: char) -> bool {
        found == wanted || (self.program.any_case && canonical(found, self.program.unicode) == wanted)
    }

    fn holds(&self, set: &Set, c: char) -> bool {
        if self.program.any_case { set.contains_any_case(c, self.program.unicode) } else { set.contains(c) }
    }

    fn is_word(&self, at: usize, before: bool) -> bool {
        self.read(at, before).is_some_and(|(c, _)| c.is_ascii_alphanumeric() || c == '_')
    }

    /// The place behind the text of a group, if it stands here; a group without a match stands anywhere.
    fn reference(&self, group: usize, at: usize, back: bool) -> Option<usize> {
        let (Some(start), Some(end)) = (self.groups[group * 2], self.groups[group * 2 + 1]) else { return Some(at) };
        let mut place = at;
        let wanted: Vec<char> =
            if back { self.text[start..end].chars().rev().collect() } else { self.text[start..end].chars().collect() };
        for c in wanted {
            let (found, next) = self.read(place, back)?;
            let same = found == c
                || (self.program.any_case
                    && canonical(found, self.program.unicode) == canonical(c, self.program.unicode));
            if !same {
                return None;
            }
            place = next;
        }
        Some(place)
    }
}

fn is_newline(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}
