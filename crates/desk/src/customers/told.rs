//! Somebody of whom a colleague knows what they said of themselves in the shop or on the phone, if anything.

use base::{Error, Result, Tx, args};

use super::{
    Customer, CustomerId, IdentityKind, NAME, Sight, address::checked, clean, find, identify::holder, identities, meet,
    names,
};
use crate::{
    Event,
    shops::{self, ShopId},
};

/// What they said of themselves.
#[derive(Debug, Clone, Copy, Default)]
pub struct Told<'a> {
    pub name: Option<&'a str>,
    pub email: Option<&'a str>,
    pub phone: Option<&'a str>,
}

/// What somebody is called of whom nothing is known.
const UNKNOWN: &str = "?";

/// The customer who has the address or the number, or a new one. Nothing of it is proven; a number that is somebody else's
/// stays theirs.
pub async fn write_down(tx: &mut Tx, shop: ShopId, told: Told<'_>) -> Result<Customer> {
    let country = shops::find(tx, shop).await?.country.and_then(|country| country.parse().ok());
    let address = |kind, field: &str, typed: Option<&str>| {
        let typed = typed.filter(|typed| !typed.trim().is_empty());
        let value = typed.map(|typed| checked(kind, typed, country)).transpose();
        value.map_err(|error| match error {
            Error::Invalid(wrong) => Error::invalid(field, wrong.into_iter().map(|one| one.why).collect::<String>()),
            other => other,
        })
    };
    let email = address(IdentityKind::Email, "to.email", told.email)?;
    let phone = address(IdentityKind::Phone, "to.phone", told.phone)?;
    let (language, proof, source, seen) = (None, None, "agent", false);
    let sight = |kind, value| Sight { kind, value, name: told.name, language, proof, source, seen };
    match (&email, &phone) {
        (Some(email), None) => meet(tx, sight("email", email)).await,
        (None, Some(phone)) => meet(tx, sight("phone", phone)).await,
        (Some(email), Some(phone)) => {
            let theirs = holder(tx, IdentityKind::Email, email).await?;
            // Whose number it is has an address more, where that is nobody's.
            let numbers = if theirs.is_none() { holder(tx, IdentityKind::Phone, phone).await? } else { None };
            let (known, kind, more) = match numbers {
                Some(_) => (meet(tx, sight("phone", phone)).await?, IdentityKind::Email, email),
                None => (meet(tx, sight("email", email)).await?, IdentityKind::Phone, phone),
            };
            identities::insert(tx, known.id, kind, more, None, source, false).await?;
            find(tx, known.id).await
        }
        (None, None) => nobody(tx, told.name).await,
    }
}

async fn nobody(tx: &mut Tx, name: Option<&str>) -> Result<Customer> {
    let name = name.map(|name| clean(name, NAME)).filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| UNKNOWN.to_owned());
    let sql = "INSERT INTO customers (name, created_at, updated_at) VALUES ($1, $2, $2) RETURNING id";
    let id: CustomerId = tx.one(sql, args![&name, tx.now()]).await?.id("id")?;
    names::write(tx, id, &name).await?;
    tx.emit(&Event::CustomerCreated { customer: id, name })?;
    find(tx, id).await
}
