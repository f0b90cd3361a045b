//! Reads selectors.

use super::attribute::{Attribute, Operator};
use super::{Combinator, Complex, Kind, List, Place, Simple};
use crate::node::NodeError;

/// Selectors within selectors.
const DEEPEST: usize = 8;
const LONGEST: usize = 16 << 10;

/// Reads a list of selectors.
pub(super) fn parse(text: &str) -> Result<List, NodeError> {
    if text.len() > LONGEST {
        return Err(NodeError::new("The selector is too long"));
    }
    let mut parser = Parser { text, at: 0, depth: 0 };
    let list = parser.list(false)?;
    if parser.rest().is_empty() { Ok(list) } else { Err(parser.unmatched()) }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        self.at += if found { text.len() } else { 0 };
        found
    }

    fn skip_space(&mut self) -> bool {
        let rest = self.rest();
        let trimmed = rest.trim_start();
        self.at += rest.len() - trimmed.len();
        trimmed.len() < rest.len()
    }

    fn unmatched(&self) -> NodeError {
        NodeError::new(format!("Unmatched selector: {}", self.rest()))
    }

    /// Selectors up to the end or a closing bracket. Those of `:has()` may begin with a combinator.
    fn list(&mut self, relative: bool) -> Result<List, NodeError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(NodeError::new("The selector is nested too deeply"));
        }
        let mut list = Vec::new();
        loop {
            list.push(self.complex(relative)?);
            if !self.eat(",") {
                break;
            }
        }
        self.depth -= 1;
        Ok(list)
    }

    fn complex(&mut self, relative: bool) -> Result<Complex, NodeError> {
        let mut complex = Complex::new();
        loop {
            let spaced = self.skip_space();
            let combinator = match self.peek() {
                Some('>') => Some(Combinator::Child),
                Some('+') => Some(Combinator::Next),
                Some('~') => Some(Combinator::Later),
                _ => None,
            };
            if combinator.is_some() {
                self.at += 1;
                self.skip_space();
            }
            match (self.peek(), combinator) {
                (None | Some(',' | ')'), Some(_)) => {
                    return Err(NodeError::new("Did not expect successive traversals."));
                }
                (None | Some(',' | ')'), None) if complex.is_empty() => {
                    return Err(NodeError::new("Empty sub-selector"));
                }
                (None | Some(',' | ')'), None) => return Ok(complex),
                (_, Some(_)) if complex.is_empty() && !relative => {
                    return Err(NodeError::new("Did not expect successive traversals."));
                }
                (_, None) if !complex.is_empty() && !spaced => return Err(self.unmatched()),
                _ => {}
            }
            complex.push((combinator.unwrap_or(Combinator::Descendant), self.compound()?));
        }
    }

    fn compound(&mut self) -> Result<Vec<Simple>, NodeError> {
        let mut compound = Vec::new();
        loop {
            match self.peek() {
                Some('*') => {
                    self.at += 1;
                    compound.push(Simple::Any);
                }
                Some(mark @ ('#' | '.')) => {
                    self.at += 1;
                    let (name, operator) =
                        if mark == '#' { ("id", Operator::Equals) } else { ("class", Operator::Word) };
                    let value = self.name()?;
                    compound.push(Simple::Attribute(Attribute {
                        name: name.into(),
                        operator,
                        value,
                        ignore_case: false,
                    }));
                }
                Some('[') => compound.push(self.attribute()?),
                Some(':') => {
                    self.at += if self.rest().starts_with("::") { 2 } else { 1 };
                    compound.push(self.pseudo()?);
                }
                Some(c) if is_name(c) || c == '\\' => compound.push(Simple::Tag(self.name()?.to_lowercase())),
                _ if compound.is_empty() => return Err(self.unmatched()),
                _ => return Ok(compound),
            }
        }
    }

    fn name(&mut self) -> Result<String, NodeError> {
        let mut name = String::new();
        while let Some(c) = self.peek() {
            if c == '\\' {
                self.at += 1;
                name.push(self.escaped());
            } else if is_name(c) {
                self.at += c.len_utf8();
                name.push(c);
            } else {
                break;
            }
        }
        if name.is_empty() { Err(NodeError::new(format!("Expected name, found {}", self.rest()))) } else { Ok(name) }
    }

    /// The character behind a backslash: itself, or the one whose number stands there.
    fn escaped(&mut self) -> char {
        let rest = self.rest();
        let digits = rest.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
        if digits > 0 {
            self.at += digits;
            self.eat(" ");
            return u32::from_str_radix(&rest[..digits], 16)
                .ok()
                .and_then(char::from_u32)
                .unwrap_or(char::REPLACEMENT_CHARACTER);
        }
        let c = self.peek().unwrap_or('\\');
        self.at += self.peek().map_or(0, char::len_utf8);
        c
    }

    fn string(&mut self, quote: char) -> Result<String, NodeError> {
        self.at += 1;
        let mut text = String::new();
        while let Some(c) = self.peek() {
            self.at += c.len_utf8();
            match c {
                c if c == quote => return Ok(text),
                '\\' => text.push(self.escaped()),
                c => text.push(c),
            }
        }
        Err(NodeError::new("Attribute value didn't end"))
    }

    fn attribute(&mut self) -> Result<Simple, NodeError> {
        let malformed = |parser: &Self| NodeError::new(format!("Malformed attribute selector\n{}", parser.rest()));
        self.at += 1;
        self.skip_space();
        let name = self.name()?.to_lowercase();
        self.skip_space();
        let operators = [
            ("=", Operator::Equals),
            ("~=", Operator::Word),
            ("|=", Operator::Dash),
            ("^=", Operator::Begins),
            ("$=", Operator::Ends),
            ("*=", Operator::Contains),
            ("!=", Operator::NotEquals),
        ];
        let operator =
            operators.into_iter().find(|(sign, _)| self.eat(sign)).map_or(Operator::Exists, |(_, operator)| operator);
        let mut condition = Attribute { name, operator, value: String::new(), ignore_case: false };
        if operator != Operator::Exists {
            self.skip_space();
            condition.value = match self.peek() {
                Some(quote @ ('"' | '\'')) => self.string(quote)?,
                _ => {
                    // Written without quotes it goes on to the bracket, more leniently than in CSS.
                    let end = self.rest().find([']', ' ']).ok_or_else(|| malformed(self))?;
                    let value = self.rest()[..end].to_owned();
                    self.at += end;
                    value
                }
            };
            self.skip_space();
            condition.ignore_case = self.eat("i") || self.eat("I");
            self.skip_space();
        }
        if self.eat("]") { Ok(Simple::Attribute(condition)) } else { Err(malformed(self)) }
    }

    fn pseudo(&mut self) -> Result<Simple, NodeError> {
        let name = self.name()?.to_lowercase();
        if matches!(&*name, "not" | "is" | "where" | "matches" | "any" | "has") && self.eat("(") {
            let list = self.list(name == "has")?;
            if !self.eat(")") {
                return Err(self.unmatched());
            }
            return Ok(match &*name {
                "not" => Simple::Not(list),
                "has" => Simple::Has(list),
                _ => Simple::Is(list),
            });
        }
        let argument = if self.peek() == Some('(') { Some(self.argument()?) } else { None };
        simple(&name, argument.as_deref()).ok_or_else(|| NodeError::new(format!("Unknown pseudo-class :{name}")))
    }

    /// What stands in brackets, without them and without quotes.
    fn argument(&mut self) -> Result<String, NodeError> {
        self.at += 1;
        self.skip_space();
        if let Some(quote @ ('"' | '\'')) = self.peek() {
            let text = self.string(quote)?;
            self.skip_space();
            return if self.eat(")") { Ok(text) } else { Err(NodeError::new("Parenthesis not matched")) };
        }
        let (mut depth, rest) = (1, self.rest());
        for (at, c) in rest.char_indices() {
            depth += match c {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            if depth == 0 {
                self.at += at + 1;
                return Ok(rest[..at].trim().to_owned());
            }
        }
        Err(NodeError::new("Parenthesis not matched"))
    }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_' || !c.is_ascii()
}

