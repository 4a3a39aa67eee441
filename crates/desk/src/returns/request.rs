//! Somebody asks to send something back. What the policy says is decided here again, whatever the pages showed, and the
//! order is held meanwhile: no piece comes back twice, however many ask at once.

use std::collections::{HashMap, HashSet};

use base::{App, DAY, Error, Result, Row, Stamp, Tx, args};
use connectors::{
    action::{Wished, worth},
    order::{Order, Pieces},
};
use serde_json::json;

use super::{
    Kept, Return, State, deadline,
    letters::{Letter, tell},
    moves,
    policy::{Facts, Item, Method, Offer, Outcome, Release, Verdict, Whole, decide, right},
};
use crate::{
    Event,
    customers::CustomerId,
    inboxes,
    orders::{self, Known, OrderId},
    tickets::{self, NewTicket, Priority, Status},
};

/// Lines of one return.
const MOST_ITEMS: usize = 100;

/// What somebody asks for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The same for the same form sent again.
    pub key: String,
    /// As [`draw`] gave it.
    pub number: String,
    pub order: OrderId,
    pub outcome: Outcome,
    /// None: the first that can be had.
    pub method: Option<Method>,
    pub items: Vec<AskedItem>,
    pub language: String,
    /// Where letters go, where the order does not say.
    pub email: Option<String>,
    /// They withdraw by law: for a refund, without a reason.
    pub withdrawal: bool,
}

#[derive(Debug, Clone)]
pub struct AskedItem {
    pub line: String,
    pub quantity: i64,
    pub reason: String,
    pub comment: Option<String>,
    pub wished: Option<Wished>,
}

/// A number for a new return.
pub fn draw(app: &App) -> Result<String> {
    let mut random = [0; 7];
    app.secrets().fill(&mut random)?;
    Ok(super::number(random))
}

/// One item with what was decided about it.
struct Decided {
    item: AskedItem,
    worth: i64,
    offer: Offer,
}

pub async fn request(tx: &mut Tx, kept: &Kept, asked: Asked) -> Result<Return> {
    // Whoever sends the same form again waits here for the first time to end.
    let known = orders::find(tx, asked.order).await?;
    if let Some(row) = tx.opt("SELECT * FROM returns WHERE key = $1", args![&asked.key]).await? {
        return super::read(&row);
    }
    if asked.items.is_empty() || asked.items.len() > MOST_ITEMS {
        return Err(Error::invalid("items", format!("must be 1 to {MOST_ITEMS}")));
    }
    let whole = facts(tx, kept, &known).await?;
    let left = available(tx, &known).await?;
    let mut decided = Vec::new();
    let mut seen = HashSet::new();
    for (place, item) in asked.items.iter().enumerate() {
        if !seen.insert(&item.line) {
            return Err(Error::invalid(format!("items[{place}].line"), "stands here twice; add the pieces up"));
        }
        decided.push(decide_one(kept, &known.order, &whole, &left, &asked, place, item)?);
    }
    let method = method(&asked, &decided)?;
    let made = insert(tx, kept, &known, &asked, &decided, method).await?;
    for Decided { item, worth, offer } in &decided {
        insert_line(tx, &made, &known.order, item, *worth, offer).await?;
    }
    let made = open_ticket(tx, made, &known, needs_a_person(&decided)).await?;
    tx.emit(&Event::ReturnRequested {
        id: made.id,
        ticket: made.ticket,
        customer: made.customer,
        number: made.number.clone(),
        order: known.order.number.clone(),
        outcome: made.outcome.as_str().to_owned(),
        withdrawal: made.withdrawal,
    })?;
    if made.withdrawal {
        tell(tx, &made, Letter::Withdrawn).await?;
    }
    if needs_a_person(&decided) {
        tell(tx, &made, Letter::Requested).await?;
        return Ok(made);
    }
    moves::approve(tx, made).await
}

fn needs_a_person(decided: &[Decided]) -> bool {
    decided.iter().any(|one| one.offer.verdict == Verdict::Review)
}

