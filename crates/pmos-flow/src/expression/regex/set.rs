//! Sets of characters.

/// A set of characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Set {
    ranges: Vec<(char, char)>,
    pub(super) negated: bool,
}

const BLANK: [(char, char); 11] = [
    ('\t', '\r'),
    (' ', ' '),
    ('\u{a0}', '\u{a0}'),
    ('\u{1680}', '\u{1680}'),
    ('\u{2000}', '\u{200a}'),
    ('\u{2028}', '\u{2029}'),
    ('\u{202f}', '\u{202f}'),
    ('\u{205f}', '\u{205f}'),
    ('\u{3000}', '\u{3000}'),
    ('\u{feff}', '\u{feff}'),
    (' ', ' '),
];

impl Set {
    /// The set that `\d`, `\w`, `\s` or one of their opposites stands for.
    pub(super) fn class(letter: char) -> Self {
        let ranges: &[(char, char)] = match letter {
            'd' | 'D' => &[('0', '9')],
            'w' | 'W' => &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
            _ => &BLANK,
        };
        Self { ranges: ranges.to_vec(), negated: letter.is_ascii_uppercase() }
    }

    /// The characters that `.` matches.
    pub(super) fn dot(all: bool) -> Self {
        let ranges = if all { Vec::new() } else { vec![('\n', '\n'), ('\r', '\r'), ('\u{2028}', '\u{2029}')] };
        Self { ranges, negated: true }
    }

    pub(super) fn add(&mut self, from: char, to: char) {
        self.ranges.push((from, to));
    }

    /// Adds what another set holds.
    pub(super) fn extend(&mut self, other: &Self) {
        if !other.negated {
            self.ranges.extend(&other.ranges);
            return;
        }
        let mut sorted = other.ranges.clone();
        sorted.sort_unstable();
        let mut next = 0_u32;
        for (from, to) in sorted {
            if u32::from(from) > next {
                self.add_codes(next, u32::from(from) - 1);
            }
            next = next.max(u32::from(to) + 1);
        }
        self.add_codes(next, u32::from(char::MAX));
    }

    fn add_codes(&mut self, from: u32, to: u32) {
        // The halves of characters are no characters.
        let from = if (0xd800..=0xdfff).contains(&from) { 0xe000 } else { from };
        let to = if (0xd800..=0xdfff).contains(&to) { 0xd7ff } else { to };
        if let (Some(from), Some(to)) = (char::from_u32(from), char::from_u32(to))
            && from <= to
        {
            self.add(from, to);
        }
    }

    pub(super) fn contains(&self, c: char) -> bool {
        self.holds(c) != self.negated
    }

    fn holds(&self, c: char) -> bool {
        self.ranges.iter().any(|(from, to)| (*from..=*to).contains(&c))
    }

    /// Does it hold the character when case does not count?
    pub(super) fn contains_any_case(&self, c: char, unicode: bool) -> bool {
        let mut cases = vec![c, canonical(c, unicode)];
        cases.extend(c.to_lowercase().filter(|_| c.to_lowercase().count() == 1));
        let held = cases.iter().any(|case| canonical(*case, unicode) == canonical(c, unicode) && self.holds(*case));
        held != self.negated
    }
}

/// The form by which characters are compared when case does not count (ECMA-262, Canonicalize).
pub(super) fn canonical(c: char, unicode: bool) -> char {
    if c.is_ascii() {
        return c.to_ascii_uppercase();
    }
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(upper), None) if unicode || !upper.is_ascii() => upper,
        _ => c,
    }
}
