//! Which page of the shop a visitor is on, by their consent: known while they are there, and forgotten when they are not.
//! What they saw is kept for a while, see [`stays`].

use base::{Actor, App, Error, Feature, Job, JobSpec, MINUTE, Result, Time, Tx, args};
use reqwest::Url;
use serde::{Deserialize, Serialize};

use super::{Visit, VisitId, deleted, stays, visit};
use crate::customers;

/// Of whom nothing is heard for so long is not on the shop's pages any more.
pub const GONE_AFTER: Time = 3 * MINUTE;
/// The longest address and title, in characters.
const URL: usize = 500;
const TITLE: usize = 200;
/// Nobody looks at one page for longer.
const LONGEST: i64 = 24 * 60 * 60;

/// Where a visitor says they are.
#[derive(Debug)]
pub struct Page {
    pub url: String,
    pub title: String,
    /// For how long already.
    pub seconds: i64,
    /// The worth of their cart in the smallest unit of a currency.
    pub cart: Option<(i64, String)>,
}

pub(super) fn feature() -> Feature {
    Feature { jobs: vec![JobSpec::of::<Forget>()], ..Feature::default() }
}

/// The visitor is on this page of one of these sites. Of its address only what names the page is kept: what stands behind
/// it may hold anything.
pub async fn browse(tx: &mut Tx, who: &Visit, sites: &[String], page: Page) -> Result<()> {
    let mut url = Url::parse(&page.url).map_err(|_| Error::invalid("url", "must be the address of a page"))?;
    url.set_query(None);
    url.set_fragment(None);
    // Of any other address the origin is `null`, as that of every site without one.
    let bare = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    if !bare || !sites.iter().any(|site| *site == url.origin().ascii_serialization()) {
        return Err(Error::invalid("url", "must be a page of a site that the inbox names"));
    }
    if url.as_str().chars().count() > URL {
        return Err(Error::invalid("url", format!("must be shorter than {URL} characters")));
    }
    if let Some((value, currency)) = &page.cart
        && (*value < 0 || currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()))
    {
        return Err(Error::invalid("cart", "must be an amount in the smallest unit of a currency such as EUR"));
    }
    let now = tx.now();
    let since = now - 1000 * page.seconds.clamp(0, LONGEST);
    let (value, currency) = page.cart.unzip();
    let sql = "UPDATE visits SET page_url = $1, page_title = $2, page_since = $3, cart_value = $4, cart_currency = $5,
        here_at = $6, here_since = COALESCE(here_since, $3) WHERE id = $7 RETURNING page_forget_at, stay";
    let title = customers::clean(&page.title, TITLE);
    let args = args![url.as_str(), &title, since, value, currency, now, who.id];
    let row = tx.opt(sql, args).await?.ok_or_else(deleted)?;
    stays::note(tx, who, row.opt_int("stay")?, url.as_str(), &title, since).await?;
    if row.opt_int("page_forget_at")?.is_none() {
        plan(tx, who.id, now + GONE_AFTER).await?;
    }
    Ok(())
}

/// The visitor takes their consent back: where they are and where they were is forgotten.
pub async fn take_back(tx: &mut Tx, who: VisitId) -> Result<()> {
    forget_page(tx, who).await?;
    stays::take_back(tx, who).await
}

/// Forgets where the visitor is: they have left.
pub async fn forget_page(tx: &mut Tx, who: VisitId) -> Result<()> {
    let sql = "UPDATE visits SET page_url = NULL, page_title = NULL, page_since = NULL, cart_value = NULL,
        cart_currency = NULL, here_since = NULL, stay = NULL WHERE id = $1 AND page_url IS NOT NULL";
    tx.run(sql, args![who]).await
}

/// A visitor who is on the shop's pages, held, and the title of their page.
pub async fn hold_here(tx: &mut Tx, id: VisitId) -> Result<Option<(Visit, Option<String>)>> {
    let sql = "SELECT * FROM visits WHERE id = $1 AND page_url IS NOT NULL AND here_at > $2 {for update}";
    let row = tx.opt(sql, args![id, tx.now() - GONE_AFTER]).await?;
    row.map(|row| Ok((visit(&row)?, row.opt_text("page_title")?))).transpose()
}

/// Whether the shop spoke to them first and they have said nothing yet.
pub async fn waits_for_them(tx: &mut Tx, who: VisitId) -> Result<bool> {
    let sql = "SELECT CAST(count(*) AS BIGINT) AS shop, CAST(count(said) AS BIGINT) AS own FROM visit_lines
        WHERE visit = $1";
    let row = tx.one(sql, args![who]).await?;
    Ok(row.int("shop")? > 0 && row.int("own")? == 0)
}

/// Whether something that they said is not in a ticket yet.
pub async fn has_just_written(tx: &mut Tx, who: VisitId) -> Result<bool> {
    let sql = "SELECT 1 AS one FROM visit_lines WHERE visit = $1 AND said IS NOT NULL AND message IS NULL LIMIT 1";
    Ok(tx.opt(sql, args![who]).await?.is_some())
}

async fn plan(tx: &mut Tx, visit: VisitId, at: Time) -> Result<()> {
    tx.run("UPDATE visits SET page_forget_at = $1 WHERE id = $2", args![at, visit]).await?;
    tx.enqueue_at(at, &Forget { visit }).await
}

/// Looks whether a visitor is still on the shop's pages.
#[derive(Serialize, Deserialize)]
struct Forget {
    visit: VisitId,
}

impl Job for Forget {
    const NAME: &'static str = "visits.forget_page";

    async fn run(self, app: &App) -> Result<()> {
        let mut tx = app.begin(Actor::System).await?;
        let sql = "SELECT here_at, page_url, page_forget_at FROM visits WHERE id = $1 {for update}";
        let Some(row) = tx.opt(sql, args![self.visit]).await? else { return Ok(()) };
        // Another look is planned: this job has been here before.
        if row.opt_int("page_forget_at")?.is_none_or(|at| at > tx.now()) {
            return Ok(());
        }
        let until = row.int("here_at")? + GONE_AFTER;
        if until > tx.now() && row.opt_text("page_url")?.is_some() {
            plan(&mut tx, self.visit, until).await?;
        } else {
            forget_page(&mut tx, self.visit).await?;
            tx.run("UPDATE visits SET page_forget_at = NULL WHERE id = $1", args![self.visit]).await?;
        }
        tx.commit().await
    }
}
