//! Somebody who is trusted, such as the shop's own server, says who a visitor is.

use base::{Error, Result, Tx, args};

use super::{
    CustomerId, IdentityKind, Proof, Sight, find,
    identify::{holder, meet},
    identities, normalise,
};
use crate::{Event, event::Changes};

/// Who somebody is. At least one of account and email is there.
#[derive(Debug, Clone)]
pub struct Person {
    /// Theirs in the shop, unique over all shops.
    pub account: Option<String>,
    pub email: Option<String>,
    pub name: Option<String>,
    pub language: Option<String>,
}

/// The customer who this person is, with the visitor's browser as one of their identities. `known` is whom the visitor
/// was vouched for before: it must be the same one, or whoever has the browser since people were merged or split.
///
/// An account counts for more than an address. An address that belongs to another customer stays theirs: joining two
/// people is for people to decide.
pub async fn vouch(
    tx: &mut Tx,
    person: &Person,
    known: Option<CustomerId>,
    visitor: &str,
    source: &str,
) -> Result<CustomerId> {
    let account = person.account.as_deref().map(|value| (IdentityKind::ShopAccount, value));
    let email = person.email.as_deref().map(|value| (IdentityKind::Email, value));
    let mut by = None;
    for (kind, value) in account.into_iter().chain(email) {
        if holder(tx, kind, &normalise(kind, value)?).await?.is_some() {
            by = Some((kind, value));
            break;
        }
    }
    let (kind, value) = by.or(account).or(email).ok_or_else(|| Error::invalid("token", "names nobody"))?;
    if known.is_some() {
        let person = holder(tx, kind, &normalise(kind, value)?).await?;
        if person != holder(tx, IdentityKind::Visitor, visitor).await?.or(known) {
            return Err(Error::conflict("This conversation is somebody else's. Begin a new one."));
        }
    }
    let (name, language) = (person.name.as_deref(), person.language.as_deref());
    let proof = Some(Proof::Token);
    let sight = Sight { kind: kind.as_str(), value, name, language, proof, source, seen: true };
    let customer = meet(tx, sight).await?.id;
    for (kind, value) in account.into_iter().chain(email) {
        belongs(tx, customer, kind, value, source).await?;
    }
    move_visitor(tx, customer, visitor, source).await?;
    Ok(customer)
}

/// Proven to be this customer's, unless it is another's.
async fn belongs(tx: &mut Tx, customer: CustomerId, kind: IdentityKind, value: &str, source: &str) -> Result<()> {
    let value = normalise(kind, value)?;
    let new = identities::insert(tx, customer, kind, &value, Some(Proof::Token), source, true).await?.is_some();
    let sql = "SELECT 1 AS one FROM identities WHERE kind = $1 AND value = $2 AND customer = $3 AND verified = FALSE";
    let doubted = !new && tx.opt(sql, args![kind, &value, customer]).await?.is_some();
    if doubted {
        identities::prove(tx, kind, &value, Proof::Token).await?;
    }
    if new || doubted {
        tell(tx, customer, None, Some(&value))?;
    }
    Ok(())
}

/// The visitor's browser is this customer's. Who it was until now, a nameless one, keeps what they said.
async fn move_visitor(tx: &mut Tx, customer: CustomerId, visitor: &str, source: &str) -> Result<()> {
    let before = holder(tx, IdentityKind::Visitor, visitor).await?;
    let Some(before) = before.filter(|before| *before != customer) else {
        return belongs(tx, customer, IdentityKind::Visitor, visitor, source).await;
    };
    if find(tx, before).await?.identities.len() > 1 {
        return Err(Error::conflict("This conversation is somebody else's. Begin a new one."));
    }
    let sql = "UPDATE identities SET customer = $1 WHERE kind = $2 AND value = $3";
    tx.run(sql, args![customer, IdentityKind::Visitor, visitor]).await?;
    tell(tx, before, Some(visitor), None)?;
    tell(tx, customer, None, Some(visitor))
}

fn tell(tx: &mut Tx, customer: CustomerId, from: Option<&str>, to: Option<&str>) -> Result<()> {
    let mut changes = Changes::default();
    changes.note("identities", from, to)?;
    tx.emit(&Event::CustomerChanged { customer, changes: changes.into_map() })
}
