//! How a letter about an order or a parcel will look, before anybody gets it: with an order of the shop's, or one that is
//! made up.

use std::fmt::Display;

use base::{App, DAY, Error, Result, Stamp, Time};
use connectors::order::{Buyer, Order, Shipment, Totals};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::words::{Own, Told};
use crate::{
    agents::{Permission, Who},
    customers,
    orders::{self, Known, OrderId},
    shops::{self, Shop, language_tag},
    stores::StoreId,
};

/// What is looked at.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "TextTrialFor{K}")]
pub struct Trial<K> {
    /// What it tells.
    pub kind: K,
    /// As in BCP 47.
    pub language: String,
    /// Absent: in our words.
    pub text: Option<Own>,
    /// An order by its number. Absent: one that is made up, of which everything is known.
    pub order: Option<String>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OrderUpdateLook")]
pub struct Look {
    subject: String,
    text: String,
    /// Variables of which nobody knows the value; our words would be sent instead.
    missing: Vec<String>,
    /// Our words with their variables, to begin one's own with.
    draft: Own,
}

pub async fn look<K: Display>(app: &App, who: &Who, trial: &Trial<K>, letter: &'static str) -> Result<Look> {
    who.may(Permission::ShopManage)?;
    language_tag("language", &trial.language)?;
    if let Some(own) = &trial.text {
        own.check("text")?;
    }
    let shop = shops::read(app.db()).await?;
    let known = match trial.order.as_deref().map(str::trim).filter(|number| !number.is_empty()) {
        Some(number) => {
            who.may(Permission::CustomersRead)?;
            let found = orders::by_number(app.db(), who.shop, number).await?;
            found.into_iter().next().ok_or_else(|| Error::invalid("order", "is no order that is known here"))?
        }
        None => sample(&shop, app.now()),
    };
    let customer = match known.customer {
        Some(customer) => Some(customers::show(app.db(), customer).await?),
        None => None,
    };
    let kind = trial.kind.to_string();
    let told = Told {
        known: &known,
        parcel: None,
        customer: customer.as_ref(),
        shop: &shop,
        language: &trial.language,
        letter,
        kind: &kind,
        to: None,
    };
    let (written, missing) = match &trial.text {
        Some(own) => told.own(app, own),
        None => (told.ours(app).await?, Vec::new()),
    };
    let draft = told.draft(app).await?;
    Ok(Look { subject: written.subject, text: written.text, missing, draft })
}

/// An order with everything that a text can ask for.
fn sample(shop: &Shop, now: Time) -> Known {
    let parcel = Shipment {
        id: "1".into(),
        carrier: Some("DHL".into()),
        number: Some("00340434161094042557".into()),
        shipped_at: Some(Stamp(now)),
        expected_at: Some(Stamp(now + 2 * DAY)),
        ..Shipment::default()
    };
    let order = Order {
        number: "1001".into(),
        placed_at: Some(Stamp(now - DAY)),
        currency: shop.currency.clone(),
        buyer: Buyer { name: Some("Alex".into()), ..Buyer::default() },
        totals: Totals { total: 12_900, paid: 12_900, refunded: 4900, ..Totals::default() },
        shipments: vec![parcel],
        ..Order::default()
    };
    let (id, store, read_at) = (OrderId(0), StoreId(0), Stamp(now));
    Known { id, shop: shop.id, store, customer: None, status: "shipped".into(), read_at, deleted_at: None, order }
}
