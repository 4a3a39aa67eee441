//! A customer's identities: added, proven and taken away by hand, and noted whenever somebody comes through one.

use aide::axum::{
    ApiRouter,
    routing::{patch_with, post_with},
};
use axum::{Json, extract::State};
use base::{
    App, Error, Feature, Result, Tx, args,
    web::{Body, Created, Gone, Id, Ids},
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    CustomerId, Identity, IdentityId, IdentityKind, Proof,
    address::{alike, checked},
    find,
    identify::holder,
    identity,
};
use crate::{
    Event,
    agents::{Permission, Who},
    event::Changes,
    shops,
};

pub(super) fn feature() -> Feature {
    let one = patch_with(update, |op| op.summary("Say whether an identity is proven"))
        .delete_with(destroy, |op| op.summary("Take an identity from a customer"));
    let routes = ApiRouter::new()
        .api_route("/customers/{id}/identities", post_with(create, |op| op.summary("Give a customer another identity")))
        .api_route("/customers/{id}/identities/{other}", one);
    Feature { routes, ..Feature::default() }
}

/// A new identity; None when somebody has it already.
pub(super) async fn insert(
    tx: &mut Tx,
    customer: CustomerId,
    kind: IdentityKind,
    value: &str,
    proof: Option<Proof>,
    source: &str,
    seen: bool,
) -> Result<Option<IdentityId>> {
    let sql = "INSERT INTO identities (customer, kind, value, verified, verified_by, verified_at, source, created_at,
        alike, first_seen_at, last_seen_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
        ON CONFLICT (kind, value) DO NOTHING RETURNING id";
    let now = tx.now();
    let seen = seen.then_some(now);
    let proven = proof.map(|_| now);
    let args = args![customer, kind, value, proof.is_some(), proof, proven, source, now, alike(kind, value), seen];
    tx.opt(sql, args).await?.map(|row| row.id("id")).transpose()
}

/// Somebody came through it.
pub(super) async fn seen(tx: &mut Tx, kind: IdentityKind, value: &str) -> Result<()> {
    let sql = "UPDATE identities SET first_seen_at = COALESCE(first_seen_at, $1), last_seen_at = $1
        WHERE kind = $2 AND value = $3 AND COALESCE(last_seen_at, 0) < $1";
    tx.run(sql, args![tx.now(), kind, value]).await
}

/// It is proven from now on. What has been proven before stays as it was proven.
pub(super) async fn prove(tx: &mut Tx, kind: IdentityKind, value: &str, proof: Proof) -> Result<()> {
    let sql = "UPDATE identities SET verified = TRUE, verified_by = $1, verified_at = $2
        WHERE kind = $3 AND value = $4 AND verified = FALSE";
    tx.run(sql, args![proof, tx.now(), kind, value]).await
}

/// An identity as somebody types it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewIdentity {
    pub kind: IdentityKind,
    /// A mail address; a phone number, with the code of its country unless it is the shop's; a handle; the id of an
    /// account in the shop, with the name of its platform and a colon in front if it is another shop's.
    pub value: String,
    /// Whether you know that it is theirs.
    #[serde(default)]
    pub verified: bool,
}

/// Adds an identity that nobody has.
pub async fn add(tx: &mut Tx, who: &Who, customer: CustomerId, new: NewIdentity) -> Result<Identity> {
    let shop = shops::find(tx, who.shop).await?;
    let value = match new.kind {
        IdentityKind::Visitor => return Err(Error::invalid("kind", "a visitor's browser makes itself known")),
        IdentityKind::ShopAccount if new.value.trim().trim_end_matches(':').is_empty() => String::new(),
        IdentityKind::ShopAccount if !new.value.contains(':') => format!("{}:{}", who.shop, new.value.trim()),
        _ => new.value,
    };
    let value = checked(new.kind, &value, shop.country.and_then(|country| country.parse().ok()))?;
    match holder(tx, new.kind, &value).await? {
        Some(other) if other == customer => return Err(Error::conflict("They have this identity already.")),
        Some(other) => return Err(taken(other)),
        None => {}
    }
    find(tx, customer).await?.must_stand()?;
    let proof = new.verified.then_some(Proof::Agent);
    let Some(id) = insert(tx, customer, new.kind, &value, proof, "agent", false).await? else {
        return Err(Error::conflict("Somebody changed this customer just now. Try again."));
    };
    tell(tx, customer, "identities", None, Some(&value)).await?;
    identity(&tx.one("SELECT * FROM identities WHERE id = $1", args![id]).await?)
}

