//! Erasing, some rows at a time: each part and the place of the next one are one transaction, so that whatever ends the
//! server, it goes on where it was. What stays is what was sold and for how much, without anybody; and what people wrote
//! to the shop themselves, which has a reason of its own.

use base::{Actor, App, Job, Result, Tx, args, blob};
use connectors::{action::Action, order::Address, platform::PrivacyKind};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Request, RequestId, Stands, end, find};
use crate::{
    Event,
    customers::{self, CustomerId},
    orders::{self, Known, OrderId},
    stores::{self, Erased, Store, bare, mark_erased},
    tickets::{self, Status, TicketId},
};

/// Rows of one part.
const ORDERS: i64 = 50;
const CALLS: i64 = 100;
const PEOPLE: i64 = 200;
/// A word that is shorter would be found in what it does not stand for.
const SHORTEST: usize = 4;

#[derive(Serialize, Deserialize)]
pub(super) struct Erase {
    pub request: RequestId,
}

impl Job for Erase {
    const NAME: &'static str = "privacy.erase";

    async fn run(self, app: &App) -> Result<()> {
        let mut tx = app.begin(Actor::System).await?;
        let request = find(&mut tx, self.request).await?;
        if request.state != Stands::Open {
            return Ok(());
        }
        let store = stores::find(&mut tx, request.store).await?;
        // Whoever connected it again since has a reason to know its buyers.
        if request.asked == PrivacyKind::Store && store.active {
            end(&mut tx, &request, Stands::Kept).await?;
            return tx.commit().await;
        }
        let (next, place) = match request.step.as_str() {
            "orders" => orders_of(&mut tx, &request).await?,
            "calls" => calls(&mut tx, &request).await?,
            "people" => people(&mut tx, &request, &store).await?,
            "goods" => goods(&mut tx, &request).await?,
            _ => return forget(tx, &request, &store).await,
        };
        let sql = "UPDATE privacy_requests SET step = $1, place = $2 WHERE id = $3";
        tx.run(sql, args![next, place, request.id]).await?;
        tx.enqueue(&self).await?;
        tx.commit().await
    }
}

/// The next step, and where it begins.
type Next = (&'static str, i64);

async fn orders_of(tx: &mut Tx, request: &Request) -> Result<Next> {
    let account = request.buyer.as_ref().and_then(|buyer| buyer.id.clone());
    let customer = match request.customer {
        Some(customer) => Some(customers::survivor(tx, customer).await?.id),
        None => None,
    };
    let all = request.asked == PrivacyKind::Store;
    let rows = if all {
        let sql = "SELECT id FROM orders WHERE store = $1 AND id > $2 ORDER BY id LIMIT $3";
        tx.all(sql, args![request.store, request.place, ORDERS]).await?
    } else {
        // Each along an index of its own: a store may have millions.
        let sql = "SELECT id FROM (SELECT id FROM orders WHERE store = $1 AND account = $4
            UNION SELECT id FROM orders WHERE customer = $5 AND store = $1
            UNION SELECT o.id FROM erasures e JOIN orders o ON o.store = $1 AND o.external = e.external
                WHERE e.request = $6 AND e.what = 'order') named WHERE id > $2 ORDER BY id LIMIT $3";
        let args = args![request.store, request.place, ORDERS, account.unwrap_or_default(), customer, request.id];
        tx.all(sql, args).await?
    };
    for row in &rows {
        let known = orders::find(tx, row.id("id")?).await?;
        if let Some(customer) = known.customer {
            remember(tx, request.id, customer).await?;
        }
        if !all {
            mark_erased(tx, request.store, request.id.0, Erased::Order, &known.order.id).await?;
        }
        order(tx, known).await?;
    }
    let count = i64::try_from(rows.len())?;
    tx.run("UPDATE privacy_requests SET erased = erased + $1 WHERE id = $2", args![count, request.id]).await?;
    if count == ORDERS {
        return Ok(("orders", rows.last().map_or(Ok(0), |row| row.int("id"))?));
    }
    if let Some(customer) = customer {
        remember(tx, request.id, customer).await?;
    }
    Ok(("calls", 0))
}

