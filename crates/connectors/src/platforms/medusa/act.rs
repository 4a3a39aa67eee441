//! Actions on an order of Medusa: what they would do, doing them, and whether they were done.

use base::{DAY, Error, Result, Stamp, Time};
use serde_json::{Map, Value, json};

use super::{
    ask::Shop,
    goods,
    orders::{self, NOTE, TAGS},
    read, refund,
};
use crate::{
    action::{Action, hindrance, refundable},
    money::decimal,
    order::{Address, Order, OrderState},
    platform::{Done, Found, Preview},
    platforms::{
        call::code,
        json::{id, list, settled, text},
    },
};

/// Keys of actions that leave no trace but this, in the order's metadata, newest last.
const DONE: &str = "shopbell_done";
const KEPT: usize = 50;
/// Days that a discount holds where nobody says.
const USUAL_DAYS: i64 = 90;

async fn fresh(shop: &Shop, order: &Order) -> Result<(Value, Order)> {
    let gone = || Error::refused("Medusa no longer has this order.");
    let raw = read::raw_order(shop, &order.id).await?.ok_or_else(gone)?;
    let order = orders::order(&raw, &shop.address)?;
    Ok((raw, order))
}

pub async fn preview(shop: &Shop, order: &Order, action: &Action) -> Result<Preview> {
    let (_, order) = fresh(shop, order).await?;
    allowed(&order, action)?;
    let mut preview = Preview { changed_at: order.changed_at, ..Preview::default() };
    match action {
        Action::Refund { restock, notify, .. } => {
            preview.amount = refund::amount(&order, action)?;
            preview.most = refundable(&order);
            preview.notes.extend(
                restock
                    .then(|| "Medusa puts no pieces back on the shelf with a refund; open a return for that.".into()),
            );
            preview.notes.extend(notify.then(|| "Medusa does not write to the buyer about it.".into()));
        }
        Action::Cancel { notify, .. } => {
            preview.amount = refundable(&order);
            preview.most = preview.amount;
            preview.notes.push("Medusa takes the pieces back into stock.".into());
            preview.notes.extend(notify.then(|| "Medusa does not write to the buyer about it.".into()));
        }
        Action::Exchange { .. } => {
            preview.notes.push("Medusa reckons the difference in price, to be paid or refunded.".into());
        }
        _ => {}
    }
    Ok(preview)
}

/// What can be said before anything is sent.
fn allowed(order: &Order, action: &Action) -> Result<()> {
    if let Some(why) = hindrance(order, action.kind()) {
        return Err(Error::refused(format!(
            "Not possible on this order as it is now: {}.",
            why.as_str().replace('_', " ")
        )));
    }
    match action {
        Action::Refund { .. } => refund::amount(order, action).map(|_| ()),
        Action::Cancel { refund: false, .. } if refundable(order) > 0 => Err(Error::refused(
            "Medusa gives back what was paid when it cancels an order; choose to refund, or do not cancel.",
        )),
        Action::Return { .. } | Action::Exchange { .. } | Action::Replacement { .. } => goods::check(order, action),
        Action::Discount { .. } => promotion(order, action, "", 0).map(|_| ()),
        Action::Cancel { .. } | Action::ChangeAddress { .. } | Action::Note { .. } | Action::Tag { .. } => Ok(()),
        Action::ResendConfirmation | Action::StoreCredit { .. } | Action::Hold { .. } | Action::Release => {
            Err(Error::refused("Medusa has no such action."))
        }
    }
}

pub async fn execute(shop: &Shop, now: Time, key: &str, order: &Order, action: &Action) -> Result<Done> {
    act(shop, now, key, order, action).await.map_err(settled)
}

async fn act(shop: &Shop, now: Time, key: &str, order: &Order, action: &Action) -> Result<Done> {
    let (raw, order) = fresh(shop, order).await?;
    if let Some(done) = found(shop, key, &raw, &order, action).await? {
        return Ok(done);
    }
    // A refund that was made in part goes on, whatever the order looks like by now.
    if !(matches!(action, Action::Refund { .. }) && refund::begun(&raw, &order, key)?.is_some()) {
        allowed(&order, action)?;
    }
    let path = ["orders", order.id.as_str()];
    match action {
        Action::Refund { .. } => refund::give_back(shop, key, &raw, &order, action).await,
        Action::Return { .. } | Action::Exchange { .. } | Action::Replacement { .. } => {
            goods::make(shop, key, &raw, &order, action).await
        }
        Action::Cancel { .. } => {
            shop.post(&path, &json!({ "metadata": marked(&raw, key, []) })).await?;
            shop.post(&["orders", &order.id, "cancel"], &json!({})).await?;
            let (raw, after) = fresh(shop, &order).await?;
            Ok(cancelled(&raw, &after, key).unwrap_or_default())
        }
        Action::ChangeAddress { address } => {
            let body = json!({ "shipping_address": sent(address), "metadata": marked(&raw, key, []) });
            shop.post(&path, &body).await.map(|_| Done::default())
        }
        Action::Note { text: line } => {
            let note = [text(&raw["metadata"][NOTE]), Some(line.clone())].into_iter().flatten().collect::<Vec<_>>();
            let metadata = marked(&raw, key, [(NOTE, note.join("\n"))]);
            shop.post(&path, &json!({ "metadata": metadata })).await.map(|_| Done::default())
        }
        Action::Tag { add, remove } => {
            let mut tags = orders::tags(&raw);
            tags.retain(|tag| !remove.contains(tag));
            // A comma parts tags where they are kept.
            let new = add.iter().map(|tag| tag.replace(',', " ").trim().to_owned());
            tags.extend(new.filter(|tag| !tag.is_empty()));
            tags.sort();
            tags.dedup();
            let metadata = marked(&raw, key, [(TAGS, tags.join(", "))]);
            shop.post(&path, &json!({ "metadata": metadata })).await.map(|_| Done::default())
        }
        Action::Discount { .. } => {
            let code = code(&shop.key, key);
            let answer = shop.post(&["promotions"], &promotion(&order, action, &code, now)?).await?;
            Ok(Done { reference: id(&answer["promotion"]["id"]), code: Some(code), amount: 0 })
        }
        _ => Err(Error::refused("Medusa has no such action.")),
    }
}

