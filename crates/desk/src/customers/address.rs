//! The form in which identities are compared, and what somebody may type for one.

use base::{Error, Result};
use phonenumber::{Mode, ParseError, country::Id as Country};
use unicode_normalization::UnicodeNormalization;

use super::IdentityKind;

/// The longest identity kept, in bytes; RFC 5321 allows mail addresses of 254.
const LONGEST: usize = 320;

/// As something from outside is compared. No guessing about dots and plus signs: for some providers they make another
/// person's address.
pub fn normalise(kind: IdentityKind, value: &str) -> Result<String> {
    let value: String = value.trim().chars().filter(|c| !c.is_control()).collect();
    let value = match kind {
        IdentityKind::Email => email(&value),
        IdentityKind::Phone => match international(&value, None) {
            Ok(number) => number,
            Err(_) => digits(&value)?,
        },
        IdentityKind::Handle => value.trim_start_matches('@').to_lowercase(),
        IdentityKind::ShopAccount | IdentityKind::Visitor => value,
    };
    match value.len() {
        0 => Err(Error::invalid("value", format!("is empty; an identity of kind {kind} needs an address"))),
        1..=LONGEST => Ok(value),
        // Cut short it would be somebody else's.
        _ => Err(Error::invalid("value", format!("is longer than {LONGEST} bytes"))),
    }
}

/// The same for what a person types, who can be told what is wrong with it. A phone number without the code of a country
/// is one of this country.
pub(super) fn checked(kind: IdentityKind, value: &str, country: Option<Country>) -> Result<String> {
    match kind {
        IdentityKind::Email => {
            mail::address::check(value).map_err(|flaw| Error::invalid("value", flaw.to_string()))?;
        }
        IdentityKind::Phone => return international(value.trim(), country).map_err(|why| Error::invalid("value", why)),
        IdentityKind::Handle | IdentityKind::ShopAccount | IdentityKind::Visitor => {
            if value.trim().chars().any(|c| c.is_control() || c.is_whitespace()) {
                return Err(Error::invalid("value", "must be one word"));
            }
        }
    }
    normalise(kind, value)
}

/// What an identity has in common with others that may be the same but for how they are spelled. Never enough to link
/// anybody: for some providers dots and plus signs make another person's address.
pub(crate) fn alike(kind: IdentityKind, value: &str) -> Option<String> {
    match kind {
        IdentityKind::Email => {
            let (local, domain) = value.split_once('@')?;
            let local = local.split('+').next().unwrap_or(local).replace('.', "");
            Some(format!("{local}@{domain}"))
        }
        IdentityKind::Phone => value.len().checked_sub(9).filter(|from| *from > 0).map(|from| value[from..].to_owned()),
        IdentityKind::Handle | IdentityKind::ShopAccount | IdentityKind::Visitor => None,
    }
}

/// Strictly RFC 5321 lets the part before the @ differ by case; no mail provider does.
fn email(value: &str) -> String {
    let value: String = value.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
    // An ö may be written as one sign or as two.
    let value: String = value.nfc().collect();
    match value.rsplit_once('@') {
        // The ASCII form (RFC 5891), so that both spellings of a domain are one, and mail can be sent to it.
        Some((local, domain)) => match idna::domain_to_ascii(domain.trim_end_matches('.')) {
            Ok(domain) if !domain.is_empty() => format!("{local}@{domain}"),
            _ => value,
        },
        None => value,
    }
}

/// A number that is given out somewhere, in E.164 with its plus sign; or what is wrong with it.
fn international(value: &str, country: Option<Country>) -> Result<String, &'static str> {
    // Only what people write numbers with: the rest of what the library can read is no phone number of a shopper.
    let plain = |c: char| c.is_ascii_digit() || c.is_whitespace() || "+-./()\u{a0}".contains(c);
    if value.len() > 40 || !value.chars().all(plain) || !value.chars().any(|c| c.is_ascii_digit()) {
        return Err("must be a phone number, such as +47 22 12 34 56");
    }
    let abroad = value.strip_prefix("00").filter(|_| country.is_none()).map(|rest| format!("+{rest}"));
    let value = abroad.as_deref().unwrap_or(value);
    if country.is_none() && !value.starts_with('+') {
        return Err("needs the code of its country in front, such as +47, or a country in the shop's settings");
    }
    let number = phonenumber::parse(country, value).map_err(|error| match error {
        ParseError::InvalidCountryCode => "begins with the code of no country",
        ParseError::TooLong => "is too long for a phone number",
        ParseError::TooShortAfterIdd | ParseError::TooShortNsn => "is too short for a phone number",
        _ => "must be a phone number, such as +47 22 12 34 56",
    })?;
    if !phonenumber::is_valid(&number) {
        return Err("is no phone number of its country: a digit is missing, or there is one too many");
    }
    Ok(number.format().mode(Mode::E164).to_string())
}

