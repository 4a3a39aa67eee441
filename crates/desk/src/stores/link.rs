//! Which order a ticket is about: the one whose number the shopper wrote, if it is theirs, or the one that an agent picks.

use std::{future::Future, pin::Pin, sync::Arc};

use aide::axum::{ApiRouter, routing::put_with};
use axum::{Json, extract::State};
use base::{
    App, Error, Feature, Listener, Result, Tx, args,
    db::Param,
    events::Recorded,
    web::{Body, Gone, Id},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Event,
    agents::{Permission, Who},
    orders::{self, OrderId, numbers_in},
    tickets::{self, TicketId},
};

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new().api_route(
        "/tickets/{id}/order",
        put_with(update, |op| op.summary("Say which order a ticket is about"))
            .delete_with(destroy, |op| op.summary("Say that a ticket is about no order")),
    );
    Feature { routes, listeners: vec![Arc::new(Numbers)], ..Feature::default() }
}

/// Hears what shoppers write.
struct Numbers;

impl Listener for Numbers {
    fn name(&self) -> &'static str {
        "orders"
    }

    fn hear<'a>(
        &'a self,
        _: &'a App,
        tx: &'a mut Tx,
        events: &'a [Recorded],
    ) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>> {
        Box::pin(async move {
            for event in events.iter().filter(|event| event.kind == "message.received") {
                let (Some(ticket), Some(message)) = (event.ticket, event.data["message"].as_i64()) else { continue };
                if event.data["direction"] == "in" {
                    by_number(tx, TicketId(ticket), message).await?;
                }
            }
            Ok(())
        })
    }
}

/// Links the newest order whose number stands in the message, if it is the shopper's own: a number is quickly guessed.
async fn by_number(tx: &mut Tx, ticket: TicketId, message: i64) -> Result<()> {
    let sql = "SELECT m.subject, m.text, t.shop, t.customer FROM messages m JOIN tickets t ON t.id = m.ticket
        WHERE m.id = $1 AND t.id = $2 AND t.order_id IS NULL AND t.spam = FALSE";
    let Some(row) = tx.opt(sql, args![message, ticket]).await? else { return Ok(()) };
    let mut numbers = numbers_in(&row.opt_text("subject")?.unwrap_or_default());
    numbers.extend(numbers_in(&row.text("text")?));
    if numbers.is_empty() {
        return Ok(());
    }
    let marks: Vec<_> = (3..numbers.len() + 3).map(|place| format!("${place}")).collect();
    let sql = format!(
        "SELECT id, number FROM orders WHERE number_key IN ({}) AND shop = $1 AND customer = $2 AND deleted_at IS NULL
        ORDER BY id DESC LIMIT 1",
        marks.join(", ")
    );
    let mut args = args![row.int("shop")?, row.int("customer")?];
    args.extend(numbers.into_iter().map(Param::value));
    if let Some(order) = tx.opt(&sql, args).await? {
        set(tx, ticket, Some((order.id("id")?, order.text("number")?)), "number").await?;
    }
    Ok(())
}

/// What a ticket is about from now on.
pub async fn set(tx: &mut Tx, ticket: TicketId, order: Option<(OrderId, String)>, why: &str) -> Result<()> {
    let (id, number) = order.unzip();
    let sql = "UPDATE tickets SET order_id = $1, order_why = $2 WHERE id = $3 AND
        (order_id IS NULL OR $1 IS NULL OR order_id <> $1) RETURNING id";
    if tx.opt(sql, args![id, why, ticket]).await?.is_none() {
        return Ok(());
    }
    tx.emit(&Event::TicketOrderLinked { ticket, order: id, number, why: why.to_owned() })
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Pick {
    order: OrderId,
}

#[derive(Serialize, JsonSchema)]
struct Linked {
    order: OrderId,
    number: String,
    why: &'static str,
}

async fn update(
    who: Who,
    State(app): State<App>,
    Id(id): Id<TicketId>,
    Body(body): Body<Pick>,
) -> Result<Json<Linked>> {
    who.may(Permission::TicketsWrite)?;
    let mut tx = who.begin(&app).await?;
    let ticket = tickets::find(&mut tx, id).await?;
    let order = match orders::find(&mut tx, body.order).await {
        Ok(order) if order.shop == ticket.shop => order,
        Ok(_) | Err(Error::NotFound) => return Err(Error::invalid("order", "is no order of this ticket's shop")),
        Err(other) => return Err(other),
    };
    set(&mut tx, id, Some((order.id, order.order.number.clone())), "picked").await?;
    tx.commit().await?;
    Ok(Json(Linked { order: order.id, number: order.order.number, why: "picked" }))
}

async fn destroy(who: Who, State(app): State<App>, Id(id): Id<TicketId>) -> Result<Gone> {
    who.may(Permission::TicketsWrite)?;
    let mut tx = who.begin(&app).await?;
    tickets::find(&mut tx, id).await?;
    set(&mut tx, id, None, "picked").await?;
    tx.commit().await?;
    Ok(Gone)
}
