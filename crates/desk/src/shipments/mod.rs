//! Parcels: what the shop's platform and the carriers say of them becomes one history; those that are stuck are found
//! before anybody asks.

mod days;
mod history;
pub mod look;
mod news;
pub mod peace;
mod preview;
mod rules;
mod show;
mod take;
mod told;
mod trouble;
mod watch;
pub mod words;

use base::{Db, Feature, Result, Row, Stamp, Time, Tx, args};
use connectors::{
    carrier::{Standing, Status, SubStatus},
    carriers::{self, known},
    order::Pieces,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{customers::CustomerId, orders::OrderId, shops::ShopId};

pub use news::forget;
pub use rules::{Rules, rules, zone};
pub use show::{Scan, history};
pub use take::take;
pub use told::told;
pub use trouble::{Reason, Trouble, address};

base::id!(
    /// A parcel, or several under one number.
    ShipmentId,
);

/// A parcel as we know it.
#[derive(Debug, Clone, PartialEq)]
pub struct Shipment {
    pub id: ShipmentId,
    pub order: OrderId,
    pub shop: ShopId,
    pub customer: Option<CustomerId>,
    /// The store's id of it.
    external: String,
    /// The carrier in our word.
    pub carrier: Option<String>,
    /// As the store calls it.
    pub carrier_name: Option<String>,
    pub number: Option<String>,
    url: Option<String>,
    pub pieces: Vec<Pieces>,
    pub standing: Standing,
    pub shipped_at: Option<Time>,
    pub expected_at: Option<Time>,
    /// The day that was named first.
    pub promised_at: Option<Time>,
    shop_expected_at: Option<Time>,
    pub delivered_at: Option<Time>,
    /// When the carrier last had it in hand.
    pub last_scan_at: Option<Time>,
    pub cancelled: bool,
    watch_at: Option<Time>,
    watched_from: Time,
    pub created_at: Time,
    pub updated_at: Time,
}

pub fn feature() -> Feature {
    Feature::default()
        .merge(show::feature())
        .merge(news::feature())
        .merge(watch::feature())
        .merge(rules::feature())
        .merge(preview::feature())
}

impl Shipment {
    /// The carrier as people call it.
    pub fn carrier_called(&self) -> Option<&str> {
        let known = self.carrier.as_deref().and_then(known::by_code).map(|known| known.name);
        known.or(self.carrier_name.as_deref())
    }

    /// Where it is followed at the carrier's.
    pub fn link(&self) -> Option<String> {
        let known = self.carrier.as_deref().and_then(known::by_code);
        carriers::link(known, self.number.as_deref(), self.url.as_deref())
    }

    /// Nothing more will happen to it.
    pub fn is_over(&self) -> bool {
        let gone = [SubStatus::BackAtSender, SubStatus::Cancelled].map(Some);
        self.cancelled
            || matches!(self.standing.status, Status::Delivered | Status::Expired)
            || gone.contains(&self.standing.sub)
    }
}

const SELECT: &str = "SELECT s.*, o.shop, o.customer FROM shipments s JOIN orders o ON o.id = s.order_id";

/// The parcel, held against other writers until the transaction ends.
async fn find(tx: &mut Tx, id: ShipmentId) -> Result<Shipment> {
    tx.one("SELECT id FROM shipments WHERE id = $1 {for update}", args![id]).await?;
    shipment(&tx.one(&format!("{SELECT} WHERE s.id = $1"), args![id]).await?)
}

pub async fn get(db: &Db, id: ShipmentId) -> Result<Shipment> {
    shipment(&db.one(&format!("{SELECT} WHERE s.id = $1"), args![id]).await?)
}

/// The parcels of an order, oldest first.
pub async fn of_order(db: &Db, order: OrderId) -> Result<Vec<Shipment>> {
    let sql = format!("{SELECT} WHERE s.order_id = $1 ORDER BY s.id LIMIT 100");
    db.all(&sql, args![order]).await?.iter().map(shipment).collect()
}

fn standing(row: &Row) -> Result<Standing> {
    let sub = row.opt_text("sub_status")?.map(|word| word.parse()).transpose()?;
    Ok(Standing { status: row.word("status")?, sub })
}

fn shipment(row: &Row) -> Result<Shipment> {
    Ok(Shipment {
        id: row.id("id")?,
        order: row.id("order_id")?,
        shop: row.id("shop")?,
        customer: row.opt_id("customer")?,
        external: row.text("external")?,
        carrier: row.opt_text("carrier")?,
        carrier_name: row.opt_text("carrier_name")?,
        number: row.opt_text("number")?,
        url: row.opt_text("url")?,
        pieces: row.json("pieces")?,
        standing: standing(row)?,
        shipped_at: row.opt_int("shipped_at")?,
        expected_at: row.opt_int("expected_at")?,
        promised_at: row.opt_int("promised_at")?,
        shop_expected_at: row.opt_int("shop_expected_at")?,
        delivered_at: row.opt_int("delivered_at")?,
        last_scan_at: row.opt_int("last_scan_at")?,
        cancelled: row.bool("cancelled")?,
        watch_at: row.opt_int("watch_at")?,
        watched_from: row.int("watched_from")?,
        created_at: row.int("created_at")?,
        updated_at: row.int("updated_at")?,
    })
}

/// A parcel as the API shows it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Parcel")]
pub struct Shown {
    pub id: ShipmentId,
    pub order: OrderId,
    /// What people call the order, such as `FV-20418`.
    pub order_number: String,
    pub customer: Option<CustomerId>,
    pub customer_name: Option<String>,
    /// The carrier in one word, such as `dhl_express`; null where it is none that is known.
    pub carrier: Option<String>,
    /// As people call it.
    pub carrier_name: Option<String>,
    pub number: Option<String>,
    /// Where it is followed at the carrier's.
    pub link: Option<String>,
    pub pieces: Vec<Pieces>,
    pub status: Status,
    pub sub_status: Option<SubStatus>,
    pub shipped_at: Option<Stamp>,
    pub expected_at: Option<Stamp>,
    /// The day that was named first.
    pub promised_at: Option<Stamp>,
    pub delivered_at: Option<Stamp>,
    /// When the carrier last had it in hand.
    pub last_scan_at: Option<Stamp>,
    /// It was called back.
    pub cancelled: bool,
    /// What is wrong with it, and what was.
    pub troubles: Vec<Trouble>,
    pub created_at: Stamp,
    pub updated_at: Stamp,
}

/// What people call what a parcel belongs to.
#[derive(Default, Clone)]
struct Named {
    order: String,
    customer: Option<String>,
}

impl Shipment {
    fn shown(self, named: Named, troubles: Vec<Trouble>) -> Shown {
        Shown {
            order_number: named.order,
            customer_name: named.customer,
            carrier_name: self.carrier_called().map(str::to_owned),
            link: self.link(),
            id: self.id,
            order: self.order,
            customer: self.customer,
            carrier: self.carrier,
            number: self.number,
            pieces: self.pieces,
            status: self.standing.status,
            sub_status: self.standing.sub,
            shipped_at: self.shipped_at.map(Stamp),
            expected_at: self.expected_at.map(Stamp),
            promised_at: self.promised_at.map(Stamp),
            delivered_at: self.delivered_at.map(Stamp),
            last_scan_at: self.last_scan_at.map(Stamp),
            cancelled: self.cancelled,
            troubles,
            created_at: Stamp(self.created_at),
            updated_at: Stamp(self.updated_at),
        }
    }
}
