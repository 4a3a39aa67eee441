//! Orders as a store had them last. Who bought is for the customers to say, what is on its way for the parcels.

mod facts;
pub mod link;
mod numbers;
mod put;
mod status;

use base::{Db, Feature, Result, Row, Stamp, Tx, args};
use connectors::order;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{customers::CustomerId, shops::ShopId, stores::StoreId};

pub use facts::facts;
pub use numbers::numbers_in;
pub use put::{Put, is_gone, put, put_first, remove};
pub use status::Status;

base::id!(
    /// An order.
    OrderId,
);

/// A customer with more orders than this is shown the newest ones.
const SHOWN: i64 = 100;

/// An order in short, for lists.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Order {
    pub id: OrderId,
    /// What people call it, such as `FV-20418`.
    pub number: String,
    /// In one word, such as `processing`, `shipped`, `delivered`, `cancelled`.
    pub status: String,
    pub placed_at: Stamp,
    /// In the smallest unit of the currency.
    pub total: i64,
    /// Of what was paid, what was given back.
    pub refunded: i64,
    /// ISO 4217, such as `EUR`.
    pub currency: String,
    pub lines: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Line {
    pub title: String,
    /// Which of the product's kinds, such as `Spruce / XL`.
    pub variant_title: Option<String>,
    pub picture: Option<String>,
    pub quantity: i64,
    /// Of all pieces together, in the smallest unit of the order's currency.
    pub total: i64,
}

/// An order with all that its store said of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    pub id: OrderId,
    pub shop: ShopId,
    pub store: StoreId,
    /// Nobody where the store names nobody, as at a till.
    pub customer: Option<CustomerId>,
    pub status: String,
    /// When we had it from the store.
    pub read_at: Stamp,
    pub deleted_at: Option<Stamp>,
    pub order: order::Order,
}

pub fn feature() -> Feature {
    Feature::default()
}

/// Newest first.
pub async fn for_customer(db: &Db, customer: CustomerId) -> Result<Vec<Order>> {
    let sql = "SELECT * FROM orders WHERE customer = $1 ORDER BY placed_at DESC, id DESC LIMIT $2";
    db.all(sql, args![customer, SHOWN]).await?.iter().map(order).collect()
}

/// The order, held against other writers until the transaction ends.
pub async fn find(tx: &mut Tx, id: OrderId) -> Result<Known> {
    known(&tx.one("SELECT * FROM orders WHERE id = $1 {for update}", args![id]).await?)
}

pub async fn get(db: &Db, id: OrderId) -> Result<Known> {
    known(&db.one("SELECT * FROM orders WHERE id = $1", args![id]).await?)
}

/// Orders of a shop that people call by this number, newest first.
pub async fn by_number(db: &Db, shop: ShopId, number: &str) -> Result<Vec<Known>> {
    let key = number_key(number);
    if key.is_empty() {
        return Ok(Vec::new());
    }
    let sql =
        "SELECT * FROM orders WHERE number_key = $1 AND shop = $2 AND deleted_at IS NULL ORDER BY id DESC LIMIT 5";
    db.all(sql, args![key, shop]).await?.iter().map(known).collect()
}

/// The order that the shop had last; none where it has none.
pub async fn newest(db: &Db, shop: ShopId) -> Result<Option<Known>> {
    let sql = "SELECT * FROM orders WHERE shop = $1 AND deleted_at IS NULL ORDER BY id DESC LIMIT 1";
    db.opt(sql, args![shop]).await?.as_ref().map(known).transpose()
}

/// A number as it is looked for: without `#`, blanks and dashes, letters in upper case.
pub fn number_key(number: &str) -> String {
    let plain = number.chars().filter(|c| c.is_alphanumeric()).take(60);
    plain.flat_map(char::to_uppercase).collect()
}

pub fn order(row: &Row) -> Result<Order> {
    known(row).map(Known::brief)
}

impl Known {
    /// As lists show it.
    pub fn brief(self) -> Order {
        let line = |line: order::Line| Line {
            title: line.title,
            variant_title: line.variant_title,
            picture: line.picture,
            quantity: line.quantity,
            total: line.total,
        };
        let order = self.order;
        Order {
            id: self.id,
            number: order.number,
            status: self.status,
            placed_at: order.placed_at.unwrap_or(self.read_at),
            total: order.totals.total,
            refunded: order.totals.refunded,
            currency: order.currency,
            lines: order.lines.into_iter().map(line).collect(),
        }
    }
}

pub fn known(row: &Row) -> Result<Known> {
    let mut order: order::Order = row.json("data")?;
    // What was kept before stores were connected has only its lines.
    order.id = row.text("external")?;
    order.number = row.text("number")?;
    order.currency = row.text("currency")?;
    order.placed_at = Some(Stamp(row.int("placed_at")?));
    let totals = &mut order.totals;
    (totals.total, totals.paid, totals.refunded) = (row.int("total")?, row.int("paid")?, row.int("refunded")?);
    Ok(Known {
        id: row.id("id")?,
        shop: row.id("shop")?,
        store: row.id("store")?,
        customer: row.opt_id("customer")?,
        status: row.text("status")?,
        read_at: Stamp(row.int("read_at")?),
        deleted_at: row.opt_int("deleted_at")?.map(Stamp),
        order,
    })
}

#[cfg(test)]
mod tests {
    use super::number_key;

    #[test]
    fn numbers_are_found_however_people_write_them() {
        for written in ["#FV-20418", "fv-20418", "FV 20418", " fv20418 "] {
            assert_eq!(number_key(written), "FV20418", "{written}");
        }
        assert_eq!(number_key("#"), "");
    }
}
