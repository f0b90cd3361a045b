//! CSV, read strictly: every value is text, and what is malformed is an error.

use crate::node::NodeError;
use crate::value::{Object, Str, Value};

/// How CSV is read.
#[derive(Debug)]
pub(in crate::nodes::files) struct Csv<'o> {
    /// What stands between values.
    pub(in crate::nodes::files) delimiter: &'o str,
    /// The first line that counts, from 1 on.
    pub(in crate::nodes::files) from_line: usize,
    /// Does the first record name the fields?
    pub(in crate::nodes::files) header: bool,
    /// How many records are read at most.
    pub(in crate::nodes::files) most: usize,
    /// Are quotes within values taken as they are?
    pub(in crate::nodes::files) relax_quotes: bool,
    /// Are empty values kept?
    pub(in crate::nodes::files) empty: bool,
    /// How many malformed records are left out before it is an error.
    pub(in crate::nodes::files) skip_errors: usize,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl Csv<'_> {
    /// The records: objects by the names of the fields, or else by their numbers.
    pub(in crate::nodes::files) fn read(&self, text: &str) -> Result<Vec<Value>, NodeError> {
        let mut reader = Reader { text, at: 0, line: 1 };
        while reader.line < self.from_line && reader.skip_line() {}
        let mut names: Option<Vec<Str>> = None;
        let mut records = Vec::new();
        let mut skipped = 0;
        while records.len() < self.most {
            let start = reader.at;
            let fields = match reader.record(self) {
                Ok(Some(fields)) => fields,
                Ok(None) => break,
                Err(error) => {
                    self.skip(&mut skipped, error)?;
                    if reader.at == start && !reader.skip_line() {
                        break;
                    }
                    continue;
                }
            };
            let Some(names) = &names else {
                if self.header {
                    names = Some(fields.into_iter().map(Str::from).collect());
                } else {
                    names = Some((0..fields.len()).map(|at| at.to_string().into()).collect());
                    records.push(self.record(names.as_deref().unwrap_or_default(), fields));
                }
                continue;
            };
            if fields.len() != names.len() {
                let expected = if self.header {
                    format!("columns length is {}", names.len())
                } else {
                    format!("expect {}", names.len())
                };
                let line = reader.ended_line();
                let error =
                    NodeError::new(format!("Invalid Record Length: {expected}, got {} on line {line}", fields.len()));
                self.skip(&mut skipped, error)?;
                continue;
            }
            records.push(self.record(names, fields));
        }
        Ok(records)
    }

    fn skip(&self, skipped: &mut usize, error: NodeError) -> Result<(), NodeError> {
        *skipped += 1;
        if *skipped > self.skip_errors { Err(error) } else { Ok(()) }
    }

    fn record(&self, names: &[Str], fields: Vec<String>) -> Value {
        let fields = names.iter().cloned().zip(fields).filter(|(_, value)| self.empty || !value.is_empty());
        fields.map(|(name, value)| (name, Value::from(value))).collect::<Object>().into()
    }
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    /// The length of the line break that comes next, if one does.
    fn line_break(&self) -> Option<usize> {
        let rest = self.rest();
        match rest.as_bytes() {
            [b'\r', b'\n', ..] => Some(2),
            [b'\n' | b'\r', ..] => Some(1),
            _ => None,
        }
    }

    /// The line on which the last record ended.
    fn ended_line(&self) -> usize {
        let broken = self.text[..self.at].ends_with(['\n', '\r']);
        self.line - usize::from(broken)
    }

    fn skip_line(&mut self) -> bool {
        let Some(offset) = self.rest().find(['\n', '\r']) else {
            self.at = self.text.len();
            return false;
        };
        self.at += offset;
        self.at += self.line_break().unwrap_or(1);
        self.line += 1;
        true
    }

    /// The values of the next record; nothing at the end.
    fn record(&mut self, csv: &Csv<'_>) -> Result<Option<Vec<String>>, NodeError> {
        if self.rest().is_empty() {
            return Ok(None);
        }
        let mut fields = Vec::new();
        loop {
            fields.push(self.field(csv, fields.len())?);
            if self.rest().starts_with(csv.delimiter) && !csv.delimiter.is_empty() {
                self.at += csv.delimiter.len();
                continue;
            }
            if let Some(length) = self.line_break() {
                self.at += length;
                self.line += 1;
            }
            return Ok(Some(fields));
        }
    }

    fn field(&mut self, csv: &Csv<'_>, index: usize) -> Result<String, NodeError> {
        let mut field = String::new();
        if self.rest().starts_with('"') {
            let (text, closed) = self.quoted(csv)?;
            field = text;
            if closed {
                return Ok(field);
            }
        }
        loop {
            let rest = &self.text[self.at..];
            if rest.is_empty()
                || self.line_break().is_some()
                || (!csv.delimiter.is_empty() && rest.starts_with(csv.delimiter))
            {
                return Ok(field);
            }
            let Some(c) = rest.chars().next() else { return Ok(field) };
            if c == '"' && !csv.relax_quotes {
                return Err(NodeError::new(format!(
                    "Invalid Opening Quote: a quote is found on field {index} at line {}, value is {}",
                    self.line,
                    crate::value::to_string(&Value::from(field))
                )));
            }
            field.push(c);
            self.at += c.len_utf8();
        }
    }

    /// A value in quotes, and whether they closed where a value may end.
    fn quoted(&mut self, csv: &Csv<'_>) -> Result<(String, bool), NodeError> {
        let (start, start_line) = (self.at, self.line);
        self.at += 1;
        let mut field = String::new();
        loop {
            let rest = &self.text[self.at..];
            let Some(length) = rest.find('"') else {
                (self.at, self.line) = (start, start_line);
                return Err(NodeError::new(format!(
                    "Quote Not Closed: the parsing is finished with an opening quote at line {start_line}"
                )));
            };
            field.push_str(&rest[..length]);
            self.line += rest[..length].matches('\n').count();
            self.at += length + 1;
            let rest = &self.text[self.at..];
            if rest.starts_with('"') {
                field.push('"');
                self.at += 1;
                continue;
            }
            if rest.is_empty()
                || self.line_break().is_some()
                || (!csv.delimiter.is_empty() && rest.starts_with(csv.delimiter))
            {
                return Ok((field, true));
            }
            if csv.relax_quotes {
                return Ok((format!("\"{field}\""), false));
            }
            let next = rest.chars().next().map(String::from).unwrap_or_default();
            let line = self.line;
            (self.at, self.line) = (start, start_line);
            return Err(NodeError::new(format!(
                "Invalid Closing Quote: got \"{next}\" at line {line} instead of delimiter, record delimiter, trimable character (if activated) or comment"
            )));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Csv;
    use crate::value::to_string;

    const PLAIN: Csv<'_> = Csv {
        delimiter: ",",
        from_line: 1,
        header: true,
        most: usize::MAX,
        relax_quotes: false,
        empty: false,
        skip_errors: 0,
    };

    fn read(csv: &Csv<'_>, text: &str) -> String {
        csv.read(text).map_or_else(|error| error.message, |records| to_string(&records.into()))
    }

    #[test]
    fn records_have_the_names_of_the_first() {
        assert_eq!(read(&PLAIN, "a,b\r\n1,\"x \"\"y\"\"\nz\"\r\n,2\r\n"), r#"[{"a":"1","b":"x \"y\"\nz"},{"b":"2"}]"#);
        let options = Csv { header: false, from_line: 2, most: 1, empty: true, delimiter: ";", ..PLAIN };
        assert_eq!(read(&options, "skip\n1;\n2;3"), r#"[{"0":"1","1":""}]"#);
    }

    #[test]
    fn malformed_records_are_errors() {
        assert_eq!(read(&PLAIN, "a,b,c\n1,2,3\n1,2\n"), "Invalid Record Length: columns length is 3, got 2 on line 3");
        assert_eq!(
            read(&PLAIN, "a,b\nx\"y,1"),
            r#"Invalid Opening Quote: a quote is found on field 0 at line 2, value is "x""#
        );
        assert_eq!(read(&PLAIN, "a\n\"x"), "Quote Not Closed: the parsing is finished with an opening quote at line 2");
        assert_eq!(read(&Csv { relax_quotes: true, ..PLAIN }, "a,b\nx\"y,\"p\"q"), r#"[{"a":"x\"y","b":"\"p\"q"}]"#);
        assert_eq!(read(&Csv { skip_errors: 5, ..PLAIN }, "a,b\n1\n2,3"), r#"[{"a":"2","b":"3"}]"#);
    }
}
