//! Regular expressions as people write them into rules.

use crate::expression::regex::{CompileError, Match, Regex};
use std::borrow::Cow;
use std::sync::Arc;

/// A compiled regular expression of JavaScript. One that would search for ever finds nothing.
#[derive(Clone, Debug)]
pub struct Pattern(Arc<Regex>);

impl Pattern {
    /// A pattern as people write it: `/source/flags`, or its source alone. The error says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let whole = text.strip_prefix('/').and_then(|rest| rest.rsplit_once('/'));
        match whole {
            Some((source, flags)) if flags.chars().all(|flag| "gimsuy".contains(flag)) => Self::new(source, flags),
            _ => Self::new(text, ""),
        }
    }

    /// A pattern of a source and flags.
    pub fn new(source: &str, flags: &str) -> Result<Self, String> {
        Regex::new(source, flags).map(|regex| Self(Arc::new(regex))).map_err(|error| match error {
            CompileError::Invalid(why) => format!("Invalid regular expression: /{source}/{flags}: {why}"),
            CompileError::Uncovered(what) => {
                format!("The regular expression /{source}/{flags} has what is not supported here: {what}")
            }
        })
    }

    /// Is it found in a text?
    pub fn is_match(&self, text: &str) -> bool {
        self.find(text, 0).is_some()
    }

    fn find(&self, text: &str, from: usize) -> Option<Match> {
        self.0.find(text, from, false).0.ok().flatten()
    }

    /// The text with all that is found replaced; `$1`, `$<name>`, `$&` and `$$` in the replacement mean what they mean in
    /// JavaScript.
    pub fn replace_all<'t>(&self, text: &'t str, replacement: &str) -> Cow<'t, str> {
        let mut replaced = String::new();
        let (mut copied, mut from) = (0, 0);
        while let Some(found) = self.find(text, from) {
            replaced.push_str(&text[copied..found.start()]);
            self.expand(text, &found, replacement, &mut replaced);
            copied = found.end();
            // After nothing was found the next search begins a character later.
            from = match text[copied..].chars().next() {
                Some(next) if found.is_empty() => copied + next.len_utf8(),
                None if found.is_empty() => break,
                _ => copied,
            };
        }
        if copied == 0 && replaced.is_empty() {
            return Cow::Borrowed(text);
        }
        replaced.push_str(&text[copied..]);
        Cow::Owned(replaced)
    }

    fn expand(&self, text: &str, found: &Match, replacement: &str, into: &mut String) {
        let group = |number: usize| found.group(number).map_or("", |range| &text[range.clone()]);
        let named =
            |name: &str| self.0.names().iter().find(|(own, _)| own == name).map_or("", |(_, number)| group(*number));
        let mut rest = replacement;
        while let Some(at) = rest.find('$') {
            into.push_str(&rest[..at]);
            let after = &rest[at + 1..];
            let digits = after.bytes().take(2).take_while(u8::is_ascii_digit).count();
            let numbers =
                (1..=digits).rev().filter_map(|length| Some((after[..length].parse::<usize>().ok()?, length)));
            let number = numbers.into_iter().find(|(number, _)| (1..=self.0.groups()).contains(number));
            if let Some(next) = after.strip_prefix('$') {
                into.push('$');
                rest = next;
            } else if let Some(next) = after.strip_prefix('&') {
                into.push_str(group(0));
                rest = next;
            } else if let Some((name, next)) = after.strip_prefix('<').and_then(|name| name.split_once('>')) {
                into.push_str(named(name));
                rest = next;
            } else if let Some((number, length)) = number {
                into.push_str(group(number));
                rest = &after[length..];
            } else {
                into.push('$');
                rest = after;
            }
        }
        into.push_str(rest);
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn patterns_are_read_with_their_flags() {
        for (pattern, text, found) in
            [("/^fo{2}$/g", "foo", true), ("/^A/i", "abc", true), ("^A", "abc", false), ("/a/x", "a", false)]
        {
            assert_eq!(Pattern::parse(pattern).unwrap().is_match(text), found, "{pattern}");
        }
        assert!(Pattern::parse("(").is_err());
    }

    #[test]
    fn what_is_found_is_replaced() {
        let replace =
            |pattern: &str, text: &str, by: &str| Pattern::parse(pattern).unwrap().replace_all(text, by).into_owned();
        assert_eq!(replace("(a)(b)?", "abxa", "<$1$2$3$&$$>"), "<ab$3ab$>x<a$3a$>");
        assert_eq!(replace("(?<first>.)", "ab", "$<first>-"), "a-b-");
        assert_eq!(replace("", "ab", "-"), "-a-b-");
        assert_eq!(replace("z", "ab", "c"), "ab");
    }
}
