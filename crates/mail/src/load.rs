//! How hard a piece of HTML would be on a parser that works as browsers do.

use crate::scan::{Tag, Token, Tokens};

/// What a browser-like parser takes more than linear time or memory for, counted in one linear pass.
#[derive(Default)]
pub(crate) struct Load {
    depth: usize,
    deepest: usize,
    /// Formatting that is still open is opened anew in each block.
    formats: usize,
    most_formats: usize,
    tags: usize,
    /// The open tables, and for each whether a cell is open. What stands between cells is moved, one by one.
    tables: Vec<bool>,
    misplaced: usize,
    most_attributes: usize,
    most_entities: usize,
    /// Bytes that the writer looks at: at each of the signs that it may have to escape it looks through the rest of the
    /// text.
    looked_through: usize,
    run: Run,
}

/// Text that may end up in one node, because nothing in between makes a node for sure.
#[derive(Default)]
struct Run {
    bytes: usize,
    signs: usize,
}

impl Load {
    pub(crate) fn of(source: &str) -> Load {
        let mut load = Load::default();
        for token in Tokens::new(source) {
            match token {
                Token::Open(tag) => load.open(&tag),
                Token::Close(tag) => load.close(&tag),
                Token::Text { text, .. } => {
                    let entities = memchr::memchr_iter(b'&', text.as_bytes()).count();
                    load.most_entities = load.most_entities.max(entities);
                    load.run.bytes += text.len();
                    load.run.signs += signs(text);
                }
            }
        }
        load.end_run();
        load
    }

    fn end_run(&mut self) {
        let Run { bytes, signs } = std::mem::take(&mut self.run);
        self.looked_through = self.looked_through.saturating_add(bytes.saturating_mul(signs));
    }

    fn open(&mut self, tag: &Tag<'_>) {
        self.tags += 1;
        self.most_attributes = self.most_attributes.max(tag.attribute_count());
        let within = tag.attributes.len().saturating_mul(signs(tag.attributes));
        self.looked_through = self.looked_through.saturating_add(within);
        if makes_a_node(tag) {
            self.end_run();
        }
        match &*tag.name {
            "table" => self.tables.push(false),
            "td" | "th" | "caption" => self.in_cell(true),
            "tr" | "tbody" | "thead" | "tfoot" | "colgroup" | "col" => self.in_cell(false),
            _ => self.misplaced += usize::from(self.tables.last() == Some(&false)),
        }
        if tag.is_void() || is_implied(tag) {
            return;
        }
        if is_format(tag) {
            self.formats += 1;
            self.most_formats = self.most_formats.max(self.formats);
        } else {
            self.depth += 1;
        }
        self.deepest = self.deepest.max(self.depth + self.formats);
    }

    fn close(&mut self, tag: &Tag<'_>) {
        self.tags += 1;
        match &*tag.name {
            "table" => drop(self.tables.pop()),
            "td" | "th" | "caption" | "tr" => self.in_cell(false),
            // These make an element when there is none to close.
            "p" | "br" => self.misplaced += usize::from(self.tables.last() == Some(&false)),
            _ => {}
        }
        if is_implied(tag) {
            return;
        }
        let open = if is_format(tag) { &mut self.formats } else { &mut self.depth };
        *open = open.saturating_sub(1);
    }

    fn in_cell(&mut self, cell: bool) {
        if let Some(open) = self.tables.last_mut() {
            *open = cell;
        }
    }

    pub(crate) fn is_hostile(&self) -> bool {
        self.deepest > 400
            || self.deepest * self.tags > 20_000_000
            || self.most_formats * self.tags > 1_000_000
            || self.misplaced > 3_000
            || self.most_attributes > 2_000
            || self.most_entities > 50_000
            || self.looked_through > 4_000_000_000
    }
}

fn is_format(tag: &Tag<'_>) -> bool {
    matches!(
        &*tag.name,
        "a" | "b" | "big" | "code" | "em" | "font" | "i" | "nobr" | "s" | "small" | "strike" | "strong" | "tt" | "u"
    )
}

/// The ampersand, and the first byte of the no-break space and its like.
fn signs(text: &str) -> usize {
    memchr::memchr2_iter(b'&', 0xC2, text.as_bytes()).count()
}

/// Wherever they stand; others are passed over in the wrong place, and the text around them is one.
fn makes_a_node(tag: &Tag<'_>) -> bool {
    is_format(tag) || matches!(&*tag.name, "br" | "div" | "hr" | "img" | "li" | "ol" | "p" | "span" | "table" | "ul")
}

/// These end by themselves when the next one begins.
fn is_implied(tag: &Tag<'_>) -> bool {
    matches!(&*tag.name, "p" | "li" | "td" | "th" | "tr" | "dd" | "dt" | "option")
}
