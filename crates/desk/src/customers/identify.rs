//! Who is this? An address that is known leads to its customer; a new one makes a customer. Two transactions that
//! meet the same new address at once end with one customer.

use base::{Error, Result, Tx, args};

use super::{Customer, CustomerId, IdentityKind, Proof, address::normalise, find, identities, look, names};
use crate::{Event, event::Changes};

/// The longest name kept, in characters: longer ones are not names.
pub const NAME: usize = 120;

/// One meeting with somebody: through which address, and what it tells of them.
#[derive(Debug, Clone, Copy)]
pub struct Sight<'a> {
    pub kind: &'a str,
    pub value: &'a str,
    pub name: Option<&'a str>,
    pub language: Option<&'a str>,
    /// What proves that the address is theirs.
    pub proof: Option<Proof>,
    pub source: &'a str,
    /// They were here themselves; it was not only written down by somebody.
    pub seen: bool,
}

/// As [`meet`], where the channel itself is the proof.
pub async fn find_or_create(
    tx: &mut Tx,
    kind: &str,
    value: &str,
    name: Option<&str>,
    language: Option<&str>,
    verified: bool,
    source: &str,
) -> Result<Customer> {
    let proof = verified.then_some(Proof::Channel);
    meet(tx, Sight { kind, value, name, language, proof, source, seen: true }).await
}

/// The customer with this identity, made if there is none.
///
/// A proof upgrades the identity, and its lack never downgrades it. A name replaces one that was only the address, and a
/// language fills a gap; neither overwrites what is known.
pub async fn meet(tx: &mut Tx, sight: Sight<'_>) -> Result<Customer> {
    match met(tx, sight).await? {
        Met::New(id) => find(tx, id).await,
        Met::Known(customer) => Ok(*customer),
    }
}

/// As [`meet`], for whoever wants to know no more than who it is: nothing is read of somebody new.
pub(super) async fn who(tx: &mut Tx, sight: Sight<'_>) -> Result<CustomerId> {
    Ok(match met(tx, sight).await? {
        Met::New(id) => id,
        Met::Known(customer) => customer.id,
    })
}

enum Met {
    New(CustomerId),
    Known(Box<Customer>),
}

async fn met(tx: &mut Tx, sight: Sight<'_>) -> Result<Met> {
    let kind: IdentityKind = sight.kind.parse()?;
    let value = normalise(kind, sight.value)?;
    let name = sight.name.map(|name| clean(name, NAME));
    let name = name.filter(|name| !name.is_empty() && !is_address(kind, name, &value));
    let id = match holder(tx, kind, &value).await? {
        Some(id) => id,
        None => match create(tx, kind, &value, name.as_deref(), sight).await? {
            Ok(created) => return Ok(Met::New(created)),
            Err(quicker) => quicker,
        },
    };
    if sight.seen {
        identities::seen(tx, kind, &value).await?;
    }
    let known = find(tx, id).await?;
    improve(tx, known, kind, &value, name, sight).await.map(|customer| Met::Known(Box::new(customer)))
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
    sight: Sight<'_>,
) -> Result<Result<CustomerId, CustomerId>> {
    let name = name.unwrap_or(value);
    let sql = "INSERT INTO customers (name, language, created_at, updated_at) VALUES ($1, $2, $3, $3) RETURNING id";
    let id: CustomerId = tx.one(sql, args![name, sight.language, tx.now()]).await?.id("id")?;
    let Sight { proof, source, seen, .. } = sight;
    if identities::insert(tx, id, kind, value, proof, source, seen).await?.is_some() {
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
    sight: Sight<'_>,
) -> Result<Customer> {
    let id = before.id;
    let mut changes = Changes::default();
    let name = name.filter(|_| before.is_nameless()).unwrap_or_else(|| before.name.clone());
    changes.note("name", &before.name, &name)?;
    let language = before.language.clone().or_else(|| sight.language.map(str::to_owned));
    changes.note("language", &before.language, &language)?;
    let doubted = before.identities.iter().any(|known| known.kind == kind && known.value == value && !known.verified);
    if let Some(proof) = sight.proof.filter(|_| doubted) {
        identities::prove(tx, kind, value, proof).await?;
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

    #[test]
    fn hostile_names_become_short_plain_lines() {
        assert_eq!(clean("  \"Johanna\tBrandt\"\r\n ", NAME), "Johanna Brandt");
        assert_eq!(clean("evil\u{202e}gpj.exe\u{0}\u{7}", NAME), "evilgpj.exe");
        assert_eq!(clean(&"å".repeat(10_000), NAME).chars().count(), NAME);
        assert_eq!(clean("ليلى حدّاد", NAME), "ليلى حدّاد");
        assert!(is_address(IdentityKind::Email, "'Jo@Post.example'", "jo@post.example"));
    }
}
