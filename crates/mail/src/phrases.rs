//! What mail programs and people write around a message, in many languages. The words are data, one file a language
//! in `phrases/`; a new language is a new file and a line in [`FILES`].

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use crate::text::fold_case;

const FILES: [&str; 27] = [
    include_str!("phrases/en.txt"),
    include_str!("phrases/de.txt"),
    include_str!("phrases/fr.txt"),
    include_str!("phrases/es.txt"),
    include_str!("phrases/it.txt"),
    include_str!("phrases/nl.txt"),
    include_str!("phrases/sv.txt"),
    include_str!("phrases/nb.txt"),
    include_str!("phrases/da.txt"),
    include_str!("phrases/fi.txt"),
    include_str!("phrases/pl.txt"),
    include_str!("phrases/pt.txt"),
    include_str!("phrases/cs.txt"),
    include_str!("phrases/sk.txt"),
    include_str!("phrases/ru.txt"),
    include_str!("phrases/uk.txt"),
    include_str!("phrases/tr.txt"),
    include_str!("phrases/ar.txt"),
    include_str!("phrases/he.txt"),
    include_str!("phrases/zh.txt"),
    include_str!("phrases/ja.txt"),
    include_str!("phrases/ko.txt"),
    include_str!("phrases/hu.txt"),
    include_str!("phrases/ro.txt"),
    include_str!("phrases/el.txt"),
    include_str!("phrases/vi.txt"),
    include_str!("phrases/id.txt"),
];

/// Bits of what a header label may mean; a word can mean two things in two languages (`a` is *to* in Italian).
pub(crate) const FROM: u8 = 1;
pub(crate) const SENT: u8 = 2;
pub(crate) const TO: u8 = 4;
pub(crate) const CC: u8 = 8;
pub(crate) const SUBJECT: u8 = 16;

/// All phrases in folded case ([`fold_case`]).
#[derive(Default)]
pub(crate) struct Phrases {
    /// How an attribution line begins: *On*, *Am*, *Le*.
    pub(crate) intro: HashSet<String>,
    /// What the attribution line says of the author: *wrote*, *schrieb*, *a écrit*.
    pub(crate) wrote: Vec<String>,
    /// Labels of a header block: *From*, *Gesendet*, *À*.
    pub(crate) labels: HashMap<String, u8>,
    /// Between the dashes above an original or forwarded message.
    pub(crate) original: Vec<String>,
    /// *Please type your reply above this line.*
    pub(crate) above: Vec<String>,
    /// *Sent from my …*
    pub(crate) device: Vec<String>,
    /// *Best regards*, *Mvh*
    pub(crate) closing: HashSet<String>,
    /// What the receiver's own server puts above a mail from outside.
    pub(crate) banner: Vec<String>,
    /// *This e-mail is confidential …*
    pub(crate) disclaimer: Vec<String>,
    /// Subjects of automatic answers.
    pub(crate) vacation: Vec<String>,
}

pub(crate) fn phrases() -> &'static Phrases {
    static PHRASES: LazyLock<Phrases> = LazyLock::new(read);
    &PHRASES
}

fn read() -> Phrases {
    let mut all = Phrases::default();
    for line in FILES.iter().flat_map(|file| file.lines()) {
        let Some((key, values)) = line.split_once(": ") else { continue };
        for phrase in values.split(" | ").map(|value| fold_case(value.trim())) {
            let label = match key {
                "from" => FROM,
                "sent" => SENT,
                "to" => TO,
                "cc" => CC,
                "subject" => SUBJECT,
                _ => 0,
            };
            match key {
                "intro" => drop(all.intro.insert(phrase)),
                "wrote" => all.wrote.push(phrase),
                "original" => all.original.push(phrase),
                "above" => all.above.push(phrase),
                "device" => all.device.push(phrase),
                "closing" => drop(all.closing.insert(phrase)),
                "banner" => all.banner.push(phrase),
                "disclaimer" => all.disclaimer.push(phrase),
                "vacation" => all.vacation.push(phrase),
                _ => *all.labels.entry(phrase).or_default() |= label,
            }
        }
    }
    all
}
