//! Who is blocked: a customer, one of their addresses, or all of a mail domain. What they send is kept and lies in Spam;
//! nothing of it reaches the agents' lists, and nothing is answered by itself.
//!
//! A block holds for what arrives and deletes nothing, and it holds what was known when it was made: one of an address
//! that had never been proven lets through what is. So nobody silences a shopper by writing in their name.

use aide::axum::{
    ApiRouter,
    routing::{delete_with, get_with},
};
use axum::{Json, extract::State};
use base::{
    App, Db, Error, Feature, Result, Row, Stamp, Tx, args,
    web::{Body, Created, Gone, Id, Page, Paging, Params},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CustomerId, IdentityKind, address::checked, identify::holder};
use crate::{
    Event,
    agents::{AgentId, Permission, Who},
    shops,
};

pub(super) fn feature() -> Feature {
    let all = get_with(list, |op| op.summary("Who is blocked, newest first"))
        .post_with(create, |op| op.summary("Block a customer, an address or a mail domain"));
    let one = delete_with(destroy, |op| op.summary("Take a block back"));
    let routes = ApiRouter::new().api_route("/blocks", all).api_route("/blocks/{id}", one);
    Feature { routes, ..Feature::default() }
}

base::id!(BlockId);

base::words!(
    /// What a block holds.
    Blocked {
        Customer = "customer",
        Domain = "domain",
        Email = "email",
        Phone = "phone",
        Handle = "handle",
        ShopAccount = "shop_account",
        Visitor = "visitor",
    }
);

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Block {
    pub id: BlockId,
    pub what: Blocked,
    /// A customer's id, a domain, or an address as identities are compared.
    pub value: String,
    /// Also what is proven to come from there. False: the address was in doubt when it was blocked.
    pub proven: bool,
    pub why: String,
    /// Who blocked; null for a program.
    pub agent: Option<AgentId>,
    pub created_at: Stamp,
}

impl Blocked {
    fn identity(self) -> Option<IdentityKind> {
        match self {
            Self::Customer | Self::Domain => None,
            Self::Email => Some(IdentityKind::Email),
            Self::Phone => Some(IdentityKind::Phone),
            Self::Handle => Some(IdentityKind::Handle),
            Self::ShopAccount => Some(IdentityKind::ShopAccount),
            Self::Visitor => Some(IdentityKind::Visitor),
        }
    }
}

/// `$1` and whoever was merged into them, as blocks name customers: who is one person is blocked as one.
const FAMILY: &str = "(WITH RECURSIVE family (id) AS (SELECT id FROM customers WHERE id = $1
    UNION ALL SELECT c.id FROM customers c JOIN family f ON c.merged_into = f.id)
    SELECT CAST(id AS TEXT) FROM family)";

/// Whether something that arrives from this customer's identity is held. `proven`: it is sure to come from there.
pub async fn is_blocked(tx: &mut Tx, customer: CustomerId, kind: &str, value: &str, proven: bool) -> Result<bool> {
    let kind: IdentityKind = kind.parse()?;
    let value = super::normalise(kind, value)?;
    let mut args = args![customer, proven, kind, &value];
    let domain = value.rsplit_once('@').filter(|_| kind == IdentityKind::Email).map(|(_, domain)| domain);
    for part in domain.into_iter().flat_map(domains) {
        args.extend(args![Blocked::Domain, part]);
    }
    let pairs = (3..args.len()).step_by(2).map(|at| format!("(what = ${at} AND value = ${})", at + 1));
    let any = pairs.collect::<Vec<_>>().join(" OR ");
    let sql = format!(
        "SELECT 1 AS one FROM blocks WHERE (proven = TRUE OR $2 = FALSE)
        AND ({any} OR (what = 'customer' AND value IN {FAMILY})) LIMIT 1"
    );
    Ok(tx.opt(&sql, args).await?.is_some())
}

/// A domain and those above it, as far as they have a dot.
fn domains(domain: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(domain), |part| Some(part.split_once('.')?.1).filter(|above| above.contains('.')))
        .take(8)
}

