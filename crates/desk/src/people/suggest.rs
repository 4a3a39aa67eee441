//! Suggestions: who may be the same person, how likely, and why. Nobody is linked by them; a person decides. "Not the
//! same" is remembered for both, and for whoever stands for them later, until it is taken back.
//!
//! Every question reads along an index and looks at a bounded number of rows, so that a customer of many messages or
//! with a common name is answered as fast as any.

use std::collections::{BTreeMap, BTreeSet};

use aide::axum::{
    ApiRouter,
    routing::{get_with, post_with},
};
use axum::{Json, extract::State};
use base::{
    App, Db, Error, Feature, Result, Row, Tx, args,
    db::Param,
    web::{Gone, Id, Ids},
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    Event,
    agents::{Permission, Who},
    customers::{self, Customer, CustomerId, IdentityKind},
    orders::numbers_in,
};

pub(super) fn feature() -> Feature {
    let dismissal = post_with(dismiss, |op| op.summary("Say that two customers are not the same person"))
        .delete_with(restore, |op| op.summary("Take it back that two customers are not the same person"));
    let routes = ApiRouter::new()
        .api_route(
            "/customers/{id}/suggestions",
            get_with(list, |op| op.summary("Who may be the same person, and why")),
        )
        .api_route("/customers/{id}/suggestions/{other}/dismiss", dismissal);
    Feature { routes, ..Feature::default() }
}

base::words!(
    /// Why two customers may be one.
    Reason {
        /// Their mail addresses differ in dots or in what follows a plus sign.
        SimilarAddress = "similar_address",
        /// Their phone numbers end alike.
        SamePhone = "same_phone",
        /// A visitor said in a chat that they are reached at an address of the other.
        LeftAddress = "left_address",
        /// One wrote of an order that is the other's.
        SameOrder = "same_order",
        SameName = "same_name",
        /// Addresses at the same domain, which is no public mail provider.
        SameDomain = "same_domain",
    }
);

impl Reason {
    /// How likely it makes them one, of 100.
    fn weight(self) -> u32 {
        match self {
            Self::SimilarAddress => 80,
            Self::SamePhone => 70,
            Self::LeftAddress | Self::SameOrder => 60,
            Self::SameName => 40,
            Self::SameDomain => 30,
        }
    }
}

/// Of more namesakes than this none is meant.
const NAMESAKES: i64 = 5;
/// So many of the newest messages are looked through for order numbers, and so many numbers looked up.
const MESSAGES: i64 = 50;
const NUMBERS: usize = 100;
/// So many who share an address or number are read.
const ALIKE: i64 = 20;
/// So many are shown, the likeliest.
const SHOWN: usize = 5;

type Found = BTreeMap<CustomerId, BTreeSet<Reason>>;

async fn suggestions(db: &Db, customer: &Customer) -> Result<Vec<Suggestion>> {
    let mut found = Found::new();
    alike(db, customer, &mut found).await?;
    left(db, customer, &mut found).await?;
    ordered(db, customer, &mut found).await?;
    namesakes(db, customer, &mut found).await?;
    for other in dismissed(db, customer.id).await? {
        found.remove(&other);
    }
    let mut all: Vec<_> = found.into_iter().map(|(id, reasons)| (score(&reasons), id, reasons)).collect();
    all.sort_by_key(|(score, id, _)| (std::cmp::Reverse(*score), *id));
    let mut shown = Vec::new();
    for (score, id, reasons) in all.into_iter().take(SHOWN) {
        shown.push(Suggestion {
            customer: customers::show(db, id).await?,
            score,
            reasons: reasons.into_iter().collect(),
        });
    }
    Ok(shown)
}

/// Each reason takes its part of what doubt is left; some always is.
fn score(reasons: &BTreeSet<Reason>) -> u32 {
    let doubt = reasons.iter().fold(100, |doubt, reason| doubt * (100 - reason.weight()) / 100);
    100 - doubt.max(1)
}

