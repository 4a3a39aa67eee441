//! Which hit comes first, and how it is shown. The newest hits' texts are read and weighed here, the same for both
//! engines: how often the words stand in it and how close together, in the title or below, and how old it is.

use std::ops::Range;

use base::{DAY, Time};

use super::{
    Kind,
    words::{Word, words},
};
use crate::variables;

/// How much of a long text is weighed.
const MOST_WORDS: usize = 2000;
/// Letters of a snippet, about.
const SNIPPET: usize = 180;
/// Of them before the first hit.
const LEAD: usize = 40;

/// What one typed term may stand for in a text.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    /// Words that stand next to each other.
    pub words: Vec<String>,
    pub open: bool,
    /// What may have been meant instead, when it was mistyped.
    pub instead: Vec<String>,
}

/// A thing found, with its texts.
#[derive(Debug, Clone)]
pub(super) struct Doc {
    pub kind: Kind,
    pub id: i64,
    pub ticket: Option<i64>,
    pub number: Option<i64>,
    pub title: String,
    pub body: String,
    pub at: Time,
}

pub(super) fn score(doc: &Doc, wanted: &[Wanted], now: Time) -> f64 {
    let (title, body) = (words(&doc.title, MOST_WORDS), words(&doc.body, MOST_WORDS));
    // A message's title is its ticket's subject, which is no merit of the message.
    let in_title = if doc.kind == Kind::Message { 0.2 } else { 1.0 };
    let fit = in_title * fit(&title, wanted) + fit(&body, wanted);
    #[expect(clippy::cast_precision_loss, reason = "days need no more")]
    let days = (now - doc.at).max(0) as f64 / DAY as f64;
    fit + 0.5 / (1.0 + days / 60.0)
}

/// 0 for a text without any of it, about 2 for one that is full of it.
#[expect(clippy::cast_precision_loss, reason = "counts of words in a text are small")]
fn fit(text: &[Word], wanted: &[Wanted]) -> f64 {
    if wanted.is_empty() {
        return 0.0;
    }
    let places: Vec<Vec<Place>> = wanted.iter().map(|wanted| places(text, wanted)).collect();
    let often: f64 = places
        .iter()
        .map(|places| {
            let weight: f64 = places.iter().map(|place| place.weight).sum();
            weight / (weight + 0.6)
        })
        .sum();
    let close = nearest(&places).map_or(0.0, |span| wanted.len() as f64 / span as f64);
    (often + close * wanted.len().min(2) as f64 / 2.0) / wanted.len() as f64
}

/// Words of a text that stand for a term.
#[derive(Debug, Clone, PartialEq)]
struct Place {
    words: Range<usize>,
    weight: f64,
}

fn places(text: &[Word], wanted: &Wanted) -> Vec<Place> {
    let Some((last, first)) = wanted.words.split_last() else { return Vec::new() };
    let place = |at: usize| {
        let start = at.checked_sub(first.len())?;
        let same = text[start..at].iter().zip(first).all(|(word, wanted)| word.text == *wanted);
        let word = &text[at].text;
        let weight = match () {
            () if same && word == last => 1.0,
            () if same && wanted.open && word.starts_with(last.as_str()) => 0.7,
            () if wanted.instead.contains(word) => 0.4,
            () => return None,
        };
        Some(Place { words: if same { start..at + 1 } else { at..at + 1 }, weight })
    };
    (0..text.len()).filter_map(place).collect()
}

/// In how many neighbouring words all terms stand; none if one is missing.
fn nearest(places: &[Vec<Place>]) -> Option<usize> {
    let mut at = vec![0; places.len()];
    let mut best = None;
    loop {
        let current: Option<Vec<&Place>> = places.iter().zip(&at).map(|(places, at)| places.get(*at)).collect();
        let Some(current) = current else { return best };
        let first = current.iter().enumerate().min_by_key(|(_, place)| place.words.start)?;
        let end = current.iter().map(|place| place.words.end).max()?;
        let span = end - first.1.words.start;
        if best.is_none_or(|best| span < best) {
            best = Some(span);
        }
        at[first.0] += 1;
    }
}

/// The part of a text around its hits as HTML: hits in `<mark>`, everything else escaped. None without a hit.
pub(super) fn snippet(text: &str, wanted: &[Wanted]) -> Option<String> {
    let all = words(text, MOST_WORDS);
    let mut hits: Vec<Range<usize>> = Vec::new();
    for wanted in wanted {
        hits.extend(
            places(&all, wanted).into_iter().map(|place| all[place.words.start].start..all[place.words.end - 1].end),
        );
    }
    hits.sort_by_key(|hit| (hit.start, hit.end));
    let shown = window(text, &hits)?;
    Some(marked(text, &shown, &hits))
}

