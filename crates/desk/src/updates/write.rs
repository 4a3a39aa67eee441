//! Writing a message about an order: whether it is still wanted is asked when it is due.

use base::{Actor, App, DAY, Feature, Job, JobSpec, Result, Time, Tx, args};
use connectors::order::OrderState;
use serde::{Deserialize, Serialize};

use super::{Kind, LETTER, Settings, UpdateId, send::Send};
use crate::{
    customers::{self, Customer},
    inboxes,
    letters::Written,
    orders::{self, Known, OrderId},
    shipments::{self, peace::Peace, words::Told},
    shops,
};

/// What was placed longer ago was told by somebody else: the store has just been connected.
const OLD: Time = 2 * DAY;
/// A parcel that left longer ago needs no word that it did.
const LONG_GONE: Time = 7 * DAY;

pub(super) fn feature() -> Feature {
    Feature { jobs: vec![JobSpec::of::<Write>()], ..Feature::default() }
}

#[derive(Serialize, Deserialize)]
pub(super) struct Write {
    pub order: OrderId,
    pub kind: Kind,
    pub part: String,
    /// Its days are over.
    pub due: bool,
}

impl Job for Write {
    const NAME: &'static str = "updates.write";

    async fn run(self, app: &App) -> Result<()> {
        let mut tx = app.begin(Actor::System).await?;
        let known = orders::find(&mut tx, self.order).await?;
        let settings = Settings::of(&mut tx, known.shop).await?;
        let Some(choice) = settings.choice(self.kind) else { return Ok(()) };
        let shop = shops::find(&mut tx, known.shop).await?;
        let peace = Peace::of(&mut tx, known.shop).await?;
        let now = tx.now();
        let later = choice.after(self.kind);
        let wait = if self.kind.is_extra() && !self.due { Some(now + later) } else { None };
        if let Some(at) = wait.or_else(|| peace.quiet_until(now, &shop.zone())) {
            tx.enqueue_at(at, &Self { due: true, ..self }).await?;
            return tx.commit().await;
        }
        if !self.is_wanted(&mut tx, &known).await? {
            return Ok(());
        }
        let Some(customer) = known.customer else { return Ok(()) };
        let customer = customers::survivor(&mut tx, customer).await?;
        let Some(address) = shipments::address(&mut tx, &known, &customer).await? else { return Ok(()) };
        if self.kind.is_extra() && !agreed(&mut tx, &known, &customer).await? {
            return Ok(());
        }
        if !self.is_waited_for() && peace.is_enough(&mut tx, &address, customer.id).await? {
            return Ok(());
        }
        let Some(inbox) = inboxes::for_letters(&mut tx, known.shop).await? else { return Ok(()) };
        let language = known.order.language.as_ref().or(customer.language.as_ref()).unwrap_or(&shop.language).clone();
        let told = Told {
            known: &known,
            parcel: None,
            customer: Some(&customer),
            shop: &shop,
            language: &language,
            letter: LETTER,
            kind: self.kind.as_str(),
            to: Some(&address),
        };
        let written = told.written(app, &choice.texts).await?;
        let sql =
            "INSERT INTO order_updates (order_id, kind, part, inbox, recipient, language, subject, text, html, state,
                created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'queued', $10)
            ON CONFLICT (order_id, kind, part) DO NOTHING RETURNING id";
        let Written { subject, text, html } = written;
        let args = args![self.order, self.kind, &self.part, inbox.id, address, language, subject, text, html, now];
        let Some(row) = tx.opt(sql, args).await? else { return Ok(()) };
        let update: UpdateId = row.id("id")?;
        tx.enqueue(&Send { update }).await?;
        tx.commit().await
    }
}

impl Write {
    /// What the shopper waits for is told however much was told before.
    fn is_waited_for(&self) -> bool {
        matches!(self.kind, Kind::Confirmed | Kind::Shipped | Kind::Refunded)
    }

    /// Whether it is still so, and still news.
    async fn is_wanted(&self, tx: &mut Tx, known: &Known) -> Result<bool> {
        let order = &known.order;
        let now = tx.now();
        let cancelled = order.state == OrderState::Cancelled;
        if known.deleted_at.is_some() || (cancelled && self.kind != Kind::Refunded) {
            return Ok(false);
        }
        let is_older = |at: Option<base::Stamp>, than: Time| at.is_some_and(|at| at.0 < now - than);
        Ok(match self.kind {
            Kind::Confirmed => !is_older(order.placed_at, OLD),
            Kind::Shipped | Kind::OutForDelivery | Kind::Delivered => {
                let sql = "SELECT status, shipped_at, delivered_at FROM shipments WHERE id = $1 AND cancelled = FALSE";
                let parcel: i64 = self.part.parse().unwrap_or_default();
                let Some(row) = tx.opt(sql, args![parcel]).await? else { return Ok(false) };
                let (status, delivered) = (row.text("status")?, row.opt_int("delivered_at")?);
                let long_gone = row.opt_int("shipped_at")?.is_some_and(|at| at < now - LONG_GONE);
                match self.kind {
                    Kind::Shipped => !long_gone && delivered.is_none(),
                    Kind::OutForDelivery => status == "out_for_delivery",
                    _ => delivered.is_none_or(|at| at >= now - OLD),
                }
            }
            Kind::Refunded => order.totals.refunded > 0,
            // Nobody is thanked while something is wrong.
            Kind::Thanks | Kind::Care => {
                let sql = "SELECT 1 AS one FROM tickets WHERE order_id = $1 AND status NOT IN ('solved', 'closed')
                    AND spam = FALSE AND merged_into IS NULL LIMIT 1";
                order.totals.refunded == 0 && tx.opt(sql, args![self.order]).await?.is_none()
            }
        })
    }
}

/// Whether they agreed to be written to beyond what they wait for.
async fn agreed(tx: &mut Tx, known: &Known, customer: &Customer) -> Result<bool> {
    let sql = "SELECT withdrawn_at FROM customer_consents WHERE customer = $1 AND what IN ('marketing', 'newsletter')
        ORDER BY id DESC LIMIT 1";
    let said = tx.opt(sql, args![customer.id]).await?.map(|row| row.opt_int("withdrawn_at")).transpose()?;
    Ok(match said {
        Some(withdrawn) => withdrawn.is_none(),
        None => known.order.buyer.accepts_marketing == Some(true),
    })
}