/// What the policy says to one item, with what is wrong with it by name.
fn decide_one(
    kept: &Kept,
    order: &Order,
    whole: &Whole,
    left: &HashMap<String, i64>,
    asked: &Asked,
    place: usize,
    item: &AskedItem,
) -> Result<Decided> {
    let field = |name: &str| format!("items[{place}].{name}");
    let line = order.lines.iter().find(|line| line.id == item.line);
    let line = line.ok_or_else(|| Error::invalid(field("line"), "is no line of this order"))?;
    let left = left.get(&line.id).copied().unwrap_or(0);
    if item.quantity < 1 || item.quantity > left {
        return Err(Error::invalid(field("quantity"), format!("must be 1 to {left}: so many can still come back")));
    }
    if !asked.withdrawal && kept.policy.reason(&item.reason).is_none() {
        return Err(Error::invalid(field("reason"), "is no reason that is asked for"));
    }
    if asked.outcome == Outcome::Exchange && item.wished.is_none() {
        return Err(Error::invalid(field("wished"), "must say what they want instead"));
    }
    let facts = Item::of(order, line, item.quantity, &item.reason);
    let facts = Facts { whole, item: &facts };
    let mut offer = decide(&kept.policy, facts).offer(asked.outcome).clone();
    if asked.withdrawal && right(&kept.policy, facts).holds == super::policy::Holds::No {
        return Err(Error::invalid(field("line"), "cannot be withdrawn from by law any more"));
    }
    if asked.withdrawal && offer.verdict == Verdict::Reject {
        offer.verdict = Verdict::Review;
    }
    if offer.verdict == Verdict::Reject {
        return Err(Error::invalid(field("line"), "is not taken back for this by the shop's policy"));
    }
    let worth = worth(order, &[Pieces { line: line.id.clone(), quantity: item.quantity }])?;
    Ok(Decided { item: item.clone(), worth, offer })
}

/// How it comes back; none where all of it is kept.
fn method(asked: &Asked, decided: &[Decided]) -> Result<Option<Method>> {
    if decided.iter().all(|one| one.offer.keep) {
        return Ok(None);
    }
    let can = |method: Method| decided.iter().all(|one| one.offer.keep || one.offer.methods.contains(&method));
    let first = decided.iter().flat_map(|one| one.offer.methods.iter().copied()).find(|method| can(*method));
    match asked.method {
        Some(method) if can(method) => Ok(Some(method)),
        Some(method) => Err(Error::invalid("method", format!("{method} cannot be had for these items"))),
        // Items whose ways differ go back as the shopper likes.
        None => Ok(Some(first.unwrap_or(Method::Own))),
    }
}

/// Of all items together: a fixed part once, shares of each.
fn fee_and_bonus(decided: &[Decided]) -> (i64, i64) {
    let fees = decided.iter().filter_map(|one| Some((one.offer.fee?, one.worth)));
    let fixed = fees.clone().map(|(fee, _)| fee.amount).max().unwrap_or(0);
    let shares: i64 = fees.map(|(fee, worth)| worth.saturating_mul(fee.percent) / 100).sum();
    let most: i64 = decided.iter().map(|one| one.worth).sum();
    let bonus_fixed = decided.iter().map(|one| one.offer.bonus.amount).max().unwrap_or(0);
    let bonus: i64 = decided.iter().map(|one| one.worth.saturating_mul(one.offer.bonus.percent) / 100).sum();
    ((fixed + shares).min(most), bonus_fixed + bonus)
}

async fn insert(
    tx: &mut Tx,
    kept: &Kept,
    known: &Known,
    asked: &Asked,
    decided: &[Decided],
    method: Option<Method>,
) -> Result<Return> {
    let (fee, bonus) = fee_and_bonus(decided);
    // What hangs on the slowest item hangs on it for all.
    let release = decided.iter().map(|one| one.offer.release).max().unwrap_or(Release::Receipt);
    let buyer = &known.order.buyer;
    let given = asked.email.as_deref().filter(|email| mail::address::check(email).is_ok());
    let email = buyer.email.as_deref().or(given);
    let worth: i64 = decided.iter().map(|one| one.worth).sum();
    let sql = "INSERT INTO returns (shop, number, key, order_id, customer, policy, state, outcome, method, withdrawal,
            release, currency, worth, fee, bonus, email, name, language, requested_at, moved_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $19, $20)
        RETURNING *";
    let now = tx.now();
    // Who withdraws by law is not told that it expires.
    let expires = (method.is_some() && !asked.withdrawal).then(|| deadline(now, kept.policy.send_within));
    let args = args![
        known.shop,
        &asked.number,
        &asked.key,
        known.id,
        known.customer,
        kept.id,
        State::Requested,
        asked.outcome,
        method,
        asked.withdrawal,
        release,
        &known.order.currency,
        worth,
        fee,
        bonus,
        email,
        buyer.name.clone(),
        &asked.language,
        now,
        expires,
    ];
    super::read(&tx.one(sql, args).await?)
}

async fn insert_line(
    tx: &mut Tx,
    made: &Return,
    order: &Order,
    item: &AskedItem,
    worth: i64,
    offer: &Offer,
) -> Result<()> {
    let line = order.lines.iter().find(|line| line.id == item.line).ok_or(Error::NotFound)?;
    let comment = item.comment.as_deref().map(str::trim).filter(|comment| !comment.is_empty());
    let comment = comment.map(|comment| comment.chars().take(2000).collect::<String>());
    let sql = "INSERT INTO return_lines (return_id, line, title, variant_title, sku, picture, quantity, worth, reason,
            comment, wished, offer)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let wished = item.wished.as_ref().map(|wished| json!(wished));
    let args = args![
        made.id,
        &line.id,
        &line.title,
        line.variant_title.clone(),
        line.sku.clone(),
        line.picture.clone(),
        item.quantity,
        worth,
        &item.reason,
        comment,
        wished,
        json!(offer),
    ];
    tx.run(sql, args).await
}

