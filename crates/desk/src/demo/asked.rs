//! How much the people of the demo shop may give away, and what waits for a lead.

use base::{Actor, MINUTE, Result, Time, Tx, args};
use connectors::action::{Action, ActionKind};
use serde_json::json;

use super::{plot::Play, rows, stage::Stage};
use crate::{Event, actions::ActionId, agents::Role, orders, tickets::TicketId};

/// What is asked for in cents, and why.
const ASKED: &[(i64, &str)] = &[
    (9_900, "They waited long for an answer, and lost a trip over it: goodwill."),
    (6_500, "It went wrong twice, and they stayed kind about it. Part of the price back."),
];

pub async fn wait(
    tx: &mut Tx,
    stage: &Stage<'_>,
    plays: &[Play],
    ids: &[Option<TicketId>],
    present: Time,
) -> Result<()> {
    let limits = [(Role::Agent, 5_000, 20_000), (Role::Lead, 30_000, 150_000)];
    for (role, once, day) in limits {
        let sql = "INSERT INTO authority (shop, role, kind, currency, once, day) VALUES ($1, $2, $3, 'EUR', $4, $5)";
        tx.run(sql, args![stage.shop.id, role.as_str(), ActionKind::Refund, once, day]).await?;
    }
    // Talks about orders that are worth as much, the newest first.
    let sql = "SELECT o.* FROM orders o WHERE o.number = $1 AND o.status = 'delivered' AND o.paid - o.refunded >= $2";
    let mut asked = ASKED.iter();
    let mut next = asked.next();
    for (play, id) in plays.iter().zip(ids).skip(1) {
        let (Some((amount, reason)), Some(bought), Some(ticket)) = (next, &play.order, id) else { continue };
        let open = "SELECT 1 AS one FROM tickets WHERE id = $1 AND shelf = 'open'";
        if tx.opt(open, args![*ticket]).await?.is_none() {
            continue;
        }
        let Some(row) = tx.opt(sql, args![&bought.number, *amount]).await? else { continue };
        ask(tx, stage, &orders::known(&row)?, *ticket, *amount, reason, present - 50 * MINUTE).await?;
        next = asked.next();
    }
    Ok(())
}

async fn ask(
    tx: &mut Tx,
    stage: &Stage<'_>,
    known: &orders::Known,
    ticket: TicketId,
    amount: i64,
    reason: &str,
    at: Time,
) -> Result<()> {
    let agent = stage.agents[2].id;
    let action: Action =
        serde_json::from_value(json!({ "kind": "refund", "amount": amount, "to": "original", "reason": reason }))?;
    let above = "more than 50.00 EUR at once".to_owned();
    let sql = "INSERT INTO order_actions (order_id, shop, ticket, kind, action, amount, worth, currency, state, key, actor,
            actor_id, role, above, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $6, 'EUR', 'awaiting_approval', $7, 'agent', $8, 'agent', $9, $10) RETURNING id";
    let key = format!("shopbell-demo-{}", known.order.number);
    let args = args![
        known.id,
        known.shop,
        ticket,
        ActionKind::Refund,
        serde_json::to_value(&action)?,
        amount,
        key,
        agent,
        &above,
        at
    ];
    let made: ActionId = tx.one(sql, args).await?.id("id")?;
    tx.run("UPDATE tickets SET order_id = $1, order_why = 'number' WHERE id = $2", args![known.id, ticket]).await?;
    let event = Event::ActionRequested {
        action: made,
        order: known.id,
        ticket: Some(ticket),
        customer: known.customer,
        what: ActionKind::Refund,
        amount,
        currency: "EUR".to_owned(),
        above: Some(above),
    };
    rows::log(tx, at, Actor::Agent(agent.0), &event).await
}
