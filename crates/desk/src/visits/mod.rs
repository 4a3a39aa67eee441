//! A visit is one browser's session on a shop's pages: a secret that only that browser knows, and the conversation as
//! its visitor sees it. It knows no tickets: what becomes of them in the desk changes nothing here.

mod asked;
mod away;
mod files;
mod forget;
mod greet;
mod kind;
mod lines;
mod page;
mod stays;
mod transcript;
mod vouch;

use base::{App, DAY, Error, Feature, MINUTE, Result, Row, Time, Tx, args, secrets};

use crate::{
    customers::{self, CustomerId},
    inboxes::{Inbox, InboxId},
    tries::{self, limit},
};

pub use asked::{Answered, answer, take_answers};
pub use away::{Look, address, contact, here, left, look, mailed, mailed_after_all, not_mailed, plan, planned};
pub use files::{LineFile, keep, kept, may_keep, may_upload, open_file, take_kept, upload};
pub use forget::{delete, end, forget};
pub use greet::{Greeted, greet, greeted, take_greeting};
pub use kind::{KINDS, Kind, is_vast};
pub use lines::{
    Added, Line, Said, after, also_said, at, comes_too_early, hand_over, mark, must_be_right, read_by_shop, received,
    said_by_mail, say, shown_as, ticket,
};
pub use page::{GONE_AFTER, Page, browse, forget_page, has_just_written, hold_here, take_back, waits_for_them};
pub use stays::{SeenPage, seen_page};
pub use transcript::transcript;
pub use vouch::vouch;

base::id!(VisitId);

/// A browser that has not come back for so long is forgotten.
const KEPT: Time = 30 * DAY;
/// Visits that may begin at one network address within ten minutes: an office full of people, but no flood.
const BEGINNINGS: i64 = 60;
/// The longest name a visitor may give, in characters.
const NAME: usize = 120;

#[derive(Debug, Clone)]
pub struct Visit {
    pub id: VisitId,
    pub inbox: InboxId,
    secret: String,
    /// The identity by which the desk knows them; no secret.
    pub visitor: String,
    pub name: Option<String>,
    pub language: Option<String>,
    /// For whom the shop's own server signed last. People are merged and split after that: whose the browser is now
    /// stands with its identity.
    pub customer: Option<CustomerId>,
    /// A keyed hash of the network they came from.
    pub address: String,
    /// The place of the newest line.
    pub newest: i64,
    pub delivered_to: i64,
    pub read_to: i64,
    /// Where to write when they have gone, as they said.
    pub email: Option<String>,
    seen_at: Time,
    here_at: Time,
    mailed_to: i64,
    mailed_at: Option<Time>,
    away_at: Option<Time>,
    pub expires_at: Time,
    pub ended_at: Option<Time>,
}

pub fn feature() -> Feature {
    transcript::feature().merge(page::feature())
}

/// Who a visitor says they are. Nothing of it is believed further than a name is.
#[derive(Debug, Default)]
pub struct Hello {
    pub name: Option<String>,
    /// A language tag.
    pub language: Option<String>,
    /// The network they come from.
    pub address: String,
}

/// Begins a visit; returns it with the token that its browser keeps: shown once, and not stored.
pub async fn begin(app: &App, tx: &mut Tx, inbox: &Inbox, hello: Hello) -> Result<(Visit, String)> {
    let now = tx.now();
    let address = network(app, &hello.address);
    tries::count(tx, &[limit(&format!("visits from {address}"), BEGINNINGS, 10 * MINUTE)]).await?;
    let secret = app.secrets().token()?;
    let name = hello.name.map(|name| customers::clean(&name, NAME)).filter(|name| !name.is_empty());
    let visitor = format!("visitor-{}", &secrets::sha256(app.secrets().token()?.as_bytes())[..16]);
    let sql = "INSERT INTO visits (inbox, secret, visitor, name, language, address, created_at, seen_at, here_at,
        expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $7, $8) RETURNING *";
    let hash = secrets::sha256(secret.as_bytes());
    let args = args![inbox.id, hash, visitor, name, hello.language, address, now, now + KEPT];
    let visit = visit(&tx.one(sql, args).await?)?;
    let token = format!("{}.{secret}", visit.id);
    Ok((visit, token))
}

/// A keyed hash of a network address: enough to count by, and nobody's address.
pub fn network(app: &App, address: &str) -> String {
    app.secrets().sign("visit address", address)
}

/// The visit of this token at this inbox.
pub async fn open(app: &App, inbox: InboxId, token: &str) -> Result<Visit> {
    let stranger =
        || Error::Unauthorized("This conversation is over, or it is somebody else's. Begin a new one.".into());
    let (id, secret) = token.split_once('.').ok_or_else(stranger)?;
    let id: i64 = id.parse().map_err(|_| stranger())?;
    let row = app.db().opt("SELECT * FROM visits WHERE id = $1", args![id]).await?;
    let visit = row.as_ref().map(visit).transpose()?.ok_or_else(stranger)?;
    let right = secrets::is_same(&visit.secret, &secrets::sha256(secret.as_bytes()));
    if !right || visit.inbox != inbox || visit.expires_at <= app.now() {
        return Err(stranger());
    }
    if app.now() - visit.seen_at > DAY {
        let sql = "UPDATE visits SET seen_at = $1, expires_at = $2 WHERE id = $3";
        app.db().run(sql, args![app.now(), app.now() + KEPT, visit.id]).await?;
    }
    here(app, &visit).await?;
    Ok(visit)
}

/// The visit as it is now; none when it has been deleted.
pub async fn find(tx: &mut Tx, id: VisitId) -> Result<Option<Visit>> {
    tx.opt("SELECT * FROM visits WHERE id = $1", args![id]).await?.as_ref().map(visit).transpose()
}

/// The visit as it is now, without asking for its secret again.
pub async fn again(app: &App, id: VisitId) -> Result<Visit> {
    visit(&app.db().one("SELECT * FROM visits WHERE id = $1", args![id]).await?)
}

/// The visit of this identity, held against other writers until the transaction ends: of two messages the second must
/// see where the first went. None when it has been deleted.
pub async fn hold(tx: &mut Tx, inbox: InboxId, visitor: &str) -> Result<Option<Visit>> {
    let sql = "SELECT * FROM visits WHERE visitor = $1 AND inbox = $2 {for update}";
    tx.opt(sql, args![visitor, inbox]).await?.as_ref().map(visit).transpose()
}

fn deleted() -> Error {
    Error::Unauthorized("This conversation has been deleted. Begin a new one.".into())
}

fn visit(row: &Row) -> Result<Visit> {
    Ok(Visit {
        id: row.id("id")?,
        inbox: row.id("inbox")?,
        secret: row.text("secret")?,
        visitor: row.text("visitor")?,
        name: row.opt_text("name")?,
        language: row.opt_text("language")?,
        customer: row.opt_id("customer")?,
        address: row.text("address")?,
        newest: row.int("newest")?,
        delivered_to: row.int("delivered_to")?,
        read_to: row.int("read_to")?,
        email: row.opt_text("email")?,
        seen_at: row.int("seen_at")?,
        here_at: row.int("here_at")?,
        mailed_to: row.int("mailed_to")?,
        mailed_at: row.opt_int("mailed_at")?,
        away_at: row.opt_int("away_at")?,
        expires_at: row.int("expires_at")?,
        ended_at: row.opt_int("ended_at")?,
    })
}
