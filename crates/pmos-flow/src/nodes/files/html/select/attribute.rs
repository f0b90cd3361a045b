//! Conditions on attributes; `#id` and `.class` are such, too.

/// A condition on an attribute.
#[derive(Debug)]
pub(super) struct Attribute {
    pub(super) name: String,
    pub(super) operator: Operator,
    pub(super) value: String,
    pub(super) ignore_case: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Operator {
    Exists,
    Equals,
    NotEquals,
    Word,
    Dash,
    Begins,
    Ends,
    Contains,
}

impl Attribute {
    /// Does the value of an attribute meet the condition? Nothing stands for an attribute that is not there.
    pub(super) fn meets(&self, value: Option<&str>) -> bool {
        let Some(value) = value else { return self.operator == Operator::NotEquals };
        let (lower, wanted_lower);
        let (value, wanted) = if self.ignore_case {
            (lower, wanted_lower) = (value.to_lowercase(), self.value.to_lowercase());
            (lower.as_str(), wanted_lower.as_str())
        } else {
            (value, self.value.as_str())
        };
        match self.operator {
            Operator::Exists => true,
            Operator::Equals => value == wanted,
            Operator::NotEquals => value != wanted,
            Operator::Word => !wanted.is_empty() && value.split_ascii_whitespace().any(|word| word == wanted),
            Operator::Dash => value.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('-')),
            Operator::Begins => !wanted.is_empty() && value.starts_with(wanted),
            Operator::Ends => !wanted.is_empty() && value.ends_with(wanted),
            Operator::Contains => !wanted.is_empty() && value.contains(wanted),
        }
    }
}
