//! Puts words into lines, and lines into blocks.

/// What is open: the page, blocks, lists and their items.
pub(super) struct Builder {
    stack: Vec<Block>,
    /// How many open elements want capitals.
    pub(super) capitals: usize,
    /// How many words of text were written, those of addresses and images aside.
    pub(super) words: usize,
}

#[derive(Default)]
struct Block {
    /// Line breaks before it.
    before: usize,
    /// What is closed already.
    text: String,
    /// Line breaks that come before whatever follows.
    pending: usize,
    verbatim: bool,
    lines: Lines,
}

#[derive(Default)]
struct Lines {
    done: Vec<Vec<String>>,
    words: Vec<String>,
    width: usize,
    room: isize,
    /// The last text ended with white space.
    spaced: bool,
    may_break: bool,
}

/// No block gets narrower than this.
const NARROWEST: usize = 20;

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | '\u{c}' | '\u{200b}')
}

fn width(text: &str) -> isize {
    text.encode_utf16().count() as isize
}

impl Builder {
    pub(super) fn new(width: usize) -> Self {
        Self { stack: vec![Block::new(1, width, false)], capitals: 0, words: 0 }
    }

    pub(super) fn finish(mut self) -> String {
        self.stack.truncate(1);
        self.stack.pop().map(Block::into_text).unwrap_or_default()
    }

    fn top(&mut self) -> Option<&mut Block> {
        self.stack.last_mut()
    }

    fn width(&self) -> usize {
        self.stack.last().map_or(NARROWEST, |block| block.lines.width)
    }

    /// Adds text; `own` says that it is the page's own, which headings capitalise.
    pub(super) fn text(&mut self, text: &str, own: bool) {
        let capitals = own && self.capitals > 0;
        let Some(block) = self.stack.last_mut() else { return };
        if block.verbatim {
            block.text.push_str(text);
            return;
        }
        let blank = text.chars().all(is_space);
        if text.is_empty() || (block.pending > 0 && blank) {
            return;
        }
        if block.pending > 0 {
            block.lines.new_lines(block.pending);
        }
        block.pending = 0;
        let lines = &mut block.lines;
        let mut apart = lines.spaced || text.starts_with(is_space);
        for word in text.split(is_space).filter(|word| !word.is_empty()) {
            let word = if capitals { word.to_uppercase() } else { word.to_owned() };
            if apart {
                lines.push(word)
            } else {
                lines.join(word)
            }
            apart = true;
            self.words += usize::from(own);
        }
        lines.spaced = (lines.spaced && blank) || text.ends_with(is_space);
    }

    pub(super) fn line_break(&mut self) {
        if let Some(block) = self.top() {
            if block.verbatim { block.text.push('\n') } else { block.lines.new_lines(1) }
        }
    }

    pub(super) fn may_break(&mut self) {
        if let Some(block) = self.top() {
            block.lines.may_break = true;
        }
    }

    pub(super) fn open_block(&mut self, before: usize, reserved: usize, verbatim: bool) {
        let verbatim = verbatim || self.stack.last().is_some_and(|block| block.verbatim);
        let width = self.width().saturating_sub(reserved).max(NARROWEST);
        self.stack.push(Block::new(before, width, verbatim));
    }

    pub(super) fn close_block(&mut self, after: usize) {
        self.close(after, |text| text);
    }

    /// Closes a block whose lines are marked as a quotation.
    pub(super) fn close_quote(&mut self, after: usize) {
        self.close(after, |text| {
            text.trim_matches('\n').split('\n').map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n")
        });
    }

    fn close(&mut self, after: usize, change: impl FnOnce(String) -> String) {
        let Some(block) = self.stack.pop() else { return };
        let (before, after) = (block.before, block.pending.max(after));
        let text = change(block.into_text());
        if let Some(parent) = self.top() {
            parent.add(&text, before, after);
        }
    }

    pub(super) fn open_list(&mut self, before: usize) {
        self.open_block(before, 0, false);
    }

    pub(super) fn close_list(&mut self, after: usize) {
        let Some(list) = self.stack.pop() else { return };
        let before = list.before;
        let text = list.into_text();
        if let (false, Some(parent)) = (text.is_empty(), self.top()) {
            parent.add(&text, before, after);
        }
    }

    pub(super) fn open_item(&mut self, prefix: usize) {
        self.open_block(1, prefix, false);
    }

    pub(super) fn close_item(&mut self, prefix: &str, width: usize) {
        self.close(1, |text| format!("{prefix:<width$}{}", text.replace('\n', &format!("\n{}", " ".repeat(width)))));
    }
}

impl Block {
    fn new(before: usize, width: usize, verbatim: bool) -> Self {
        let lines = Lines { width, room: width as isize, ..Lines::default() };
        Self { before, verbatim, lines, ..Self::default() }
    }

    fn into_text(mut self) -> String {
        self.settle();
        self.text
    }

    /// Moves the open lines behind what is closed.
    fn settle(&mut self) {
        let lines = &mut self.lines;
        if lines.done.is_empty() && lines.words.is_empty() {
            return;
        }
        for line in lines.done.drain(..) {
            self.text.push_str(&line.join(" "));
            self.text.push('\n');
        }
        self.text.push_str(&lines.words.join(" "));
        lines.words.clear();
        lines.room = lines.width as isize;
    }

    /// Adds a closed block.
    fn add(&mut self, text: &str, before: usize, after: usize) {
        let breaks = self.pending.max(before);
        self.settle();
        if self.text.is_empty() {
            self.before = breaks;
        } else {
            self.text.extend(std::iter::repeat_n('\n', breaks));
        }
        self.text.push_str(text);
        self.pending = after;
    }
}

impl Lines {
    fn new_lines(&mut self, count: usize) {
        for _ in 0..count {
            self.done.push(std::mem::take(&mut self.words));
        }
        self.room = self.width as isize;
    }

    /// Adds a word behind a space, on the next line where it does not fit.
    fn push(&mut self, word: String) {
        if self.room <= 0 {
            self.new_lines(1);
        }
        let mut cost = width(&word) + isize::from(!self.words.is_empty());
        if cost > self.room && !self.words.is_empty() {
            self.new_lines(1);
            cost = width(&word);
        }
        self.room -= cost;
        self.words.push(word);
    }

    /// Adds to the last word.
    fn join(&mut self, word: String) {
        if self.may_break && width(&word) > self.room {
            self.push(word);
            self.may_break = false;
            return;
        }
        match self.words.pop() {
            Some(last) => {
                self.room += width(&last) + isize::from(!self.words.is_empty());
                self.push(last + &word);
            }
            None => self.push(word),
        }
    }
}
