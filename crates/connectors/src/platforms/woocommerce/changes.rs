//! Changes to an order at WooCommerce, and what else it can do: cancelling, addresses, notes, holding, mails, new orders,
//! coupons.

use base::{DAY, Error, Result};
use serde_json::{Value, json};

use super::{
    WooCommerce,
    orders::{self, each, id, meta, moment, text},
    refund::{MARK, Wish, gone},
    settings,
};
use crate::{
    action::{RefundTo, refundable},
    money,
    order::{Address, Order, OrderState, Pieces},
    platform::{Done, Found, Store},
    platforms::call::{code, trace, traced},
};

/// Fields of an order that say which of our actions brought it where it is.
const CANCELLED: &str = "_shopbell_cancel";
const HELD: &str = "_shopbell_hold";

pub fn found(order: &Order) -> Found {
    Found::Done(Done { reference: Some(order.id.clone()), ..Done::default() })
}

fn marked(thing: &Value, field: &str, key: &str) -> bool {
    meta(thing, field).is_some_and(|mark| *mark == *trace(key).as_str())
}

impl WooCommerce {
    /// Two steps where money goes back, each with its own trace: what was done is not done again by the next try.
    pub(super) async fn cancel(
        &self,
        store: &Store,
        key: &str,
        order: &Order,
        refund: bool,
        reason: &str,
    ) -> Result<Done> {
        let now = self.order_now(store, &order.id).await?.ok_or_else(gone)?;
        if now.state == OrderState::Cancelled {
            return Err(Error::refused("The order was cancelled at WooCommerce already"));
        }
        let mut amount = 0;
        if refund {
            amount = match self.refund_done(store, key, &now).await? {
                Found::Done(done) => done.amount,
                Found::Unknown(why) => return Err(Error::upstream(why)),
                Found::NotDone if refundable(&now) > 0 => {
                    let to = RefundTo::Original;
                    let wish = Wish { lines: &[], amount: None, shipping: 0, restock: false, to, reason };
                    self.refund(store, key, &now, &wish).await?.amount
                }
                Found::NotDone => 0,
            };
        }
        let body = json!({ "status": "cancelled", "meta_data": [{ "key": CANCELLED, "value": trace(key) }] });
        self.rest.put(store, &format!("orders/{}", order.id), &body).await?;
        Ok(Done { reference: Some(order.id.clone()), amount, code: None })
    }

    pub(super) async fn cancel_done(&self, store: &Store, key: &str, order: &Order) -> Result<Found> {
        let Some(now) = self.raw(store, &order.id).await? else { return Ok(Found::NotDone) };
        if now["status"] != "cancelled" || !marked(&now, CANCELLED, key) {
            return Ok(Found::NotDone);
        }
        Ok(match self.refund_done(store, key, order).await? {
            Found::Done(done) => Found::Done(Done { reference: Some(order.id.clone()), ..done }),
            Found::NotDone => found(order),
            unknown @ Found::Unknown(_) => unknown,
        })
    }

    pub(super) async fn change_address(&self, store: &Store, order: &Order, to: &Address) -> Result<Done> {
        let body = json!({ "shipping": shipping(to) });
        self.rest.put(store, &format!("orders/{}", order.id), &body).await?;
        Ok(Done { reference: Some(order.id.clone()), ..Done::default() })
    }

    /// For the shop's people: the shopper does not see it.
    pub(super) async fn add_note(&self, store: &Store, order: &Order, note: &str) -> Result<Done> {
        let body = json!({ "note": note, "customer_note": false });
        self.rest.post(store, &format!("orders/{}/notes", order.id), &body).await?;
        Ok(Done { reference: Some(order.id.clone()), ..Done::default() })
    }

    pub(super) async fn note_done(&self, store: &Store, key: &str, order: &Order) -> Result<Found> {
        // They all come at once, whatever page is asked for.
        let page = self.rest.list(store, &format!("orders/{}/notes", order.id), &[]).await?;
        let there = page.rows.iter().any(|one| one["note"].as_str().is_some_and(|text| traced(text, key)));
        Ok(if there { found(order) } else { Found::NotDone })
    }

