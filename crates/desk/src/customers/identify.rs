//! Who is this? An address that is known leads to its customer; a new one makes a customer. Two transactions that
//! meet the same new address at once end with one customer.

use base::{Error, Result, Time, Tx, args};
use unicode_normalization::UnicodeNormalization;

use super::{Customer, CustomerId, IdentityKind, find, look, names};
use crate::{Event, event::Changes};

/// The longest name kept, in characters: longer ones are not names.
pub const NAME: usize = 120;
/// The longest identity kept, in bytes; RFC 5321 allows mail addresses of 254.
const VALUE: usize = 320;

/// The customer with this identity, made if there is none.
///
/// `verified` upgrades the identity and never downgrades it. A name replaces one that was only the address, and a
/// language fills a gap; neither overwrites what is known.
pub async fn find_or_create(
    tx: &mut Tx,
    kind: &str,
    value: &str,
    name: Option<&str>,
    language: Option<&str>,
    verified: bool,
    source: &str,
) -> Result<Customer> {
    let kind: IdentityKind = kind.parse()?;
    let value = normalise(kind, value)?;
    let name = name.map(|name| clean(name, NAME)).filter(|name| !name.is_empty() && !is_address(kind, name, &value));
    let id = match holder(tx, kind, &value).await? {
        Some(id) => id,
        None => match create(tx, kind, &value, name.as_deref(), language, verified, source).await? {
            Ok(created) => return find(tx, created).await,
            Err(quicker) => quicker,
        },
    };
    let known = find(tx, id).await?;
    improve(tx, known, kind, &value, name, language, verified).await
}

pub async fn by_identity(tx: &mut Tx, kind: &str, value: &str) -> Result<Option<Customer>> {
    let kind: IdentityKind = kind.parse()?;
    // What cannot be an identity is nobody's.
    let Ok(value) = normalise(kind, value) else { return Ok(None) };
    let sql = "SELECT customer FROM identities WHERE kind = $1 AND value = $2";
    match tx.opt(sql, args![kind, value]).await? {
        Some(row) => look(tx, row.id("customer")?).await.map(Some),
        None => Ok(None),
    }
}

/// Whose identity it is. Held, and before its customer: it stays theirs until the transaction ends, as merging and
/// splitting hold identities in the same order.
pub(super) async fn holder(tx: &mut Tx, kind: IdentityKind, value: &str) -> Result<Option<CustomerId>> {
    let sql = "SELECT customer FROM identities WHERE kind = $1 AND value = $2 {for update}";
    tx.opt(sql, args![kind, value]).await?.map(|row| row.id("customer")).transpose()
}

/// The new customer, or the one that another transaction made while this one waited for its identity.
async fn create(
    tx: &mut Tx,
    kind: IdentityKind,
    value: &str,
    name: Option<&str>,
    language: Option<&str>,
    verified: bool,
    source: &str,
) -> Result<Result<CustomerId, CustomerId>> {
    let name = name.unwrap_or(value);
    let now: Time = tx.now();
    let sql = "INSERT INTO customers (name, language, created_at, updated_at) VALUES ($1, $2, $3, $3) RETURNING id";
    let id: CustomerId = tx.one(sql, args![name, language, now]).await?.id("id")?;
    let sql = "INSERT INTO identities (customer, kind, value, verified, source, created_at, alike)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (kind, value) DO NOTHING RETURNING id";
    if tx.opt(sql, args![id, kind, value, verified, source, now, alike(kind, value)]).await?.is_some() {
        names::write(tx, id, name).await?;
        tx.emit(&Event::CustomerCreated { customer: id, name: name.to_owned() })?;
        return Ok(Ok(id));
    }
    tx.run("DELETE FROM customers WHERE id = $1", args![id]).await?;
    let quicker = holder(tx, kind, value).await?;
    quicker.map(Err).ok_or_else(|| Error::conflict("Somebody changed this customer just now. Try again."))
}

