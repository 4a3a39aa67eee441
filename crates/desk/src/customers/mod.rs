//! A customer is a person who contacts the shop or buys there, known by their identities: a mail address, a phone
//! number, a handle, an account in the shop, a visitor's browser.

mod address;
mod attributes;
mod blocks;
mod buy;
mod card;
mod consents;
mod erase;
pub(crate) mod facets;
mod facts;
mod identify;
mod identities;
mod list;
pub(crate) mod names;
mod told;
mod vouch;

use std::collections::{BTreeMap, HashMap};

use base::{Db, Error, Feature, Result, Row, Stamp, Tx, Value, args, db::Param};
use schemars::JsonSchema;
use serde::Serialize;

pub(crate) use address::alike;
pub use address::normalise;
pub use blocks::is_blocked;
pub use buy::{buyer, of_buyer};
pub use erase::{erase, forget_account};
pub use facts::{Address, Facts, NOTE, Patch, change, take};
pub use identify::{NAME, Sight, by_identity, clean, find_or_create, meet};
pub use told::{Told, write_down};
pub use vouch::{Person, vouch};

base::id!(CustomerId, IdentityId);

base::words!(
    /// What an identity is an address of.
    IdentityKind {
        Email = "email",
        Phone = "phone",
        Handle = "handle",
        ShopAccount = "shop_account",
        Visitor = "visitor",
    }
);

base::words!(
    /// What proved that an identity is its customer's.
    Proof {
        /// The receiving server checked the domain's signature and policy.
        Dmarc = "dmarc",
        /// The receiving server checked the domain's signature.
        Dkim = "dkim",
        /// It came from a server that may send for the domain.
        Spf = "spf",
        /// The channel itself knows who writes there.
        Channel = "channel",
        /// The shop's own server has signed it.
        Token = "token",
        /// An order was placed with it.
        Order = "order",
        /// A colleague says so.
        Agent = "agent",
    }
);

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Customer {
    pub id: CustomerId,
    pub name: String,
    /// As a language tag, such as `de` or `nb`; null while nobody knows.
    pub language: Option<String>,
    /// What agents should know about them. Plain text; never leaves the desk.
    pub note: String,
    /// Tags of other languages that they understand.
    pub languages: Vec<String>,
    /// As in the IANA database, such as `Europe/Oslo`.
    pub time_zone: Option<String>,
    pub tags: Vec<String>,
    pub addresses: Vec<Address>,
    /// Values by the keys of the shop's attributes.
    pub attributes: BTreeMap<String, serde_json::Value>,
    /// The customer who stands for this one since they were merged.
    pub merged_into: Option<CustomerId>,
    pub created_at: Stamp,
    pub updated_at: Stamp,
    pub identities: Vec<Identity>,
}

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Identity {
    pub id: IdentityId,
    pub kind: IdentityKind,
    /// As compared: addresses in lower case, numbers in E.164.
    pub value: String,
    /// Whether it is proven that it is theirs. Only verified identities let a message join by itself.
    pub verified: bool,
    pub verified_by: Option<Proof>,
    pub verified_at: Option<Stamp>,
    /// When somebody came through it for the first and the last time; null when it was only written down.
    pub first_seen_at: Option<Stamp>,
    pub last_seen_at: Option<Stamp>,
    /// How we came to know it: the channel or the shop's data.
    pub source: String,
}

impl Customer {
    pub fn identity(&self, kind: IdentityKind) -> Option<&Identity> {
        self.identities.iter().find(|identity| identity.kind == kind)
    }

    /// Their identity of this kind and value, in whichever spelling.
    pub fn holds(&self, kind: &str, value: &str) -> Option<IdentityId> {
        let kind: IdentityKind = kind.parse().ok()?;
        let value = normalise(kind, value).ok()?;
        let known = self.identities.iter().find(|known| known.kind == kind && known.value == value);
        known.map(|known| known.id)
    }

    /// Whether they are called by an address because nobody knows their name.
    pub fn is_nameless(&self) -> bool {
        self.identities.iter().any(|identity| identity.value == self.name)
    }

    /// None where they are called by an address, or by nothing.
    pub fn first_name(&self) -> Option<String> {
        if self.is_nameless() || self.name.contains('@') {
            return None;
        }
        let mut words = self.name.split_whitespace();
        let first = words.next()?;
        // "Brandt, Johanna" is how address books sort.
        let first = if first.ends_with(',') { words.next()? } else { first };
        Some(first.trim_end_matches(',').to_owned())
    }

    /// Refuses work on a customer who is merged away.
    pub fn must_stand(&self) -> Result<()> {
        match self.merged_into {
            Some(_) => Err(Error::conflict("This customer was merged into another one. Work with that one.")),
            None => Ok(()),
        }
    }

    /// The address to write to.
    pub fn email(&self) -> Option<&str> {
        self.identity(IdentityKind::Email).map(|identity| identity.value.as_str())
    }
}

