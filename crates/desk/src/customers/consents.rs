//! What a customer has agreed to: what, when and how; and that they took it back. Nothing of it is ever deleted.

use aide::axum::{
    ApiRouter,
    routing::{delete_with, post_with},
};
use axum::{Json, extract::State};
use base::{
    App, Db, Error, Feature, Result, Row, Stamp, Tx, args,
    web::{Body, Created, Id, Ids},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CustomerId, find};
use crate::{
    Event,
    agents::{AgentId, Permission, Who},
    shops::line,
};

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route("/customers/{id}/consents", post_with(create, |op| op.summary("Note what a customer has agreed to")))
        .api_route(
            "/customers/{id}/consents/{other}",
            delete_with(destroy, |op| op.summary("Note that a customer took a consent back")),
        );
    Feature { routes, ..Feature::default() }
}

base::id!(ConsentId);

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Consent {
    pub id: ConsentId,
    /// What they agreed to, such as `newsletter`.
    pub what: String,
    /// How: where and in which words.
    pub how: String,
    /// Who noted it; null for a program.
    pub agent: Option<AgentId>,
    pub given_at: Stamp,
    pub withdrawn_at: Option<Stamp>,
}

/// More than anybody looks through.
const SHOWN: i64 = 100;

/// Newest first.
pub(super) async fn of(db: &Db, customer: CustomerId) -> Result<Vec<Consent>> {
    let sql = "SELECT * FROM customer_consents WHERE customer = $1 ORDER BY id DESC LIMIT $2";
    db.all(sql, args![customer, SHOWN]).await?.iter().map(consent).collect()
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewConsent")]
struct New {
    what: String,
    how: String,
    /// Absent: now.
    given_at: Option<Stamp>,
}

async fn give(tx: &mut Tx, customer: CustomerId, agent: Option<AgentId>, new: New) -> Result<Consent> {
    // Held: of two at once the second sees the first.
    find(tx, customer).await?.must_stand()?;
    let what = line("what", &new.what, 60)?.to_lowercase();
    let how = line("how", &new.how, 300)?;
    let given_at = new.given_at.map_or(tx.now(), |at| at.0);
    if given_at > tx.now() {
        return Err(Error::invalid("given_at", "must not be in the future"));
    }
    let sql = "SELECT id FROM customer_consents WHERE customer = $1 AND what = $2 AND withdrawn_at IS NULL LIMIT 1";
    if tx.opt(sql, args![customer, &what]).await?.is_some() {
        return Err(Error::conflict("They have agreed to this already, and not taken it back."));
    }
    let sql = "INSERT INTO customer_consents (customer, what, how, agent, given_at) VALUES ($1, $2, $3, $4, $5)
        RETURNING *";
    let given = consent(&tx.one(sql, args![customer, &what, how, agent, given_at]).await?)?;
    tx.run("UPDATE customers SET updated_at = $1 WHERE id = $2", args![tx.now(), customer]).await?;
    tx.emit(&Event::ConsentGiven { customer, consent: given.id.0, what })?;
    Ok(given)
}

/// Takes back what they agreed to, however often it was noted: two who are one now may both have agreed.
async fn withdraw(tx: &mut Tx, customer: CustomerId, id: ConsentId) -> Result<Consent> {
    find(tx, customer).await?.must_stand()?;
    let row = tx.one("SELECT * FROM customer_consents WHERE id = $1 AND customer = $2", args![id, customer]).await?;
    let known = consent(&row)?;
    if known.withdrawn_at.is_some() {
        return Ok(known);
    }
    let sql = "UPDATE customer_consents SET withdrawn_at = $1
        WHERE customer = $2 AND what = $3 AND withdrawn_at IS NULL";
    tx.run(sql, args![tx.now(), customer, &known.what]).await?;
    tx.run("UPDATE customers SET updated_at = $1 WHERE id = $2", args![tx.now(), customer]).await?;
    tx.emit(&Event::ConsentWithdrawn { customer, consent: id.0, what: known.what.clone() })?;
    Ok(Consent { withdrawn_at: Some(Stamp(tx.now())), ..known })
}

fn consent(row: &Row) -> Result<Consent> {
    Ok(Consent {
        id: row.id("id")?,
        what: row.text("what")?,
        how: row.text("how")?,
        agent: row.opt_id("agent")?,
        given_at: Stamp(row.int("given_at")?),
        withdrawn_at: row.opt_int("withdrawn_at")?.map(Stamp),
    })
}

async fn create(
    who: Who,
    State(app): State<App>,
    Id(id): Id<CustomerId>,
    Body(body): Body<New>,
) -> Result<Created<Consent>> {
    who.may(Permission::CustomersWrite)?;
    let mut tx = who.begin(&app).await?;
    let consent = give(&mut tx, id, who.agent, body).await?;
    tx.created(consent).await
}

async fn destroy(who: Who, State(app): State<App>, Ids(id, consent): Ids<i64>) -> Result<Json<Consent>> {
    who.may(Permission::CustomersWrite)?;
    let mut tx = who.begin(&app).await?;
    let consent = withdraw(&mut tx, id.into(), consent.into()).await?;
    tx.commit().await?;
    Ok(Json(consent))
}
