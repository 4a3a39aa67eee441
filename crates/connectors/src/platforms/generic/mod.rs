//! Any shop system: it tells us what it has, at our endpoint and in our own words, signed with a secret that both know.
//!
//! The body is JSON, `{"id": "...", "orders": [...], "customers": [...], "products": [...], "deleted_orders": [{"id": "...",
//! "at": "..."}]}`, each in the shape of [`crate::order`]; its id names the call, once. `X-Shopbell-Timestamp` holds
//! seconds since 1970, `X-Shopbell-Signature` is `v1=` and the hexadecimal HMAC-SHA256 of `{timestamp}.{body}`: nothing
//! that is not signed is believed.
//!
//! Where it names an address for that, it takes actions from us there, signed the same way: see [`act`].

mod act;
mod settings;

mod check;

use base::{Error, Result, Stamp};
use serde::Deserialize;
use serde_json::Value;

use self::act::Shop;
use crate::{
    action::{Action, ActionKind},
    channel::Later,
    channels::Clock,
    order::{Buyer, Order, Product},
    platform::{About, Batch, Call, Capabilities, Done, Found, Kind, News, Platform, Preview, Store, Vouched, Wanted},
    setting::Setting,
};

pub const NAME: &str = "generic";
/// A call that is older, or from further in the future, may be one that somebody else has heard, in milliseconds.
const AGE: i64 = 10 * base::MINUTE;

pub struct Generic {
    now: Clock,
    http: reqwest::Client,
}

impl Generic {
    pub fn new(now: Clock, http: reqwest::Client) -> Self {
        Self { now, http }
    }

    fn shop<'a>(&'a self, store: &'a Store) -> Shop<'a> {
        Shop { http: &self.http, now: &self.now, store }
    }
}

pub fn form() -> Vec<Setting> {
    settings::form()
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Told {
    /// Is read by [`Named`].
    id: Option<String>,
    orders: Vec<Order>,
    customers: Vec<Buyer>,
    products: Vec<Product>,
    deleted_orders: Vec<Deleted>,
    deleted_products: Vec<String>,
}

/// An order that is gone: its id alone, or when that happened too.
#[derive(Deserialize)]
#[serde(untagged)]
enum Deleted {
    Id(String),
    At { id: String, at: Stamp },
}

/// The name of a call, whatever else stands in it.
#[derive(Deserialize)]
struct Named {
    id: String,
}

impl Platform for Generic {
    fn name(&self) -> &'static str {
        NAME
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { actions: ActionKind::ALL, asked: false, webhooks: false, installs: false, pushes: true }
    }

    fn settings(&self) -> Vec<Setting> {
        form()
    }

    fn abilities(&self, store: &Store) -> Vec<ActionKind> {
        settings::actions(&store.settings)
    }

    fn shows_orders(&self, store: &Store) -> bool {
        settings::address(&store.settings).is_some()
    }

    fn check(&self, settings: &Value) -> Result<()> {
        settings::check(settings)
    }

    fn about<'a>(&'a self, store: &'a Store) -> Later<'a, About> {
        Box::pin(async move {
            match settings::address(&store.settings) {
                Some(_) => self.shop(store).about().await,
                None => Ok(About { name: store.name.clone(), ..About::default() }),
            }
        })
    }

    fn read<'a>(&'a self, _: &'a Store, _: Kind, _: Option<i64>, _: Option<&'a Value>) -> Later<'a, Batch> {
        Box::pin(async { Err(unasked()) })
    }

    fn order<'a>(&'a self, store: &'a Store, id: &'a str) -> Later<'a, Option<Order>> {
        Box::pin(async move { self.shop(store).order(id).await })
    }

    fn by_number<'a>(&'a self, _: &'a Store, _: &'a str) -> Later<'a, Vec<Order>> {
        Box::pin(async { Err(unasked()) })
    }

    fn orders_of<'a>(&'a self, _: &'a Store, _: &'a Wanted) -> Later<'a, Vec<Order>> {
        Box::pin(async { Err(unasked()) })
    }

    fn product<'a>(&'a self, _: &'a Store, _: &'a str) -> Later<'a, Option<Product>> {
        Box::pin(async { Err(unasked()) })
    }

    fn subscribe<'a>(&'a self, _: &'a Store, _: &'a str) -> Later<'a, Vec<(String, String)>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn unsubscribe<'a>(&'a self, _: &'a Store, _: &'a str) -> Later<'a, ()> {
        Box::pin(async { Ok(()) })
    }

    fn vouch(&self, store: &Store, call: &Call) -> Result<Vouched> {
        let secret = store.settings["secret"].as_str().filter(|secret| !secret.is_empty()).ok_or_else(forged)?;
        let stamp = call.header("x-shopbell-timestamp").unwrap_or_default();
        let at: i64 = stamp.parse().map_err(|_| forged())?;
        if (self.now)().abs_diff(at.saturating_mul(1000)) > AGE.unsigned_abs() {
            return Err(forged());
        }
        let shown = call.header("x-shopbell-signature").and_then(|shown| shown.strip_prefix("v1=")).unwrap_or_default();
        let signed = [stamp.as_bytes(), b".", &call.body].concat();
        if !is_signed(secret, &signed, shown) {
            return Err(forged());
        }
        let named = serde_json::from_slice(&call.body).ok().map(|Named { id }| id);
        let named = named.filter(|id| !id.is_empty() && id.len() <= 200);
        let key = named.unwrap_or_else(|| base::secrets::sha256(&signed));
        Ok(Vouched { key, topic: "told".to_owned() })
    }

    fn hear(&self, _: &Store, call: &Call) -> Result<Vec<News>> {
        let told: Told = base::web::input::parse(&call.body)?;
        no_other_fields(&call.body)?;
        for (place, order) in told.orders.iter().enumerate() {
            check::order(&format!("orders[{place}]"), order)?;
        }
        let mut news: Vec<_> = told.products.into_iter().map(|product| News::Product(Box::new(product))).collect();
        news.extend(told.customers.into_iter().map(|buyer| News::Buyer(Box::new(buyer))));
        news.extend(told.orders.into_iter().map(|order| News::Order(Box::new(order))));
        news.extend(told.deleted_orders.into_iter().map(|deleted| match deleted {
            Deleted::Id(id) => News::OrderDeleted { id, at: None },
            Deleted::At { id, at } => News::OrderDeleted { id, at: Some(at) },
        }));
        news.extend(told.deleted_products.into_iter().map(|id| News::ProductDeleted { id }));
        Ok(news)
    }

    fn preview<'a>(&'a self, store: &'a Store, order: &'a Order, action: &'a Action) -> Later<'a, Preview> {
        Box::pin(async move { self.shop(store).preview(order, action).await })
    }

    fn execute<'a>(&'a self, store: &'a Store, key: &'a str, order: &'a Order, action: &'a Action) -> Later<'a, Done> {
        Box::pin(async move { self.shop(store).execute(key, order, action).await })
    }

    fn look_up<'a>(&'a self, store: &'a Store, key: &'a str, order: &'a Order, _: &'a Action) -> Later<'a, Found> {
        Box::pin(async move { self.shop(store).look_up(key, order).await })
    }
}

