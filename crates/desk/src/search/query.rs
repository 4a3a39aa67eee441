//! What was typed into the search field, understood. Every string is a query: what is no word in it is passed over.

use super::words::words;

/// More words than this say nothing new, and each costs.
const MOST_WORDS: usize = 12;

/// Words that must stand next to each other: one typed word, mostly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Term {
    pub words: Vec<String>,
    /// Its last word may go on: it is still being typed.
    pub open: bool,
}

/// Something that is looked up as it is, and shown first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Exact {
    Ticket(i64),
    /// An address or number of a customer, as it is stored.
    Identity(String),
    Order(String),
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Query {
    /// All of them must be found.
    pub terms: Vec<Term>,
    pub exact: Vec<Exact>,
}

pub(super) fn parse(typed: &str) -> Query {
    let mut terms = Vec::new();
    let mut left = MOST_WORDS;
    // Every second piece stands in quotes; the last one's closing quote may be missing.
    let pieces: Vec<&str> = typed.split(['"', '“', '”', '„']).collect();
    for (at, piece) in pieces.iter().enumerate() {
        let chunks: Vec<&str> = if at % 2 == 1 { vec![*piece] } else { piece.split_whitespace().collect() };
        for chunk in chunks {
            let words: Vec<String> = words(chunk, left).into_iter().map(|word| word.text).collect();
            left -= words.len();
            if !words.is_empty() {
                terms.push(Term { words, open: false });
            }
        }
    }
    // An even number of quotes closes them all: after a closed one, nothing is being typed.
    let closed = pieces.len() > 1 && pieces.last().is_some_and(|last| last.trim().is_empty());
    if let Some(word) = terms.last().and_then(|term| term.words.last()) {
        let open = !closed && word.chars().count() >= 2;
        if let Some(term) = terms.last_mut() {
            term.open = open;
        }
    }
    Query { terms, exact: exact(typed.trim()) }
}

fn exact(typed: &str) -> Vec<Exact> {
    let number = typed.strip_prefix('#').unwrap_or(typed);
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let is_phone = digits.len() >= 7 && number.chars().all(|c| c.is_ascii_digit() || " +-()/.".contains(c));
    let mut all = Vec::new();
    if !number.is_empty() && number.len() == digits.len() {
        all.extend(number.parse().ok().map(Exact::Ticket));
    }
    if is_phone {
        all.push(Exact::Identity(format!("+{}", digits.trim_start_matches("00"))));
    }
    if !typed.contains(char::is_whitespace) {
        if typed.contains('@') {
            all.push(Exact::Identity(typed.trim_matches(['<', '>', ',', ';']).to_lowercase()));
        } else if !digits.is_empty() {
            all.push(Exact::Order(number.to_owned()));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(typed: &str) -> Vec<String> {
        let shown = |term: &Term| format!("{}{}", term.words.join("+"), if term.open { "*" } else { "" });
        parse(typed).terms.iter().map(shown).collect()
    }

    #[test]
    fn the_last_word_is_still_being_typed() {
        assert_eq!(terms("Broken  par"), ["broken", "par*"]);
        assert_eq!(terms("size m"), ["size", "m"]);
    }

    #[test]
    fn quotes_and_hyphens_keep_words_together() {
        assert_eq!(terms("\"gift card\""), ["gift+card"]);
        assert_eq!(terms("old \"gift card\" FV-204"), ["old", "gift+card", "fv+204*"]);
        assert_eq!(terms("“gift ca"), ["gift+ca*"]);
    }

    #[test]
    fn any_string_is_a_query() {
        for typed in ["", "\"", "\"\"\"", "*", "a AND (b OR NEAR", "col:x ^y -z", "'; DROP TABLE x; --", "\u{0}", "🙂"]
        {
            let words = parse(typed).terms.into_iter().flat_map(|term| term.words);
            assert!(words.flat_map(|word| word.chars().collect::<Vec<_>>()).all(char::is_alphanumeric), "{typed}");
        }
        assert_eq!(parse(&"word ".repeat(500)).terms.len(), MOST_WORDS);
    }

    #[test]
    fn numbers_and_addresses_are_also_looked_up_as_they_are() {
        assert_eq!(parse("#123").exact, [Exact::Ticket(123), Exact::Order("123".into())]);
        assert_eq!(parse(" Kari@Fjell.example ").exact, [Exact::Identity("kari@fjell.example".into())]);
        assert_eq!(parse("+47 912 34 567").exact, [Exact::Identity("+4791234567".into())]);
        assert_eq!(parse("FV-20418").exact, [Exact::Order("FV-20418".into())]);
        assert_eq!(parse("99999999999999999999").exact.len(), 2);
        assert!(parse("where is it").exact.is_empty());
    }
}