async fn remember(tx: &mut Tx, request: RequestId, customer: CustomerId) -> Result<()> {
    let sql = "INSERT INTO privacy_customers (request, customer) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    tx.run(sql, args![request, customer]).await
}

/// One order, and all that hangs on it.
async fn order(tx: &mut Tx, known: Known) -> Result<()> {
    let id = known.id;
    let sql = "UPDATE orders SET data = $1, customer = NULL, account = NULL WHERE id = $2";
    tx.run(sql, args![json!(bare(known.order)), id]).await?;
    for sql in [
        "UPDATE shipments SET number = NULL, number_key = NULL, url = NULL WHERE order_id = $1",
        "UPDATE scans SET text = NULL, place = NULL
            WHERE shipment IN (SELECT id FROM shipments WHERE order_id = $1)",
        "DELETE FROM tracking_codes WHERE order_id = $1",
        "UPDATE order_updates SET state = 'refused', why = 'It was erased.' WHERE order_id = $1 AND state = 'queued'",
        "UPDATE order_updates SET recipient = '', subject = '', text = '', html = '' WHERE order_id = $1",
        "UPDATE return_lines SET comment = NULL, note = NULL
            WHERE return_id IN (SELECT id FROM returns WHERE order_id = $1)",
        "UPDATE returns SET email = NULL, name = NULL, customer = NULL WHERE order_id = $1",
    ] {
        tx.run(sql, args![id]).await?;
    }
    pictures(tx, id).await?;
    actions(tx, id).await
}

/// What was done stays; where it was sent, what was noted, and why it was done, goes. What waits is not done any more.
async fn actions(tx: &mut Tx, order: OrderId) -> Result<()> {
    let sql = "UPDATE order_actions SET state = 'withdrawn', ended_at = $1
        WHERE order_id = $2 AND state IN ('awaiting_approval', 'queued') RETURNING id, ticket";
    let now = tx.now();
    for row in tx.all(sql, args![now, order]).await? {
        tx.emit(&Event::ActionWithdrawn { action: row.id("id")?, order, ticket: row.opt_id("ticket")? })?;
    }
    let sql = "SELECT id, action FROM order_actions WHERE order_id = $1 AND state <> 'running'";
    for row in tx.all(sql, args![order]).await? {
        let mut action: Action = row.json("action")?;
        match &mut action {
            Action::ChangeAddress { address } => {
                *address = Address { country: std::mem::take(&mut address.country), ..Address::default() };
            }
            Action::Note { text } => text.clear(),
            Action::Refund { reason, .. }
            | Action::Cancel { reason, .. }
            | Action::Replacement { reason, .. }
            | Action::StoreCredit { reason, .. }
            | Action::Hold { reason }
            | Action::Return { reason, .. }
            | Action::Exchange { reason, .. } => reason.clear(),
            Action::Tag { .. } | Action::ResendConfirmation | Action::Discount { .. } | Action::Release => continue,
        }
        let id = row.int("id")?;
        let sql = "UPDATE order_actions SET action = $1, decision_note = NULL WHERE id = $2";
        tx.run(sql, args![json!(action), id]).await?;
    }
    Ok(())
}

/// The pictures of an order's returns, and their bytes once nothing else names them.
async fn pictures(tx: &mut Tx, order: OrderId) -> Result<()> {
    let sql = "DELETE FROM return_pictures WHERE return_id IN (SELECT id FROM returns WHERE order_id = $1)
        RETURNING blob";
    for row in tx.all(sql, args![order]).await? {
        let blob = row.text("blob")?;
        tx.run("DELETE FROM attachments WHERE blob = $1 AND message IS NULL", args![&blob]).await?;
        blob::stray(tx, &blob).await?;
    }
    Ok(())
}

/// What the log says of a ticket in words.
async fn unsay(tx: &mut Tx, ticket: TicketId) -> Result<()> {
    let sql = "SELECT seq, data FROM events WHERE ticket = $1 ORDER BY seq";
    for row in tx.all(sql, args![ticket]).await? {
        let mut data: serde_json::Value = row.json("data")?;
        let before = data.clone();
        for word in ["subject", "snippet"] {
            if let Some(said) = data.get_mut(word) {
                *said = "".into();
            }
        }
        if let Some(changes) = data.get_mut("changes").and_then(|changes| changes.as_object_mut()) {
            changes.remove("subject");
        }
        if data != before {
            let seq = row.int("seq")?;
            tx.run("UPDATE events SET data = $1 WHERE seq = $2", args![data, seq]).await?;
        }
    }
    Ok(())
}

