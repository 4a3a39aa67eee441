//! Merging: one customer's identities and all that came through them move to another, who stands for both from then
//! on. It can be undone at any time, whatever has happened since.
//!
//! Undoing gives back what moved. What came later goes by identity: a message to whoever its identity belongs to then,
//! a ticket where its first message of a shopper goes; one that an agent began, where the only address on it goes.
//! Orders that came later stay with the survivor, because nothing says whose they are.

use aide::axum::{
    ApiRouter,
    routing::{delete_with, get_with},
};
use axum::{Json, extract::State};
use base::{
    App, Error, Feature, Result, Tx, args,
    web::{Body, Created, Id, Params},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    Kind, WEIGHT, built_on, carry,
    fields::{Kept, apart, together},
    find_both, follow_tickets, recall, remember, stand_up, step_aside, tell,
};
use crate::{
    Event,
    agents::{Permission, Who},
    customers::{self, Customer, CustomerId, Facts, Identity},
    event::Moved,
};

pub(super) fn feature() -> Feature {
    let one = get_with(preview, |op| op.summary("What merging a customer into another would move"))
        .post_with(create, |op| op.summary("Merge a customer into another"));
    let routes = ApiRouter::new()
        .api_route("/customers/{id}/merge", one)
        .api_route("/customer-merges/{id}", delete_with(destroy, |op| op.summary("Undo a merge of customers")));
    Feature { routes, ..Feature::default() }
}

/// Moves everything of `from` to `into`; returns the survivor and the merge's id. Both are held.
pub async fn merge(tx: &mut Tx, who: &Who, from: Customer, into: Customer) -> Result<(Customer, i64)> {
    check(&from, &into)?;
    let kept = Kept { before: Facts::of(&into), after: together(&from, &into)? };
    let merge = remember(tx, who, Kind::Merge, from.id, into.id, json!(kept)).await?;
    note_down(tx, merge, from.id).await?;
    let into = customers::take(tx, into, kept.after).await?;
    let moved = carry(tx, &from, &into).await?;
    step_aside(tx, from.id, into.id).await?;
    tx.emit(&Event::CustomerMerged { customer: from.id, into: into.id, merge, moved })?;
    Ok((customers::find(tx, into.id).await?, merge))
}

/// Neither is merged away, so merges never run in a circle.
fn check(from: &Customer, into: &Customer) -> Result<()> {
    if from.id == into.id {
        return Err(Error::invalid("into", "must be another customer"));
    }
    from.must_stand()?;
    into.must_stand()
}

/// Writes down all that is about to move.
async fn note_down(tx: &mut Tx, merge: i64, from: CustomerId) -> Result<()> {
    for (what, things) in [
        ("identity", "id FROM identities WHERE customer = $2"),
        ("ticket", "id FROM tickets WHERE customer = $2"),
        ("order", "id FROM orders WHERE customer = $2"),
        ("consent", "id FROM customer_consents WHERE customer = $2"),
        ("message", "id FROM messages WHERE author_kind = 'customer' AND author = $2 AND identity IS NULL"),
        ("automatic", "at FROM automatic_mails WHERE customer = $2"),
    ] {
        let sql = format!(
            "INSERT INTO customer_moved (move, what, thing) SELECT $1, '{what}', {things} ON CONFLICT DO NOTHING"
        );
        tx.run(&sql, args![merge, from]).await?;
    }
    Ok(())
}

/// Takes a merge back; returns the customer who is one of their own again.
pub async fn unmerge(tx: &mut Tx, merge: i64) -> Result<Customer> {
    let known = recall(tx, Kind::Merge, merge).await?;
    let (from, into) = find_both(tx, known.source, known.target).await?;
    still_there(tx, merge, &into).await?;
    stand_up(tx, &from).await?;
    let moved = give_back(tx, merge, known.last_ticket, &from, &into).await?;
    let Kept { before, after } = serde_json::from_value(known.fields)?;
    let fields = apart(&into, before, &after, &from.note);
    let into = customers::take(tx, into, fields).await?;
    tx.run("UPDATE customers SET updated_at = $2 WHERE id = $1", args![into.id, tx.now()]).await?;
    tx.emit(&Event::CustomerMergeUndone { customer: from.id, from: into.id, merge, moved })?;
    customers::find(tx, from.id).await
}

/// What moved went no further: merges and splits on top of this one are undone first.
async fn still_there(tx: &mut Tx, merge: i64, into: &Customer) -> Result<()> {
    let sql = "SELECT 1 AS one FROM customer_moved m JOIN identities i ON i.id = m.thing
        WHERE m.move = $1 AND m.what = 'identity' AND i.customer <> $2
        UNION ALL SELECT 1 AS one FROM customer_moved m JOIN tickets t ON t.id = m.thing
        WHERE m.move = $1 AND m.what = 'ticket' AND t.customer <> $2 LIMIT 1";
    let gone = tx.opt(sql, args![merge, into.id]).await?.is_some();
    if gone || into.merged_into.is_some() {
        return Err(built_on());
    }
    Ok(())
}

