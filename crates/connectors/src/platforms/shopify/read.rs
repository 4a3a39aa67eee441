//! Reads what a store has, part by part, and single orders and products as they are now.
//!
//! How much fits into one answer hangs on what it costs: a query may cost 1,000 points at most, and Shopify alone knows
//! what one costs. So the first part is small, and each says how large the next may be.

use base::{Error, Result, Stamp, Time};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Shopify,
    ask::{Cost, Said, too_dear},
    buyers, orders,
    orders::{INNER, Purse, Rest, each, more, text},
    parcels, products, settings,
};
use crate::{
    order::{Order, Product},
    platform::{Batch, Kind, News, Store},
};

/// Orders in the first part, and the most that Shopify gives at once.
const FIRST: i64 = 10;
const MOST: i64 = 250;
/// Of the points that one query may cost, so many are meant to be used.
const POINTS: f64 = 800.0;
/// Shopify lets nobody page deeper than 25,000; we begin anew well before, from the last one's time of change.
const DEEPEST: i64 = 20_000;
/// Lines of an order in a list, and of one alone. What has more is asked for the rest: nearly none has.
const FEW: i64 = 10;
const LINES: i64 = 30;

/// Where the next part begins.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Place {
    /// What changed at or after.
    since: Option<Time>,
    after: Option<String>,
    /// How many were read since `since`.
    read: i64,
    size: i64,
}

impl Place {
    /// The place after so many, which begins anew once it is deep enough: with the last one's second once more, as
    /// others may share it.
    fn on(self, after: String, read: i64, size: i64, newest: Option<Stamp>) -> Self {
        match newest {
            Some(Stamp(at)) if read >= DEEPEST && self.since.is_none_or(|since| at > since) => {
                Self { since: Some(at), size, ..Self::default() }
            }
            _ => Self { after: Some(after), read, size, ..self },
        }
    }
}

fn list(kind: Kind) -> &'static str {
    match kind {
        Kind::Orders => "orders",
        Kind::Customers => "customers",
        Kind::Products => "products",
    }
}

fn page_query(kind: Kind) -> String {
    let (fragment, parts) = match kind {
        Kind::Orders => {
            ("Whole", [orders::ORDER, orders::ITEM, orders::PAYMENT, parcels::PARCEL, buyers::ACCOUNT].concat())
        }
        Kind::Customers => ("Account", buyers::ACCOUNT.to_owned()),
        Kind::Products => ("Goods", products::PRODUCT.to_owned()),
    };
    let sizes = match kind {
        Kind::Orders => ", $lines: Int!, $inner: Int!",
        Kind::Customers => "",
        Kind::Products => ", $lines: Int!",
    };
    let list = list(kind);
    format!(
        "query Read($first: Int!, $after: String, $query: String{sizes}) {{ shop {{ currencyCode }} \
         {list}(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) \
         {{ nodes {{ ...{fragment} }} pageInfo {{ hasNextPage endCursor }} }} }}{parts}"
    )
}

impl Shopify {
    pub(super) async fn read_part(
        &self,
        store: &Store,
        kind: Kind,
        since: Option<Time>,
        next: Option<&Value>,
    ) -> Result<Batch> {
        let first = || Place { since, size: FIRST, ..Place::default() };
        let mut place: Place = match next {
            Some(next) => serde_json::from_value(next.clone())?,
            None => first(),
        };
        let total = if next.is_none() { self.count(store, kind, since).await? } else { None };
        let said = loop {
            match self.page(store, kind, &place).await {
                Err(Error::TooLarge { .. }) if place.size > 1 => place.size /= 2,
                other => break other.map_err(too_dear)?,
            }
        };
        let list = &said.data[list(kind)];
        let mut news = Vec::new();
        for node in each(list) {
            news.push(self.news(store, kind, node, &said.data).await?);
        }
        let size = fitting(place.size, said.cost);
        let read = place.read + i64::try_from(news.len()).unwrap_or_default();
        let newest = each(list).last().and_then(|node| orders::stamp(&node["updatedAt"]));
        let next = more(list).map(|after| place.on(after, read, size, newest));
        let next = next.map(serde_json::to_value).transpose()?;
        let pause = if next.is_some() { pause(said.cost) } else { 0 };
        Ok(Batch { news, next, total, pause })
    }

    async fn page(&self, store: &Store, kind: Kind, place: &Place) -> Result<Said> {
        let query = place.since.map(|since| format!("updated_at:>='{}'", Stamp(since)));
        let mut variables = json!({ "first": place.size, "after": place.after, "query": query });
        if kind != Kind::Customers {
            variables["lines"] = json!(FEW);
        }
        if kind == Kind::Orders {
            variables["inner"] = json!(INNER);
        }
        self.admin.ask(store, &page_query(kind), variables).await
    }

