//! Actions on an order of Vendure: what they would do, doing them, and whether they were done.

use base::{DAY, Error, Result, Stamp, Time};
use serde_json::{Value, json};

use super::{ask::Shop, back, orders, read, units::Units};
use crate::{
    action::{Action, hindrance, refundable},
    order::{Address, Order},
    platform::{Done, Found, Preview},
    platforms::{
        call::{code, traced, with_trace},
        json::{id, list, settled},
    },
};

/// Characters of a note that anybody reads.
const NOTE: usize = 2000;
/// Days that a discount holds where nobody says.
const USUAL_DAYS: i64 = 90;

/// The order as it is now: Vendure's own words, its server's configuration, and ours.
struct Fresh {
    raw: Value,
    config: Value,
    order: Order,
}

async fn fresh(shop: &Shop, order: &Order) -> Result<Option<Fresh>> {
    Ok(read::order(shop, &order.id).await?.map(|((raw, config), order)| Fresh { raw, config, order }))
}

fn gone() -> Error {
    Error::refused("Vendure no longer has this order.")
}

pub async fn preview(shop: &Shop, order: &Order, action: &Action) -> Result<Preview> {
    let fresh = fresh(shop, order).await?.ok_or_else(gone)?;
    allowed(&fresh, action)?;
    let order = &fresh.order;
    let mut preview =
        Preview { changed_at: order.changed_at, amount: back::amount(order, action)?, ..Preview::default() };
    if let Action::Refund { notify, .. } | Action::Cancel { notify, .. } = action {
        preview.most = refundable(order);
        preview.notes.extend(notify.then(|| "Whether the buyer gets a mail is up to the shop's own mails.".into()));
    }
    match action {
        Action::Refund { lines, restock: true, .. } if lines.is_empty() => {
            preview.notes.push("Nothing goes back on the shelf, because no lines are chosen.".into());
        }
        Action::Refund { restock: true, .. } => preview.notes.push("The pieces are taken off the order.".into()),
        Action::Cancel { .. } => preview.notes.push("The pieces go back into stock.".into()),
        Action::Discount { .. } => preview.notes.push("Whoever has the code can use it, once.".into()),
        _ => {}
    }
    Ok(preview)
}

/// What can be said before anything is sent.
fn allowed(fresh: &Fresh, action: &Action) -> Result<()> {
    let Fresh { raw, config, order } = fresh;
    if let Some(why) = hindrance(order, action.kind()) {
        let why = why.as_str().replace('_', " ");
        return Err(Error::refused(format!("Not possible on this order as it is now: {why}.")));
    }
    match action {
        Action::Refund { .. } | Action::Cancel { .. } => {
            // Vendure gives nothing back before all that was promised is taken.
            let amount = back::amount(order, action)?;
            if amount > 0 && raw["state"] == "PaymentAuthorized" {
                return Err(Error::refused("Settle the payment at Vendure first: only then it gives money back."));
            }
            Units::new(&order.currency, config)?.units(amount).map(|_| ())
        }
        Action::ChangeAddress { .. } if raw["state"] == "Modifying" => {
            Err(Error::refused("Somebody is changing the order at Vendure; have them finish first."))
        }
        Action::Discount { .. } => discount(order, config, action, "", 0).map(|_| ()),
        Action::ChangeAddress { .. } | Action::Note { .. } => Ok(()),
        _ => Err(Error::refused("Vendure has no such action.")),
    }
}

pub async fn execute(shop: &Shop, now: Time, key: &str, order: &Order, action: &Action) -> Result<Done> {
    act(shop, now, key, order, action).await.map_err(settled)
}

async fn act(shop: &Shop, now: Time, key: &str, order: &Order, action: &Action) -> Result<Done> {
    let fresh = fresh(shop, order).await?.ok_or_else(gone)?;
    if let Some(done) = found(shop, key, &fresh, action).await? {
        return Ok(done);
    }
    let Fresh { raw, config, order } = &fresh;
    // What was begun goes on, whatever the order looks like by now.
    if !back::begun(raw, order, config, key)?.any() {
        allowed(&fresh, action)?;
    }
    match action {
        Action::Refund { .. } | Action::Cancel { .. } => back::give(shop, key, raw, order, config, action).await,
        Action::ChangeAddress { address } => move_to(shop, key, raw, address).await.map(|()| Done::default()),
        Action::Note { text } => {
            let query = "mutation ($input: AddNoteToOrderInput!) { addNoteToOrder(input: $input) { id } }";
            let note = with_trace(&text.replace("shopbell", "Shopbell"), key, NOTE);
            let input = json!({ "id": order.id, "note": note, "isPublic": false });
            shop.change(query, json!({ "input": input })).await.map(|_| Done::default())
        }
        Action::Discount { .. } => {
            let code = code(&shop.key, key);
            let query = "mutation ($input: CreatePromotionInput!) { createPromotion(input: $input) {
                ... on Promotion { id } ... on ErrorResult { errorCode message } } }";
            let answer = shop.change(query, json!({ "input": discount(order, config, action, &code, now)? })).await?;
            Ok(Done { reference: id(&answer["createPromotion"]["id"]), code: Some(code), amount: 0 })
        }
        _ => Err(Error::refused("Vendure has no such action.")),
    }
}

