//! Follows selectors through a page.

use super::{Combinator, Complex, Kind, List, MOST_WORK, Place, Simple, parse};
use crate::node::NodeError;
use crate::nodes::files::html::dom::{Dom, NodeId};

/// The elements that a selector finds, in the order of the page; none for a blank one.
pub(in crate::nodes::files::html) fn select(dom: &Dom, selector: &str) -> Result<Vec<NodeId>, NodeError> {
    if selector.trim().is_empty() {
        return Ok(Vec::new());
    }
    let list = parse::parse(selector)?;
    let mut walk =
        Walk { elements: dom.descendants(Dom::ROOT).filter(|node| dom.is_element(*node)).collect(), dom, work: 0 };
    let found = walk.list(&list, None)?;
    Ok(walk.elements.iter().copied().filter(|element| found[*element]).collect())
}

struct Walk<'d> {
    dom: &'d Dom,
    /// All elements in the order of the page.
    elements: Vec<NodeId>,
    work: usize,
}

/// For each node of the page: is it in the set?
type Set = Vec<bool>;

impl Walk<'_> {
    fn spend(&mut self, steps: usize) -> Result<(), NodeError> {
        self.work = self.work.saturating_add(steps);
        if self.work > MOST_WORK { Err(NodeError::new("The selector takes too long on this page")) } else { Ok(()) }
    }

    /// What any selector of a list finds; for `:has()`, from one element on.
    fn list(&mut self, list: &List, from: Option<NodeId>) -> Result<Set, NodeError> {
        let mut found = vec![false; self.dom.nodes.len()];
        for complex in list {
            for element in self.complex(complex, from)? {
                found[element] = true;
            }
        }
        Ok(found)
    }

    fn complex(&mut self, complex: &Complex, from: Option<NodeId>) -> Result<Vec<NodeId>, NodeError> {
        // Without a beginning, everything lies below the page itself.
        let mut current = vec![from.unwrap_or(Dom::ROOT)];
        for (combinator, compound) in complex {
            current = self.step(&current, *combinator, from)?;
            for simple in compound {
                current = self.keep(current, simple)?;
            }
        }
        Ok(current)
    }

    /// The elements to which a combinator leads from a set, in the order of the page.
    fn step(
        &mut self,
        current: &[NodeId],
        combinator: Combinator,
        from: Option<NodeId>,
    ) -> Result<Vec<NodeId>, NodeError> {
        let dom = self.dom;
        if let ([only], Some(_)) = (current, from) {
            return self.step_from(*only, combinator);
        }
        self.spend(dom.nodes.len())?;
        let mut set = vec![false; dom.nodes.len()];
        for node in current {
            set[*node] = true;
        }
        let mut found = vec![false; dom.nodes.len()];
        match combinator {
            Combinator::Child | Combinator::Descendant => {
                for element in &self.elements {
                    // Elements come after their parents: what was found above is known.
                    found[*element] = dom.node(*element).parent.is_some_and(|parent| {
                        set[parent]
                            || (combinator == Combinator::Descendant
                                && (found[parent] || (!dom.is_element(parent) && set[Dom::ROOT])))
                    });
                }
            }
            Combinator::Next | Combinator::Later => {
                let mut parents: Vec<NodeId> = current.iter().filter_map(|node| dom.node(*node).parent).collect();
                parents.sort_unstable();
                parents.dedup();
                for parent in parents {
                    let mut seen = false;
                    for child in dom.children(parent).iter().filter(|child| dom.is_element(**child)) {
                        found[*child] = seen;
                        seen = set[*child] || (seen && combinator == Combinator::Later);
                    }
                }
            }
        }
        Ok(self.elements.iter().copied().filter(|element| found[*element]).collect())
    }

    /// The same from one element, at the cost of what lies there: `:has()` asks this of every candidate.
    fn step_from(&mut self, element: NodeId, combinator: Combinator) -> Result<Vec<NodeId>, NodeError> {
        let dom = self.dom;
        let siblings = || dom.node(element).parent.map_or(&[][..], |parent| dom.children(parent));
        let is_element = |node: &NodeId| dom.is_element(*node);
        let found: Vec<NodeId> = match combinator {
            Combinator::Descendant => dom.descendants(element).filter(is_element).collect(),
            Combinator::Child => dom.children(element).iter().copied().filter(is_element).collect(),
            Combinator::Next => siblings()
                .iter()
                .copied()
                .skip_while(|node| *node != element)
                .skip(1)
                .find(is_element)
                .into_iter()
                .collect(),
            Combinator::Later => {
                siblings().iter().copied().skip_while(|node| *node != element).skip(1).filter(is_element).collect()
            }
        };
        self.spend(found.len() + siblings().len() + 1)?;
        Ok(found)
    }

    /// Those of a set that meet a condition.
    fn keep(&mut self, set: Vec<NodeId>, simple: &Simple) -> Result<Vec<NodeId>, NodeError> {
        let dom = self.dom;
        self.spend(set.len())?;
        let kept = match simple {
            Simple::Any => set,
            Simple::Tag(tag) => filter(set, |node| dom.name(node).eq_ignore_ascii_case(tag)),
            Simple::Attribute(attribute) => filter(set, |node| attribute.meets(dom.attribute(node, &attribute.name))),
            Simple::Empty => filter(set, |node| {
                dom.children(node).iter().all(|child| !dom.is_element(*child) && dom.own_text(*child).is_none())
            }),
            Simple::Root => filter(set, |node| dom.node(node).parent == Some(Dom::ROOT)),
            Simple::Kind(kind) => filter(set, |node| is_kind(dom, node, *kind)),
            Simple::Place(place) => placed(set, *place),
            Simple::Is(list) | Simple::Not(list) => {
                let found = self.list(list, None)?;
                let wanted = matches!(simple, Simple::Is(_));
                filter(set, |node| found[node] == wanted)
            }
            Simple::Has(list) => {
                let mut kept = Vec::new();
                for node in set {
                    let mut has = false;
                    for complex in list {
                        has = has || !self.complex(complex, Some(node))?.is_empty();
                    }
                    if has {
                        kept.push(node);
                    }
                }
                kept
            }
            Simple::Contains { text, ignore_case } => {
                let wanted = if *ignore_case { text.to_lowercase() } else { text.clone() };
                let mut kept = Vec::new();
                for node in set {
                    let own = dom.text(node);
                    self.spend(own.len() + dom.children(node).len())?;
                    if if *ignore_case { own.to_lowercase().contains(&wanted) } else { own.contains(&wanted) } {
                        kept.push(node);
                    }
                }
                kept
            }
            Simple::Nth { every, offset, last, of_type } => {
                self.positioned(set, *of_type, |from_start, from_end, _| {
                    let place = if *last { from_end } else { from_start };
                    let beyond = place - offset;
                    if *every == 0 { beyond == 0 } else { beyond % every == 0 && beyond / every >= 0 }
                })?
            }
            Simple::Only { of_type } => self.positioned(set, *of_type, |_, _, count| count == 1)?,
        };
        Ok(kept)
    }

    /// Those of a set whose place among their siblings is right: counted from the start, from the end, and of how many.
    fn positioned(
        &mut self,
        set: Vec<NodeId>,
        of_type: bool,
        right: impl Fn(i64, i64, i64) -> bool,
    ) -> Result<Vec<NodeId>, NodeError> {
        let dom = self.dom;
        let mut places = vec![(0_i64, 0_i64); dom.nodes.len()];
        let mut parents: Vec<NodeId> = set.iter().filter_map(|node| dom.node(*node).parent).collect();
        parents.sort_unstable();
        parents.dedup();
        for parent in parents {
            let children: Vec<NodeId> =
                dom.children(parent).iter().copied().filter(|child| dom.is_element(*child)).collect();
            self.spend(children.len())?;
            let mut counts: std::collections::HashMap<&str, i64> = std::collections::HashMap::new();
            let group = |child: NodeId| if of_type { dom.name(child) } else { "" };
            for child in &children {
                let count = counts.entry(group(*child)).or_default();
                *count += 1;
                places[*child].0 = *count;
            }
            for child in children {
                places[child].1 = counts.get(group(child)).copied().unwrap_or_default();
            }
        }
        Ok(filter(set, |node| {
            let (place, count) = places[node];
            right(place, count + 1 - place, count)
        }))
    }
}