/// Where what happens to it is written down, and its letters and their answers stand.
async fn open_ticket(tx: &mut Tx, made: Return, known: &Known, for_a_person: bool) -> Result<Return> {
    let (Some(customer), Some(inbox)) = (made.customer, inboxes::for_letters(tx, made.shop).await?) else {
        return Ok(made);
    };
    let mut ticket = tickets::open(
        tx,
        NewTicket {
            shop: made.shop,
            subject: format!("{} · {}", made.number, known.order.number),
            customer,
            channel: inbox.channel.clone(),
            inbox: Some(inbox.id),
            language: Some(made.language.clone()),
            status: Status::New,
            priority: Priority::Normal,
            assignee: None,
            team: None,
            tags: vec!["return".to_owned()],
            follows: None,
            why: "return",
        },
    )
    .await?;
    tx.run("UPDATE tickets SET order_id = $1, order_why = 'link' WHERE id = $2", args![known.id, ticket.id]).await?;
    if !for_a_person {
        // Nothing is left to do until goods come.
        tickets::change::set_status(&mut ticket, Status::Pending, tx.now());
        tickets::save(tx, &mut ticket).await?;
    }
    tx.run("UPDATE returns SET ticket = $1 WHERE id = $2", args![ticket.id, made.id]).await?;
    Ok(Return { ticket: Some(ticket.id), ..made })
}

/// What is known of the order and its buyer, from the store, the carriers and this house.
pub async fn facts(tx: &mut Tx, kept: &Kept, known: &Known) -> Result<Whole> {
    let order = delivered(tx, known).await?;
    let mut whole = Whole::of(&order, tx.now(), kept.policy.zone());
    if let Some(customer) = known.customer {
        (whole.returns, whole.customer_value) = history(tx, customer, &known.order.currency).await?;
    }
    Ok(whole)
}

/// The order with what the carriers say of its parcels.
pub async fn delivered(tx: &mut Tx, known: &Known) -> Result<Order> {
    let mut order = known.order.clone();
    let sql = "SELECT external, shipped_at, delivered_at FROM shipments WHERE order_id = $1 AND cancelled = FALSE";
    for row in tx.all(sql, args![known.id]).await? {
        let external = row.text("external")?;
        let time = |row: &Row, name| Ok::<_, Error>(row.opt_int(name)?.map(Stamp));
        if let Some(parcel) = order.shipments.iter_mut().find(|parcel| parcel.id == external) {
            parcel.delivered_at = parcel.delivered_at.or(time(&row, "delivered_at")?);
            parcel.shipped_at = parcel.shipped_at.or(time(&row, "shipped_at")?);
        }
    }
    Ok(order)
}

/// Returns of the last year, and what they bought and kept.
async fn history(tx: &mut Tx, customer: CustomerId, currency: &str) -> Result<(i64, i64)> {
    let sql = "SELECT count(*) AS n FROM returns WHERE customer = $1 AND requested_at > $2 AND state <> $3";
    let since = tx.now() - 365 * DAY;
    let returns = tx.one(sql, args![customer, since, State::Cancelled]).await?.int("n")?;
    let sql = "SELECT CAST(COALESCE(sum(paid - refunded), 0) AS BIGINT) AS value FROM orders
        WHERE customer = $1 AND currency = $2 AND deleted_at IS NULL";
    Ok((returns, tx.one(sql, args![customer, currency]).await?.int("value")?))
}

/// Pieces of each line that can still come back: neither on their way, nor refunded. The order must be held.
pub async fn available(tx: &mut Tx, known: &Known) -> Result<HashMap<String, i64>> {
    let sql = "SELECT l.line,
            CAST(COALESCE(sum(CASE WHEN r.state = $2 AND r.outcome = $3 THEN l.quantity END), 0) AS BIGINT) AS refunded,
            CAST(COALESCE(sum(CASE WHEN NOT (r.state = $2 AND r.outcome = $3) THEN l.quantity END), 0) AS BIGINT) AS held
        FROM return_lines l JOIN returns r ON r.id = l.return_id
        WHERE r.order_id = $1 AND r.state NOT IN ($4, $5, $6) GROUP BY l.line";
    let (done, refund) = (State::Resolved, Outcome::Refund);
    let rows = tx.all(sql, args![known.id, done, refund, State::Declined, State::Expired, State::Cancelled]).await?;
    let mut taken = HashMap::new();
    for row in &rows {
        taken.insert(row.text("line")?, (row.int("refunded")?, row.int("held")?));
    }
    let left = known.order.lines.iter().map(|line| {
        let (refunded, held) = taken.get(&line.id).copied().unwrap_or_default();
        // What a return refunded is counted by the store, too, as soon as it was read from there.
        (line.id.clone(), (line.quantity - line.refunded.max(refunded) - held).max(0))
    });
    Ok(left.collect())
}
