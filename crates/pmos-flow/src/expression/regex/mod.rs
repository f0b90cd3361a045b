//! JavaScript's regular expressions, with a bound on the steps of a search.
//!
//! A pattern is read to a tree ([`parse`]), compiled to instructions ([`program`]) and run by a backtracking machine
//! ([`machine`]), whose steps are counted: a pattern that would take forever ends in an error. What is not here
//! (Unicode properties, the `v` flag, modifiers, octal escapes) is left to the sandbox.

mod machine;
mod parse;
mod program;
mod set;

use program::Program;
use std::ops::Range;

/// Why a pattern was not compiled.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum CompileError {
    /// It is none.
    Invalid(&'static str),
    /// JavaScript knows it, this does not.
    Uncovered(&'static str),
}

/// Why a search was given up.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum MatchError {
    /// It takes too many steps.
    Steps,
    /// It needs too much memory, or would cut a character in half.
    Depth,
}

/// A compiled pattern.
#[derive(Debug)]
pub(crate) struct Regex {
    program: Program,
}

/// A match: where the groups are, in bytes; group 0 is the whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Match {
    groups: Vec<Option<Range<usize>>>,
}

impl Match {
    pub(crate) fn start(&self) -> usize {
        self.group(0).map_or(0, |range| range.start)
    }

    pub(crate) fn end(&self) -> usize {
        self.group(0).map_or(0, |range| range.end)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.start() == self.end()
    }

    pub(crate) fn group(&self, number: usize) -> Option<&Range<usize>> {
        self.groups.get(number).and_then(Option::as_ref)
    }
}

impl Regex {
    /// Compiles a pattern with flags.
    pub(crate) fn new(pattern: &str, flags: &str) -> Result<Self, CompileError> {
        for (at, flag) in flags.char_indices() {
            match flag {
                _ if flags[..at].contains(flag) => return Err(CompileError::Invalid("Invalid flags")),
                'g' | 'i' | 'm' | 's' | 'u' | 'y' => {}
                'd' | 'v' => return Err(CompileError::Uncovered("a flag of a regular expression")),
                _ => return Err(CompileError::Invalid("Invalid flags")),
            }
        }
        let parsed = parse::parse(pattern, flags)?;
        Ok(Self { program: program::compile(parsed, flags)? })
    }

    /// How many groups it has.
    pub(crate) fn groups(&self) -> usize {
        self.program.groups
    }

    /// The names of groups, with their numbers.
    pub(crate) fn names(&self) -> &[(String, usize)] {
        &self.program.names
    }

    /// The first match that begins at `from` or later, or only there; and how many steps the search took.
    pub(crate) fn find(&self, text: &str, from: usize, only_there: bool) -> (Result<Option<Match>, MatchError>, usize) {
        machine::find(&self.program, text, from, only_there)
    }
}

#[cfg(test)]
mod tests {
    use super::{CompileError, MatchError, Regex};

    fn found(pattern: &str, flags: &str, text: &str) -> Option<Vec<Option<String>>> {
        let regex = Regex::new(pattern, flags).unwrap();
        let found = regex.find(text, 0, false).0.unwrap()?;
        Some((0..=regex.groups()).map(|group| found.group(group).map(|range| text[range.clone()].to_owned())).collect())
    }

    fn whole(pattern: &str, flags: &str, text: &str) -> Option<String> {
        found(pattern, flags, text)?.swap_remove(0)
    }

    #[test]
    fn patterns_match_as_in_javascript() {
        for (pattern, flags, text, expected) in [
            ("a+b", "", "xaaab", Some("aaab")),
            ("a+?", "", "aaa", Some("a")),
            ("^b", "m", "a\nb", Some("b")),
            ("^b", "", "a\nb", None),
            (".", "", "\n", None),
            (".", "s", "\n", Some("\n")),
            ("[^\\d]+", "", "12ab3", Some("ab")),
            ("HELLO", "i", "say hello", Some("hello")),
            ("(?<=\\$)\\d+", "", "cost $42", Some("42")),
            ("(?<!\\$)\\b\\d+", "", "$42 17", Some("17")),
            ("\\d{2,3}", "", "12345", Some("123")),
            ("a{,2}", "", "a{,2}", Some("a{,2}")),
            ("(?:a|ab)(?:c|bcd)(?:d*)", "", "abcd", Some("abcd")),
            ("x*", "", "aaa", Some("")),
            ("(?=(a+))a*b\\1", "", "baaabac", Some("aba")),
            ("\\u00e9", "", "café", Some("é")),
            ("[\\w-]+@[\\w.]+", "", "mail me@x.io now", Some("me@x.io")),
        ] {
            assert_eq!(whole(pattern, flags, text).as_deref(), expected, "/{pattern}/{flags}");
        }
    }

    #[test]
    fn groups_forget_in_each_round() {
        assert_eq!(found("(z)((a+)?(b+)?(c))*", "", "zaacbbbcac").unwrap()[4], None);
    }

    #[test]
    fn a_bomb_is_given_up() {
        let regex = Regex::new("^(a+)+$", "").unwrap();
        let text = format!("{}b", "a".repeat(60));
        assert_eq!(regex.find(&text, 0, false).0, Err(MatchError::Steps));
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        assert!(matches!(Regex::new("(", ""), Err(CompileError::Invalid(_))));
        assert!(matches!(Regex::new("a**", ""), Err(CompileError::Invalid(_))));
        assert!(matches!(Regex::new("a", "gg"), Err(CompileError::Invalid(_))));
        assert!(matches!(Regex::new("\\p{L}", "u"), Err(CompileError::Uncovered(_))));
    }
}