/// Tickets that we opened about them, and in which they never wrote: what we wrote is emptied, and nothing is left to do.
async fn our_tickets(tx: &mut Tx, id: CustomerId) -> Result<()> {
    let sql = "SELECT id FROM tickets t WHERE customer = $1
        AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.ticket = t.id AND m.direction = 'in')";
    for row in tx.all(sql, args![id]).await? {
        let ticket: TicketId = row.id("id")?;
        let sql = "DELETE FROM attachments WHERE message IN (SELECT id FROM messages WHERE ticket = $1) RETURNING blob";
        for row in tx.all(sql, args![ticket]).await? {
            blob::stray(tx, &row.text("blob")?).await?;
        }
        let sql = "UPDATE messages SET text = '', html = NULL, subject = NULL, quoted = NULL, quoted_html = NULL,
            parties = $2 WHERE ticket = $1";
        tx.run(sql, args![ticket, json!({ "from": null, "reply_to": null })]).await?;
        tx.run("DELETE FROM participants WHERE ticket = $1", args![ticket]).await?;
        unsay(tx, ticket).await?;
        tx.run("UPDATE tickets SET subject = 'Erased', snippet = '' WHERE id = $1", args![ticket]).await?;
        let mut known = tickets::find(tx, ticket).await?;
        if !matches!(known.status, Status::Solved | Status::Closed) {
            tickets::change::set_status(&mut known, Status::Solved, tx.now());
        }
        tickets::save(tx, &mut known).await?;
    }
    Ok(())
}

/// Raw calls that name the person or their orders; of a store that is forgotten, all. Their keys stay, so that one that is
/// delivered again is known.
async fn calls(tx: &mut Tx, request: &Request) -> Result<Next> {
    let all = request.asked == PrivacyKind::Store;
    let sql = "SELECT id, state, body FROM store_calls WHERE store = $1 AND id > $2 ORDER BY id LIMIT $3";
    let rows = tx.all(sql, args![request.store, request.place, CALLS]).await?;
    let needles = if all { Vec::new() } else { needles(tx, request).await? };
    for row in &rows {
        let (id, body) = (row.int("id")?, row.bytes("body")?);
        // What is not read yet is taken in without them, and emptied then.
        let is_read = row.text("state")? != "waiting";
        if all || is_read && needles.iter().any(|needle| holds(&body, needle.as_bytes())) {
            let sql = "UPDATE store_calls SET body = $1, headers = '[]',
                state = CASE WHEN state = 'waiting' THEN 'done' ELSE state END WHERE id = $2";
            tx.run(sql, args![Vec::<u8>::new(), id]).await?;
        }
    }
    Ok(match rows.last() {
        Some(last) if i64::try_from(rows.len())? == CALLS => ("calls", last.int("id")?),
        _ => ("people", 0),
    })
}

/// What a call about them says: their account, their addresses, the numbers of their orders.
async fn needles(tx: &mut Tx, request: &Request) -> Result<Vec<String>> {
    let sql = "SELECT external FROM erasures WHERE request = $1";
    let rows = tx.all(sql, args![request.id]).await?;
    let ids = rows.iter().map(|row| row.text("external")).collect::<Result<Vec<_>>>()?;
    let buyer = request.buyer.clone().unwrap_or_default();
    let all = ids.into_iter().chain([buyer.id, buyer.email, buyer.phone].into_iter().flatten());
    // Of `gid://shop/Order/1234` calls often say the number only.
    let short = all.map(|text| text.rsplit('/').next().unwrap_or_default().to_owned());
    Ok(short.filter(|text| text.len() >= SHORTEST).collect())
}

fn holds(body: &[u8], needle: &[u8]) -> bool {
    body.windows(needle.len()).any(|part| part.eq_ignore_ascii_case(needle))
}

