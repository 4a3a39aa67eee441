//! Somebody who is trusted, such as the shop's own server, says who a visitor is.

use base::{Error, Result, Tx, args};

use super::{CustomerId, IdentityKind, find, find_or_create, identify::holder, normalise};
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
/// was vouched for before: it must be the same one.
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
    if known.is_some() && holder(tx, kind, &normalise(kind, value)?).await? != known {
        return Err(Error::conflict("This conversation is somebody else's. Begin a new one."));
    }
    let (name, language) = (person.name.as_deref(), person.language.as_deref());
    let customer = find_or_create(tx, kind.as_str(), value, name, language, true, source).await?.id;
    for (kind, value) in account.into_iter().chain(email) {
        belongs(tx, customer, kind, value, source).await?;
    }
    move_visitor(tx, customer, visitor, source).await?;
    Ok(customer)
}

/// Proven to be this customer's, unless it is another's.
async fn belongs(tx: &mut Tx, customer: CustomerId, kind: IdentityKind, value: &str, source: &str) -> Result<()> {
    let value = normalise(kind, value)?;
    let sql = "INSERT INTO identities (customer, kind, value, verified, source, created_at)
        VALUES ($1, $2, $3, TRUE, $4, $5) ON CONFLICT (kind, value) DO UPDATE SET verified = TRUE
        WHERE identities.customer = excluded.customer AND identities.verified = FALSE RETURNING id";
    if tx.opt(sql, args![customer, kind, &value, source, tx.now()]).await?.is_some() {
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