fn filter(mut set: Vec<NodeId>, keep: impl Fn(NodeId) -> bool) -> Vec<NodeId> {
    set.retain(|node| keep(*node));
    set
}

fn placed(set: Vec<NodeId>, place: Place) -> Vec<NodeId> {
    let count = set.len() as i64;
    let from_end = |at: i64| if at < 0 { at + count } else { at };
    let keep = |at: i64| match place {
        Place::First => at == 0,
        Place::Last => at == count - 1,
        Place::At(wanted) => at == from_end(wanted),
        Place::After(bound) => at > from_end(bound),
        Place::Before(bound) => at < from_end(bound),
        Place::Even => at % 2 == 0,
        Place::Odd => at % 2 == 1,
    };
    set.into_iter().zip(0..).filter(|(_, at)| keep(*at)).map(|(node, _)| node).collect()
}

fn is_kind(dom: &Dom, node: NodeId, kind: Kind) -> bool {
    let name = dom.name(node);
    let has = |attribute: &str| dom.attribute(node, attribute).is_some();
    let form = matches!(name, "button" | "input" | "select" | "textarea" | "optgroup" | "option" | "fieldset");
    match kind {
        Kind::Checked => (name == "input" && has("checked")) || (name == "option" && has("selected")),
        Kind::Disabled => form && has("disabled"),
        Kind::Enabled => form && !has("disabled"),
        Kind::Header => matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6"),
        Kind::Input => matches!(name, "input" | "textarea" | "select" | "button"),
        Kind::Button => name == "button" || (name == "input" && dom.attribute(node, "type") == Some("button")),
        Kind::Parent => dom
            .children(node)
            .iter()
            .any(|child| dom.is_element(*child) || dom.own_text(*child).is_some_and(|text| !text.is_empty())),
        Kind::Link => matches!(name, "a" | "area" | "link") && has("href"),
        Kind::Type("text") => name == "input" && dom.attribute(node, "type").is_none_or(|kind| kind == "text"),
        Kind::Type(wanted) => matches!(name, "input" | "button") && dom.attribute(node, "type") == Some(wanted),
    }
}