/// Of a store that is forgotten: whose accounts it named, or who was known by it alone.
async fn people(tx: &mut Tx, request: &Request, store: &Store) -> Result<Next> {
    if request.asked != PrivacyKind::Store {
        return Ok(("customers", 0));
    }
    let sql = "SELECT 1 AS one FROM stores WHERE platform = $1 AND id <> $2 LIMIT 1";
    let alone = tx.opt(sql, args![&store.platform, store.id]).await?.is_none();
    let sql = "SELECT id, customer, kind, value, source FROM identities WHERE id > $1 ORDER BY id LIMIT $2";
    let rows = tx.all(sql, args![request.place, PEOPLE]).await?;
    for row in &rows {
        let is_account = row.text("kind")? == "shop_account" && store.account_id(&row.text("value")?).is_some();
        if is_account || (alone && row.text("source")? == store.platform) {
            remember(tx, request.id, row.id("customer")?).await?;
        }
    }
    Ok(match rows.last() {
        Some(last) if i64::try_from(rows.len())? == PEOPLE => ("people", last.int("id")?),
        _ => ("goods", 0),
    })
}

/// Of a store that is forgotten: what it sells.
async fn goods(tx: &mut Tx, request: &Request) -> Result<Next> {
    let sql = "DELETE FROM products WHERE id IN (SELECT id FROM products WHERE store = $1 ORDER BY id LIMIT $2)
        RETURNING id";
    let gone = tx.all(sql, args![request.store, PEOPLE]).await?.len();
    Ok((if i64::try_from(gone)? == PEOPLE { "goods" } else { "customers" }, 0))
}

/// The people themselves, as far as there is no other reason to know them; the last step.
async fn forget(mut tx: Tx, request: &Request, store: &Store) -> Result<()> {
    let sql = "SELECT customer FROM privacy_customers WHERE request = $1 ORDER BY customer LIMIT $2";
    let rows = tx.all(sql, args![request.id, ORDERS]).await?;
    for row in &rows {
        let id: CustomerId = row.id("customer")?;
        if has_reason(&mut tx, id).await? {
            forget_accounts(&mut tx, id, request, store).await?;
        } else {
            our_tickets(&mut tx, id).await?;
            customers::erase(&mut tx, id).await?;
        }
        let sql = "DELETE FROM privacy_customers WHERE request = $1 AND customer = $2";
        tx.run(sql, args![request.id, id]).await?;
    }
    if i64::try_from(rows.len())? == ORDERS {
        tx.enqueue(&Erase { request: request.id }).await?;
        return tx.commit().await;
    }
    if request.asked == PrivacyKind::Store {
        stores::empty(&mut tx, store).await?;
    }
    end(&mut tx, request, Stands::Done).await?;
    tx.commit().await
}

/// They wrote to the shop, came to its chat, bought elsewhere, or agreed to something: that is no store's to take back.
async fn has_reason(tx: &mut Tx, id: CustomerId) -> Result<bool> {
    for sql in [
        "SELECT 1 AS one FROM tickets t WHERE customer = $1
            AND EXISTS (SELECT 1 FROM messages m WHERE m.ticket = t.id AND m.direction = 'in') LIMIT 1",
        "SELECT 1 AS one FROM orders WHERE customer = $1 LIMIT 1",
        "SELECT 1 AS one FROM visits WHERE customer = $1 LIMIT 1",
        "SELECT 1 AS one FROM customer_consents WHERE customer = $1 AND withdrawn_at IS NULL LIMIT 1",
        "SELECT 1 AS one FROM customers WHERE id = $1 AND merged_into IS NOT NULL LIMIT 1",
    ] {
        if tx.opt(sql, args![id]).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn forget_accounts(tx: &mut Tx, id: CustomerId, request: &Request, store: &Store) -> Result<()> {
    let customer = customers::look(tx, id).await?;
    let account = request.buyer.as_ref().and_then(|buyer| buyer.id.as_ref()).map(|id| store.account(id));
    let all = request.asked == PrivacyKind::Store;
    for identity in customer.identities.iter().filter(|identity| identity.kind == customers::IdentityKind::ShopAccount)
    {
        let theirs =
            if all { store.account_id(&identity.value).is_some() } else { Some(&identity.value) == account.as_ref() };
        if theirs {
            customers::forget_account(tx, id, &identity.value).await?;
        }
    }
    Ok(())
}