/// The beginning of a text as HTML.
pub(super) fn beginning(text: &str) -> String {
    let end = text.char_indices().nth(SNIPPET).map_or(text.len(), |(at, _)| at);
    marked(text, &(0..end), &[])
}

/// The stretch of about [`SNIPPET`] letters that shows most hits.
fn window(text: &str, hits: &[Range<usize>]) -> Option<Range<usize>> {
    let reach = |hit: &Range<usize>| hit.start + SNIPPET - LEAD;
    let count =
        |hit: &Range<usize>| hits.iter().filter(|other| other.start >= hit.start && other.end <= reach(hit)).count();
    // The first of the best; with very many hits any will do.
    let best = hits.iter().take(50).rev().max_by_key(|hit| count(hit))?;
    let mut start = text.floor_char_boundary(best.start.saturating_sub(LEAD));
    if start > 0 {
        // Begin with a whole word.
        start += text[start..best.start].find(char::is_whitespace).map_or(best.start - start, |at| at + 1);
        start = text.ceil_char_boundary(start).min(best.start);
    }
    let end = text.floor_char_boundary((start + SNIPPET).max(best.end).min(text.len()));
    Some(start..end)
}

fn marked(text: &str, shown: &Range<usize>, hits: &[Range<usize>]) -> String {
    let mut html = String::new();
    if shown.start > 0 {
        html.push('…');
    }
    let mut at = shown.start;
    for hit in hits.iter().filter(|hit| hit.end <= shown.end) {
        // Hits of two terms may overlap.
        if hit.start < at {
            continue;
        }
        escape(&text[at..hit.start], &mut html);
        html.push_str("<mark>");
        escape(&text[hit.clone()], &mut html);
        html.push_str("</mark>");
        at = hit.end;
    }
    escape(&text[at..shown.end], &mut html);
    if shown.end < text.len() {
        html.push('…');
    }
    html
}

fn escape(text: &str, into: &mut String) {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    variables::escape(&plain, into);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(words: &[&str], open: bool) -> Wanted {
        Wanted { words: words.iter().map(|word| (*word).to_owned()).collect(), open, instead: Vec::new() }
    }

    fn doc(body: &str) -> Doc {
        let (title, body) = (String::new(), body.to_owned());
        Doc { kind: Kind::Message, id: 1, ticket: None, number: None, title, body, at: 0 }
    }

    #[test]
    fn words_that_stand_together_count_more() {
        let terms = [wanted(&["gift"], false), wanted(&["card"], false)];
        let close = score(&doc("about the gift card I bought for my aunt"), &terms, 0);
        let apart = score(&doc("the gift was nice and then came a card"), &terms, 0);
        assert!(close > apart);
        assert!(score(&doc("gift"), &terms, 0) < apart);
    }

    #[test]
    fn of_two_alike_the_newer_comes_first() {
        let terms = [wanted(&["refund"], false)];
        let old = Doc { at: -90 * DAY, ..doc("refund please") };
        assert!(score(&doc("refund please"), &terms, 0) > score(&old, &terms, 0));
    }

    #[test]
    fn hits_are_marked_and_everything_else_is_harmless() {
        let html = snippet("<b>Påsk</b> & påskägg \"nu\"", &[wanted(&["pask"], true)]).unwrap();
        assert_eq!(html, "&lt;b&gt;<mark>Påsk</mark>&lt;/b&gt; &amp; <mark>påskägg</mark> &quot;nu&quot;");
        assert_eq!(snippet("nothing here", &[wanted(&["pask"], true)]), None);
    }

    #[test]
    fn a_long_text_is_shown_around_its_hits() {
        let text = format!("{} the gift card is empty {}", "å word ".repeat(300), "and so on ".repeat(300));
        let html = snippet(&text, &[wanted(&["gift", "card"], false)]).unwrap();
        assert!(html.starts_with('…') && html.ends_with('…') && html.contains("<mark>gift card</mark>"), "{html}");
        assert!(html.chars().count() < SNIPPET + 30, "{html}");
    }

    #[test]
    fn what_was_meant_is_marked_too() {
        let meant = Wanted { instead: vec!["refund".into()], ..wanted(&["refnud"], true) };
        assert_eq!(snippet("A refund!", &[meant]).unwrap(), "A <mark>refund</mark>!");
    }
}