/// Says who has it, so that the two can be merged. Only those hear of it who may read customers anyway.
fn taken(other: CustomerId) -> Error {
    Error::conflict(format!("Customer {other} has this identity. Merge the two, or take it away from them first."))
}

/// One of the customer's identities, held; before the customer, as everybody holds them.
async fn held(tx: &mut Tx, customer: CustomerId, id: IdentityId) -> Result<Identity> {
    let sql = "SELECT * FROM identities WHERE id = $1 AND customer = $2 {for update}";
    let identity = identity(&tx.one(sql, args![id, customer]).await?)?;
    find(tx, customer).await?.must_stand()?;
    Ok(identity)
}

/// An agent says that an identity is theirs for sure, or takes that back.
pub async fn verify(tx: &mut Tx, customer: CustomerId, id: IdentityId, verified: bool) -> Result<Identity> {
    let before = held(tx, customer, id).await?;
    if before.verified == verified {
        return Ok(before);
    }
    let value = before.value.as_str();
    if verified {
        prove(tx, before.kind, value, Proof::Agent).await?;
        tell(tx, customer, "verified", None, Some(value)).await?;
    } else {
        let sql = "UPDATE identities SET verified = FALSE, verified_by = NULL, verified_at = NULL WHERE id = $1";
        tx.run(sql, args![id]).await?;
        tell(tx, customer, "verified", Some(value), None).await?;
    }
    identity(&tx.one("SELECT * FROM identities WHERE id = $1", args![id]).await?)
}

/// Takes away an identity that was only written down: what came through one must stay somebody's.
pub async fn remove(tx: &mut Tx, customer: CustomerId, id: IdentityId) -> Result<()> {
    let gone = held(tx, customer, id).await?;
    if tx.opt("SELECT id FROM messages WHERE identity = $1 LIMIT 1", args![id]).await?.is_some() {
        return Err(Error::conflict(
            "Messages came through it. Split it off instead: they go along, and it can be undone.",
        ));
    }
    tx.run("DELETE FROM identities WHERE id = $1", args![id]).await?;
    tell(tx, customer, "identities", Some(&gone.value), None).await
}

async fn tell(
    tx: &mut Tx,
    customer: CustomerId,
    field: &'static str,
    from: Option<&str>,
    to: Option<&str>,
) -> Result<()> {
    tx.run("UPDATE customers SET updated_at = $1 WHERE id = $2", args![tx.now(), customer]).await?;
    let mut changes = Changes::default();
    changes.note(field, from, to)?;
    tx.emit(&Event::CustomerChanged { customer, changes: changes.into_map() })
}

async fn create(
    who: Who,
    State(app): State<App>,
    Id(id): Id<CustomerId>,
    Body(body): Body<NewIdentity>,
) -> Result<Created<Identity>> {
    who.may(Permission::CustomersWrite)?;
    let mut tx = who.begin(&app).await?;
    tx.one("SELECT id FROM customers WHERE id = $1", args![id]).await?;
    let identity = add(&mut tx, &who, id, body).await?;
    tx.created(identity).await
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "IdentityPatch")]
struct Patch {
    verified: bool,
}

async fn update(
    who: Who,
    State(app): State<App>,
    Ids(id, identity): Ids<i64>,
    Body(body): Body<Patch>,
) -> Result<Json<Identity>> {
    who.may(Permission::CustomersWrite)?;
    let mut tx = who.begin(&app).await?;
    let identity = verify(&mut tx, id.into(), identity.into(), body.verified).await?;
    tx.commit().await?;
    Ok(Json(identity))
}

async fn destroy(who: Who, State(app): State<App>, Ids(id, identity): Ids<i64>) -> Result<Gone> {
    who.may(Permission::CustomersWrite)?;
    let mut tx = who.begin(&app).await?;
    remove(&mut tx, id.into(), identity.into()).await?;
    tx.commit().await?;
    Ok(Gone)
}
