//! HTML cut into reply, quote and signature, each with its tags balanced as far as they were.

use crate::{
    html::Scanned,
    quote::{FoldedHtml, Kind},
    scan::{Tag, Token, Tokens},
    text::bounded,
};

const MAX_DEPTH: usize = 256;
/// Open tags repeated at the start of a part, and how many parts are cut before the rest stays together.
const MAX_REOPENED: usize = 32;
const MAX_CUTS: usize = 200;

/// Cuts the source along the lines and closes and reopens what is open at each cut.
pub(crate) fn split(html: &str, scanned: &Scanned<'_>, kinds: &[Kind]) -> FoldedHtml {
    if kinds.iter().all(|kind| *kind == Kind::Reply) {
        return FoldedHtml { reply: html.to_owned(), ..FoldedHtml::default() };
    }
    let cuts = cuts(scanned, kinds, html.len());
    let mut parts = [String::new(), String::new(), String::new()];
    let mut open: Vec<Tag<'_>> = Vec::new();
    let mut cuts = cuts.into_iter().peekable();
    let mut current = cuts.next().map_or(Kind::Reply, |(_, kind)| kind);
    let mut from = 0;
    let mut tokens = Tokens::new(html);
    loop {
        let token = tokens.next();
        let at = token.as_ref().map_or(html.len(), Token::start);
        while let Some((cut, kind)) = cuts.next_if(|(cut, _)| *cut <= at || token.is_none()) {
            let cut = cut.clamp(from, html.len());
            change(html, &mut parts, &open, from..cut, current, kind);
            (from, current) = (cut, kind);
        }
        match token {
            None => break,
            Some(Token::Open(tag)) => {
                if !tag.self_closing && !tag.is_void() && open.len() < MAX_DEPTH {
                    open.push(tag);
                }
            }
            Some(Token::Close(tag)) => {
                let depth = open.len();
                if let Some(back) = open.iter().rev().take(32).position(|other| other.name == tag.name) {
                    open.truncate(depth - 1 - back);
                }
            }
            Some(Token::Text { .. }) => {}
        }
    }
    parts[slot(current)].push_str(&html[from..]);
    let [reply, quoted, signature] = parts;
    FoldedHtml { reply, quoted, signature }
}

fn change(html: &str, parts: &mut [String; 3], open: &[Tag<'_>], range: std::ops::Range<usize>, old: Kind, new: Kind) {
    let part = &mut parts[slot(old)];
    part.push_str(&html[range]);
    for tag in open.iter().rev() {
        part.push_str("</");
        part.push_str(&tag.name);
        part.push('>');
    }
    let part = &mut parts[slot(new)];
    for tag in open.iter().take(MAX_REOPENED) {
        part.push_str(&bounded(&html[tag.start..tag.end], 1_000));
        if tag.end - tag.start > 1_000 {
            part.push('>');
        }
    }
}

fn slot(kind: Kind) -> usize {
    match kind {
        Kind::Reply => 0,
        Kind::Quoted => 1,
        Kind::Signature => 2,
    }
}

/// Where the kind changes. Blank lines go with what is above them.
fn cuts(scanned: &Scanned<'_>, kinds: &[Kind], length: usize) -> Vec<(usize, Kind)> {
    let mut cuts: Vec<(usize, Kind)> = Vec::new();
    for (nth, kind) in kinds.iter().enumerate() {
        if scanned.lines[nth].blank() || cuts.last().is_some_and(|(_, last)| last == kind) || cuts.len() >= MAX_CUTS {
            continue;
        }
        let start = if cuts.is_empty() { 0 } else { scanned.starts[nth].min(length) };
        cuts.push((start, *kind));
    }
    cuts
}
