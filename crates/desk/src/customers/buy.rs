//! Who bought something, as a store names them.

use base::{Result, Tx};
use connectors::order::Buyer;

use super::{CustomerId, IdentityKind, Proof, Sight, address::normalise, identify::holder, identify::who, identities};

/// The customer behind a buyer: whoever has the address, else whose account it is, else whose number; made where nobody
/// has any of them. None where the store names nobody.
///
/// The account becomes theirs only with an address that the store has made sure of: accounts are proven in chats, and
/// whoever opened one with somebody else's address must not be taken for them.
pub async fn buyer(tx: &mut Tx, buyer: &Buyer, account: Option<&str>, source: &str) -> Result<Option<CustomerId>> {
    let Some((kind, value)) = best(tx, buyer, account).await? else { return Ok(None) };
    let proof = (buyer.email_verified && kind == IdentityKind::Email).then_some(Proof::Order);
    let (name, language) = (buyer.name.as_deref(), buyer.language.as_deref());
    let sight = Sight { kind: kind.as_str(), value: &value, name, language, proof, source, seen: false };
    let customer = who(tx, sight).await?;
    if let (Some(account), Some(proof)) = (account, proof) {
        let account = normalise(IdentityKind::ShopAccount, account)?;
        // Whose it is already, it stays.
        identities::insert(tx, customer, IdentityKind::ShopAccount, &account, Some(proof), source, false).await?;
    }
    Ok(Some(customer))
}

/// As [`buyer`], for somebody who may be known; nobody is made.
pub async fn of_buyer(tx: &mut Tx, buyer: &Buyer, account: Option<&str>) -> Result<Option<CustomerId>> {
    for (kind, value) in ways(buyer, account) {
        if let Some(customer) = holder(tx, kind, &value).await? {
            return Ok(Some(customer));
        }
    }
    Ok(None)
}

/// What can be an identity of theirs, best first.
fn ways(buyer: &Buyer, account: Option<&str>) -> Vec<(IdentityKind, String)> {
    let email = buyer.email.as_deref().filter(|email| mail::address::check(email).is_ok());
    let email = email.map(|value| (IdentityKind::Email, value));
    let account = account.map(|value| (IdentityKind::ShopAccount, value));
    let phone = buyer.phone.as_deref().map(|value| (IdentityKind::Phone, value));
    let all = email.into_iter().chain(account).chain(phone);
    all.filter_map(|(kind, value)| Some((kind, normalise(kind, value).ok()?))).collect()
}

async fn best(tx: &mut Tx, buyer: &Buyer, account: Option<&str>) -> Result<Option<(IdentityKind, String)>> {
    let ways = ways(buyer, account);
    let Some(first) = ways.first() else { return Ok(None) };
    if first.0 == IdentityKind::Email {
        return Ok(Some(first.clone()));
    }
    for (kind, value) in &ways {
        if holder(tx, *kind, value).await?.is_some() {
            return Ok(Some((*kind, value.clone())));
        }
    }
    Ok(Some(first.clone()))
}