    pub(super) async fn resend(&self, store: &Store, order: &Order) -> Result<Done> {
        let path = format!("orders/{}/actions/send_order_details", order.id);
        match self.rest.post(store, &path, &json!({})).await {
            Err(Error::Refused { why }) if why.contains("no WooCommerce REST API") => {
                Err(Error::refused("This WooCommerce is too old to send an order's mail again; 9.8 or newer can"))
            }
            other => other.map(|_| Done { reference: Some(order.id.clone()), ..Done::default() }),
        }
    }

    pub(super) async fn hold(&self, store: &Store, key: &str, order: &Order, reason: &str) -> Result<Done> {
        let body = json!({ "status": "on-hold", "meta_data": [{ "key": HELD, "value": trace(key) }] });
        self.rest.put(store, &format!("orders/{}", order.id), &body).await?;
        if !reason.trim().is_empty() {
            self.add_note(store, order, reason.trim()).await?;
        }
        Ok(Done { reference: Some(order.id.clone()), ..Done::default() })
    }

    pub(super) async fn hold_done(&self, store: &Store, key: &str, order: &Order) -> Result<Found> {
        let now = self.raw(store, &order.id).await?.unwrap_or_default();
        let held = now["status"] == "on-hold" && marked(&now, HELD, key);
        Ok(if held { found(order) } else { Found::NotDone })
    }

    /// On hold is also where orders wait for a payment: letting such a one go would say that it was paid.
    pub(super) async fn release(&self, store: &Store, order: &Order) -> Result<Done> {
        let now = self.raw(store, &order.id).await?.ok_or_else(gone)?;
        if now["date_paid_gmt"].is_null() {
            return Err(Error::refused("The order waits for its payment; WooCommerce would take it for paid"));
        }
        self.rest.put(store, &format!("orders/{}", order.id), &json!({ "status": "processing" })).await?;
        Ok(Done { reference: Some(order.id.clone()), ..Done::default() })
    }

    pub(super) async fn release_done(&self, store: &Store, order: &Order) -> Result<Found> {
        let now = self.raw(store, &order.id).await?.unwrap_or_default();
        Ok(if now["status"] == "on-hold" { Found::NotDone } else { found(order) })
    }

    /// A new order for the same address that costs nothing.
    pub(super) async fn replace(
        &self,
        store: &Store,
        key: &str,
        order: &Order,
        lines: &[Pieces],
        reason: &str,
    ) -> Result<Done> {
        let raw = self.raw(store, &order.id).await?.ok_or_else(gone)?;
        let items = lines.iter().map(|pieces| free(order, &raw, pieces)).collect::<Result<Vec<_>>>()?;
        let body = json!({
            "status": "processing",
            "currency": order.currency,
            "customer_id": raw["customer_id"],
            "billing": raw["billing"],
            "shipping": raw["shipping"],
            "line_items": items,
            "meta_data": [{ "key": MARK, "value": trace(key) }],
        });
        let made = self.rest.post(store, "orders", &body).await?;
        let new = orders::order(&settings::access(&store.settings)?.site, &made, &[])?;
        let note = format!("Replacement for {}. {reason}", order.number);
        self.add_note(store, &new, note.trim()).await?;
        Ok(Done { reference: Some(new.id), amount: 0, code: Some(new.number) })
    }

    /// Fields cannot be searched by; a replacement is among the newest orders of its buyer.
    pub(super) async fn replace_done(&self, store: &Store, key: &str, order: &Order) -> Result<Found> {
        let mut query = vec![("orderby", "date"), ("order", "desc"), ("per_page", "100")];
        match (&order.buyer.id, &order.buyer.email) {
            (Some(id), _) => query.push(("customer", id)),
            (None, Some(email)) => query.push(("search", email)),
            (None, None) => {}
        }
        let page = self.rest.list(store, "orders", &query).await?;
        let ours = page.rows.iter().find(|row| marked(row, MARK, key));
        Ok(ours.map_or(Found::NotDone, |row| {
            Found::Done(Done { reference: id(&row["id"]), amount: 0, code: text(&row["number"]) })
        }))
    }

