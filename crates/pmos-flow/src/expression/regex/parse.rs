//! Patterns to trees.

use super::CompileError;
use super::set::Set;

const MAX_DEPTH: usize = 100;
const MAX_REPEAT: u32 = 1_000;

#[derive(Clone, Debug)]
pub(super) enum Node {
    Empty,
    Char(char),
    Set(Set),
    Start,
    End,
    WordBoundary(bool),
    Group(Box<Node>, usize),
    BackReference(usize),
    Look { inner: Box<Node>, behind: bool, negated: bool },
    Repeat { inner: Box<Node>, least: u32, most: Option<u32>, greedy: bool, groups: (usize, usize) },
    Sequence(Vec<Node>),
    Either(Vec<Node>),
}

/// What a pattern was read to.
pub(super) struct Parsed {
    pub(super) node: Node,
    pub(super) groups: usize,
    pub(super) names: Vec<(String, usize)>,
}

pub(super) fn parse(pattern: &str, flags: &str) -> Result<Parsed, CompileError> {
    let characters: Vec<char> = pattern.chars().collect();
    let unicode = flags.contains('u');
    if !unicode && characters.iter().any(|c| c.len_utf16() > 1) && pattern.contains(['[', '*', '+', '?', '{']) {
        return Err(CompileError::Uncovered("half a character"));
    }
    let mut parser = Parser {
        characters,
        at: 0,
        groups: 0,
        names: Vec::new(),
        references: Vec::new(),
        unicode,
        dot_all: flags.contains('s'),
        depth: 0,
    };
    let node = parser.either()?;
    if parser.at < parser.characters.len() {
        return Err(CompileError::Invalid("Unmatched ')'"));
    }
    let (groups, mut names) = (parser.groups, parser.names);
    if parser.references.iter().any(|number| *number > groups) {
        return Err(CompileError::Uncovered("an octal escape"));
    }
    names.sort_by_key(|(_, number)| *number);
    Ok(Parsed { node, groups, names })
}

struct Parser {
    characters: Vec<char>,
    at: usize,
    groups: usize,
    names: Vec<(String, usize)>,
    references: Vec<usize>,
    unicode: bool,
    dot_all: bool,
    depth: usize,
}

type Parse<T> = Result<T, CompileError>;

