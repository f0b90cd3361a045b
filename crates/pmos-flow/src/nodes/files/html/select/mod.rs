//! Selectors: those of CSS, and those that jQuery adds, such as `:contains()` and `:eq()`.
//!
//! A selector is followed from left to right with a set of elements, each step in time linear in the page; what a step
//! must look at besides is counted, and ends at [`MOST_WORK`].

mod attribute;
mod parse;
mod steps;

pub(super) use steps::select;

/// How many nodes one selector may look at.
const MOST_WORK: usize = 40_000_000;

/// Selectors separated by commas.
type List = Vec<Complex>;

/// Compounds, each with what leads to it from the one before.
type Complex = Vec<(Combinator, Vec<Simple>)>;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Combinator {
    Descendant,
    Child,
    Next,
    Later,
}

/// One condition on an element.
#[derive(Debug)]
enum Simple {
    Any,
    Tag(String),
    Attribute(attribute::Attribute),
    /// `:nth-child(an+b)` and its like: the two numbers, whether it counts from the end, whether it counts elements of one name.
    Nth {
        every: i64,
        offset: i64,
        last: bool,
        of_type: bool,
    },
    Only {
        of_type: bool,
    },
    Empty,
    Root,
    Is(List),
    Not(List),
    Has(List),
    Contains {
        text: String,
        ignore_case: bool,
    },
    /// A word about forms and their like.
    Kind(Kind),
    /// A place in the set so far.
    Place(Place),
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Checked,
    Disabled,
    Enabled,
    Header,
    Input,
    Button,
    Parent,
    Link,
    /// An input of this type.
    Type(&'static str),
}

#[derive(Clone, Copy, Debug)]
enum Place {
    First,
    Last,
    At(i64),
    After(i64),
    Before(i64),
    Even,
    Odd,
}
