//! Splitting: some of a customer's identities become a customer of their own, with every message that came through
//! them. It can be undone.
//!
//! A ticket goes along when all its messages of shoppers came through these identities, or when it has none and theirs
//! is the only address of the customer on it. A ticket that both wrote in stays, and each message there is by whom it
//! came from. Orders stay, because nothing says through which identity they came.

use aide::axum::{
    ApiRouter,
    routing::{delete_with, post_with},
};
use axum::{Json, extract::State};
use base::{
    App, Error, Feature, Result, Tx, args,
    web::{Body, Created, Id},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    Kind, WEIGHT, built_on, carry,
    fields::{Kept, absorb, apart},
    find_both, follow_tickets, recall, remember, step_aside, tell,
};
use crate::{
    Event,
    agents::{Permission, Who},
    customers::{self, Customer, CustomerId, Facts, IdentityId, clean},
    event::Moved,
};

pub(super) fn feature() -> Feature {
    let split = post_with(create, |op| op.summary("Take identities out into a new customer"));
    let undo = delete_with(destroy, |op| op.summary("Undo a split of customers"));
    let routes = ApiRouter::new().api_route("/customers/{id}/split", split).api_route("/customer-splits/{id}", undo);
    Feature { routes, ..Feature::default() }
}

/// Moves these identities to a new customer; returns them and the split's id. `from` is held.
pub async fn split(
    tx: &mut Tx,
    who: &Who,
    from: Customer,
    identities: &[IdentityId],
    name: Option<&str>,
) -> Result<(Customer, i64)> {
    from.must_stand()?;
    let leaving = |id: IdentityId| identities.contains(&id);
    if let Some(id) = identities.iter().find(|id| from.identities.iter().all(|known| known.id != **id)) {
        return Err(Error::invalid("identities", format!("{id} is no identity of this customer")));
    }
    let (Some(first), Some(left)) =
        (from.identities.iter().find(|one| leaving(one.id)), from.identities.iter().find(|one| !leaving(one.id)))
    else {
        return Err(Error::invalid("identities", "must be some of the customer's identities, not none and not all"));
    };
    let name = match name.map(|name| clean(name, customers::NAME)).filter(|name| !name.is_empty()) {
        Some(name) => name,
        None => called(tx, &from, identities).await?.unwrap_or_else(|| first.value.clone()),
    };
    let new = fresh(tx, &name).await?;
    let before = Facts::of(&from);
    let borrowed = from.identities.iter().any(|one| leaving(one.id) && one.value == from.name);
    let after = Facts { name: if borrowed { left.value.clone() } else { from.name.clone() }, ..before.clone() };
    let split = remember(tx, who, Kind::Split, from.id, new.id, json!(Kept { before, after: after.clone() })).await?;
    let from = customers::take(tx, from, after).await?;
    let moved = take_out(tx, &from, &new, identities).await?;
    tx.run("UPDATE customers SET updated_at = $2 WHERE id = $1", args![from.id, tx.now()]).await?;
    tx.emit(&Event::CustomerSplit { customer: from.id, into: new.id, split, moved })?;
    Ok((customers::find(tx, new.id).await?, split))
}

/// What the person behind these identities called themselves last.
async fn called(tx: &mut Tx, from: &Customer, identities: &[IdentityId]) -> Result<Option<String>> {
    let mut newest: Option<(i64, String)> = None;
    for identity in identities {
        let sql = "SELECT id, parties -> 'from' ->> 'name' AS name FROM messages
            WHERE author_kind = 'customer' AND author = $1 AND identity = $2 ORDER BY id DESC LIMIT 1";
        let Some(row) = tx.opt(sql, args![from.id, *identity]).await? else { continue };
        let name = clean(&row.opt_text("name")?.unwrap_or_default(), customers::NAME);
        let id = row.int("id")?;
        if !name.is_empty() && newest.as_ref().is_none_or(|(newest, _)| *newest < id) {
            newest = Some((id, name));
        }
    }
    Ok(newest.map(|(_, name)| name))
}

async fn fresh(tx: &mut Tx, name: &str) -> Result<Customer> {
    let sql = "INSERT INTO customers (name, created_at, updated_at) VALUES ($1, $2, $2) RETURNING id";
    let id: CustomerId = tx.one(sql, args![name, tx.now()]).await?.id("id")?;
    customers::names::write(tx, id, name).await?;
    tx.emit(&Event::CustomerCreated { customer: id, name: name.to_owned() })?;
    customers::find(tx, id).await
}

