//! A shopper writes about their order from its page: that it never came, or anything else. It becomes a ticket that knows
//! the order; said again, it stays one.

use axum::{
    Extension,
    extract::{RawPathParams, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use base::{
    Actor, App, HOUR, Result, Tx, args,
    web::{Caller, Params},
};

use super::{
    Asked, Site, of_token,
    page::shown,
    parcel::{token_of, whole},
    reading::Typed,
    words::Words,
};
use crate::{
    Event,
    customers::{self, CustomerId},
    inboxes, messages,
    orders::Known,
    tickets::{self, NewTicket, Priority, Status, Ticket, TicketId},
    tries::{self, limit},
    visits,
};

/// Characters of a question.
const MOST: usize = 5_000;
/// Questions within an hour: about one order, and from one network address.
const ABOUT_ONE: i64 = 6;
const FROM_ONE: i64 = 20;
/// Why a ticket knows its order.
const WHY: &str = "page";

pub(super) async fn create(
    State(app): State<App>,
    path: RawPathParams,
    Params(asked): Params<Asked>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    typed: Typed,
) -> Response {
    let made = async {
        let token = token_of(&path)?;
        let order = of_token(&app, token).await?;
        let site = Site::of_order(&app, &order, &asked, &headers).await?;
        let text = said(&site, &typed);
        let wrong = match text.chars().count() {
            0 => Some("needed"),
            long if long > MOST => Some("too_long"),
            _ if order.customer.is_none() && mail::address::check(typed.proof.trim()).is_err() => Some("bad_email"),
            _ => None,
        };
        if let Some(key) = wrong {
            let problem = site.words.say(key, &[("n", &MOST.to_string())]);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return whole(&app, &site, &order, token, &asked, Some(problem), status).await;
        }
        let customer = match order.customer {
            Some(customer) => customer,
            None => stranger(&app, &site, &caller, typed.proof.trim()).await?,
        };
        let ticket = take(&app, &site, &order, &caller, customer, typed.about == "missing", text).await?;
        Ok(Redirect::to(&site.order_href(token, "", &format!("&sent={ticket}"))).into_response())
    };
    let made = made.await;
    shown(&app, &asked, &headers, made).await
}

/// What the agents read.
fn said(site: &Site, typed: &Typed) -> String {
    let own = typed.text.replace('\r', "").trim().to_owned();
    if typed.about != "missing" {
        return own;
    }
    let missing = site.words.say("missing_text", &[]);
    if own.is_empty() { missing } else { format!("{missing}\n\n{own}") }
}

/// Whoever asks about an order whose buyer nobody knows, as they say; which proves nothing.
async fn stranger(app: &App, site: &Site, caller: &Caller, address: &str) -> Result<CustomerId> {
    let network = visits::network(app, &caller.network().to_string());
    let mut tx = app.begin(Actor::System).await?;
    tries::count(&mut tx, &[limit(&format!("strangers' questions from {network}"), FROM_ONE, HOUR)]).await?;
    let language = Some(site.words.language);
    let customer = customers::find_or_create(&mut tx, "email", address, None, language, false, "page").await?;
    tx.commit().await?;
    Ok(customer.id)
}

/// Puts it into the ticket that their page or our letter began, as long as that is not closed; else into a new one.
async fn take(
    app: &App,
    site: &Site,
    order: &Known,
    caller: &Caller,
    customer: CustomerId,
    missing: bool,
    text: String,
) -> Result<TicketId> {
    let mut tx = app.begin(Actor::Customer(customer.0)).await?;
    tx.lock(&format!("questions about order {}", order.id)).await?;
    let sql = "SELECT m.ticket FROM messages m JOIN tickets t ON t.id = m.ticket
        WHERE t.order_id = $1 AND m.direction = 'in' AND m.text = $2 AND m.created_at > $3 ORDER BY m.id DESC LIMIT 1";
    let since = tx.now() - HOUR;
    if let Some(row) = tx.opt(sql, args![order.id, &text, since]).await? {
        return row.id("ticket");
    }
    let network = visits::network(app, &caller.network().to_string());
    let limits = [
        limit(&format!("questions from {network}"), FROM_ONE, HOUR),
        limit(&format!("questions about order {}", order.id), ABOUT_ONE, HOUR),
    ];
    tries::count(&mut tx, &limits).await?;
    let customer = customers::survivor(&mut tx, customer).await?;
    let sql = "SELECT id FROM tickets WHERE order_id = $1 AND customer = $2 AND order_why IN ('page', 'parcel')
        AND status <> 'closed' AND merged_into IS NULL ORDER BY id DESC LIMIT 1";
    let ticket = if let Some(row) = tx.opt(sql, args![order.id, customer.id]).await? {
        tickets::find(&mut tx, row.id("id")?).await?
    } else {
        let subject = if missing { "missing_subject" } else { "ask_subject" };
        let priority = if missing { Priority::High } else { Priority::Normal };
        open(&mut tx, &site.words, order, &customer, (subject, priority)).await?
    };
    let id = ticket.id;
    messages::from_page(&mut tx, ticket, text).await?;
    tx.commit().await?;
    Ok(id)
}

pub(super) async fn open(
    tx: &mut Tx,
    words: &Words,
    order: &Known,
    customer: &customers::Customer,
    (subject, priority): (&str, Priority),
) -> Result<Ticket> {
    let number = &order.order.number;
    let subject = words.say(subject, &[("number", number)]);
    let inbox = inboxes::for_letters(tx, order.shop).await?;
    let new = NewTicket {
        shop: order.shop,
        subject,
        customer: customer.id,
        channel: messages::PAGE.to_owned(),
        inbox: inbox.map(|inbox| inbox.id),
        language: Some(words.language.to_owned()),
        status: Status::New,
        priority,
        assignee: None,
        team: None,
        tags: Vec::new(),
        follows: None,
        why: "page",
    };
    let mut ticket = tickets::open(tx, new).await?;
    let address = order.order.buyer.email.as_deref().or(customer.email());
    if let Some(address) = address.filter(|address| mail::address::check(address).is_ok()) {
        tickets::add_participant(tx, ticket.id, "email", address).await?;
        // Saved with its first message.
        ticket.blocked = customers::is_blocked(tx, customer.id, "email", address, false).await?;
        ticket.spam = ticket.blocked;
    }
    tx.run("UPDATE tickets SET order_id = $1, order_why = $2 WHERE id = $3", args![order.id, WHY, ticket.id]).await?;
    let (order, number) = (Some(order.id), Some(number.clone()));
    tx.emit(&Event::TicketOrderLinked { ticket: ticket.id, order, number, why: WHY.to_owned() })?;
    Ok(ticket)
}
