//! What is wrong with parcels: a list for the team, and one message to the shopper for each parcel and reason, in a ticket
//! that knows the order.

use base::{Actor, App, Db, Job, Result, Row, Stamp, Tx, args};
use connectors::channel::Party;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Rules, Shipment, ShipmentId, find,
    peace::Peace,
    rules,
    words::{Texts, Told},
};
use crate::{
    Event,
    customers::{self, Customer},
    inboxes, messages,
    orders::{self, Known},
    shops,
    tickets::{self, NewTicket, Priority, Status, TicketId},
};

base::words!(
    Reason {
        /// A label was made, and the carrier does not have the parcel.
        NotHandedOver = "not_handed_over",
        /// It is on its way, and nothing is heard of it.
        NoNews = "no_news",
        /// The day that was named first is over.
        Late = "late",
        /// The carrier says that something is wrong.
        Exception = "exception",
    }
);

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "ParcelTrouble")]
pub struct Trouble {
    pub reason: Reason,
    pub found_at: Stamp,
    /// Since when it is no more.
    pub ended_at: Option<Stamp>,
    /// When somebody of the team took care of it.
    pub dismissed_at: Option<Stamp>,
    /// The ticket in which the shopper was told of it, or was in already.
    pub ticket: Option<TicketId>,
    /// When the shopper was told by us.
    pub told_at: Option<Stamp>,
}

/// The letter in our words.
pub(super) const LETTER: &str = "parcel";
/// Who does not want to hear of their orders has taken this consent back.
const CONSENT: &str = "order_messages";

/// Newest first.
pub(super) async fn of(db: &Db, shipment: ShipmentId) -> Result<Vec<Trouble>> {
    let sql = "SELECT * FROM shipment_troubles WHERE shipment = $1 ORDER BY found_at DESC, id DESC";
    db.all(sql, args![shipment]).await?.iter().map(trouble).collect()
}

pub(super) fn trouble(row: &Row) -> Result<Trouble> {
    Ok(Trouble {
        reason: row.word("reason")?,
        found_at: Stamp(row.int("found_at")?),
        ended_at: row.opt_int("ended_at")?.map(Stamp),
        dismissed_at: row.opt_int("dismissed_at")?.map(Stamp),
        ticket: row.opt_id("ticket")?,
        told_at: row.opt_int("told_at")?.map(Stamp),
    })
}

pub(super) async fn open_reasons(tx: &mut Tx, shipment: ShipmentId) -> Result<Vec<Reason>> {
    let sql = "SELECT reason FROM shipment_troubles WHERE shipment = $1 AND ended_at IS NULL";
    tx.all(sql, args![shipment]).await?.iter().map(|row| row.word("reason")).collect()
}

/// It is wrong no more.
pub(super) async fn end(tx: &mut Tx, parcel: &Shipment, reason: Reason) -> Result<()> {
    let sql = "UPDATE shipment_troubles SET ended_at = $1 WHERE shipment = $2 AND reason = $3 AND ended_at IS NULL
        RETURNING dismissed_at";
    let now = tx.now();
    match tx.opt(sql, args![now, parcel.id, reason]).await? {
        Some(row) if row.opt_int("dismissed_at")?.is_none() => say_ended(tx, parcel, reason),
        _ => Ok(()),
    }
}

/// Somebody of the team took care of what is wrong: it leaves their list, and comes back only once it was right and is
/// wrong again.
pub(super) async fn dismiss(tx: &mut Tx, parcel: &Shipment) -> Result<()> {
    let sql = "UPDATE shipment_troubles SET dismissed_at = $1
        WHERE shipment = $2 AND ended_at IS NULL AND dismissed_at IS NULL RETURNING reason";
    let now = tx.now();
    for row in tx.all(sql, args![now, parcel.id]).await? {
        say_ended(tx, parcel, row.word("reason")?)?;
    }
    Ok(())
}

fn say_ended(tx: &mut Tx, parcel: &Shipment, reason: Reason) -> Result<()> {
    let (shipment, order, customer) = (parcel.id, parcel.order, parcel.customer);
    tx.emit(&Event::ShipmentTroubleEnded { shipment, order, customer, reason: reason.to_string() })
}

/// Something is wrong with a parcel: the team sees it, and the shopper is told, if the shop wants that. Whoever was told
/// of it once is not told again when it comes back.
pub(super) async fn raise(app: &App, tx: &mut Tx, parcel: &Shipment, reason: Reason, rules: &Rules) -> Result<()> {
    let sql = "INSERT INTO shipment_troubles (shipment, reason, found_at) VALUES ($1, $2, $3)
        ON CONFLICT (shipment, reason) DO UPDATE SET found_at = excluded.found_at, ended_at = NULL, dismissed_at = NULL
        RETURNING *";
    let now = tx.now();
    let row = tx.one(sql, args![parcel.id, reason, now]).await?;
    let (id, known) = (row.int("id")?, trouble(&row)?);
    let mut ticket = known.ticket;
    if ticket.is_none() && rules.tell_shoppers {
        let zone = shops::find(tx, parcel.shop).await?.zone();
        match Peace::of(tx, parcel.shop).await?.quiet_until(now, &zone) {
            // The team knows it already; their night is their own.
            Some(at) => tx.enqueue_at(at, &Say { trouble: id }).await?,
            None => ticket = say(app, tx, parcel, reason, rules, id).await?,
        }
    }
    let (shipment, order, customer) = (parcel.id, parcel.order, parcel.customer);
    tx.emit(&Event::ShipmentTroubled { shipment, order, customer, reason: reason.to_string(), ticket })
}

/// What was found in quiet hours, once they are over.
#[derive(Serialize, Deserialize)]
pub(super) struct Say {
    trouble: i64,
}