    async fn news(&self, store: &Store, kind: Kind, node: &Value, data: &Value) -> Result<News> {
        Ok(match kind {
            Kind::Customers => News::Buyer(Box::new(buyers::buyer(node))),
            Kind::Orders => News::Order(Box::new(self.whole(store, node).await?)),
            Kind::Products if more(&node["variants"]).is_some() => {
                let id = text(&node["id"]).unwrap_or_default();
                let product = self.product_now(store, &id).await?;
                product.map_or(News::ProductDeleted { id }, |product| News::Product(Box::new(product)))
            }
            Kind::Products => {
                let currency = text(&data["shop"]["currencyCode"]).unwrap_or_default();
                News::Product(Box::new(products::product(node, &currency)?))
            }
        })
    }

    async fn count(&self, store: &Store, kind: Kind, since: Option<Time>) -> Result<Option<i64>> {
        let list = list(kind);
        let query = format!("query Count($query: String) {{ {list}Count(query: $query, limit: null) {{ count }} }}");
        let wanted = since.map(|since| format!("updated_at:>='{}'", Stamp(since)));
        let said = self.admin.ask(store, &query, json!({ "query": wanted })).await?;
        Ok(said.data[format!("{list}Count")]["count"].as_i64())
    }

    /// An order of a list, with what did not fit into the list.
    async fn whole(&self, store: &Store, node: &Value) -> Result<Order> {
        let shop = settings::access(&store.settings)?.shop;
        let (order, rest) = orders::order(&shop, node)?;
        if rest.is_empty() {
            return Ok(order);
        }
        // Deleted between the two: what the list said of it is what there is.
        Ok(self.order_now(store, &order.id).await?.unwrap_or(order))
    }

    pub(super) async fn order_now(&self, store: &Store, id: &str) -> Result<Option<Order>> {
        let query = [
            "query One($id: ID!, $lines: Int!, $inner: Int!) { order(id: $id) { ...Whole } }",
            orders::ORDER,
            orders::ITEM,
            orders::PAYMENT,
            parcels::PARCEL,
            buyers::ACCOUNT,
        ];
        let (mut lines, mut inner) = (LINES, INNER);
        let mut best = None;
        let said = loop {
            let variables = json!({ "id": id, "lines": lines, "inner": inner });
            match self.admin.ask(store, &query.concat(), variables).await {
                Err(Error::TooLarge { .. }) if lines > 1 => lines = (lines / 4).max(1),
                Err(Error::TooLarge { .. }) => break best,
                Ok(said) if inner < MOST && orders::more_parcels(&said.data["order"]) => {
                    best = Some(said);
                    inner = (inner * 2).min(MOST);
                }
                other => break Some(other?),
            }
        };
        let said = said.ok_or(Error::TooLarge { limit: 1000 }).map_err(too_dear)?;
        if said.data["order"].is_null() {
            return Ok(None);
        }
        let shop = settings::access(&store.settings)?.shop;
        let (mut order, rest) = orders::order(&shop, &said.data["order"])?;
        self.money(store, &mut order, &said.data["order"]).await?;
        self.finish(store, &mut order, rest, said.data["order"]["taxesIncluded"].as_bool() == Some(false)).await?;
        Ok(Some(order))
    }

    /// Asks for the payments and refunds of an order that has many.
    async fn money(&self, store: &Store, order: &mut Order, told: &Value) -> Result<()> {
        let purse = Purse { currency: &order.currency };
        if orders::more_payments(told) {
            let query = [
                "query Paid($id: ID!) { order(id: $id) { transactions(first: 250) { ...Payment } } } \
                fragment Money on MoneyBag { presentmentMoney { amount } }",
                orders::PAYMENT,
            ];
            let said = self.admin.ask(store, &query.concat(), json!({ "id": order.id })).await?;
            order.payments = orders::payments(purse, &said.data["order"]["transactions"])?;
        }
        if orders::more_refunds(told) {
            const REFUNDS: &str = "query Refunds($id: ID!) { order(id: $id) { refunds(first: 250) { \
                id createdAt note totalRefundedSet { presentmentMoney { amount } } } } }";
            let said = self.admin.ask(store, REFUNDS, json!({ "id": order.id })).await?;
            let all = orders::refunds(purse, &said.data["order"]["refunds"])?;
            order.refunds.extend(all.into_iter().skip(order.refunds.len()));
        }
        Ok(())
    }

    /// Asks for the lines and pieces of a large order that did not fit.
    async fn finish(&self, store: &Store, order: &mut Order, rest: Rest, added: bool) -> Result<()> {
        for (id, mut after) in rest.parcels {
            const PIECES: &str = "query Pieces($id: ID!, $after: String) { fulfillment(id: $id) { \
                fulfillmentLineItems(first: 250, after: $after) { nodes { quantity lineItem { id } } \
                pageInfo { hasNextPage endCursor } } } }";
            loop {
                let said = self.admin.ask(store, PIECES, json!({ "id": id, "after": after })).await?;
                let list = &said.data["fulfillment"]["fulfillmentLineItems"];
                if let Some(parcel) = order.shipments.iter_mut().find(|parcel| parcel.id == id) {
                    parcel.pieces.extend(orders::pieces(list));
                }
                let Some(next) = more(list) else { break };
                after = next;
            }
        }
        let (mut lines, mut after) = (Vec::new(), rest.lines);
        while let Some(cursor) = after {
            let query = [
                "query Lines($id: ID!, $after: String) { order(id: $id) { lineItems(first: 100, after: $after) { \
                nodes { ...Item } pageInfo { hasNextPage endCursor } } } }",
                orders::ITEM,
            ];
            let said = self.admin.ask(store, &query.concat(), json!({ "id": order.id, "after": cursor })).await?;
            let list = &said.data["order"]["lineItems"];
            let currency = order.currency.clone();
            for item in each(list) {
                lines.push(orders::line(Purse { currency: &currency }, item, added)?);
            }
            after = more(list);
        }
        orders::add_lines(order, lines);
        Ok(())
    }