/// The blocks that hold something of this customer.
pub(super) async fn of(db: &Db, customer: CustomerId) -> Result<Vec<Block>> {
    let sql = format!(
        "SELECT b.* FROM identities i JOIN blocks b ON b.what = i.kind AND b.value = i.value WHERE i.customer = $1
        UNION SELECT b.* FROM identities i
            JOIN blocks b ON b.what = 'domain' AND b.value = substr(i.value, {{position}}(i.value, '@') + 1)
            WHERE i.customer = $1 AND i.kind = 'email'
        UNION SELECT b.* FROM blocks b WHERE b.what = 'customer' AND b.value IN {FAMILY}"
    );
    let mut all = db.all(&sql, args![customer]).await?.iter().map(block).collect::<Result<Vec<_>>>()?;
    all.sort_by_key(|block| block.id);
    Ok(all)
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewBlock")]
struct New {
    what: Blocked,
    /// A customer's id, a domain, or an address.
    value: String,
    #[serde(default)]
    why: String,
}

async fn add(tx: &mut Tx, who: &Who, new: New) -> Result<Block> {
    let (value, customer, proven) = match new.what {
        Blocked::Customer => whole(tx, &new.value).await?,
        Blocked::Domain => (domain(&new.value)?, None, true),
        _ => {
            let shop = shops::find(tx, who.shop).await?;
            let country = shop.country.and_then(|country| country.parse().ok());
            let kind = new.what.identity().ok_or_else(|| Error::internal("no identity"))?;
            let value = checked(kind, &new.value, country)?;
            let customer = holder(tx, kind, &value).await?;
            let sql = "SELECT 1 AS one FROM identities WHERE kind = $1 AND value = $2 AND verified = FALSE";
            // Whoever has not written yet may be anybody: blocked is what will be proven to be theirs.
            let doubted = tx.opt(sql, args![kind, &value]).await?.is_some();
            (value, customer, !doubted)
        }
    };
    let why: String = super::clean(&new.why, 300);
    let sql = "INSERT INTO blocks (what, value, proven, why, agent, created_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (what, value) DO NOTHING RETURNING *";
    let row = tx.opt(sql, args![new.what, &value, proven, why, who.agent, tx.now()]).await?;
    let row = row.ok_or_else(|| Error::conflict("It is blocked already."))?;
    tx.emit(&Event::BlockAdded { what: new.what.to_string(), value, customer })?;
    block(&row)
}

/// All of a customer. Where none of their addresses was ever proven, what is proven still comes through.
async fn whole(tx: &mut Tx, value: &str) -> Result<(String, Option<CustomerId>, bool)> {
    let id = value.trim().parse::<i64>().map_err(|_| Error::invalid("value", "must be the number of a customer"))?;
    let customer = match super::find(tx, CustomerId(id)).await {
        Err(Error::NotFound) => return Err(Error::invalid("value", "is no customer")),
        found => found?,
    };
    customer.must_stand()?;
    let proven = customer.identities.iter().any(|identity| identity.verified);
    Ok((id.to_string(), Some(customer.id), proven))
}

fn domain(typed: &str) -> Result<String> {
    let typed = typed.trim().trim_start_matches('@');
    let address = mail::address::check(&format!("x@{typed}")).map(|address| address.to_lowercase());
    let domain = address.ok().and_then(|address| address.split_once('@').map(|(_, domain)| domain.to_owned()));
    let domain = domain
        .filter(|domain| domain.contains('.'))
        .ok_or_else(|| Error::invalid("value", "must be a domain, such as shop.example"))?;
    if mail::public::is_provider(&domain) {
        return Err(Error::invalid("value", "is where anybody can have an address: block the address instead"));
    }
    Ok(domain)
}

/// From now on what they send is like anybody's. What came before stays where it lies.
async fn remove(tx: &mut Tx, id: BlockId) -> Result<()> {
    let gone = block(&tx.one("DELETE FROM blocks WHERE id = $1 RETURNING *", args![id]).await?)?;
    let customer = match gone.what.identity() {
        Some(kind) => holder(tx, kind, &gone.value).await?,
        None => gone.value.parse().ok().map(CustomerId),
    };
    tx.emit(&Event::BlockRemoved { what: gone.what.to_string(), value: gone.value, customer })
}

fn block(row: &Row) -> Result<Block> {
    Ok(Block {
        id: row.id("id")?,
        what: row.word("what")?,
        value: row.text("value")?,
        proven: row.bool("proven")?,
        why: row.text("why")?,
        agent: row.opt_id("agent")?,
        created_at: Stamp(row.int("created_at")?),
    })
}

async fn list(who: Who, State(app): State<App>, Params(paging): Params<Paging>) -> Result<Json<Page<Block>>> {
    who.may(Permission::CustomersRead)?;
    let limit = paging.limit()?;
    let after = paging.after(1)?.map_or(i64::MAX, |after| after[0]);
    let sql = "SELECT * FROM blocks WHERE id < $1 ORDER BY id DESC LIMIT $2";
    let rows = app.db().all(sql, args![after, limit + 1]).await?;
    let blocks = rows.iter().map(block).collect::<Result<Vec<_>>>()?;
    Ok(Json(Page::new(blocks, limit, |block| vec![block.id.0])))
}

async fn create(who: Who, State(app): State<App>, Body(body): Body<New>) -> Result<Created<Block>> {
    who.may(Permission::CustomersWrite)?;
    let mut tx = who.begin(&app).await?;
    let block = add(&mut tx, &who, body).await?;
    tx.created(block).await
}

async fn destroy(who: Who, State(app): State<App>, Id(id): Id<BlockId>) -> Result<Gone> {
    who.may(Permission::CustomersWrite)?;
    let mut tx = who.begin(&app).await?;
    remove(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_blocked_with_those_below_it_but_never_a_provider() {
        let all: Vec<_> = domains("a.b.spam.example").collect();
        assert_eq!(all, ["a.b.spam.example", "b.spam.example", "spam.example"]);
        assert_eq!(domains("localhost").collect::<Vec<_>>(), ["localhost"]);
        assert_eq!(domain(" @BLÅBÆR.example ").unwrap(), "xn--blbr-roah.example");
        for bad in ["", "example", "gmail.com", "a b.example", "x@y.example", "spam.example, other.example"] {
            assert!(domain(bad).is_err(), "{bad}");
        }
    }
}