/// Addresses and numbers that are the same but for how they are spelled.
async fn alike(db: &Db, customer: &Customer, found: &mut Found) -> Result<()> {
    for identity in &customer.identities {
        let reason = match identity.kind {
            IdentityKind::Email => Reason::SimilarAddress,
            IdentityKind::Phone => Reason::SamePhone,
            _ => continue,
        };
        let sql = "SELECT i.customer FROM identities i JOIN identities own ON own.id = $1
            WHERE i.alike = own.alike AND i.kind = own.kind AND i.customer <> $2 LIMIT $3";
        note(found, &db.all(sql, args![identity.id, customer.id, ALIKE]).await?, reason)?;
    }
    Ok(())
}

/// Who left whose address in a chat. Anybody can type one: it is a reason to look, and no more.
async fn left(db: &Db, customer: &Customer, found: &mut Found) -> Result<()> {
    for sql in [
        "SELECT m.customer FROM identities b JOIN visits v ON v.visitor = b.value
            JOIN identities m ON m.value = v.email AND m.kind = $2
        WHERE b.customer = $1 AND b.kind = $3 AND m.customer <> $1 LIMIT $4",
        "SELECT b.customer FROM identities m JOIN visits v ON v.email = m.value
            JOIN identities b ON b.value = v.visitor AND b.kind = $3
        WHERE m.customer = $1 AND m.kind = $2 AND b.customer <> $1 LIMIT $4",
    ] {
        let args = args![customer.id, IdentityKind::Email, IdentityKind::Visitor, ALIKE];
        note(found, &db.all(sql, args).await?, Reason::LeftAddress)?;
    }
    Ok(())
}

/// Whose orders they wrote of.
async fn ordered(db: &Db, customer: &Customer, found: &mut Found) -> Result<()> {
    let sql = "SELECT subject, text FROM messages WHERE author_kind = 'customer' AND author = $1
        ORDER BY id DESC LIMIT $2";
    let mut numbers = BTreeSet::new();
    for row in db.all(sql, args![customer.id, MESSAGES]).await? {
        numbers.extend(numbers_in(&row.opt_text("subject")?.unwrap_or_default()));
        numbers.extend(numbers_in(&row.text("text")?));
    }
    let numbers: Vec<String> = numbers.into_iter().take(NUMBERS).collect();
    if numbers.is_empty() {
        return Ok(());
    }
    let list: Vec<_> = (2..numbers.len() + 2).map(|at| format!("${at}")).collect();
    let sql = format!("SELECT customer FROM orders WHERE customer <> $1 AND number_key IN ({})", list.join(", "));
    let args = std::iter::once(customer.id.value()).chain(numbers.into_iter().map(Param::value)).collect();
    note(found, &db.all(&sql, args).await?, Reason::SameOrder)
}

/// Who is called the same, if these are few.
async fn namesakes(db: &Db, customer: &Customer, found: &mut Found) -> Result<()> {
    let name = customer.name.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    // One name alone is everybody's.
    if customer.is_nameless() || !name.contains(' ') {
        return Ok(());
    }
    let sql = "SELECT c.id AS customer, c.name FROM customer_names n JOIN customers c ON c.id = n.customer
        WHERE n.rest = $1 AND c.id <> $2 LIMIT $3";
    let rows = db.all(sql, args![&name, customer.id, NAMESAKES + 1]).await?;
    if i64::try_from(rows.len())? > NAMESAKES {
        return Ok(());
    }
    let domains = domains(customer);
    for row in rows {
        // Found by their later words are others, too.
        if row.text("name")?.to_lowercase().split_whitespace().count() == name.split(' ').count() {
            let id = row.id("customer")?;
            note(found, std::slice::from_ref(&row), Reason::SameName)?;
            if !domains.is_disjoint(&self::domains(&customers::show(db, id).await?)) {
                note(found, std::slice::from_ref(&row), Reason::SameDomain)?;
            }
        }
    }
    Ok(())
}