/// Takes what a new sight of a known customer tells.
async fn improve(
    tx: &mut Tx,
    before: Customer,
    kind: IdentityKind,
    value: &str,
    name: Option<String>,
    language: Option<&str>,
    verified: bool,
) -> Result<Customer> {
    let id = before.id;
    let mut changes = Changes::default();
    let name = name.filter(|_| before.is_nameless()).unwrap_or_else(|| before.name.clone());
    changes.note("name", &before.name, &name)?;
    let language = before.language.clone().or_else(|| language.map(str::to_owned));
    changes.note("language", &before.language, &language)?;
    let doubted = before.identities.iter().any(|known| known.kind == kind && known.value == value && !known.verified);
    if verified && doubted {
        tx.run("UPDATE identities SET verified = TRUE WHERE kind = $1 AND value = $2", args![kind, value]).await?;
        changes.note("verified", serde_json::Value::Null, value.into())?;
    }
    if changes.is_empty() {
        return Ok(before);
    }
    let sql = "UPDATE customers SET name = $1, language = $2, updated_at = $3 WHERE id = $4";
    tx.run(sql, args![&name, language, tx.now(), id]).await?;
    if name != before.name {
        names::rewrite(tx, id, &name).await?;
    }
    tx.emit(&Event::CustomerChanged { customer: id, changes: changes.into_map() })?;
    find(tx, id).await
}

/// The form in which identities are compared. No guessing about dots and plus signs: for some providers they make
/// another person's address.
pub fn normalise(kind: IdentityKind, value: &str) -> Result<String> {
    let value: String = value.trim().chars().filter(|c| !c.is_control()).collect();
    let value = match kind {
        IdentityKind::Email => email(&value),
        IdentityKind::Phone => phone(&value)?,
        IdentityKind::Handle => value.trim_start_matches('@').to_lowercase(),
        IdentityKind::ShopAccount | IdentityKind::Visitor => value,
    };
    match value.len() {
        0 => Err(Error::invalid("value", format!("is empty; an identity of kind {kind} needs an address"))),
        1..=VALUE => Ok(value),
        // Cut short it would be somebody else's.
        _ => Err(Error::invalid("value", format!("is longer than {VALUE} bytes"))),
    }
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

/// E.164 with its plus sign. A number in national form has no country to be told from, and stays as its digits.
fn phone(value: &str) -> Result<String> {
    let digits: String = value.chars().filter_map(|c| c.to_digit(10)).filter_map(|d| char::from_digit(d, 10)).collect();
    let international = value.starts_with('+') || digits.starts_with("00") || !digits.starts_with('0');
    let digits = if digits.starts_with("00") { digits.trim_start_matches('0') } else { &digits };
    if !(5..=15).contains(&digits.len()) {
        return Err(Error::invalid("value", "must be a phone number of 5 to 15 digits, such as +47 22 12 34 56"));
    }
    Ok(if international { format!("+{digits}") } else { digits.to_owned() })
}

/// Many programs write the address where the name should stand.
fn is_address(kind: IdentityKind, name: &str, value: &str) -> bool {
    normalise(kind, name.trim_matches(['<', '>', '\'', '"'])).is_ok_and(|name| name == value)
}

/// A text from outside in one line: without control characters and without those that turn the direction of what
/// stands around it, and no longer than `longest` characters.
pub fn clean(text: &str, longest: usize) -> String {
    let turns = |c: char| matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let spaced = text.chars().filter(|c| !turns(*c)).map(|c| if c.is_control() { ' ' } else { c });
    // Bounded before it is worked on: what comes from outside may be megabytes.
    let spaced: String = spaced.take(longest * 8).collect();
    let words: Vec<_> = spaced.split_whitespace().collect();
    let joined = words.join(" ");
    let unquoted = joined.trim_matches(['"', '\'']).trim();
    unquoted.chars().take(longest).collect::<String>().trim_end().to_owned()
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
        assert_eq!(phone("040 118 7700").unwrap(), "0401187700");
        assert!(phone("call me").is_err());
    }

    #[test]
    fn what_is_alike_is_the_same_but_for_its_spelling() {
        let alike = |kind, value: &str| alike(kind, value).unwrap();
        assert_eq!(alike(IdentityKind::Email, "jo.brandt+shop@post.example"), "jobrandt@post.example");
        assert_eq!(alike(IdentityKind::Phone, "+49401187700"), alike(IdentityKind::Phone, "0401187700"));
        assert_eq!(super::alike(IdentityKind::Phone, "110"), None);
    }

    #[test]
    fn hostile_names_become_short_plain_lines() {
        assert_eq!(clean("  \"Johanna\tBrandt\"\r\n ", NAME), "Johanna Brandt");
        assert_eq!(clean("evil\u{202e}gpj.exe\u{0}\u{7}", NAME), "evilgpj.exe");
        assert_eq!(clean(&"å".repeat(10_000), NAME).chars().count(), NAME);
        assert_eq!(clean("ليلى حدّاد", NAME), "ليلى حدّاد");
        assert!(is_address(IdentityKind::Email, "'Jo@Post.example'", "jo@post.example"));
    }
}