/// Identities with every ticket and message that came through them, orders, and the count of automatic mails.
async fn give_back(tx: &mut Tx, merge: i64, last_ticket: i64, from: &Customer, into: &Customer) -> Result<Moved> {
    let things = |what: &str| format!("(SELECT thing FROM customer_moved WHERE move = $3 AND what = '{what}')");
    let ids = || args![from.id, into.id, merge];
    let sql = format!(
        "UPDATE identities SET customer = $1 WHERE customer = $2 AND id IN {} RETURNING id",
        things("identity")
    );
    let identities = tx.all(&sql, ids()).await?;
    let tickets = tx.all(TICKETS_BACK, args![from.id, into.id, merge, last_ticket]).await?;
    let sql = format!(
        "UPDATE messages SET author = $1, customer = $1 WHERE author_kind = 'customer' AND author = $2
        AND (identity IN (SELECT id FROM identities WHERE customer = $1) OR id IN {})",
        things("message")
    );
    tx.run(&sql, ids()).await?;
    follow_tickets(tx, into.id, from.id).await?;
    let sql = format!("UPDATE orders SET customer = $1 WHERE customer = $2 AND id IN {}", things("order"));
    tx.run(&sql, ids()).await?;
    let back = things("consent");
    let sql = format!("UPDATE customer_consents SET customer = $1 WHERE customer = $2 AND id IN {back}");
    tx.run(&sql, ids()).await?;
    let sql = format!("UPDATE automatic_mails SET customer = $1 WHERE customer = $2 AND at IN {}", things("automatic"));
    tx.run(&sql, ids()).await?;
    let weight = tx.one(WEIGHT, args![from.id]).await?;
    Ok(Moved {
        identities: identities.iter().map(|row| row.id("id")).collect::<Result<_>>()?,
        tickets: tell(tx, &tickets, into, from)?,
        messages: weight.int("messages")?,
        orders: weight.int("orders")?,
    })
}

/// Tickets that moved, and later ones that are `$1`'s by their first message or by the only address on them. Their
/// identities are back already.
const TICKETS_BACK: &str = "UPDATE tickets SET customer = $1, version = version + 1 WHERE customer = $2 AND (
    id IN (SELECT thing FROM customer_moved WHERE move = $3 AND what = 'ticket')
    OR (id > $4 AND $1 = COALESCE(
        (SELECT i.customer FROM messages m JOIN identities i ON i.id = m.identity
            WHERE m.ticket = tickets.id AND m.author_kind = 'customer' ORDER BY m.created_at, m.id LIMIT 1),
        (SELECT min(i.customer) FROM participants p JOIN identities i ON i.kind = p.kind AND i.value = p.value
            WHERE p.ticket = tickets.id AND i.customer IN ($1, $2) HAVING min(i.customer) = max(i.customer)))))
    RETURNING id";

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CustomerMerge")]
struct Merge {
    into: CustomerId,
}

/// What merging would do.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CustomerMergePreview")]
struct Preview {
    from: Customer,
    /// Who stands for both afterwards.
    into: Customer,
    name: String,
    language: Option<String>,
    note: String,
    /// What moves.
    identities: Vec<Identity>,
    tickets: i64,
    messages: i64,
    orders: i64,
}

async fn preview(
    who: Who,
    State(app): State<App>,
    Id(id): Id<CustomerId>,
    Params(query): Params<Merge>,
) -> Result<Json<Preview>> {
    who.may(Permission::CustomersRead)?;
    let from = customers::show(app.db(), id).await?;
    let into = customers::show(app.db(), query.into).await.map_err(no_customer)?;
    check(&from, &into)?;
    let Facts { name, language, note, .. } = together(&from, &into)?;
    let weight = app.db().one(WEIGHT, args![id]).await?;
    Ok(Json(Preview {
        name,
        language,
        note,
        identities: from.identities.clone(),
        tickets: weight.int("tickets")?,
        messages: weight.int("messages")?,
        orders: weight.int("orders")?,
        from,
        into,
    }))
}

fn no_customer(error: Error) -> Error {
    match error {
        Error::NotFound => Error::invalid("into", "is no customer"),
        other => other,
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CustomersMerged")]
struct Merged {
    /// What `DELETE /customer-merges/{id}` undoes.
    id: i64,
    customer: Customer,
}

async fn create(
    who: Who,
    State(app): State<App>,
    Id(id): Id<CustomerId>,
    Body(body): Body<Merge>,
) -> Result<Created<Merged>> {
    who.may(Permission::CustomersWrite)?;
    let mut tx = who.begin(&app).await?;
    tx.one("SELECT id FROM customers WHERE id = $1", args![id]).await?;
    let (from, into) = find_both(&mut tx, id, body.into).await.map_err(no_customer)?;
    let (customer, id) = merge(&mut tx, &who, from, into).await?;
    tx.created(Merged { id, customer }).await
}

async fn destroy(who: Who, State(app): State<App>, Id(id): Id<i64>) -> Result<Json<Customer>> {
    who.may(Permission::CustomersWrite)?;
    let mut tx = who.begin(&app).await?;
    let customer = unmerge(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(customer))
}