/// The customer who stands for `?` today, as a part of a larger statement.
pub const SURVIVOR: &str = "(WITH RECURSIVE way (id, next) AS (
        SELECT id, merged_into FROM customers WHERE id = ?
        UNION ALL SELECT c.id, c.merged_into FROM customers c JOIN way ON c.id = way.next)
        SELECT id FROM way WHERE next IS NULL)";

pub fn feature() -> Feature {
    card::feature()
        .merge(list::feature())
        .merge(facets::feature())
        .merge(identities::feature())
        .merge(attributes::feature())
        .merge(consents::feature())
        .merge(blocks::feature())
}

/// The customer, held against merging and splitting until the transaction ends.
///
/// Whoever opens a ticket for a customer holds them: a merge that comes between would leave it with one who is gone.
pub async fn find(tx: &mut Tx, id: CustomerId) -> Result<Customer> {
    let row = tx.one("SELECT * FROM customers WHERE id = $1 {for update}", args![id]).await?;
    whole(tx, &row).await
}

/// As [`find`], without holding them.
pub async fn look(tx: &mut Tx, id: CustomerId) -> Result<Customer> {
    let row = tx.one("SELECT * FROM customers WHERE id = $1", args![id]).await?;
    whole(tx, &row).await
}

/// As [`look`], outside a transaction.
pub async fn show(db: &Db, id: CustomerId) -> Result<Customer> {
    let row = db.one("SELECT * FROM customers WHERE id = $1", args![id]).await?;
    let identities = db.all("SELECT * FROM identities WHERE customer = $1 ORDER BY id", args![id]).await?;
    customer(&row, identities.iter().map(identity).collect::<Result<_>>()?)
}

/// Who stands for this customer today: themselves, or the one they were merged into. Held as by [`find`].
pub async fn survivor(tx: &mut Tx, mut id: CustomerId) -> Result<Customer> {
    // Merges are never circular; the bound is there so that a broken row cannot hang us.
    for _ in 0..50 {
        // Those on the way are not held: whoever takes their merge back may want them.
        if let Some(next) = look(tx, id).await?.merged_into {
            id = next;
            continue;
        }
        let customer = find(tx, id).await?;
        if customer.merged_into.is_none() {
            return Ok(customer);
        }
    }
    Err(Error::internal(format!("customer {id} is merged in a circle")))
}

async fn whole(tx: &mut Tx, row: &Row) -> Result<Customer> {
    let sql = "SELECT * FROM identities WHERE customer = $1 ORDER BY id";
    let identities = tx.all(sql, args![row.int("id")?]).await?;
    customer(row, identities.iter().map(identity).collect::<Result<_>>()?)
}

/// The names of many customers, for lists.
pub async fn names(db: &Db, ids: &[CustomerId]) -> Result<HashMap<CustomerId, String>> {
    let Some((list, args)) = among(ids) else { return Ok(HashMap::new()) };
    named(&db.all(&format!("SELECT id, name FROM customers WHERE id IN ({list})"), args).await?)
}

/// As [`names`], inside a transaction.
pub async fn names_in(tx: &mut Tx, ids: &[CustomerId]) -> Result<HashMap<CustomerId, String>> {
    let Some((list, args)) = among(ids) else { return Ok(HashMap::new()) };
    named(&tx.all(&format!("SELECT id, name FROM customers WHERE id IN ({list})"), args).await?)
}

fn named(rows: &[Row]) -> Result<HashMap<CustomerId, String>> {
    rows.iter().map(|row| Ok((row.id("id")?, row.text("name")?))).collect()
}

/// The markers and parameters of an `IN` list; None where it would be empty, which SQL does not allow.
fn among(ids: &[CustomerId]) -> Option<(String, Vec<Value>)> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let list: Vec<_> = (1..=ids.len()).map(|number| format!("${number}")).collect();
    (!ids.is_empty()).then(|| (list.join(", "), ids.into_iter().map(Param::value).collect()))
}

fn customer(row: &Row, identities: Vec<Identity>) -> Result<Customer> {
    Ok(Customer {
        id: row.id("id")?,
        name: row.text("name")?,
        language: row.opt_text("language")?,
        note: row.text("note")?,
        languages: row.json("languages")?,
        time_zone: row.opt_text("time_zone")?,
        tags: row.json("tags")?,
        addresses: row.json("addresses")?,
        attributes: row.opt_json("attributes")?.unwrap_or_default(),
        merged_into: row.opt_id("merged_into")?,
        created_at: Stamp(row.int("created_at")?),
        updated_at: Stamp(row.int("updated_at")?),
        identities,
    })
}

fn identity(row: &Row) -> Result<Identity> {
    Ok(Identity {
        id: row.id("id")?,
        kind: row.word("kind")?,
        value: row.text("value")?,
        verified: row.bool("verified")?,
        verified_by: row.opt_text("verified_by")?.map(|word| word.parse()).transpose()?,
        verified_at: row.opt_int("verified_at")?.map(Stamp),
        first_seen_at: row.opt_int("first_seen_at")?.map(Stamp),
        last_seen_at: row.opt_int("last_seen_at")?.map(Stamp),
        source: row.text("source")?,
    })
}
