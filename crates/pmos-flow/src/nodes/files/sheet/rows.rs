//! The rows of a sheet as records, keyed by the first row or not.

use super::{Cell, MOST_CELLS, Sheet, general::general, place};
use crate::node::NodeError;
use crate::value::{Object, Str, Value};
use std::collections::HashMap;

/// How rows become records.
#[derive(Debug, Default)]
pub(in crate::nodes::files) struct Rows {
    /// Does the first row name the fields? Otherwise records are lists.
    pub(in crate::nodes::files) header: bool,
    /// Are cells without content there, as empty text?
    pub(in crate::nodes::files) empty: bool,
    /// Which part of the sheet counts.
    pub(in crate::nodes::files) range: Option<Range>,
}

/// A part of a sheet.
#[derive(Debug, Clone, Copy)]
pub(in crate::nodes::files) enum Range {
    /// From this row on, counted from 0.
    From(u32),
    /// From a cell to another: row and column.
    Area((u32, u32), (u32, u32)),
}

impl Range {
    /// A range such as `A1:C9`, or the number of its first row.
    pub(in crate::nodes::files) fn read(value: &Value) -> Result<Option<Self>, NodeError> {
        let text = value.to_text();
        let text = text.trim();
        if value.is_nullish() || text.is_empty() {
            return Ok(None);
        }
        if let Ok(number) = text.parse::<f64>() {
            return Ok(Some(Self::From(number as u32)));
        }
        let (from, to) = text.split_once(':').unwrap_or((text, text));
        match (place(from), place(to)) {
            (Some(from), Some(to)) => {
                Ok(Some(Self::Area((from.0.min(to.0), from.1.min(to.1)), (from.0.max(to.0), from.1.max(to.1)))))
            }
            _ => Err(NodeError::new(format!("'{text}' is not a range of cells"))),
        }
    }
}

impl Rows {
    /// The records of a sheet: objects with a header, lists without one.
    pub(in crate::nodes::files) fn of(&self, sheet: &Sheet) -> Result<Vec<Value>, NodeError> {
        let Some(((top, left), (bottom, right))) = sheet.bounds() else { return Ok(Vec::new()) };
        let ((top, left), (bottom, right)) = match self.range {
            None => ((top, left), (bottom, right)),
            Some(Range::From(row)) => ((row, left), (bottom, right)),
            // Beyond the last cell there is nothing to say, but for the width of rows.
            Some(Range::Area(from, to)) => (from, (to.0.min(bottom), to.1.min(super::MOST_COLUMNS - 1))),
        };
        if bottom < top || right < left {
            return Ok(Vec::new());
        }
        let area = u64::from(bottom - top + 1) * u64::from(right - left + 1);
        if self.empty && area > 5 * MOST_CELLS as u64 {
            return Err(NodeError::new("The table is too large"));
        }
        if !self.header {
            return Ok((top..=bottom).map(|row| self.list(sheet, row, left, right)).collect());
        }
        let names = names(sheet, top, left, right);
        let mut records = Vec::new();
        for row in top + 1..=bottom {
            let Some(cells) = sheet.rows.get(&row) else { continue };
            let mut record = Object::new();
            let mut blank = true;
            for (column, name) in (left..=right).zip(&names) {
                match cells.get(&column).and_then(value) {
                    Some(value) => {
                        record.insert(name.clone(), value);
                        blank = false;
                    }
                    None if self.empty => {
                        record.insert(name.clone(), Value::text(""));
                    }
                    None => {}
                }
            }
            if !blank {
                records.push(record.into());
            }
        }
        Ok(records)
    }

    fn list(&self, sheet: &Sheet, row: u32, left: u32, right: u32) -> Value {
        let cells = sheet.rows.get(&row);
        let get = |column: u32| cells.and_then(|cells| cells.get(&column)).and_then(value);
        if self.empty {
            return Value::list((left..=right).map(|column| get(column).unwrap_or_else(|| Value::text(""))));
        }
        let last =
            cells.into_iter().flat_map(|cells| cells.range(left..=right)).rfind(|(_, cell)| value(cell).is_some());
        match last {
            Some((last, _)) => Value::list((left..=*last).map(|column| get(column).unwrap_or(Value::Null))),
            None => Value::list([]),
        }
    }
}

fn value(cell: &Cell) -> Option<Value> {
    match cell {
        Cell::Text(text) => Some(Value::String(text.clone())),
        Cell::Number(number) => Some(Value::Number(*number)),
        Cell::Bool(bool) => Some(Value::Bool(*bool)),
        Cell::Empty | Cell::Error => None,
    }
}

/// The names of the fields: what the row shows, with a number behind what was there before.
fn names(sheet: &Sheet, row: u32, left: u32, right: u32) -> Vec<Str> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut names = Vec::new();
    for column in left..=right {
        let own =
            sheet.get(row, column).map(shown).filter(|text| !text.is_empty()).unwrap_or_else(|| "__EMPTY".to_owned());
        let mut name = own.clone();
        if let Some(mut count) = counts.get(&own).copied() {
            while counts.contains_key(&name) {
                name = format!("{own}_{count}");
                count += 1;
            }
            counts.insert(own, count);
        }
        counts.entry(name.clone()).or_insert(1);
        names.push(name.into());
    }
    names
}

/// What a cell shows.
pub(super) fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.to_string(),
        Cell::Number(number) => general(*number),
        Cell::Bool(true) => "TRUE".to_owned(),
        Cell::Bool(false) => "FALSE".to_owned(),
        Cell::Error => "#ERROR!".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Range, Rows};
    use crate::nodes::files::sheet::delimited;
    use crate::value::{Value, to_string};

    fn records(rows: &Rows) -> String {
        let sheet = delimited::read("a,a,,2\n1,,x,\n,,,\n3,4,,5", false).unwrap();
        to_string(&rows.of(&sheet).unwrap().into())
    }

    #[test]
    fn the_first_row_names_the_fields() {
        let rows = Rows { header: true, ..Rows::default() };
        assert_eq!(records(&rows), r#"[{"a":1,"__EMPTY":"x"},{"2":5,"a":3,"a_1":4}]"#);
        let rows = Rows { header: true, empty: true, range: Range::read(&Value::from("A1:C2")).unwrap() };
        assert_eq!(records(&rows), r#"[{"a":1,"a_1":"","__EMPTY":"x"}]"#);
    }

    #[test]
    fn rows_without_names_are_lists() {
        assert_eq!(records(&Rows::default()), r#"[["a","a",null,2],[1,null,"x"],[],[3,4,null,5]]"#);
        let rows = Rows { range: Range::read(&Value::from(3)).unwrap(), ..Rows::default() };
        assert_eq!(records(&rows), "[[3,4,null,5]]");
    }
}