/// The identities, what came through them, and the tickets that are theirs alone.
async fn take_out(tx: &mut Tx, from: &Customer, new: &Customer, identities: &[IdentityId]) -> Result<Moved> {
    for identity in identities {
        tx.run("UPDATE identities SET customer = $1 WHERE id = $2", args![new.id, *identity]).await?;
    }
    let tickets = tx.all(TICKETS_OUT, args![new.id, from.id]).await?;
    let sql = "UPDATE messages SET author = $1, customer = $1 WHERE author_kind = 'customer' AND author = $2
        AND identity IN (SELECT id FROM identities WHERE customer = $1)";
    tx.run(sql, args![new.id, from.id]).await?;
    follow_tickets(tx, from.id, new.id).await?;
    let weight = tx.one(WEIGHT, args![new.id]).await?;
    Ok(Moved {
        identities: identities.to_vec(),
        tickets: tell(tx, &tickets, from, new)?,
        messages: weight.int("messages")?,
        orders: 0,
    })
}

/// Tickets in which nobody wrote but through an identity that is `$1`'s now, or that name no other address of the two.
const TICKETS_OUT: &str = "UPDATE tickets SET customer = $1, version = version + 1
    WHERE customer = $2 AND $1 = COALESCE(
        (SELECT CASE WHEN min(COALESCE(i.customer, 0)) = max(COALESCE(i.customer, 0)) THEN min(i.customer) ELSE 0 END
            FROM messages m LEFT JOIN identities i ON i.id = m.identity
            WHERE m.ticket = tickets.id AND m.author_kind = 'customer' HAVING count(*) > 0),
        (SELECT min(i.customer) FROM participants p JOIN identities i ON i.kind = p.kind AND i.value = p.value
            WHERE p.ticket = tickets.id AND i.customer IN ($1, $2) HAVING min(i.customer) = max(i.customer)))
    RETURNING id";

/// Takes a split back: all that the new customer has by now returns, and the first one stands for both.
pub async fn unsplit(tx: &mut Tx, split: i64) -> Result<Customer> {
    let known = recall(tx, Kind::Split, split).await?;
    let (from, new) = find_both(tx, known.source, known.target).await?;
    let sql = "SELECT 1 AS one FROM customer_moves WHERE (source = $1 OR target = $1) AND id <> $2
        AND undone_at IS NULL LIMIT 1";
    let touched = tx.opt(sql, args![new.id, split]).await?.is_some();
    if touched || from.merged_into.is_some() {
        return Err(built_on());
    }
    let Kept { before, after } = serde_json::from_value(known.fields)?;
    let fields = absorb(apart(&from, before, &after, ""), &new)?;
    let from = customers::take(tx, from, fields).await?;
    let moved = carry(tx, &new, &from).await?;
    step_aside(tx, new.id, from.id).await?;
    tx.emit(&Event::CustomerSplitUndone { customer: from.id, from: new.id, split, moved })?;
    customers::find(tx, from.id).await
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CustomerSplit")]
struct Split {
    /// Ids of some of the customer's identities.
    identities: Vec<IdentityId>,
    /// Absent: what they called themselves last, or their address.
    name: Option<String>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CustomersSplit")]
struct Done {
    /// What `DELETE /customer-splits/{id}` undoes.
    id: i64,
    /// The new one.
    customer: Customer,
}

async fn create(
    who: Who,
    State(app): State<App>,
    Id(id): Id<CustomerId>,
    Body(mut body): Body<Split>,
) -> Result<Created<Done>> {
    who.may(Permission::CustomersWrite)?;
    body.identities.sort_unstable();
    body.identities.dedup();
    let mut tx = who.begin(&app).await?;
    let (from, _) = find_both(&mut tx, id, id).await?;
    let (customer, id) = split(&mut tx, &who, from, &body.identities, body.name.as_deref()).await?;
    tx.created(Done { id, customer }).await
}

async fn destroy(who: Who, State(app): State<App>, Id(id): Id<i64>) -> Result<Json<Customer>> {
    who.may(Permission::CustomersWrite)?;
    let mut tx = who.begin(&app).await?;
    let customer = unsplit(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(customer))
}