pub async fn look_up(shop: &Shop, key: &str, order: &Order, action: &Action) -> Result<Found> {
    let Some(raw) = read::raw_order(shop, &order.id).await? else {
        return Ok(Found::Unknown("Medusa no longer has this order; look at the payment provider.".into()));
    };
    let order = orders::order(&raw, &shop.address)?;
    Ok(found(shop, key, &raw, &order, action).await?.map_or(Found::NotDone, Found::Done))
}

/// What was done under this key, wholly.
async fn found(shop: &Shop, key: &str, raw: &Value, order: &Order, action: &Action) -> Result<Option<Done>> {
    match action {
        Action::Refund { .. } => {
            Ok(refund::begun(raw, order, key)?.filter(|(done, of)| done.amount >= *of).map(|(done, _)| done))
        }
        Action::Return { .. } | Action::Exchange { .. } | Action::Replacement { .. } => {
            goods::made(shop, order, key).await
        }
        Action::Cancel { .. } => Ok(cancelled(raw, order, key)),
        Action::Discount { .. } => {
            let code = code(&shop.key, key);
            let answer = shop.list(&["promotions"], &[("code", &code), ("fields", "id,code")]).await?;
            let made = list(&answer["promotions"]).iter().find(|one| one["code"] == *code);
            Ok(made.map(|one| Done { reference: id(&one["id"]), code: Some(code), amount: 0 }))
        }
        _ => Ok(is_marked(raw, key).then(Done::default)),
    }
}

/// Medusa refunds by itself while it cancels; those refunds have no note, and are as old as the cancelling.
fn cancelled(raw: &Value, order: &Order, key: &str) -> Option<Done> {
    let at = order.cancelled_at.filter(|_| order.state == OrderState::Cancelled && is_marked(raw, key))?;
    let then = |refund: &&crate::order::Refund| {
        refund.note.is_none() && refund.at.is_some_and(|made| (made.0 - at.0).abs() < 60_000)
    };
    let amount = order.refunds.iter().filter(then).map(|refund| refund.amount).sum();
    Some(Done { amount, ..Done::default() })
}

fn is_marked(raw: &Value, key: &str) -> bool {
    list(&raw["metadata"][DONE]).iter().any(|known| known.as_str() == Some(key))
}

/// The order's metadata with the key in it, and some texts.
fn marked<const N: usize>(raw: &Value, key: &str, texts: [(&str, String); N]) -> Map<String, Value> {
    let mut metadata = raw["metadata"].as_object().cloned().unwrap_or_default();
    let mut keys: Vec<_> = list(&raw["metadata"][DONE]).iter().filter_map(text).filter(|known| known != key).collect();
    keys.push(key.to_owned());
    metadata.insert(DONE.into(), json!(keys[keys.len().saturating_sub(KEPT)..]));
    metadata.extend(texts.map(|(name, text)| (name.to_owned(), json!(text))));
    metadata
}

fn sent(address: &Address) -> Value {
    let name = address.name.as_deref().unwrap_or_default().trim();
    let (first, last) = name.rsplit_once(' ').unwrap_or((name, ""));
    json!({
        "first_name": first,
        "last_name": last,
        "company": address.company,
        "address_1": address.line1,
        "address_2": address.line2,
        "postal_code": address.postcode,
        "city": address.city,
        "province": address.region,
        "country_code": address.country.to_lowercase(),
        "phone": address.phone,
    })
}

/// For this buyer, by their address, and once.
fn promotion(order: &Order, action: &Action, code: &str, now: Time) -> Result<Value> {
    let Action::Discount { percent, amount, days } = action else { return Err(Error::internal("no discount")) };
    let email = order
        .buyer
        .email
        .as_deref()
        .ok_or_else(|| Error::refused("The order has no mail address to bind the code to."))?;
    let (kind, value) = match (percent, amount) {
        (Some(percent), None) if (1..=100).contains(percent) => ("percentage", percent.to_string()),
        (None, Some(amount)) if *amount > 0 => ("fixed", decimal(*amount, &order.currency)),
        _ => return Err(Error::invalid("percent", "must be 1 to 100, or an amount be given instead")),
    };
    let days = days.unwrap_or(USUAL_DAYS);
    if !(1..=3650).contains(&days) {
        return Err(Error::invalid("days", "must be 1 to 3650"));
    }
    let value: serde_json::Number = serde_json::from_str(&value)?;
    Ok(json!({
        "code": code,
        "type": "standard",
        "status": "active",
        "is_automatic": false,
        "application_method": {
            "type": kind, "target_type": "order", "allocation": "across", "value": value,
            "currency_code": order.currency.to_lowercase(),
        },
        "rules": [{ "attribute": "email", "operator": "eq", "values": [email] }],
        "campaign": {
            "name": code, "campaign_identifier": code, "ends_at": Stamp(now + days * DAY),
            "budget": { "type": "usage", "limit": 1 },
        },
    }))
}