fn simple(name: &str, argument: Option<&str>) -> Option<Simple> {
    let number = || argument.and_then(|argument| argument.trim().parse::<i64>().ok());
    let nth = |last, of_type| {
        let (every, offset) = formula(argument?)?;
        Some(Simple::Nth { every, offset, last, of_type })
    };
    let single = |last, of_type| Some(Simple::Nth { every: 0, offset: 1, last, of_type });
    match name {
        "first-child" => single(false, false),
        "last-child" => single(true, false),
        "first-of-type" => single(false, true),
        "last-of-type" => single(true, true),
        "only-child" => Some(Simple::Only { of_type: false }),
        "only-of-type" => Some(Simple::Only { of_type: true }),
        "nth-child" => nth(false, false),
        "nth-last-child" => nth(true, false),
        "nth-of-type" => nth(false, true),
        "nth-last-of-type" => nth(true, true),
        "empty" => Some(Simple::Empty),
        "root" => Some(Simple::Root),
        "contains" | "icontains" => {
            Some(Simple::Contains { text: argument?.to_owned(), ignore_case: name == "icontains" })
        }
        "checked" | "selected" => Some(Simple::Kind(Kind::Checked)),
        "disabled" => Some(Simple::Kind(Kind::Disabled)),
        "enabled" => Some(Simple::Kind(Kind::Enabled)),
        "header" => Some(Simple::Kind(Kind::Header)),
        "input" => Some(Simple::Kind(Kind::Input)),
        "button" => Some(Simple::Kind(Kind::Button)),
        "parent" => Some(Simple::Kind(Kind::Parent)),
        "link" | "any-link" => Some(Simple::Kind(Kind::Link)),
        "checkbox" => Some(Simple::Kind(Kind::Type("checkbox"))),
        "file" => Some(Simple::Kind(Kind::Type("file"))),
        "image" => Some(Simple::Kind(Kind::Type("image"))),
        "password" => Some(Simple::Kind(Kind::Type("password"))),
        "radio" => Some(Simple::Kind(Kind::Type("radio"))),
        "reset" => Some(Simple::Kind(Kind::Type("reset"))),
        "submit" => Some(Simple::Kind(Kind::Type("submit"))),
        "text" => Some(Simple::Kind(Kind::Type("text"))),
        "first" => Some(Simple::Place(Place::First)),
        "last" => Some(Simple::Place(Place::Last)),
        "eq" | "nth" => Some(Simple::Place(Place::At(number()?))),
        "gt" => Some(Simple::Place(Place::After(number()?))),
        "lt" => Some(Simple::Place(Place::Before(number()?))),
        "even" => Some(Simple::Place(Place::Even)),
        "odd" => Some(Simple::Place(Place::Odd)),
        _ => None,
    }
}

/// The numbers of `an+b`, `odd`, `even` or a plain number.
fn formula(text: &str) -> Option<(i64, i64)> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
    match text.as_str() {
        "even" => return Some((2, 0)),
        "odd" => return Some((2, 1)),
        _ => {}
    }
    let limited = |text: &str| text.parse::<i32>().ok().map(i64::from);
    let Some((every, offset)) = text.split_once('n') else { return Some((0, limited(&text)?)) };
    let every = match every {
        "" | "+" => 1,
        "-" => -1,
        number => limited(number)?,
    };
    Some((every, if offset.is_empty() { 0 } else { limited(offset)? }))
}
