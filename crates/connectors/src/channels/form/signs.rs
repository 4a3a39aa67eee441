//! Signs of spam in what was filled in. They decide nothing but where it lies: it is kept whatever they say.

use crate::form::Filled;

/// So many links are an advertisement.
const LINKS: usize = 4;
/// Characters that nobody sees; a few come along when something is pasted.
const HIDDEN: usize = 5;

/// Those that the page saw, and those of the text.
pub fn all(filled: &Filled) -> Vec<String> {
    let mut signs = filled.signs.clone();
    let text = filled.text.to_lowercase();
    let links = ["http://", "https://"].iter().map(|mark| text.matches(mark).count()).sum::<usize>();
    let short = [filled.name.as_deref(), filled.subject.as_deref()].into_iter().flatten().map(str::to_lowercase);
    for (there, sign) in [
        (links >= LINKS, "links"),
        (["[url=", "[link=", "<a href", "<script"].iter().any(|mark| text.contains(mark)), "markup"),
        (text.chars().filter(|c| is_hidden(*c)).count() >= HIDDEN, "hidden"),
        (short.into_iter().any(|text| text.contains("://") || text.contains("www.")), "link_in_name"),
    ] {
        if there {
            signs.push(sign.to_owned());
        }
    }
    signs
}

/// Of the invisible ones, those that no script needs for writing.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signs(text: &str) -> Vec<String> {
        all(&Filled {
            id: "1".into(),
            name: Some("Jo".into()),
            email: "jo@post.example".into(),
            subject: None,
            facts: Vec::new(),
            text: text.into(),
            files: Vec::new(),
            language: None,
            signs: Vec::new(),
            at: None,
        })
    }

    #[test]
    fn people_show_none_of_them() {
        for text in [
            "Where is my order 1001? See https://fjellvik.example/orders/1001 and https://track.example/x",
            "Emoji with a joiner: 👩\u{200d}🚀, Persian: می\u{200c}خواهم",
            "The tent <blue> does not fit: https://a.example https://b.example https://c.example",
        ] {
            assert_eq!(signs(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn advertisements_show_them() {
        assert_eq!(signs(&"Buy https://x.example ".repeat(4)), ["links"]);
        assert_eq!(signs("[URL=https://x.example]cheap[/URL]"), ["markup"]);
        assert_eq!(signs(&"che\u{200b}ap".repeat(5)), ["hidden"]);
        let named = Filled { name: Some("www.x.example".into()), ..serde_json::from_str(EMPTY).unwrap() };
        assert_eq!(all(&named), ["trap", "link_in_name"]);
    }

    const EMPTY: &str = r#"{ "id": "1", "name": null, "email": "jo@post.example", "subject": null, "text": "Hello",
        "language": null, "signs": ["trap"] }"#;
}