impl Job for Say {
    const NAME: &'static str = "shipments.say";

    async fn run(self, app: &App) -> Result<()> {
        let mut tx = app.begin(Actor::System).await?;
        let sql = "SELECT shipment, reason FROM shipment_troubles WHERE id = $1 AND ended_at IS NULL
            AND dismissed_at IS NULL AND ticket IS NULL";
        let Some(row) = tx.opt(sql, args![self.trouble]).await? else { return Ok(()) };
        let id: ShipmentId = row.id("shipment")?;
        // Whoever takes in an order holds its customer before its parcels.
        let whose = "SELECT o.customer FROM shipments s JOIN orders o ON o.id = s.order_id WHERE s.id = $1";
        if let Some(customer) = tx.one(whose, args![id]).await?.opt_id("customer")? {
            customers::survivor(&mut tx, customer).await?;
        }
        let parcel = find(&mut tx, id).await?;
        // Looked at again now that nobody else holds it.
        let Some(row) = tx.opt(sql, args![self.trouble]).await? else { return Ok(()) };
        let rules = rules(&mut tx, parcel.shop).await?;
        if rules.tell_shoppers {
            say(app, &mut tx, &parcel, row.word("reason")?, &rules, self.trouble).await?;
        }
        tx.commit().await
    }
}

async fn say(
    app: &App,
    tx: &mut Tx,
    parcel: &Shipment,
    reason: Reason,
    rules: &Rules,
    trouble: i64,
) -> Result<Option<TicketId>> {
    let told = tell(app, tx, parcel, reason, rules).await?;
    let ticket = told.map(|(ticket, _)| ticket);
    let now = tx.now();
    let told_at = told.filter(|(_, told)| *told).map(|_| now);
    let sql = "UPDATE shipment_troubles SET ticket = $1, told_at = $2 WHERE id = $3";
    tx.run(sql, args![ticket, told_at, trouble]).await?;
    Ok(ticket)
}

/// Writes to the shopper, unless they are in a conversation about this order: then that is the ticket, and nobody is
/// written to. None where there is nobody to write to, or who is not to be written to.
async fn tell(
    app: &App,
    tx: &mut Tx,
    parcel: &Shipment,
    reason: Reason,
    rules: &Rules,
) -> Result<Option<(TicketId, bool)>> {
    let order = orders::known(&tx.one("SELECT * FROM orders WHERE id = $1", args![parcel.order]).await?)?;
    let Some(customer) = order.customer.filter(|_| order.deleted_at.is_none()) else { return Ok(None) };
    let sql = "SELECT id FROM tickets WHERE order_id = $1 AND status NOT IN ('solved', 'closed') AND spam = FALSE
        AND merged_into IS NULL ORDER BY id DESC LIMIT 1";
    if let Some(row) = tx.opt(sql, args![order.id]).await? {
        return Ok(Some((row.id("id")?, false)));
    }
    let customer = customers::survivor(tx, customer).await?;
    let Some(address) = address(tx, &order, &customer).await? else { return Ok(None) };
    if Peace::of(tx, order.shop).await?.is_enough(tx, &address, customer.id).await? {
        return Ok(None);
    }
    let Some(inbox) = inboxes::for_letters(tx, order.shop).await? else { return Ok(None) };
    let shop = shops::find(tx, order.shop).await?;
    let language = order.order.language.as_ref().or(customer.language.as_ref()).unwrap_or(&shop.language).clone();
    let number = order.order.number.clone();
    let told = Told {
        known: &order,
        parcel: Some(parcel),
        customer: Some(&customer),
        shop: &shop,
        language: &language,
        letter: LETTER,
        kind: reason.as_str(),
        to: Some(&address),
    };
    let ours = Texts::new();
    let letter = told.written(app, rules.texts.get(&reason).unwrap_or(&ours)).await?;
    let new = NewTicket {
        shop: order.shop,
        subject: letter.subject.clone(),
        customer: customer.id,
        channel: inbox.channel.clone(),
        inbox: Some(inbox.id),
        language: Some(language.clone()),
        status: Status::Pending,
        priority: Priority::Normal,
        assignee: None,
        team: None,
        tags: Vec::new(),
        follows: None,
        why: "parcel",
    };
    let ticket = tickets::open(tx, new).await?;
    let id = ticket.id;
    tx.run("UPDATE tickets SET order_id = $1, order_why = 'parcel' WHERE id = $2", args![order.id, id]).await?;
    let why = "parcel".to_owned();
    tx.emit(&Event::TicketOrderLinked { ticket: id, order: Some(order.id), number: Some(number), why })?;
    let to = Party { name: order.order.buyer.name.clone(), value: address };
    messages::letter(tx, ticket, &inbox, to, letter, &language).await?;
    Ok(Some((id, true)))
}

/// Where the buyer is written to: as they said with the order, if that is theirs still.
pub async fn address(tx: &mut Tx, order: &Known, customer: &Customer) -> Result<Option<String>> {
    let named = order.order.buyer.email.as_ref().map(|email| email.trim().to_lowercase());
    let named = named.filter(|email| customer.holds("email", email).is_some());
    let Some(address) = named.or_else(|| customer.email().map(str::to_owned)) else { return Ok(None) };
    if customers::is_blocked(tx, customer.id, "email", &address, false).await? {
        return Ok(None);
    }
    let sql = "SELECT withdrawn_at FROM customer_consents WHERE customer = $1 AND what = $2 ORDER BY id DESC LIMIT 1";
    let row = tx.opt(sql, args![customer.id, CONSENT]).await?;
    let taken_back = row.map(|row| row.opt_int("withdrawn_at")).transpose()?.flatten().is_some();
    Ok((!taken_back).then_some(address))
}
