//! What was called, in words: the engine says "not a function", people need to know which.

/// How much stands before the code in its first line, and how the engine counts in the others.
const FIRST_LINE: usize = "(async function () {".len();

/// `a.b is not a function` for a call `a.b(1)` that failed at this line and column; nothing where that cannot be told.
pub(super) fn callee(source: &str, (line, column): (u32, u32)) -> Option<String> {
    let text: Vec<char> = source.lines().nth(usize::try_from(line).ok()?.checked_sub(1)?)?.chars().collect();
    let mut at = usize::try_from(column).ok()?.checked_sub(if line == 1 { FIRST_LINE + 1 } else { 2 })?;
    // Of a `new` it names some letter.
    let word = at - text.get(..at)?.iter().rev().take_while(|c| is_name(**c)).count();
    let is_new = text[word..].starts_with(&['n', 'e', 'w', ' ']);
    if is_new {
        at = word + 4;
    }
    // Of a call of a method the engine names the dot; of anything else where it begins.
    let is_method = matches!(text.get(at)?, '.' | '?');
    let dots = text[at..].iter().take_while(|c| matches!(c, '.' | '?')).count();
    let names = text[at + dots..].iter().take_while(|c| is_name(**c) || (!is_method && **c == '.')).count();
    let end = at + dots + names;
    let start = start(&text, end)?;
    let name: String = text[start..end].iter().collect();
    let name = shorten(name.trim_start_matches('.'));
    let is_said =
        name.starts_with(|c: char| is_name(c) && !c.is_ascii_digit()) && !["void", "await", "return"].contains(&&*name);
    let is_new = is_new || text[..start].iter().collect::<String>().trim_end().ends_with("new");
    is_said.then(|| format!("{name} is not a {}", if is_new { "constructor" } else { "function" }))
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// Where the expression begins that ends there: names, dots, and what stands in brackets between them.
fn start(text: &[char], end: usize) -> Option<usize> {
    let mut at = end;
    while at > 0 {
        match text[at - 1] {
            c if is_name(c) || c == '.' || c == '?' => at -= 1,
            close @ (')' | ']') => {
                let open = if close == ')' { '(' } else { '[' };
                let mut depth = 0_usize;
                loop {
                    at = at.checked_sub(1)?;
                    match text[at] {
                        c if c == close => depth += 1,
                        c if c == open => depth -= 1,
                        _ => {}
                    }
                    if depth == 0 {
                        break;
                    }
                }
            }
            _ => break,
        }
    }
    Some(at)
}

/// Arguments of calls on the way are not said: `a(1).b` is `a(...).b`.
fn shorten(name: &str) -> String {
    let mut short = String::new();
    let mut depth = 0_usize;
    for c in name.chars() {
        match c {
            '(' => {
                if depth == 0 {
                    short.push_str("(...)");
                }
                depth += 1;
            }
            ')' => depth = depth.saturating_sub(1),
            '?' => {}
            _ if depth == 0 => short.push(c),
            _ => {}
        }
    }
    short
}

#[cfg(test)]
mod tests {
    use super::callee;

    #[test]
    fn the_callee_is_named() {
        let at = |line: &str, column| callee(&format!("\n{line}"), (2, column));
        assert_eq!(at("  a.b(1)", 5).unwrap(), "a.b is not a function");
        assert_eq!(
            at("x = foo.bar(2, (3)).baz[0].qux(1)", 28).unwrap(),
            "foo(...).baz[0].qux is not a function".replace("foo(...)", "foo.bar(...)")
        );
        assert_eq!(at("new a.B(1)", 7).unwrap(), "a.B is not a constructor");
        assert_eq!(at("a", 60), None);
    }
}