#[cfg(test)]
mod tests {
    use super::select;
    use crate::nodes::files::html::dom::Dom;

    #[test]
    fn selectors_find_what_they_say() {
        let html = r#"<div id="a" class="x y"><p>one</p><p class=y data-n="5">two <b>bold</b></p><ul><li>1<li>2<li>3</ul></div><p>out</p>"#;
        let dom = Dom::parse(html).unwrap();
        for (selector, texts) in [
            ("p", &["one", "two bold", "out"][..]),
            ("#a > p", &["one", "two bold"]),
            ("div p.y, li:first", &["two bold", "1"]),
            ("[data-n=5]", &["two bold"]),
            ("p + p", &["two bold"]),
            ("p ~ ul li:nth-child(2n+1)", &["1", "3"]),
            ("li:last-child", &["3"]),
            ("li:eq(-2)", &["2"]),
            ("p:contains(o):not(.y)", &["one", "out"]),
            ("p:has(> b)", &["two bold"]),
            (".x .y", &["two bold"]),
            ("li:not(:first-child):gt(0)", &["3"]),
            ("body > p:last-of-type", &["out"]),
            ("html > body > :is(p, span)", &["out"]),
            ("", &[]),
        ] {
            let found: Vec<String> = select(&dom, selector).unwrap().into_iter().map(|node| dom.text(node)).collect();
            assert_eq!(found, texts, "{selector}");
        }
        for wrong in ["p[", "> p", "p:nope", "p,,b", "p)", ":not(p"] {
            assert!(select(&dom, wrong).is_err(), "{wrong}");
        }
    }
}