pub async fn look_up(shop: &Shop, key: &str, order: &Order, action: &Action) -> Result<Found> {
    let Some(fresh) = fresh(shop, order).await? else {
        return Ok(Found::Unknown("Vendure no longer has this order; look at the payment provider.".into()));
    };
    Ok(found(shop, key, &fresh, action).await?.map_or(Found::NotDone, Found::Done))
}

/// What was done under this key, wholly.
async fn found(shop: &Shop, key: &str, fresh: &Fresh, action: &Action) -> Result<Option<Done>> {
    let Fresh { raw, config, order } = fresh;
    let ours = |text: &Value| traced(text.as_str().unwrap_or_default(), key);
    Ok(match action {
        Action::Refund { .. } | Action::Cancel { .. } => back::begun(raw, order, config, key)?.whole(action),
        Action::ChangeAddress { .. } => {
            list(&raw["modifications"]).iter().any(|one| ours(&one["note"])).then(Done::default)
        }
        Action::Note { .. } => {
            orders::history(raw, "ORDER_NOTE").any(|entry| ours(&entry["data"]["note"])).then(Done::default)
        }
        Action::Discount { .. } => {
            let code = code(&shop.key, key);
            let query = "query ($code: String!) { promotions(options: { filter: { couponCode: { eq: $code } } }) {
                items { id } } }";
            let answer = shop.ask(query, json!({ "code": code })).await?;
            let made = list(&answer["promotions"]["items"]).first();
            made.map(|one| Done { reference: id(&one["id"]), code: Some(code), amount: 0 })
        }
        _ => None,
    })
}

/// An order is changed in a state of its own. Vendure makes the three steps of one call one after the other, so that it
/// does not stay in there when we break off.
async fn move_to(shop: &Shop, key: &str, raw: &Value, address: &Address) -> Result<()> {
    let country = address.country.to_uppercase();
    let known = "query ($code: String!) { countries(options: { filter: { code: { eq: $code } } }) { items { id } } }";
    if list(&shop.ask(known, json!({ "code": country })).await?["countries"]["items"]).is_empty() {
        return Err(Error::refused(format!("The shop does not send to the country {country}.")));
    }
    let query = "mutation ($id: ID!, $input: ModifyOrderInput!, $back: String!) {
        begin: transitionOrderToState(id: $id, state: \"Modifying\") { ...E }
        change: modifyOrder(input: $input) { ... on ErrorResult { errorCode message } }
        end: transitionOrderToState(id: $id, state: $back) { ...E } }
        fragment E on OrderStateTransitionError { errorCode message transitionError }";
    let input = json!({
        "dryRun": false,
        "orderId": raw["id"],
        "note": with_trace("Another address", key, 255),
        "options": { "recalculateShipping": false, "freezePromotions": true },
        "updateShippingAddress": {
            "fullName": address.name.as_deref().unwrap_or_default(),
            "company": address.company.as_deref().unwrap_or_default(),
            "streetLine1": address.line1,
            "streetLine2": address.line2.as_deref().unwrap_or_default(),
            "postalCode": address.postcode.as_deref().unwrap_or_default(),
            "city": address.city,
            "province": address.region.as_deref().unwrap_or_default(),
            "countryCode": country,
            "phoneNumber": address.phone.as_deref().unwrap_or_default(),
        },
    });
    let (id, back) = (&raw["id"], &raw["state"]);
    match shop.change(query, json!({ "id": id, "input": input, "back": back })).await {
        Err(refused @ Error::Refused { .. }) => {
            // A step that fails altogether keeps Vendure from the next.
            let query =
                "mutation ($id: ID!, $back: String!) { transitionOrderToState(id: $id, state: $back) { __typename } }";
            shop.ask(query, json!({ "id": id, "back": back })).await?;
            Err(refused)
        }
        other => other.map(|_| ()),
    }
}

/// Once, and for a while.
fn discount(order: &Order, config: &Value, action: &Action, code: &str, now: Time) -> Result<Value> {
    let Action::Discount { percent, amount, days } = action else { return Err(Error::internal("no discount")) };
    let (kind, value) = match (percent, amount) {
        (Some(percent), None) if (1..=100).contains(percent) => ("order_percentage_discount", *percent),
        (None, Some(amount)) if *amount > 0 => {
            ("order_fixed_discount", Units::new(&order.currency, config)?.units(*amount)?)
        }
        _ => return Err(Error::invalid("percent", "must be 1 to 100, or an amount be given instead")),
    };
    let days = days.unwrap_or(USUAL_DAYS);
    if !(1..=3650).contains(&days) {
        return Err(Error::invalid("days", "must be 1 to 3650"));
    }
    Ok(json!({
        "enabled": true,
        "couponCode": code,
        "usageLimit": 1,
        "endsAt": Stamp(now + days * DAY),
        "conditions": [],
        "actions": [{ "code": kind, "arguments": [{ "name": "discount", "value": value.to_string() }] }],
        "translations": [{ "languageCode": "en", "name": format!("{} {code}", order.number) }],
    }))
}