    pub(super) async fn discount(
        &self,
        store: &Store,
        key: &str,
        order: &Order,
        (percent, amount, days): (Option<i64>, Option<i64>, Option<i64>),
    ) -> Result<Done> {
        let code = coupon(store, key)?;
        let (kind, value) = match (percent, amount) {
            (Some(percent @ 1..=100), None) => ("percent", percent.to_string()),
            (None, Some(amount)) if amount > 0 => {
                let own = self.currency(store).await?;
                if own != order.currency {
                    let why = format!("The store's own money is {own} and this order's is {}", order.currency);
                    return Err(Error::refused(format!("{why}; give a percentage")));
                }
                ("fixed_cart", money::decimal(amount, &order.currency))
            }
            (Some(_), None) => return Err(Error::invalid("percent", "must be 1 to 100")),
            _ => return Err(Error::invalid("amount", "either a percentage or an amount above zero")),
        };
        let mut body = json!({
            "code": code,
            "discount_type": kind,
            "amount": value,
            "usage_limit": 1,
            "description": format!("Shopbell {}", order.number),
        });
        if let Some(email) = &order.buyer.email {
            body["email_restrictions"] = json!([email]);
        }
        if let Some(days) = days {
            body["date_expires"] = json!(moment((self.now)() + days.clamp(1, 3650) * DAY));
        }
        let made = self.rest.post(store, "coupons", &body).await?;
        Ok(Done { reference: id(&made["id"]), amount: 0, code: Some(code) })
    }

    pub(super) async fn discount_done(&self, store: &Store, key: &str) -> Result<Found> {
        let code = coupon(store, key)?;
        let page = self.rest.list(store, "coupons", &[("code", &code)]).await?;
        let there = page.rows.iter().find(|one| one["code"] == *code.as_str());
        Ok(there
            .map_or(Found::NotDone, |one| Found::Done(Done { reference: id(&one["id"]), amount: 0, code: Some(code) })))
    }
}

/// WooCommerce keeps codes in small letters, and takes them in any.
fn coupon(store: &Store, key: &str) -> Result<String> {
    Ok(code(&settings::access(&store.settings)?.secret, key).to_lowercase())
}

fn shipping(to: &Address) -> Value {
    let name = to.name.clone().unwrap_or_default();
    let (first, last) = name.rsplit_once(' ').unwrap_or(("", name.as_str()));
    let mut address = json!({
        "first_name": first,
        "last_name": last,
        "company": to.company.clone().unwrap_or_default(),
        "address_1": to.line1,
        "address_2": to.line2.clone().unwrap_or_default(),
        "postcode": to.postcode.clone().unwrap_or_default(),
        "city": to.city,
        "state": to.region.clone().unwrap_or_default(),
        "country": to.country,
    });
    if let Some(phone) = &to.phone {
        address["phone"] = json!(phone);
    }
    address
}

/// Whether an order goes there: as exactly as WooCommerce keeps it.
pub fn goes_to(order: &Order, to: &Address) -> bool {
    let squeeze = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let same = |ours: &Option<String>, theirs: &Option<String>| {
        squeeze(ours.as_deref().unwrap_or_default()) == squeeze(theirs.as_deref().unwrap_or_default())
    };
    order.shipping_address.as_ref().is_some_and(|now| {
        squeeze(&now.line1) == squeeze(&to.line1)
            && squeeze(&now.city) == squeeze(&to.city)
            && now.country.eq_ignore_ascii_case(&to.country)
            && same(&to.name, &now.name)
            && same(&to.line2, &now.line2)
            && same(&to.postcode, &now.postcode)
    })
}

/// A line of a replacement.
fn free(order: &Order, raw: &Value, pieces: &Pieces) -> Result<Value> {
    let line = order.lines.iter().find(|line| line.id == pieces.line);
    let line = line.ok_or_else(|| Error::invalid("lines", "names no line of this order"))?;
    if pieces.quantity < 1 || pieces.quantity > line.quantity {
        return Err(Error::invalid("lines", format!("{}: 1 to {} pieces", line.title, line.quantity)));
    }
    let raw = each(&raw["line_items"]).find(|item| id(&item["id"]).as_deref() == Some(&line.id));
    let Some(raw) = raw.filter(|raw| id(&raw["product_id"]).is_some()) else {
        return Err(Error::refused(format!("WooCommerce cannot send {} again: the product was deleted", line.title)));
    };
    Ok(json!({
        "product_id": raw["product_id"],
        "variation_id": raw["variation_id"],
        "quantity": pieces.quantity,
        "subtotal": "0",
        "total": "0",
    }))
}