    /// Orders for a search in Shopify's words, newest first.
    pub(super) async fn find(&self, store: &Store, search: &str, most: usize) -> Result<Vec<Order>> {
        let query = [
            "query Find($first: Int!, $after: String, $query: String, $lines: Int!, $inner: Int!) { orders(first: $first, \
            after: $after, query: $query, sortKey: CREATED_AT, reverse: true) { nodes { ...Whole } \
            pageInfo { hasNextPage endCursor } } }",
            orders::ORDER,
            orders::ITEM,
            orders::PAYMENT,
            parcels::PARCEL,
            buyers::ACCOUNT,
        ];
        let (mut found, mut after, mut size) = (Vec::new(), None, FIRST);
        loop {
            let variables = json!({ "first": size, "after": after, "query": search, "lines": FEW, "inner": INNER });
            let said = match self.admin.ask(store, &query.concat(), variables).await {
                Err(Error::TooLarge { .. }) if size > 1 => {
                    size /= 2;
                    continue;
                }
                other => other.map_err(too_dear)?,
            };
            for node in each(&said.data["orders"]) {
                found.push(self.whole(store, node).await?);
            }
            after = more(&said.data["orders"]);
            if after.is_none() || found.len() >= most {
                found.truncate(most);
                return Ok(found);
            }
            size = fitting(size, said.cost);
        }
    }

    pub(super) async fn product_now(&self, store: &Store, id: &str) -> Result<Option<Product>> {
        let query = [
            "query Goods($id: ID!, $lines: Int!, $after: String) { shop { currencyCode } product(id: $id) { ...Goods \
            more: variants(first: $lines, after: $after) { nodes { ...Kind } pageInfo { hasNextPage endCursor } } } }",
            products::PRODUCT,
        ];
        let mut after: Option<String> = None;
        let mut found: Option<Product> = None;
        loop {
            let variables = json!({ "id": id, "lines": 100, "after": after });
            let said = self.admin.ask(store, &query.concat(), variables).await?;
            let node = &said.data["product"];
            if node.is_null() {
                return Ok(found);
            }
            let currency = text(&said.data["shop"]["currencyCode"]).unwrap_or_default();
            let mut product = products::product(node, &currency)?;
            product.variants =
                each(&node["more"]).map(|one| products::variant(one, &currency)).collect::<Result<_>>()?;
            match &mut found {
                Some(found) => found.variants.append(&mut product.variants),
                None => found = Some(product),
            }
            after = more(&node["more"]);
            if after.is_none() {
                return Ok(found);
            }
        }
    }
}

/// How many fit into a query that is to cost [`POINTS`], going by what so many cost.
fn fitting(size: i64, cost: Cost) -> i64 {
    if cost.requested <= 0.0 {
        return size;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "pages and their costs are small")]
    let fits = (size as f64 * POINTS / cost.requested) as i64;
    fits.clamp(1, MOST)
}

/// Waits until the next part fits, with a quarter of the bucket left over for people who wait for an answer.
fn pause(cost: Cost) -> i64 {
    cost.until((cost.requested.max(POINTS) + cost.maximum / 4.0).min(cost.maximum))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_begins_anew_before_it_is_too_deep() {
        let place = Place { since: Some(1000), after: Some("a".into()), read: 10, size: 250 };
        let next = |read, newest| place.clone().on("b".into(), read, 250, Some(Stamp(newest)));
        let on = next(DEEPEST - 1, 5000);
        assert_eq!((on.since, on.after.as_deref(), on.read), (Some(1000), Some("b"), DEEPEST - 1));
        let anew = next(DEEPEST, 5000);
        assert_eq!((anew.since, anew.after, anew.read), (Some(5000), None, 0));
        // All of one second: there is no other way than on.
        assert_eq!(next(DEEPEST, 1000).after.as_deref(), Some("b"));
        const { assert!(DEEPEST + MOST <= 25_000, "Shopify's own limit") };
    }

    #[test]
    fn a_part_is_as_large_as_fits_and_leaves_room_for_others() {
        let cost = |requested, available| Cost { requested, available, maximum: 2000.0, restored: 100.0 };
        assert_eq!(fitting(10, cost(400.0, 0.0)), 20);
        assert_eq!(fitting(10, cost(4000.0, 0.0)), 2);
        assert_eq!(fitting(1, cost(5000.0, 0.0)), 1);
        assert_eq!(fitting(10, cost(1.0, 0.0)), 250);
        assert_eq!(pause(cost(800.0, 2000.0)), 0);
        assert_eq!(pause(cost(800.0, 300.0)), 10_000);
    }
}
