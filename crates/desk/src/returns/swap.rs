//! Something else of the shop in exchange. It may cost as much as what comes back, or less: what it costs less goes back
//! to the shopper, and nobody is charged more than they have paid.

use base::{Db, Error, Result, Tx, args};
use connectors::{
    action::Wished,
    order::{Line, Order, Product, Variant},
};

use super::{Kept, Return, policy::Outcome};
use crate::{orders::Known, stores::products};

/// Products that are looked through for one question, and kinds that are shown of it.
const LOOKED_AT: i64 = 200;
const SHOWN: usize = 40;

/// One kind of a product that can be had for one piece of a line.
#[derive(Debug, Clone, PartialEq)]
pub struct Swap {
    pub product: String,
    pub variant: String,
    pub title: String,
    pub variant_title: Option<String>,
    pub picture: Option<String>,
    /// What it costs less, each, in the smallest unit of the order's currency.
    pub cheaper: i64,
}

/// What one piece of a line was paid with.
fn paid(line: &Line) -> i64 {
    line.total / line.quantity.max(1)
}

fn can_be_had(variant: &Variant, order: &Order, line: &Line, quantity: i64) -> bool {
    let same_money = variant.currency.is_empty() || variant.currency == order.currency;
    same_money && variant.price <= paid(line) && variant.stock.is_none_or(|stock| stock >= quantity)
}

/// What of the shop can be had instead, by the beginnings of words of its name.
pub async fn search(db: &Db, known: &Known, line: &Line, quantity: i64, asked: &str) -> Result<Vec<Swap>> {
    let found = products::search(db, known.store, asked, 0, LOOKED_AT).await?;
    let others = found.into_iter().filter(|product| line.product.as_deref() != Some(&product.id));
    let kinds = others.flat_map(|product| {
        let several = product.variants.len() > 1;
        let (id, title, picture) = (product.id, product.title, product.picture);
        let can = move |variant: &Variant| can_be_had(variant, &known.order, line, quantity);
        product.variants.into_iter().filter(can).map(move |variant| Swap {
            product: id.clone(),
            title: title.clone(),
            variant_title: several.then(|| variant.title.clone()),
            picture: variant.picture.clone().or_else(|| picture.clone()),
            cheaper: paid(line) - variant.price,
            variant: variant.id,
        })
    });
    Ok(kinds.take(SHOWN).collect())
}

/// This one, where it can be had.
pub async fn find(db: &Db, known: &Known, line: &Line, quantity: i64, wished: (&str, &str)) -> Result<Option<Swap>> {
    let Some(product) = products::find(db, known.store, wished.0).await? else { return Ok(None) };
    let several = product.variants.len() > 1;
    let can = |variant: &Variant| variant.id == wished.1 && can_be_had(variant, &known.order, line, quantity);
    Ok(product.variants.into_iter().find(can).map(|variant| Swap {
        product: product.id,
        title: product.title,
        variant_title: several.then_some(variant.title),
        picture: variant.picture.or(product.picture),
        cheaper: paid(line) - variant.price,
        variant: variant.id,
    }))
}

/// Why another kind of the same product cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hindrance {
    /// Nobody sells it, or not for this money.
    Unknown,
    SoldOut,
    /// Nobody can be charged the difference.
    Dearer,
}

impl Hindrance {
    /// The text of the pages that says so.
    pub fn key(self) -> &'static str {
        match self {
            Self::Unknown => "pick_variant",
            Self::SoldOut => "pick_sold_out",
            Self::Dearer => "pick_dearer",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Unknown => "is nothing that is sold, or not in the order's currency",
            Self::SoldOut => "is sold out",
            Self::Dearer => "costs more than what comes back, and nobody can be charged the difference",
        }
    }
}

/// What was bought at a discount is exchanged for what costs as much as it did without, or does by now.
pub fn hindrance(product: &Product, order: &Order, line: &Line, quantity: i64, wished: &str) -> Option<Hindrance> {
    let of_order = |variant: &&Variant| variant.currency.is_empty() || variant.currency == order.currency;
    let sold = |id: &str| product.variants.iter().filter(of_order).find(|variant| variant.id == id);
    let Some(variant) = sold(wished) else { return Some(Hindrance::Unknown) };
    if variant.stock.is_some_and(|stock| stock < quantity) {
        return Some(Hindrance::SoldOut);
    }
    let bought = line.variant.as_deref().and_then(sold).map_or(0, |variant| variant.price);
    let most = paid(line).max(line.price).max(bought);
    (variant.price > most).then_some(Hindrance::Dearer)
}

/// `Ull base layer (M)`, as it is sold; none where nobody sells it any more.
pub async fn title(db: &Db, known: &Known, (product, variant): (&str, &str)) -> Result<Option<String>> {
    let Some(product) = products::find(db, known.store, product).await? else { return Ok(None) };
    let several = product.variants.len() > 1;
    let kind = product.variants.iter().find(|one| one.id == variant).filter(|_| several);
    Ok(Some(kind.map_or_else(|| product.title.clone(), |kind| format!("{} ({})", product.title, kind.title))))
}

/// What each piece of it costs less, as it is when it is asked for: `Invalid` where it cannot be had.
pub(super) async fn cheaper(
    tx: &mut Tx,
    kept: &Kept,
    known: &Known,
    line: &Line,
    wished: &Wished,
    field: String,
) -> Result<i64> {
    let is_same = line.product.as_deref() == Some(&wished.product);
    if !is_same && !kept.policy.other_products {
        return Err(Error::invalid(field, "is another product, which the shop's policy does not exchange it for"));
    }
    let sql = "SELECT data FROM products WHERE store = $1 AND external = $2 AND deleted_at IS NULL AND active = TRUE";
    let row = tx.opt(sql, args![known.store, &wished.product]).await?;
    let product: Product = row.map(|row| row.json("data")).transpose()?.unwrap_or_default();
    // Another kind of the same: what it costs less is reckoned by the store.
    if is_same {
        let hindered = hindrance(&product, &known.order, line, wished.quantity, &wished.variant);
        return hindered.map_or(Ok(0), |hindered| Err(Error::invalid(field, hindered.words())));
    }
    let is_it =
        |variant: &&Variant| variant.id == wished.variant && can_be_had(variant, &known.order, line, wished.quantity);
    let variant = product.variants.iter().find(is_it);
    let variant = variant.ok_or_else(|| Error::invalid(field, "cannot be had, or costs more"))?;
    Ok(paid(line) - variant.price)
}

/// What goes back beside the exchange, for so many pieces of each line.
pub(super) fn back(found: &Return, lines: &[super::Line], counted: impl Fn(&super::Line) -> i64) -> i64 {
    if found.outcome != Outcome::Exchange {
        return 0;
    }
    let sum: i64 = lines.iter().map(|line| line.cheaper.saturating_mul(counted(line))).sum();
    (sum - found.fee).max(0)
}
