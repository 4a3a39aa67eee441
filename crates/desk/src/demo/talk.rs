//! Conversations as data: the texts under `talks/`, with slots, and how they are read.
//!
//! A talk begins with `== subject`, goes on with `field: value` lines, and then has what was said: `<<` a shopper,
//! `>>` an agent, `--` a note, each followed by words about it and by its text. `~2d3h` says how long before the
//! demo's present it was said; without it the plot decides.

use base::{DAY, Error, HOUR, MINUTE, Result, Time};

const FILES: &[(&str, &str)] = &[
    ("nb", include_str!("talks/nb.txt")),
    ("sv", include_str!("talks/sv.txt")),
    ("da", include_str!("talks/da.txt")),
    ("de", include_str!("talks/de.txt")),
    ("en", include_str!("talks/en.txt")),
    ("fr", include_str!("talks/fr.txt")),
    ("nl", include_str!("talks/nl.txt")),
    ("es", include_str!("talks/es.txt")),
    ("it", include_str!("talks/it.txt")),
    ("pl", include_str!("talks/pl.txt")),
    ("fi", include_str!("talks/fi.txt")),
    ("ar", include_str!("talks/ar.txt")),
];

const FEATURED: &str = include_str!("talks/featured.txt");

#[derive(Debug, Clone, Default)]
pub struct Talk {
    pub subject: &'static str,
    pub lang: &'static str,
    /// The customer's language, where it is not the talk's.
    pub speaks: &'static str,
    /// A certain person: `Name <address>`.
    pub who: &'static str,
    /// The kind of goods, `any` or `none`.
    pub about: &'static str,
    pub product: &'static str,
    pub tags: Vec<&'static str>,
    pub team: &'static str,
    pub agent: &'static str,
    pub priority: &'static str,
    pub weight: u64,
    pub status: &'static str,
    /// How long after the present it sleeps.
    pub snooze: Option<Time>,
    pub spam: bool,
    pub said: Vec<Said>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Shopper,
    Agent,
    Note,
}

#[derive(Debug, Clone)]
pub struct Said {
    pub by: By,
    /// How long before the present.
    pub before: Option<Time>,
    /// The agent who says it, where it is not the ticket's.
    pub agent: &'static str,
    /// Such as `photo`, `invoice`, `html`, `out_of_office`.
    pub flags: Vec<&'static str>,
    pub text: String,
}

impl Said {
    pub fn is(&self, flag: &str) -> bool {
        self.flags.contains(&flag)
    }

    /// What a machine wrote, in the word that a message keeps.
    pub fn automatic(&self) -> Option<&'static str> {
        match self.flags.iter().find(|flag| ["out_of_office", "newsletter", "report"].contains(flag)) {
            Some(&"report") => Some("bounce"),
            other => other.copied(),
        }
    }
}

/// Everyday talks, all languages.
pub fn everyday() -> Result<Vec<Talk>> {
    let mut all = Vec::new();
    for (lang, text) in FILES {
        all.extend(read(text, lang)?);
    }
    Ok(all)
}

/// Talks of certain people at certain times.
pub fn featured() -> Result<Vec<Talk>> {
    read(FEATURED, "en")
}

fn read(text: &'static str, lang: &'static str) -> Result<Vec<Talk>> {
    let mut talks: Vec<Talk> = Vec::new();
    for line in text.lines() {
        if let Some(subject) = line.strip_prefix("== ") {
            let (about, priority) = ("any", "normal");
            talks.push(Talk { subject, lang, about, priority, weight: 1, ..Talk::default() });
            continue;
        }
        let wrong = || Error::internal(format!("a talk has a line that cannot be read: {line}"));
        let talk = talks.last_mut().ok_or_else(wrong)?;
        let by = match line.get(..2) {
            Some("<<") => Some(By::Shopper),
            Some(">>") => Some(By::Agent),
            Some("--") => Some(By::Note),
            _ => None,
        };
        if let Some(by) = by {
            talk.said.push(said(by, line.get(2..).unwrap_or("")).ok_or_else(wrong)?);
        } else if let Some(said) = talk.said.last_mut() {
            said.text.push_str(line);
            said.text.push('\n');
        } else if !line.is_empty() {
            let (field, value) = line.split_once(": ").ok_or_else(wrong)?;
            set(talk, field, value).ok_or_else(wrong)?;
        }
    }
    for said in talks.iter_mut().flat_map(|talk| &mut talk.said) {
        said.text = said.text.trim().to_owned();
    }
    Ok(talks)
}

fn set(talk: &mut Talk, field: &str, value: &'static str) -> Option<()> {
    match field {
        "lang" => talk.lang = value,
        "speaks" => talk.speaks = value,
        "who" => talk.who = value,
        "about" => talk.about = value,
        "product" => talk.product = value,
        "tags" => talk.tags = value.split(", ").collect(),
        "team" => talk.team = value,
        "agent" => talk.agent = value,
        "priority" => talk.priority = value,
        "weight" => talk.weight = value.parse().ok()?,
        "status" => talk.status = value,
        "snooze" => talk.snooze = Some(span(value)?),
        "spam" => talk.spam = value == "yes",
        _ => return None,
    }
    Some(())
}

fn said(by: By, about: &'static str) -> Option<Said> {
    let mut said = Said { by, before: None, agent: "", flags: Vec::new(), text: String::new() };
    for word in about.split_whitespace() {
        match (word.strip_prefix('~'), word.strip_prefix('@')) {
            (Some(before), _) => said.before = Some(span(before)?),
            (_, Some(agent)) => said.agent = agent,
            _ => said.flags.push(word),
        }
    }
    Some(said)
}

/// `1d4h30m` in milliseconds.
fn span(text: &str) -> Option<Time> {
    let (mut sum, mut number) = (0, String::new());
    for c in text.chars() {
        let unit = match c {
            'd' => DAY,
            'h' => HOUR,
            'm' => MINUTE,
            digit => {
                number.push(digit);
                continue;
            }
        };
        sum += number.parse::<Time>().ok()? * unit;
        number.clear();
    }
    number.is_empty().then_some(sum)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_talk_can_be_read_and_begins_with_the_shopper() {
        let (everyday, featured) = (everyday().unwrap(), featured().unwrap());
        assert!(everyday.len() >= 60, "{}", everyday.len());
        assert_eq!(everyday.iter().map(|talk| talk.lang).collect::<HashSet<_>>().len(), 12);
        for talk in everyday.iter().chain(&featured) {
            assert_eq!(talk.said.first().map(|said| said.by), Some(By::Shopper), "{}", talk.subject);
            assert!(talk.said.iter().all(|said| said.text.len() > 3), "{}", talk.subject);
        }
        assert!(featured.iter().all(|talk| talk.said.iter().all(|said| said.before.is_some())));
        assert_eq!(span("1d4h30m"), Some(DAY + 4 * HOUR + 30 * MINUTE));
    }

    #[test]
    fn every_slot_is_known() {
        const SLOTS: &[&str] = &[
            "product", "order", "date", "due", "past", "today", "soon", "first", "name", "agent", "size", "size2",
            "amount", "city", "code", "track",
        ];
        for talk in everyday().unwrap() {
            for said in &talk.said {
                for slot in said.text.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
                    assert!(SLOTS.contains(&slot), "{slot} in {}", talk.subject);
                }
            }
        }
    }
}
