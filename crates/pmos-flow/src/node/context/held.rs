//! Items that a node holds back between its runs.

use crate::item::Item;
use parking_lot::Mutex;
use std::sync::Arc;

/// Items that a node holds back: a window of a list that only grows at its end.
///
/// A clone is a counter, however many items there are, and stays what it was when the other goes on: loops hold back
/// all that they were given, and run as often as they have items.
#[derive(Clone, Debug, Default)]
pub struct Held {
    list: Arc<Mutex<Vec<Item>>>,
    from: usize,
    to: usize,
}

impl Held {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.to - self.from
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.from == self.to
    }

    /// The items.
    pub fn items(&self) -> Vec<Item> {
        self.list.lock()[self.from..self.to].to_vec()
    }

    /// Takes up to so many items from the front.
    pub fn take(&mut self, count: usize) -> Vec<Item> {
        let end = self.from + count.min(self.len());
        let taken = self.list.lock()[self.from..end].to_vec();
        self.from = end;
        taken
    }
}

impl Extend<Item> for Held {
    /// Adds items at the end.
    fn extend<T: IntoIterator<Item = Item>>(&mut self, items: T) {
        // A clone has grown before: this one goes on with a list of its own.
        if self.list.lock().len() != self.to {
            let own = self.items();
            (self.from, self.to) = (0, own.len());
            self.list = Arc::new(Mutex::new(own));
        }
        let mut list = self.list.lock();
        list.extend(items);
        self.to = list.len();
    }
}

impl FromIterator<Item> for Held {
    fn from_iter<T: IntoIterator<Item = Item>>(items: T) -> Self {
        let mut held = Self::default();
        held.extend(items);
        held
    }
}

#[cfg(test)]
mod tests {
    use super::Held;
    use crate::item::Item;

    #[test]
    fn a_clone_stays_what_it_was() {
        let mut held: Held = vec![Item::default(); 3].into_iter().collect();
        assert_eq!(held.take(2).len(), 2);
        let before = held.clone();
        held.extend([Item::failed("later")]);
        assert_eq!((before.len(), held.len()), (1, 2));
        let mut again = before.clone();
        again.extend([Item::failed("other")]);
        assert_eq!(held.items()[1].json.get("error").unwrap().as_str(), Some("later"));
        assert_eq!(again.items()[1].json.get("error").unwrap().as_str(), Some("other"));
        assert!(held.take(9).len() == 2 && held.is_empty());
    }
}
