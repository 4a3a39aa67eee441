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
                }
            }
        }
        load
    }

    fn open(&mut self, tag: &Tag<'_>) {
        self.tags += 1;
        self.most_attributes = self.most_attributes.max(memchr::memchr_iter(b'=', tag.attributes.as_bytes()).count());
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
    }
}

fn is_format(tag: &Tag<'_>) -> bool {
    matches!(
        &*tag.name,
        "a" | "b" | "big" | "code" | "em" | "font" | "i" | "nobr" | "s" | "small" | "strike" | "strong" | "tt" | "u"
    )
}

/// These end by themselves when the next one begins.
fn is_implied(tag: &Tag<'_>) -> bool {
    matches!(&*tag.name, "p" | "li" | "td" | "th" | "tr" | "dd" | "dt" | "option")
}