/// What arrived as a number and is none that we know: its digits, so that it is still one and the same.
fn digits(value: &str) -> Result<String> {
    let digits: String = value.chars().filter_map(|c| c.to_digit(10)).filter_map(|d| char::from_digit(d, 10)).collect();
    let international = value.starts_with('+') || digits.starts_with("00") || !digits.starts_with('0');
    let digits = if digits.starts_with("00") { digits.trim_start_matches('0') } else { &digits };
    if !(5..=15).contains(&digits.len()) {
        return Err(Error::invalid("value", "must be a phone number of 5 to 15 digits, such as +47 22 12 34 56"));
    }
    Ok(if international { format!("+{digits}") } else { digits.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn email(value: &str) -> String {
        normalise(IdentityKind::Email, value).unwrap()
    }

    #[test]
    fn one_mail_address_is_one_identity_however_it_is_spelled() {
        assert_eq!(email("  Jo.Brandt@Post.Example "), "jo.brandt@post.example");
        assert_eq!(email("kari@BLÅBÆR.example"), email("kari@xn--blbr-roah.example"));
        assert_eq!(email("Jo\u{308}rg@post.example"), "jörg@post.example", "with its letters in either form");
        assert_eq!(email("jo+shop@post.example"), "jo+shop@post.example", "a plus may be another person");
        assert_eq!(email("jo@post.example\0\r\nBcc: x"), "jo@post.examplebcc:x", "nothing breaks out of a header");
        assert!(normalise(IdentityKind::Email, " \t ").is_err());
        assert!(normalise(IdentityKind::Email, &"a".repeat(400)).is_err());
    }

    #[test]
    fn phone_numbers_are_kept_in_international_form() {
        let phone = |value: &str| normalise(IdentityKind::Phone, value);
        assert_eq!(phone("+47 22 12 34 56").unwrap(), "+4722123456");
        assert_eq!(phone("0047 (22) 12-34-56").unwrap(), "+4722123456");
        assert_eq!(phone("4722123456").unwrap(), "+4722123456");
        assert_eq!(phone("+49 (0)40 1187700").unwrap(), "+49401187700", "the zero in brackets is not dialled");
        assert_eq!(phone("040 118 7700").unwrap(), "0401187700");
        assert!(phone("call me").is_err());
    }

    #[test]
    fn in_a_country_its_own_way_of_writing_numbers_holds() {
        let typed = |value: &str, country: &str| {
            let country = country.parse().ok();
            checked(IdentityKind::Phone, value, country).map_err(|error| error.detail())
        };
        for (value, country, number) in [
            ("22 12 34 56", "NO", "+4722123456"),
            ("040/118 77 00", "DE", "+49401187700"),
            ("+47 22 12 34 56", "DE", "+4722123456"),
            ("0047 22123456", "DE", "+4722123456"),
            ("(202) 555-0143", "US", "+12025550143"),
            ("011 47 22 12 34 56", "US", "+4722123456"),
            ("0041 44 668 18 00", "", "+41446681800"),
        ] {
            assert_eq!(typed(value, country).as_deref(), Ok(number), "{value} in {country}");
        }
        for (value, country, part) in [
            ("22 12 34 56", "", "code of its country"),
            ("22 12 34", "NO", "digit is missing"),
            ("+47 22 12 34 56 7", "NO", "one too many"),
            ("+999 22 12 34 56", "NO", "code of no country"),
            ("call me", "NO", "must be a phone number"),
            ("+47 22 12 34 56;phone-context=+dwPAA", "NO", "must be a phone number"),
            (&"1".repeat(10_000), "NO", "must be a phone number"),
            ("+", "NO", "must be a phone number"),
        ] {
            let why = typed(value, country).unwrap_err();
            assert!(why.starts_with("value: ") && why.contains(part), "{value}: {why}");
        }
    }

    #[test]
    fn what_people_type_is_checked_as_it_will_be_used() {
        assert_eq!(checked(IdentityKind::Email, " Kari@BLÅBÆR.example", None).unwrap(), "kari@xn--blbr-roah.example");
        assert!(checked(IdentityKind::Email, "kari", None).is_err());
        assert!(checked(IdentityKind::Handle, "kari lien", None).is_err());
        assert_eq!(checked(IdentityKind::Handle, "@Kari", None).unwrap(), "kari");
    }

    #[test]
    fn what_is_alike_is_the_same_but_for_its_spelling() {
        let alike = |kind, value: &str| alike(kind, value).unwrap();
        assert_eq!(alike(IdentityKind::Email, "jo.brandt+shop@post.example"), "jobrandt@post.example");
        assert_eq!(alike(IdentityKind::Phone, "+49401187700"), alike(IdentityKind::Phone, "0401187700"));
        assert_eq!(super::alike(IdentityKind::Phone, "110"), None);
    }
}