impl Parser {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = text.chars().enumerate().all(|(offset, c)| self.characters.get(self.at + offset) == Some(&c));
        if found {
            self.at += text.chars().count();
        }
        found
    }

    fn either(&mut self) -> Parse<Node> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(CompileError::Uncovered("a deep regular expression"));
        }
        let mut branches = vec![self.sequence()?];
        while self.eat("|") {
            branches.push(self.sequence()?);
        }
        self.depth -= 1;
        Ok(if branches.len() == 1 { branches.swap_remove(0) } else { Node::Either(branches) })
    }

    fn sequence(&mut self) -> Parse<Node> {
        let mut nodes = Vec::new();
        while let Some(c) = self.peek() {
            if c == '|' || c == ')' {
                break;
            }
            let before = self.groups;
            let node = self.atom()?;
            let is_assertion =
                matches!(node, Node::Start | Node::End | Node::WordBoundary(_) | Node::Look { behind: true, .. });
            nodes.push(self.quantified(node, before, is_assertion)?);
        }
        Ok(match nodes.len() {
            0 => Node::Empty,
            1 => nodes.swap_remove(0),
            _ => Node::Sequence(nodes),
        })
    }

    fn quantified(&mut self, node: Node, groups_before: usize, is_assertion: bool) -> Parse<Node> {
        let (least, most) = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => match self.braces()? {
                Some(bounds) => bounds,
                None => return Ok(node),
            },
            _ => return Ok(node),
        };
        self.at += 1;
        if is_assertion {
            return Err(CompileError::Invalid("Nothing to repeat"));
        }
        if most.is_some_and(|most| most < least) {
            return Err(CompileError::Invalid("numbers out of order in {} quantifier"));
        }
        if least.max(most.unwrap_or(0)) > MAX_REPEAT {
            return Err(CompileError::Uncovered("many repetitions in a regular expression"));
        }
        let greedy = !self.eat("?");
        if matches!(self.peek(), Some('*' | '+' | '?')) {
            return Err(CompileError::Invalid("Nothing to repeat"));
        }
        Ok(Node::Repeat { inner: Box::new(node), least, most, greedy, groups: (groups_before + 1, self.groups) })
    }

    /// The bounds of `{2,3}`, up to its `}`; nothing where the brace is a plain character.
    fn braces(&mut self) -> Parse<Option<(u32, Option<u32>)>> {
        let Some(length) = self.characters[self.at..].iter().position(|c| *c == '}') else { return self.plain_brace() };
        let text: String = self.characters[self.at + 1..self.at + length].iter().collect();
        let number =
            |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().unwrap_or(u32::MAX));
        let bounds = match text.split_once(',') {
            None if !text.is_empty() => number(&text).map(|least| (least, Some(least))),
            Some((least, "")) if !least.is_empty() => number(least).map(|least| (least, None)),
            Some((least, most)) if !least.is_empty() => {
                number(least).zip(number(most)).map(|(least, most)| (least, Some(most)))
            }
            _ => None,
        };
        match bounds {
            Some(bounds) => {
                self.at += length;
                Ok(Some(bounds))
            }
            None => self.plain_brace(),
        }
    }

    fn plain_brace(&self) -> Parse<Option<(u32, Option<u32>)>> {
        if self.unicode { Err(CompileError::Invalid("Incomplete quantifier")) } else { Ok(None) }
    }

    fn atom(&mut self) -> Parse<Node> {
        let Some(c) = self.peek() else { return Ok(Node::Empty) };
        self.at += 1;
        match c {
            '^' => Ok(Node::Start),
            '$' => Ok(Node::End),
            '.' => Ok(Node::Set(Set::dot(self.dot_all))),
            '(' => self.group(),
            '[' => self.set(),
            '\\' => self.escape(),
            '*' | '+' | '?' => Err(CompileError::Invalid("Nothing to repeat")),
            ']' | '{' | '}' if self.unicode => Err(CompileError::Invalid("Lone quantifier brackets")),
            '{' => {
                self.at -= 1;
                let is_quantifier = self.braces()?.is_some();
                self.at = if is_quantifier { self.at } else { self.at + 1 };
                if is_quantifier { Err(CompileError::Invalid("Nothing to repeat")) } else { Ok(Node::Char('{')) }
            }
            c => Ok(Node::Char(c)),
        }
    }

    fn group(&mut self) -> Parse<Node> {
        let look = |behind, negated| Some((behind, negated));
        let kind = if self.eat("?:") {
            None
        } else if self.eat("?=") {
            look(false, false)
        } else if self.eat("?!") {
            look(false, true)
        } else if self.eat("?<=") {
            look(true, false)
        } else if self.eat("?<!") {
            look(true, true)
        } else {
            self.groups += 1;
            let number = self.groups;
            if self.eat("?<") {
                let name = self.name()?;
                if self.names.iter().any(|(known, _)| *known == name) {
                    return Err(CompileError::Uncovered("groups of one name"));
                }
                self.names.push((name, number));
            } else if self.peek() == Some('?') {
                return Err(CompileError::Uncovered("a group of a regular expression"));
            }
            let inner = self.either()?;
            self.close()?;
            return Ok(Node::Group(Box::new(inner), number));
        };
        let inner = self.either()?;
        self.close()?;
        Ok(match kind {
            None => inner,
            Some((behind, negated)) => Node::Look { inner: Box::new(inner), behind, negated },
        })
    }

    fn close(&mut self) -> Parse<()> {
        if self.eat(")") { Ok(()) } else { Err(CompileError::Invalid("Unterminated group")) }
    }

    /// A group's name, behind its `<`.
    fn name(&mut self) -> Parse<String> {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$') {
            self.at += 1;
        }
        let name: String = self.characters[start..self.at].iter().collect();
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) || !self.eat(">") {
            return Err(CompileError::Invalid("Invalid capture group name"));
        }
        Ok(name)
    }

    fn escape(&mut self) -> Parse<Node> {
        let Some(c) = self.peek() else { return Err(CompileError::Invalid("\\ at end of pattern")) };
        match c {
            'b' | 'B' => {
                self.at += 1;
                Ok(Node::WordBoundary(c == 'b'))
            }
            'd' | 'D' | 'w' | 'W' | 's' | 'S' => {
                self.at += 1;
                Ok(Node::Set(Set::class(c)))
            }
            '1'..='9' => {
                let start = self.at;
                while self.peek().is_some_and(|c| c.is_ascii_digit()) {
                    self.at += 1;
                }
                let digits: String = self.characters[start..self.at].iter().collect();
                let number = digits.parse().unwrap_or(usize::MAX);
                self.references.push(number);
                Ok(Node::BackReference(number))
            }
            'k' if self.unicode || self.characters.windows(3).any(|text| text == ['(', '?', '<']) => {
                self.at += 1;
                if !self.eat("<") {
                    return Err(CompileError::Invalid("Invalid named reference"));
                }
                let name = self.name()?;
                match self.names.iter().find(|(known, _)| *known == name) {
                    Some((_, number)) => Ok(Node::BackReference(*number)),
                    None => Err(CompileError::Uncovered("a reference to a later group")),
                }
            }
            _ => Ok(Node::Char(self.character_escape()?)),
        }
    }

    /// An escape that stands for one character, in a set or outside.
    fn character_escape(&mut self) -> Parse<char> {
        let Some(c) = self.peek() else { return Err(CompileError::Invalid("\\ at end of pattern")) };
        self.at += 1;
        Ok(match c {
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            'v' => '\u{b}',
            'f' => '\u{c}',
            '0' if !self.peek().is_some_and(|c| c.is_ascii_digit()) => '\0',
            '0'..='9' => return Err(CompileError::Uncovered("an octal escape")),
            'c' => match self.peek() {
                Some(letter) if letter.is_ascii_alphabetic() => {
                    self.at += 1;
                    char::from(letter as u8 % 32)
                }
                _ => return Err(CompileError::Uncovered("\\c")),
            },
            'x' => match self.hex(2) {
                Some(code) => char::from_u32(code).unwrap_or(c),
                None if self.unicode => return Err(CompileError::Invalid("Invalid escape")),
                None => c,
            },
            'u' => return self.unicode_escape(),
            'p' | 'P' if self.unicode => return Err(CompileError::Uncovered("a property in a regular expression")),
            c if self.unicode && !"^$\\.*+?()[]{}|/-".contains(c) => {
                return Err(CompileError::Invalid("Invalid escape"));
            }
            c => c,
        })
    }

    fn unicode_escape(&mut self) -> Parse<char> {
        if self.unicode && self.eat("{") {
            let start = self.at;
            while self.peek().is_some_and(|c| c.is_ascii_hexdigit()) {
                self.at += 1;
            }
            let digits: String = self.characters[start..self.at].iter().collect();
            let code = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
            return match code {
                Some(c) if self.eat("}") => Ok(c),
                _ => Err(CompileError::Invalid("Invalid Unicode escape")),
            };
        }
        match self.hex(4) {
            Some(code) => char::from_u32(code).ok_or(CompileError::Uncovered("half a character")),
            None if self.unicode => Err(CompileError::Invalid("Invalid Unicode escape")),
            None => Ok('u'),
        }
    }

    fn hex(&mut self, digits: usize) -> Option<u32> {
        let text: String = self.characters.get(self.at..self.at + digits)?.iter().collect();
        let number =
            text.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(&text, 16).ok())??;
        self.at += digits;
        Some(number)
    }

    fn set(&mut self) -> Parse<Node> {
        let mut set = Set::default();
        set.negated = self.eat("^");
        loop {
            match self.peek() {
                None => return Err(CompileError::Invalid("Unterminated character class")),
                Some(']') => {
                    self.at += 1;
                    return Ok(Node::Set(set));
                }
                Some(_) => {}
            }
            let Some(from) = self.member(&mut set)? else {
                // A class such as `\d` cannot begin a range.
                continue;
            };
            let ahead = self.characters.get(self.at + 1);
            if self.peek() != Some('-') || ahead == Some(&']') || ahead.is_none() {
                set.add(from, from);
                continue;
            }
            self.at += 1;
            match self.member(&mut set)? {
                Some(to) if to < from => return Err(CompileError::Invalid("Range out of order in character class")),
                Some(to) => set.add(from, to),
                None if self.unicode => return Err(CompileError::Invalid("Invalid character class")),
                None => {
                    set.add(from, from);
                    set.add('-', '-');
                }
            }
        }
    }

    /// A member of a set: a character, or a class that is added at once.
    fn member(&mut self, set: &mut Set) -> Parse<Option<char>> {
        let Some(c) = self.peek() else { return Err(CompileError::Invalid("Unterminated character class")) };
        self.at += 1;
        if c != '\\' {
            return Ok(Some(c));
        }
        match self.peek() {
            Some(letter @ ('d' | 'D' | 'w' | 'W' | 's' | 'S')) => {
                self.at += 1;
                set.extend(&Set::class(letter));
                Ok(None)
            }
            Some('b') => {
                self.at += 1;
                Ok(Some('\u{8}'))
            }
            Some('-') => {
                self.at += 1;
                Ok(Some('-'))
            }
            _ => self.character_escape().map(Some),
        }
    }
}
