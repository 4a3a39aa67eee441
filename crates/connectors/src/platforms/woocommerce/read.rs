//! Reads what a store has, part by part.
//!
//! Pages are counted there, and whatever changes while we read moves to the end: with plain pages, others would slip
//! past. So each part begins at the time of the last change that was read, and what stands there with the very same
//! second is passed over by its id.

use base::{Result, Stamp, Time};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    WooCommerce,
    ask::PAGE,
    orders::{self, counts, id, moment, text},
    products, settings,
};
use crate::{
    order::{Order, Product},
    platform::{Batch, Kind, News, Store},
};

/// Where the next part begins.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Place {
    /// The second of the last change that was read.
    at: Option<Time>,
    /// Those of that second that were read.
    seen: Vec<String>,
    /// Of what changed at or after `at`: counts on where so many share a second that they fill a page.
    page: usize,
}

fn path(kind: Kind) -> &'static str {
    match kind {
        Kind::Orders => "orders",
        Kind::Customers => "customers",
        Kind::Products => "products",
    }
}

impl WooCommerce {
    pub(super) async fn read_part(
        &self,
        store: &Store,
        kind: Kind,
        since: Option<Time>,
        next: Option<&Value>,
    ) -> Result<Batch> {
        let place: Place = match next {
            Some(next) => serde_json::from_value(next.clone())?,
            None => Place { at: since, seen: Vec::new(), page: 1 },
        };
        if kind == Kind::Customers {
            return self.people(store, since, place, next.is_none()).await;
        }
        // "After" does not hold the second itself.
        let after = place.at.map(|at| moment(at - 1000));
        let (size, page) = (PAGE.to_string(), place.page.to_string());
        let mut query = vec![("orderby", "modified"), ("order", "asc"), ("per_page", &size), ("page", &page)];
        if let Some(after) = &after {
            query.extend([("modified_after", after.as_str()), ("dates_are_gmt", "true")]);
        }
        let list = self.rest.list(store, path(kind), &query).await?;
        let total = list.total.filter(|_| next.is_none());
        let full = list.rows.len() >= PAGE;
        let next = full.then(|| place.after(&list.rows)).map(serde_json::to_value).transpose()?;
        let fresh = list.rows.iter().filter(|row| !place.has(row));
        let mut news = Vec::new();
        let currency = if kind == Kind::Products { self.currency(store).await? } else { String::new() };
        for row in fresh {
            match kind {
                Kind::Orders if !counts(row) => {}
                Kind::Orders => news.push(News::Order(Box::new(self.whole(store, row).await?))),
                _ => news.push(News::Product(Box::new(self.with_kinds(store, row, &currency).await?))),
            }
        }
        Ok(Batch { news, next, total, pause: 0 })
    }

    /// Customers cannot be asked for by change. For all there are, they come by their id; for what is new, the newest
    /// come first, until one is older. Who changed an account is heard of by its webhook.
    async fn people(&self, store: &Store, since: Option<Time>, place: Place, first: bool) -> Result<Batch> {
        let (size, page) = (PAGE.to_string(), place.page.to_string());
        let (by, order) = if since.is_some() { ("registered_date", "desc") } else { ("id", "asc") };
        let query = [("orderby", by), ("order", order), ("per_page", size.as_str()), ("page", page.as_str())];
        let list = self.rest.list(store, path(Kind::Customers), &query).await?;
        let registered = |row: &Value| orders::stamp(&row["date_created_gmt"]).map(|Stamp(at)| at);
        let old = |row: &Value| since.is_some_and(|since| registered(row).is_some_and(|at| at < since));
        let ended = list.rows.len() < PAGE || list.rows.iter().any(old);
        let fresh = list.rows.iter().filter(|row| !old(row));
        let news = fresh.map(|row| News::Buyer(Box::new(orders::buyer(row)))).collect();
        let next = (!ended).then(|| Place { page: place.page + 1, ..place });
        let total = list.total.filter(|_| first && since.is_none());
        Ok(Batch { news, next: next.map(serde_json::to_value).transpose()?, total, pause: 0 })
    }

    /// An order of a list. Of its refunds, a list has only the sums.
    pub(super) async fn whole(&self, store: &Store, row: &Value) -> Result<Order> {
        let site = settings::access(&store.settings)?.site;
        let refunds = match orders::each(&row["refunds"]).next() {
            Some(_) => self.refunds(store, &id(&row["id"]).unwrap_or_default()).await?,
            None => Vec::new(),
        };
        orders::order(&site, row, &refunds)
    }

    pub(super) async fn refunds(&self, store: &Store, order: &str) -> Result<Vec<Value>> {
        self.rest.all(store, &format!("orders/{order}/refunds"), &[]).await
    }

    pub(super) async fn order_now(&self, store: &Store, order: &str) -> Result<Option<Order>> {
        match self.raw(store, order).await? {
            Some(row) => self.whole(store, &row).await.map(Some),
            None => Ok(None),
        }
    }

    /// As WooCommerce tells it; none where it was deleted or lies in the bin.
    pub(super) async fn raw(&self, store: &Store, order: &str) -> Result<Option<Value>> {
        if order.is_empty() || !order.bytes().all(|digit| digit.is_ascii_digit()) {
            return Ok(None);
        }
        Ok(self.rest.get(store, &format!("orders/{order}")).await?.filter(counts))
    }

    pub(super) async fn product_now(&self, store: &Store, product: &str) -> Result<Option<Product>> {
        if product.is_empty() || !product.bytes().all(|digit| digit.is_ascii_digit()) {
            return Ok(None);
        }
        let Some(row) = self.rest.get(store, &format!("products/{product}")).await?.filter(counts) else {
            return Ok(None);
        };
        let currency = self.currency(store).await?;
        self.with_kinds(store, &row, &currency).await.map(Some)
    }

    async fn with_kinds(&self, store: &Store, row: &Value, currency: &str) -> Result<Product> {
        let kinds = if products::varies(row) {
            let path = format!("products/{}/variations", id(&row["id"]).unwrap_or_default());
            self.rest.all(store, &path, &[("orderby", "id"), ("order", "asc")]).await?
        } else {
            Vec::new()
        };
        products::product(row, &kinds, currency)
    }

    /// The store's own money.
    pub(super) async fn currency(&self, store: &Store) -> Result<String> {
        let said = self.rest.get(store, "data/currencies/current").await?.unwrap_or_default();
        Ok(text(&said["code"]).unwrap_or_default())
    }
}

impl Place {
    fn has(&self, row: &Value) -> bool {
        id(&row["id"]).is_some_and(|id| self.seen.contains(&id)) && changed(row) == self.at
    }

    /// The place behind these rows.
    fn after(&self, rows: &[Value]) -> Self {
        let last = rows.last().and_then(changed);
        if last == self.at {
            return Self { page: self.page + 1, ..self.clone() };
        }
        let seen = rows.iter().filter(|row| changed(row) == last).filter_map(|row| id(&row["id"])).collect();
        Self { at: last, seen, page: 1 }
    }
}

fn changed(row: &Value) -> Option<Time> {
    orders::stamp(&row["date_modified_gmt"]).map(|Stamp(at)| at)
}
