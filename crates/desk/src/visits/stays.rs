//! Which pages a visitor saw, by their consent: a few for each time they were here, for as long as the shop says. Whose they
//! are stands with the visitor's identity, so that they follow every merge and split by themselves.

use base::{App, DAY, Result, Row, Stamp, Time, Tx, args};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Visit, VisitId};

/// Pages of one stay; whoever looks at more is there all the same.
const PAGES: i64 = 50;
/// Stays of one visitor within a day. People come and go less often.
const STAYS: i64 = 48;
/// The same page, told of again: its beginning is reckoned from how long ago it was, and messages take their time.
const SAME: Time = 15_000;
/// Stays that are forgotten at once.
const BATCH: i64 = 2_000;

/// A page that somebody saw.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SeenPage {
    pub url: String,
    pub title: String,
    pub at: Stamp,
    /// For at least so long.
    pub seconds: i64,
}

/// The visitor, who is held, has been on this page since then.
pub(super) async fn note(
    tx: &mut Tx,
    who: &Visit,
    stay: Option<i64>,
    url: &str,
    title: &str,
    since: Time,
) -> Result<()> {
    let Some((stay, pages)) = going_on(tx, who, stay, since).await? else { return Ok(()) };
    let seconds = (tx.now() - since) / 1000;
    let sql = "UPDATE stay_pages SET title = $1, seconds = CASE WHEN seconds < $2 THEN $2 ELSE seconds END
        WHERE stay = $3 AND url = $4 AND at > $5 AND at < $6 RETURNING place";
    if !tx.all(sql, args![title, seconds, stay, url, since - SAME, since + SAME]).await?.is_empty() || pages >= PAGES {
        return Ok(());
    }
    let sql = "INSERT INTO stay_pages (stay, place, url, title, at, seconds) VALUES ($1, $2, $3, $4, $5, $6)";
    tx.run(sql, args![stay, pages + 1, url, title, since, seconds]).await?;
    tx.run("UPDATE stays SET pages = $1 WHERE id = $2", args![pages + 1, stay]).await.map(drop)
}

/// The stay and how many pages it has: this one, or a new one where it is over or has been forgotten.
async fn going_on(tx: &mut Tx, who: &Visit, stay: Option<i64>, since: Time) -> Result<Option<(i64, i64)>> {
    let sql = "SELECT id, pages FROM stays WHERE id = $1";
    if let Some(row) = tx.opt(sql, args![stay]).await? {
        return Ok(Some((row.int("id")?, row.int("pages")?)));
    }
    let sql = "SELECT CAST(count(*) AS BIGINT) AS n FROM stays WHERE visitor = $1 AND began_at > $2";
    if tx.one(sql, args![&who.visitor, tx.now() - DAY]).await?.int("n")? >= STAYS {
        return Ok(None);
    }
    let sql = "INSERT INTO stays (shop, inbox, visitor, began_at) SELECT shop, id, $1, $2 FROM inboxes WHERE id = $3
        RETURNING id";
    let id = tx.one(sql, args![&who.visitor, since, who.inbox]).await?.int("id")?;
    tx.run("UPDATE visits SET stay = $1 WHERE id = $2", args![id, who.id]).await?;
    Ok(Some((id, 0)))
}

/// Forgets all that this visitor has seen: they take their consent back, or delete their visit.
pub(super) async fn take_back(tx: &mut Tx, who: VisitId) -> Result<()> {
    let sql = "DELETE FROM stays WHERE visitor = (SELECT visitor FROM visits WHERE id = $1)";
    tx.run(sql, args![who]).await?;
    tx.run("UPDATE visits SET stay = NULL WHERE id = $1", args![who]).await.map(drop)
}

/// Forgets stays that are older than their shop keeps them.
pub(super) async fn forget(app: &App) -> Result<()> {
    for shop in app.db().all("SELECT id, page_days FROM shops", args![]).await? {
        let until = app.now() - shop.int("page_days")? * DAY;
        let sql = "DELETE FROM stays WHERE id IN (SELECT id FROM stays WHERE shop = $1 AND began_at < $2
            ORDER BY began_at LIMIT $3) RETURNING id";
        while !app.db().run(sql, args![shop.int("id")?, until, BATCH]).await?.is_empty() {}
    }
    Ok(())
}

pub fn seen_page(row: &Row) -> Result<SeenPage> {
    Ok(SeenPage {
        url: row.text("url")?,
        title: row.text("title")?,
        at: Stamp(row.int("at")?),
        seconds: row.int("seconds")?,
    })
}
