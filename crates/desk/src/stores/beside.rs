//! What stands beside a ticket: the order that it is about, the customer's other orders, and what they are worth to the
//! shop. What we have shows at once; the stores are asked by a second request, and answer when they can.

use aide::axum::{ApiRouter, routing::get_with};
use axum::{Json, extract::State};
use base::{
    Actor, App, Db, Feature, Result, Stamp, Value, args,
    db::Param,
    web::{Id, Params},
};
use connectors::platform::{News, Wanted};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Store,
    live::{Detail, Fresh, blamed, detail, fresh, within},
    note_health, of_shop,
    take::{Way, take},
};
use crate::{
    agents::{Permission, Who},
    customers::{self, Customer, CustomerId, IdentityKind},
    orders::{self, Order, OrderId, known, order},
    shops::{self, Shop, ShopId},
    tickets::TicketId,
};

/// Orders beside the one that the ticket is about.
const SHOWN: i64 = 20;

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route("/tickets/{id}/orders", get_with(of_ticket, |op| op.summary("The orders beside a ticket")))
        .api_route("/customers/{id}/orders", get_with(of_customer, |op| op.summary("A customer's orders")));
    Feature { routes, ..Feature::default() }
}

/// What a customer has bought, in one currency.
#[derive(Debug, Serialize, JsonSchema)]
struct Worth {
    currency: String,
    orders: i64,
    /// Paid, less what was given back, in the currency's smallest unit.
    value: i64,
    refunded: i64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Beside {
    /// The order that the ticket is about, else the customer's newest.
    order: Option<Detail>,
    /// How we came to think so: `picked`, `number`, `page`, `parcel`, or `newest` where nobody said anything.
    why: Option<String>,
    /// Newest first, at most 20.
    others: Vec<Order>,
    /// The orders of this customer altogether.
    count: i64,
    /// What they are worth to the shop, a currency each.
    lifetime: Vec<Worth>,
    /// The first order of all.
    first_at: Option<Stamp>,
    /// Why some of it may be older than it should: a sentence for each store that did not answer.
    problems: Vec<String>,
    /// The shop has a store that is connected.
    connected: bool,
    /// How loyal the shop counts them, in its own word.
    tier: Option<String>,
    /// Whether they agreed to be written to beyond their orders, as the store of their newest order has it.
    marketing: Option<bool>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Query {
    /// Ask the stores, rather than show what they said last.
    fresh: bool,
}

async fn of_ticket(
    who: Who,
    State(app): State<App>,
    Id(id): Id<TicketId>,
    Params(query): Params<Query>,
) -> Result<Json<Beside>> {
    who.may(Permission::TicketsRead)?;
    who.may(Permission::CustomersRead)?;
    let sql = "SELECT shop, customer, order_id, order_why FROM tickets WHERE id = $1";
    let row = app.db().one(sql, args![id]).await?;
    let (shop, customer) = (row.id("shop")?, row.id("customer")?);
    let picked = row.opt_id("order_id")?.zip(row.opt_text("order_why")?);
    beside(&app, shop, customer, picked, query.fresh).await.map(Json)
}

async fn of_customer(
    who: Who,
    State(app): State<App>,
    Id(id): Id<CustomerId>,
    Params(query): Params<Query>,
) -> Result<Json<Beside>> {
    who.may(Permission::CustomersRead)?;
    beside(&app, who.shop, id, None, query.fresh).await.map(Json)
}

async fn beside(
    app: &App,
    shop: ShopId,
    id: CustomerId,
    picked: Option<(OrderId, String)>,
    ask: bool,
) -> Result<Beside> {
    let customer = customers::show(app.db(), id).await?;
    let stores = of_shop(app, shop).await?;
    let mut problems = if ask { asked(app, &stores, &customer).await? } else { Vec::new() };
    let (whose, args) = whose(&stores, &customer);
    let sql = format!("SELECT * FROM orders WHERE {whose} ORDER BY placed_at DESC, id DESC LIMIT {}", SHOWN + 1);
    let rows = app.db().all(&sql, args.clone()).await?;
    let newest = rows.first().map(|row| row.id("id")).transpose()?.map(|id| (id, "newest".to_owned()));
    let about = picked.or(newest);
    let order = match &about {
        // The newest has just been had with the others.
        Some((id, why)) if ask && why != "newest" => Some(detail(app, fresh(app, *id).await?).await?),
        Some((id, _)) => {
            let row = rows.iter().find(|row| row.int("id").is_ok_and(|one| one == id.0));
            let known = match row {
                Some(row) => known(row)?,
                None => orders::get(app.db(), *id).await?,
            };
            Some(detail(app, Fresh { known, stale: None }).await?)
        }
        None => None,
    };
    problems.extend(order.as_ref().and_then(|order| order.stale.clone()));
    problems.dedup();
    let about_id = about.as_ref().map(|(id, _)| *id);
    let others = rows.iter().filter(|row| row.id("id").ok() != about_id).take(usize::try_from(SHOWN)?);
    let others = others.map(self::order).collect::<Result<_>>()?;
    let (count, first_at, lifetime) = lifetime(app.db(), &whose, args).await?;
    let connected = !stores.is_empty();
    let buyer = rows.first().map(known).transpose()?.map(|known| known.order.buyer).unwrap_or_default();
    let tier = tier(&shops::get(app.db(), shop).await?, &customer, &buyer.tags);
    let (why, marketing) = (about.map(|(_, why)| why), buyer.accepts_marketing);
    Ok(Beside { order, why, others, count, lifetime, first_at, problems, connected, tier, marketing })
}

/// What the shop's own field says; else the best of its tiers that is a tag of theirs, here or at the store.
fn tier(shop: &Shop, customer: &Customer, tags: &[String]) -> Option<String> {
    let value = shop.tier_attribute.as_ref().and_then(|key| customer.attributes.get(key));
    let said = value.and_then(|value| match value {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    });
    let is_theirs = |tier: &&String| {
        let same = |tag: &String| tag.trim().to_lowercase() == tier.to_lowercase();
        customer.tags.iter().chain(tags).any(same)
    };
    said.filter(|said| !said.trim().is_empty()).or_else(|| shop.tier_tags.iter().find(is_theirs).cloned())
}

/// The condition for a customer's orders: theirs, and those of the accounts that are proven to be theirs.
fn whose(stores: &[Store], customer: &Customer) -> (String, Vec<Value>) {
    let mut args = args![customer.id];
    let mut whose = vec!["customer = $1".to_owned()];
    for (store, account) in accounts(stores, customer) {
        args.extend([store.id.value(), account.value()]);
        whose.push(format!("(store = ${} AND account = ${})", args.len() - 1, args.len()));
    }
    (format!("({}) AND deleted_at IS NULL", whose.join(" OR ")), args)
}

/// Accounts that are proven to be the customer's.
fn accounts<'a>(stores: &'a [Store], customer: &'a Customer) -> impl Iterator<Item = (&'a Store, &'a str)> {
    let proven = |identity: &&customers::Identity| identity.kind == IdentityKind::ShopAccount && identity.verified;
    let identities = customer.identities.iter().filter(proven).take(10);
    identities.flat_map(move |identity| {
        stores.iter().filter_map(move |store| Some((store, store.account_id(&identity.value)?)))
    })
}

async fn lifetime(db: &Db, whose: &str, args: Vec<Value>) -> Result<(i64, Option<Stamp>, Vec<Worth>)> {
    let sql = format!(
        "SELECT currency, CAST(count(*) AS BIGINT) AS orders, CAST(sum(paid - refunded) AS BIGINT) AS value,
        CAST(sum(refunded) AS BIGINT) AS refunded, min(placed_at) AS first_at
        FROM orders WHERE {whose} GROUP BY currency ORDER BY 2 DESC, currency"
    );
    let (mut count, mut first, mut all) = (0, None::<i64>, Vec::new());
    for row in db.all(&sql, args).await? {
        let worth = Worth {
            currency: row.text("currency")?,
            orders: row.int("orders")?,
            value: row.int("value")?,
            refunded: row.int("refunded")?,
        };
        let at = row.int("first_at")?;
        first = Some(first.map_or(at, |first| first.min(at)));
        count += worth.orders;
        all.push(worth);
    }
    Ok((count, first.map(Stamp), all))
}

/// Asks all stores at once for the customer's orders; says which did not answer.
async fn asked(app: &App, stores: &[Store], customer: &Customer) -> Result<Vec<String>> {
    let of = |kind: IdentityKind| {
        let all = customer.identities.iter().filter(move |identity| identity.kind == kind);
        all.map(|identity| identity.value.clone()).take(10).collect::<Vec<_>>()
    };
    let mut asking = Vec::new();
    for store in stores {
        let platform = store.platform(app)?;
        let buyers = accounts(stores, customer).filter(|(one, _)| one.id == store.id);
        let buyers = buyers.map(|(_, account)| account.to_owned()).collect();
        let wanted = Wanted { buyers, emails: of(IdentityKind::Email), phones: of(IdentityKind::Phone) };
        let nobody = wanted.buyers.is_empty() && wanted.emails.is_empty() && wanted.phones.is_empty();
        if !nobody && platform.capabilities().asked {
            let end = store.end(app)?;
            asking.push(async move { (store, within(store, platform.orders_of(&end, &wanted)).await) });
        }
    }
    let mut problems = Vec::new();
    for (store, answer) in futures_util::future::join_all(asking).await {
        match answer {
            Ok(orders) => {
                let news = orders.into_iter().map(|order| News::Order(Box::new(order))).collect();
                let mut tx = app.begin(Actor::System).await?;
                take(&mut tx, store, news, Way::News).await?;
                tx.commit().await?;
                note_health(app, store, "ok", None).await?;
            }
            Err(error) => problems.push(blamed(app, store, error).await?),
        }
    }
    Ok(problems)
}
