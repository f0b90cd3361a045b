//! Objects as JavaScript writes them: keys without quotes, text in single quotes, a comma after the last field.

use crate::value::{Object, Value, number_from_text};
use std::iter::Peekable;
use std::str::Chars;

/// Deeper literals are refused.
const DEEPEST: usize = 64;

/// The value of an object literal; nothing for what is none.
pub(crate) fn read(text: &str) -> Option<Value> {
    let mut reader = Reader { rest: text.chars().peekable() };
    let value = reader.value(0)?;
    reader.blank();
    (reader.rest.peek().is_none() && matches!(value, Value::Object(_))).then_some(value)
}

struct Reader<'t> {
    rest: Peekable<Chars<'t>>,
}

impl Reader<'_> {
    fn blank(&mut self) {
        while self.rest.next_if(|char| char.is_whitespace()).is_some() {}
    }

    fn takes(&mut self, wanted: char) -> bool {
        self.blank();
        self.rest.next_if_eq(&wanted).is_some()
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        self.blank();
        match *self.rest.peek()? {
            '{' => self.object(depth),
            '[' => self.list(depth),
            '"' | '\'' => self.text().map(Value::from),
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        let mut object = Object::new();
        self.rest.next();
        while !self.takes('}') {
            let key = match *self.rest.peek()? {
                '"' | '\'' => self.text()?,
                _ => self.name(),
            };
            if key.is_empty() || !self.takes(':') {
                return None;
            }
            object.insert(key, self.value(depth + 1)?);
            if !self.takes(',') {
                return self.takes('}').then(|| object.into());
            }
        }
        Some(object.into())
    }

    fn list(&mut self, depth: usize) -> Option<Value> {
        let mut values = Vec::new();
        self.rest.next();
        while !self.takes(']') {
            values.push(self.value(depth + 1)?);
            if !self.takes(',') {
                return self.takes(']').then(|| values.into());
            }
        }
        Some(values.into())
    }

    fn text(&mut self) -> Option<String> {
        let quote = self.rest.next()?;
        let mut text = String::new();
        loop {
            match self.rest.next()? {
                '\n' => return None,
                char if char == quote => return Some(text),
                '\\' => text.push(match self.rest.next()? {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'v' => '\u{b}',
                    '0' => '\0',
                    'x' => self.code(2)?,
                    'u' => self.code(4)?,
                    char => char,
                }),
                char => text.push(char),
            }
        }
    }

    fn code(&mut self, digits: usize) -> Option<char> {
        let mut code = 0;
        for _ in 0..digits {
            code = code * 16 + self.rest.next()?.to_digit(16)?;
        }
        char::from_u32(code)
    }

    fn name(&mut self) -> String {
        let mut name = String::new();
        while let Some(char) = self.rest.next_if(|char| char.is_alphanumeric() || matches!(char, '_' | '$')) {
            name.push(char);
        }
        name
    }

    fn word(&mut self) -> Option<Value> {
        let mut word = String::new();
        while let Some(char) =
            self.rest.next_if(|char| char.is_alphanumeric() || matches!(char, '_' | '$' | '.' | '+' | '-'))
        {
            word.push(char);
        }
        match word.as_str() {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            "null" => Some(Value::Null),
            "" => None,
            number => Some(number_from_text(number)).filter(|number| !number.is_nan()).map(Value::Number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::value::to_string;

    #[test]
    fn literals_read_as_javascript_reads_them() {
        assert_eq!(
            to_string(&read(r#" {a: 1, 'b c': [true, 'it\'s',], "d": {e: null, f: -.5}} "#).unwrap()),
            r#"{"a":1,"b c":[true,"it's"],"d":{"e":null,"f":-0.5}}"#
        );
        for text in ["", "{a}", "[1]", "{a: 1} x", "{a: b()}", "{'a: 1}", &"{a:".repeat(100_000)] {
            assert!(read(text).is_none(), "{}", &text[..text.len().min(20)]);
        }
    }
}
