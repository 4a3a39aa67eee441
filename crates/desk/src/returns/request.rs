//! Somebody asks to send something back. What the policy says is decided here again, whatever the pages showed, and the
//! order is held meanwhile: no piece comes back twice, however many ask at once.

use base::{App, Error, Result, Tx, args};
use connectors::{action::Wished, order::Line};
use serde_json::json;

use super::{
    Kept, Return, State, deadline,
    letters::{Letter, tell},
    moves,
    policy::{Method, Offer, Outcome, Release},
    quote::{Decided, Quote, quote},
    swap,
};
use crate::{
    Event, inboxes,
    orders::{self, Known, OrderId},
    tickets::{self, NewTicket, Priority, Status},
    visits,
};

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
    /// They have shown that the order is theirs.
    pub proved: bool,
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

pub async fn request(tx: &mut Tx, kept: &Kept, asked: Asked) -> Result<Return> {
    // Whoever sends the same form again waits here for the first time to end.
    let known = orders::find(tx, asked.order).await?;
    if let Some(row) = tx.opt("SELECT * FROM returns WHERE key = $1", args![&asked.key]).await? {
        return super::read(&row);
    }
    if asked.withdrawal && asked.outcome != Outcome::Refund {
        return Err(Error::invalid("outcome", "must be refund: whoever withdraws by law gets the money back"));
    }
    let policy = &kept.policy;
    let wants_picture = |item: &AskedItem| policy.reason(&item.reason).is_some_and(|reason| reason.photos);
    if !asked.withdrawal && asked.items.iter().any(wants_picture) && visits::kept(tx, &asked.key).await?.is_empty() {
        return Err(Error::invalid("pictures", "must be at least one: the reason asks for it"));
    }
    let Quote { decided, worth, fee, bonus, methods, review, .. } = quote(tx, kept, &known, &asked).await?;
    let method = match asked.method {
        _ if methods.is_empty() => None,
        Some(method) if methods.contains(&method) => Some(method),
        Some(method) => return Err(Error::invalid("method", format!("{method} cannot be had for these items"))),
        None => methods.first().copied(),
    };
    let made = insert(tx, kept, &known, &asked, &decided, (worth, fee, bonus), method).await?;
    for (place, Decided { item, worth, offer, .. }) in decided.iter().enumerate() {
        let line = known.order.lines.iter().find(|line| line.id == item.line).ok_or(Error::NotFound)?;
        let field = format!("items[{place}].wished");
        let cheaper = match &item.wished {
            Some(wished) => swap::cheaper(tx, kept, &known, line, wished, field).await?,
            None => 0,
        };
        insert_line(tx, &made, line, item, (*worth, cheaper), offer).await?;
    }
    let made = open_ticket(tx, made, &known, review).await?;
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
    if review {
        tell(tx, &made, Letter::Requested).await?;
        return Ok(made);
    }
    moves::approve(tx, made).await
}

async fn insert(
    tx: &mut Tx,
    kept: &Kept,
    known: &Known,
    asked: &Asked,
    decided: &[Decided],
    (worth, fee, bonus): (i64, i64, i64),
    method: Option<Method>,
) -> Result<Return> {
    // What hangs on the slowest item hangs on it for all.
    let release = decided.iter().map(|one| one.offer.release).max().unwrap_or(Release::Receipt);
    let buyer = &known.order.buyer;
    let given = asked.email.as_deref().filter(|email| mail::address::check(email).is_ok());
    let email = buyer.email.as_deref().or(given);
    let sql = "INSERT INTO returns (shop, number, key, order_id, customer, policy, state, outcome, method, withdrawal,
            release, currency, worth, fee, bonus, email, name, language, requested_at, moved_at, expires_at,
            proved)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $19, $20, $21)
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
        asked.proved,
    ];
    super::read(&tx.one(sql, args).await?)
}

async fn insert_line(
    tx: &mut Tx,
    made: &Return,
    line: &Line,
    item: &AskedItem,
    (worth, cheaper): (i64, i64),
    offer: &Offer,
) -> Result<()> {
    let comment = item.comment.as_deref().map(str::trim).filter(|comment| !comment.is_empty());
    let comment = comment.map(|comment| comment.chars().take(2000).collect::<String>());
    let sql = "INSERT INTO return_lines (return_id, line, title, variant_title, sku, picture, quantity, worth, reason,
            comment, wished, cheaper, offer)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
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
        cheaper,
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
