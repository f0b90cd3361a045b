//! Text whose cells are delimited, as spreadsheet programs read and write it: types are guessed, the delimiter too.

use super::{Sheet, guess::guess, rows::shown};
use crate::node::NodeError;

/// Delimiters, the likeliest last.
const DELIMITERS: [char; 4] = ['|', ';', '\t', ','];

/// A sheet from text. `raw` leaves all cells text.
pub(super) fn read(text: &str, raw: bool) -> Result<Sheet, NodeError> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let (delimiter, text) = match text.strip_prefix("sep=").map(|rest| (rest.chars().next(), rest)) {
        Some((Some(delimiter), rest)) if rest[delimiter.len_utf8()..].starts_with('\n') => {
            (delimiter, &rest[delimiter.len_utf8() + 1..])
        }
        _ => (likely_delimiter(&text), text.as_str()),
    };
    let mut sheet = Sheet::new("Sheet1", false);
    let (mut row, mut column, mut start) = (0, 0, 0);
    let (mut quoted, mut at_start, mut begins_quoted) = (false, true, false);
    for (at, c) in text.char_indices() {
        if at_start {
            (at_start, begins_quoted) = (false, c == '"');
        }
        if c == '"' && begins_quoted {
            quoted = !quoted;
        }
        if quoted || (c != delimiter && c != '\n') {
            continue;
        }
        put(&mut sheet, row, column, &text[start..at], raw)?;
        (row, column) = if c == '\n' { (row + 1, 0) } else { (row, column + 1) };
        (start, at_start, begins_quoted) = (at + c.len_utf8(), true, false);
    }
    put(&mut sheet, row, column, &text[start..], raw)?;
    Ok(sheet)
}

fn put(sheet: &mut Sheet, row: u32, column: u32, text: &str, raw: bool) -> Result<(), NodeError> {
    let unquoted;
    let text = match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(inner) => {
            unquoted = inner.replace("\"\"", "\"");
            &unquoted
        }
        None => text,
    };
    if text.is_empty() {
        return Ok(());
    }
    // Excel's way to say that it is text: ="007".
    let literal = text.strip_prefix("=\"").and_then(|text| text.strip_suffix('"'));
    let cell = match literal {
        Some(literal) if !raw => super::Cell::Text(literal.replace("\"\"", "\"").into()),
        _ if raw => super::Cell::Text(text.into()),
        _ => guess(text, true),
    };
    sheet.put(row, column, cell)
}

/// The delimiter that is found most often in the first kilobyte, outside of quotes.
fn likely_delimiter(text: &str) -> char {
    let mut counts = [0; DELIMITERS.len()];
    let mut quoted = false;
    for c in text.chars().take(1024) {
        match DELIMITERS.iter().position(|delimiter| *delimiter == c) {
            Some(at) if !quoted => counts[at] += 1,
            _ => quoted ^= c == '"',
        }
    }
    let best = (0..DELIMITERS.len()).max_by_key(|at| (counts[*at], *at)).unwrap_or_default();
    DELIMITERS[best]
}

/// A sheet as CSV with a byte order mark, without which Excel takes it for another encoding.
pub(super) fn write(sheet: &Sheet, delimiter: &str) -> Result<String, NodeError> {
    let ((top, left), (bottom, right)) = sheet.check_area()?;
    let mut text = String::from("\u{feff}");
    for row in top..=bottom {
        if row > top {
            text.push('\n');
        }
        for column in left..=right {
            if column > left {
                text.push_str(delimiter);
            }
            let shown = sheet.get(row, column).map(shown).unwrap_or_default();
            // A file that begins with ID is something else to Excel.
            let first = row == top && column == left && shown == "ID";
            if first || shown.contains(['"', '\n']) || (!delimiter.is_empty() && shown.contains(delimiter)) {
                text.extend(["\"", &shown.replace('"', "\"\""), "\""]);
            } else {
                text.push_str(&shown);
            }
        }
    }
    Ok(text)
}
