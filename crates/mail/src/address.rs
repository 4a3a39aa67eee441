//! What a mail address must look like to be written to (RFC 5321, RFC 6531). This is the one place that says so;
//! what arrives is taken as it is.

use std::borrow::Cow;

/// RFC 5321, 4.5.3.1: a path, without its angle brackets.
const LONGEST: usize = 254;
const LONGEST_LOCAL: usize = 64;
const LONGEST_DOMAIN: usize = 253;

/// Why no mail can be sent to a text. Its words go on behind the name of a field, or the text itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    Empty,
    NoAt,
    ManyAts,
    NoLocal,
    NoDomain,
    /// A space, a line end, or something else that nobody sees.
    Blank,
    Sign(char),
    /// It is no name that the domain system could hold (RFC 1035, RFC 5891).
    Domain,
    LongLocal,
    Long,
}

impl std::fmt::Display for Flaw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("is no mail address: ")?;
        match self {
            Flaw::Empty => f.write_str("it is empty"),
            Flaw::NoAt => f.write_str("it has no @"),
            Flaw::ManyAts => f.write_str("it has more than one @"),
            Flaw::NoLocal => f.write_str("nothing stands before its @"),
            Flaw::NoDomain => f.write_str("nothing stands behind its @"),
            Flaw::Blank => f.write_str("it must not have spaces, line ends or invisible signs"),
            Flaw::Sign(sign) => write!(f, "it must not have the sign {sign}"),
            Flaw::Domain => f.write_str("its domain cannot exist"),
            Flaw::LongLocal => write!(f, "it has more than {LONGEST_LOCAL} bytes before its @"),
            Flaw::Long => write!(f, "it is longer than {LONGEST} bytes"),
        }
    }
}

impl std::error::Error for Flaw {}

/// The address as mail servers want it: without blanks around it, its domain in the ASCII form that each of them knows
/// (RFC 5891). The part before the @ has no such form; where it needs other letters, so do the servers on the way: see
/// [`is_international`]. A quoted part before the @ is refused: hardly anybody has one, and many programs misread it.
pub fn check(text: &str) -> Result<Cow<'_, str>, Flaw> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Flaw::Empty);
    }
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() || is_hidden(c) {
            return Err(Flaw::Blank);
        }
        if "\"(),:;<>[\\]".contains(c) {
            return Err(Flaw::Sign(c));
        }
    }
    let (local, domain) = text.split_once('@').ok_or(Flaw::NoAt)?;
    if domain.contains('@') {
        return Err(Flaw::ManyAts);
    }
    if local.is_empty() {
        return Err(Flaw::NoLocal);
    }
    if local.len() > LONGEST_LOCAL {
        return Err(Flaw::LongLocal);
    }
    let ascii = ascii_domain(domain)?;
    if local.len() + 1 + ascii.len() > LONGEST {
        return Err(Flaw::Long);
    }
    Ok(if ascii == domain { Cow::Borrowed(text) } else { Cow::Owned(format!("{local}@{ascii}")) })
}

/// Whether every server on the way must know SMTPUTF8 (RFC 6531) for mail to get there.
pub fn is_international(address: &str) -> bool {
    address.rsplit_once('@').is_some_and(|(local, _)| !local.is_ascii())
}

fn ascii_domain(domain: &str) -> Result<Cow<'_, str>, Flaw> {
    let domain = domain.trim_end_matches(['.', '。']);
    if domain.is_empty() {
        return Err(Flaw::NoDomain);
    }
    let ascii = if domain.is_ascii() {
        Cow::Borrowed(domain)
    } else {
        Cow::Owned(idna::domain_to_ascii_strict(domain).map_err(|_| Flaw::Domain)?)
    };
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let sound = ascii.len() <= LONGEST_DOMAIN && ascii.split('.').all(label);
    sound.then_some(ascii).ok_or(Flaw::Domain)
}

/// Joiners, marks of direction and the like make two addresses look the same.
fn is_hidden(c: char) -> bool {
    crate::text::is_invisible(c) || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}')
}

#[cfg(test)]
mod tests {
    use super::{Flaw, check, is_international};

    #[test]
    fn addresses_that_people_have_are_taken() {
        for sound in [
            "kari@shopper.example",
            "o'brien+shop=1@a-b.example",
            "jörg@shopper.example",
            "用户@shopper.example",
            "a..b@docomo.example",
            "root@localhost",
            "_@x_y.example",
        ] {
            assert_eq!(check(sound).as_deref(), Ok(sound));
        }
        assert_eq!(check(" Kari@BLÅBÆR.example. ").as_deref(), Ok("Kari@xn--blbr-roah.example"));
        assert!(is_international("jörg@shopper.example") && !is_international("kari@blåbær.example"));
    }

    #[test]
    fn what_is_none_says_why() {
        let long = format!("{}@b.example", "a".repeat(65));
        let longer = format!("a@{}example", "b234567890.".repeat(24));
        for (text, flaw, words) in [
            (" ", Flaw::Empty, "is no mail address: it is empty"),
            ("kari", Flaw::NoAt, "is no mail address: it has no @"),
            ("a@b@c", Flaw::ManyAts, "is no mail address: it has more than one @"),
            ("@b", Flaw::NoLocal, "is no mail address: nothing stands before its @"),
            ("a@", Flaw::NoDomain, "is no mail address: nothing stands behind its @"),
            (
                "a@b\r\nBcc: c@d",
                Flaw::Blank,
                "is no mail address: it must not have spaces, line ends or invisible signs",
            ),
            ("a b@c", Flaw::Blank, ""),
            ("a@b\u{202e}c", Flaw::Blank, ""),
            ("ka\u{200b}ri@b", Flaw::Blank, ""),
            ("a@b,c@d", Flaw::Sign(','), "is no mail address: it must not have the sign ,"),
            ("<a@b>", Flaw::Sign('<'), ""),
            ("\"a\"@b", Flaw::Sign('"'), ""),
            ("a@[127.0.0.1]", Flaw::Sign('['), ""),
            ("a@-b.example", Flaw::Domain, "is no mail address: its domain cannot exist"),
            ("a@b..example", Flaw::Domain, ""),
            ("a@.b", Flaw::Domain, ""),
            ("a@b＜c.example", Flaw::Domain, ""),
            ("a@b/c", Flaw::Domain, ""),
            (&long, Flaw::LongLocal, "is no mail address: it has more than 64 bytes before its @"),
            (&longer, Flaw::Domain, ""),
            (
                &format!("{}@{}e", "a".repeat(60), "b.".repeat(120)),
                Flaw::Long,
                "is no mail address: it is longer than 254 bytes",
            ),
        ] {
            assert_eq!(check(text), Err(flaw), "{text}");
            assert!(words.is_empty() || flaw.to_string() == words, "{flaw}");
        }
    }
}