/// Where they have their mail, but for the domains at which anybody can.
fn domains(customer: &Customer) -> BTreeSet<String> {
    let emails = customer.identities.iter().filter(|identity| identity.kind == IdentityKind::Email);
    let domains = emails.filter_map(|identity| Some(identity.value.rsplit_once('@')?.1.to_owned()));
    domains.filter(|domain| !mail::public::is_provider(domain)).collect()
}

fn note(found: &mut Found, rows: &[Row], reason: Reason) -> Result<()> {
    for row in rows {
        found.entry(row.id("customer")?).or_default().insert(reason);
    }
    Ok(())
}

/// Who is known not to be the same as this customer or anybody merged into them.
async fn dismissed(db: &Db, customer: CustomerId) -> Result<Vec<CustomerId>> {
    let sql = "WITH RECURSIVE family (id) AS (
            SELECT id FROM customers WHERE id = $1
            UNION ALL SELECT c.id FROM customers c JOIN family f ON c.merged_into = f.id),
        others (id) AS (
            SELECT n.high FROM not_same n JOIN family f ON n.low = f.id
            UNION SELECT n.low FROM not_same n JOIN family f ON n.high = f.id),
        way (id, next) AS (
            SELECT c.id, c.merged_into FROM customers c JOIN others o ON o.id = c.id
            UNION ALL SELECT c.id, c.merged_into FROM customers c JOIN way w ON c.id = w.next)
        SELECT id FROM way WHERE next IS NULL";
    db.all(sql, args![customer]).await?.iter().map(|row| row.id("id")).collect()
}

/// Notes that they are two, or takes it back.
async fn tell_apart(tx: &mut Tx, customer: CustomerId, other: CustomerId, apart: bool) -> Result<()> {
    if customer == other {
        return Err(Error::invalid("other", "must be another customer"));
    }
    customers::look(tx, customer).await?;
    customers::look(tx, other).await?;
    let pair = args![customer.min(other), customer.max(other)];
    let sql = if apart {
        "INSERT INTO not_same (low, high) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING low"
    } else {
        "DELETE FROM not_same WHERE low = $1 AND high = $2 RETURNING low"
    };
    if tx.opt(sql, pair).await?.is_some() {
        tx.emit(&Event::CustomerToldApart { customer, other, apart })?;
    }
    Ok(())
}

/// Somebody who may be the same person.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CustomerSuggestion")]
struct Suggestion {
    customer: Customer,
    /// How likely, from 0 to 100.
    score: u32,
    reasons: Vec<Reason>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CustomerSuggestions")]
struct List {
    /// The likeliest first.
    data: Vec<Suggestion>,
}

async fn list(who: Who, State(app): State<App>, Id(id): Id<CustomerId>) -> Result<Json<List>> {
    who.may(Permission::CustomersRead)?;
    let customer = customers::show(app.db(), id).await?;
    let data = match customer.merged_into {
        Some(_) => Vec::new(),
        None => suggestions(app.db(), &customer).await?,
    };
    Ok(Json(List { data }))
}

async fn dismiss(who: Who, State(app): State<App>, Ids(id, other): Ids<CustomerId>) -> Result<Gone> {
    who.may(Permission::CustomersWrite)?;
    let mut tx = who.begin(&app).await?;
    tell_apart(&mut tx, id, other, true).await?;
    tx.commit().await?;
    Ok(Gone)
}

async fn restore(who: Who, State(app): State<App>, Ids(id, other): Ids<CustomerId>) -> Result<Gone> {
    who.may(Permission::CustomersWrite)?;
    let mut tx = who.begin(&app).await?;
    tell_apart(&mut tx, id, other, false).await?;
    tx.commit().await?;
    Ok(Gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_add_up_and_never_make_certain() {
        assert_eq!(score(&BTreeSet::from([Reason::SameName])), 40);
        assert_eq!(score(&BTreeSet::from([Reason::SameName, Reason::SameDomain])), 58);
        assert!(score(&Reason::ALL.iter().copied().collect()) < 100);
    }
}
