//! Whoever answers a message about an order has a ticket that knows the order; and the desk sees what was told.

use std::{future::Future, pin::Pin, sync::Arc};

use aide::axum::{ApiRouter, routing::get_with};
use axum::{Json, extract::State};
use base::{
    App, Feature, Listener, Result, Tx, args,
    events::Recorded,
    web::{Id, Listing},
};

use super::{Update, update};
use crate::{
    agents::{Permission, Who},
    orders::{self, OrderId},
    stores,
    tickets::TicketId,
};

pub(super) fn feature() -> Feature {
    let of_order = get_with(index, |op| op.summary("What the shopper was told of an order, newest first"));
    Feature {
        routes: ApiRouter::new().api_route("/orders/{id}/updates", of_order),
        listeners: vec![Arc::new(Answers)],
        ..Feature::default()
    }
}

struct Answers;

impl Listener for Answers {
    fn name(&self) -> &'static str {
        "order update answers"
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
                    answered(tx, TicketId(ticket), message).await?;
                }
            }
            Ok(())
        })
    }
}

/// Links the order, if it was told to whoever answers: an id that somebody else saw makes nobody the buyer.
async fn answered(tx: &mut Tx, ticket: TicketId, message: i64) -> Result<()> {
    let sql = "SELECT o.id, o.number FROM messages m
        JOIN order_updates u ON u.external_id = m.in_reply_to
        JOIN orders o ON o.id = u.order_id
        JOIN tickets t ON t.id = m.ticket
        WHERE m.id = $1 AND t.id = $2 AND t.order_id IS NULL AND t.shop = o.shop
            AND u.recipient = lower(m.parties -> 'from' ->> 'value') LIMIT 1";
    let Some(row) = tx.opt(sql, args![message, ticket]).await? else { return Ok(()) };
    stores::link(tx, ticket, Some((row.id("id")?, row.text("number")?)), "link").await
}

async fn index(who: Who, State(app): State<App>, Id(id): Id<OrderId>) -> Result<Json<Listing<Update>>> {
    who.may(Permission::CustomersRead)?;
    orders::get(app.db(), id).await?;
    let sql = "SELECT * FROM order_updates WHERE order_id = $1 ORDER BY id DESC LIMIT 100";
    let data = app.db().all(sql, args![id]).await?.iter().map(update).collect::<Result<_>>()?;
    Ok(Json(Listing { data }))
}