/// A field that we do not know is a typing error, and what was meant would be missing without anybody noticing.
fn no_other_fields(body: &[u8]) -> Result<()> {
    let mut odd = None;
    let mut note = |path: serde_ignored::Path<'_>| {
        odd.get_or_insert_with(|| path.to_string());
    };
    let _: Told = serde_ignored::deserialize(&mut serde_json::Deserializer::from_slice(body), &mut note)
        .map_err(|error| Error::Malformed(error.to_string()))?;
    let Some(odd) = odd else { return Ok(()) };
    // `orders.0.lines` is `orders[0].lines`; `?` stands for what may be there.
    let parts = odd.split('.').filter(|part| *part != "?");
    let named = parts.fold(String::new(), |name, part| match part.parse::<usize>() {
        Ok(place) => format!("{name}[{place}]"),
        Err(_) if name.is_empty() => part.to_owned(),
        Err(_) => format!("{name}.{part}"),
    });
    Err(Error::invalid(named, "is no field that is known here; the guide lists them"))
}

fn is_signed(secret: &str, message: &[u8], hex: &str) -> bool {
    let bytes = (0..hex.len() / 2).map(|place| u8::from_str_radix(hex.get(2 * place..2 * place + 2)?, 16).ok());
    let Some(shown) = bytes.collect::<Option<Vec<u8>>>() else { return false };
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret.as_bytes());
    aws_lc_rs::hmac::verify(&key, message, &shown).is_ok()
}

fn forged() -> Error {
    Error::Unauthorized("The call's signature or time is wrong.".into())
}

fn unasked() -> Error {
    Error::refused("This store tells by itself what it has; it cannot be asked.")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::order::{Address, Discount, Line, Paid, Refund, Scan, Shipment, Totals, Variant};

    #[test]
    fn the_guide_names_every_field() {
        let guide = include_str!("../../../../../docs/guide/generic.md");
        let all = [
            json!(Order::default()),
            json!(Buyer::default()),
            json!(Line::default()),
            json!(Totals::default()),
            json!(Discount::default()),
            json!(Address::default()),
            json!(Paid::default()),
            json!(Refund::default()),
            json!(Shipment::default()),
            json!(Scan::default()),
            json!(Product::default()),
            json!(Variant::default()),
        ];
        let fields = all.iter().flat_map(|one| one.as_object().unwrap().keys());
        for field in fields {
            assert!(guide.contains(&format!("`{field}`")), "{field}");
        }
    }

    #[test]
    fn a_field_that_nobody_knows_is_named_with_its_place() {
        let odd = |body: Value| match no_other_fields(body.to_string().as_bytes()) {
            Err(Error::Invalid(wrong)) => wrong[0].field.clone(),
            other => format!("{other:?}"),
        };
        assert_eq!(
            odd(json!({ "orders": [{ "id": "1" }, { "shipping_address": { "lines": [] } }] })),
            "orders[1].shipping_address.lines"
        );
        assert_eq!(odd(json!({ "products": [{ "variants": [{ "prize": 1 }] }] })), "products[0].variants[0].prize");
        assert_eq!(odd(json!({ "orders": [{ "totals": { "total": 1 } }], "deleted_orders": ["1"] })), "Ok(())");
    }
}
