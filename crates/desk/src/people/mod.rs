//! People: two customers who turn out to be one person are merged, and one who turns out to be several is split.
//! Identities move with what came through them, and every move can be undone.

mod fields;
mod journey;
mod list;
mod merge;
mod split;
mod suggest;

use base::{Error, Feature, Result, Row, Tx, args};
use serde_json::json;

use crate::{
    Event,
    agents::{AgentId, Who},
    customers::{self, Customer, CustomerId, IdentityId},
    event::{Changes, Moved},
};

base::words!(
    /// How things went from one customer to another.
    Kind {
        Merge = "merge",
        Split = "split",
    }
);

pub fn feature() -> Feature {
    Feature::default()
        .merge(merge::feature())
        .merge(split::feature())
        .merge(list::feature())
        .merge(suggest::feature())
        .merge(journey::feature())
}

/// One move, as it is kept for undoing it.
struct Move {
    source: CustomerId,
    target: CustomerId,
    fields: serde_json::Value,
    /// Tickets with a greater id came later.
    last_ticket: i64,
}

/// Both, held in one order with all their identities, so that nobody waits for one another for ever: neither two merges
/// across each other, nor a merge and a message that arrives.
async fn find_both(tx: &mut Tx, one: CustomerId, other: CustomerId) -> Result<(Customer, Customer)> {
    let sql = "SELECT id FROM identities WHERE customer IN ($1, $2) ORDER BY id {for update}";
    let rows = tx.all(sql, args![one, other]).await?;
    let held = rows.iter().map(|row| row.id("id")).collect::<Result<Vec<IdentityId>>>()?;
    let low = customers::find(tx, one.min(other)).await?;
    let high = customers::find(tx, one.max(other)).await?;
    if low.identities.iter().chain(&high.identities).any(|identity| !held.contains(&identity.id)) {
        return Err(Error::conflict("Somebody changed this customer just now. Try again."));
    }
    Ok(if low.id == one { (low, high) } else { (high, low) })
}

/// Keeps what it takes to undo a move; returns its id.
async fn remember(
    tx: &mut Tx,
    who: &Who,
    kind: Kind,
    source: CustomerId,
    target: CustomerId,
    fields: serde_json::Value,
) -> Result<i64> {
    let sql = "INSERT INTO customer_moves (kind, source, target, fields, last_ticket, agent, created_at)
        VALUES ($1, $2, $3, $4, (SELECT COALESCE(max(id), 0) FROM tickets WHERE customer IN ($2, $3)), $5, $6)
        RETURNING id";
    let agent: Option<AgentId> = who.agent;
    tx.one(sql, args![kind, source, target, fields, agent, tx.now()]).await?.int("id")
}

/// What was kept, for undoing it now; a second time is refused.
async fn recall(tx: &mut Tx, kind: Kind, id: i64) -> Result<Move> {
    let sql = "UPDATE customer_moves SET undone_at = $1 WHERE id = $2 AND kind = $3 AND undone_at IS NULL RETURNING *";
    let row = tx.opt(sql, args![tx.now(), id, kind]).await?;
    let row = row.ok_or_else(|| Error::conflict("There is nothing to undo, or it was undone already."))?;
    Ok(Move {
        source: row.id("source")?,
        target: row.id("target")?,
        fields: row.json("fields")?,
        last_ticket: row.int("last_ticket")?,
    })
}

/// What stands on top of a move is undone before it.
fn built_on() -> Error {
    Error::conflict("They were merged or split again since. Undo that first.")
}

/// How many tickets, messages and orders a customer has.
const WEIGHT: &str = "SELECT
    (SELECT CAST(count(*) AS BIGINT) FROM tickets WHERE customer = $1) AS tickets,
    (SELECT CAST(count(*) AS BIGINT) FROM messages WHERE author_kind = 'customer' AND author = $1) AS messages,
    (SELECT CAST(count(*) AS BIGINT) FROM orders WHERE customer = $1) AS orders";

/// Moves everything that one customer has to another.
async fn carry(tx: &mut Tx, from: &Customer, to: &Customer) -> Result<Moved> {
    let weight = tx.one(WEIGHT, args![from.id]).await?;
    let ids = || args![to.id, from.id];
    tx.run("UPDATE identities SET customer = $1 WHERE customer = $2", ids()).await?;
    tx.run("UPDATE orders SET customer = $1 WHERE customer = $2", ids()).await?;
    tx.run("UPDATE customer_consents SET customer = $1 WHERE customer = $2", ids()).await?;
    tx.run("UPDATE automatic_mails SET customer = $1 WHERE customer = $2", ids()).await?;
    let sql = "UPDATE tickets SET customer = $1, version = version + 1 WHERE customer = $2 RETURNING id";
    let tickets = tx.all(sql, ids()).await?;
    // Tickets before messages, as everybody holds them who holds both.
    tx.run("UPDATE messages SET author = $1 WHERE author_kind = 'customer' AND author = $2", ids()).await?;
    tx.run("UPDATE messages SET customer = $1 WHERE customer = $2", ids()).await?;
    Ok(Moved {
        identities: from.identities.iter().map(|identity| identity.id).collect(),
        tickets: tell(tx, &tickets, from, to)?,
        messages: weight.int("messages")?,
        orders: weight.int("orders")?,
    })
}

/// What nobody said as a shopper goes along with its ticket, which is `to`'s by now.
async fn follow_tickets(tx: &mut Tx, from: CustomerId, to: CustomerId) -> Result<()> {
    let sql = "UPDATE messages SET customer = $1 WHERE customer = $2 AND (author_kind <> 'customer' OR author IS NULL)
        AND ticket IN (SELECT id FROM tickets WHERE customer = $1)";
    tx.run(sql, args![to, from]).await
}

/// Every ticket that moved says so: lists and timelines show its customer. It is no work on them, so old ones stay where
/// they lie in their lists.
fn tell(tx: &mut Tx, tickets: &[Row], from: &Customer, to: &Customer) -> Result<i64> {
    let name = |customer: &Customer| json!({ "id": customer.id, "name": customer.name });
    for row in tickets {
        let mut changes = Changes::default();
        changes.note("customer", name(from), name(to))?;
        tx.emit(&Event::TicketChanged { ticket: row.id("id")?, changes: changes.into_map() })?;
    }
    Ok(i64::try_from(tickets.len())?)
}

/// From now on `into` stands for this customer, who is found no more by name.
async fn step_aside(tx: &mut Tx, customer: CustomerId, into: CustomerId) -> Result<()> {
    let sql = "UPDATE customers SET merged_into = $1, updated_at = $3 WHERE id = $2";
    tx.run(sql, args![into, customer, tx.now()]).await?;
    tx.run("UPDATE customers SET updated_at = $2 WHERE id = $1", args![into, tx.now()]).await?;
    customers::facets::forget(tx, customer).await?;
    customers::names::forget(tx, customer).await
}

/// The customer is one of their own again.
async fn stand_up(tx: &mut Tx, customer: &Customer) -> Result<()> {
    let sql = "UPDATE customers SET merged_into = NULL, updated_at = $2 WHERE id = $1";
    tx.run(sql, args![customer.id, tx.now()]).await?;
    customers::facets::write_all(tx, customer).await?;
    customers::names::write(tx, customer.id, &customer.name).await
}
