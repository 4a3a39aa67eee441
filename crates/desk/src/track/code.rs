//! A code sent by mail to whoever placed the order, for those who have lost the link. Whether there is such an order is
//! told to nobody: the answer is the same, and as soon.

use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use base::{
    Actor, App, Error, HOUR, Job, MINUTE, Result, Time, args,
    jobs::Lane,
    secrets::is_same,
    web::{Caller, Params},
};
use connectors::channel::Party;
use minijinja::context;
use serde::{Deserialize, Serialize};
use tokio::time::sleep_until;

use super::{
    Asked, Site, find,
    page::{page, shown},
    reading::Typed,
};
use crate::{
    inboxes::{self, Letter},
    letters,
    orders::{
        self, OrderId,
        link::{self, Proof},
    },
    returns::finding::{self, Evidence},
    tries::{self, limit},
};

/// How long a code is good, in milliseconds, and how many wrong ones end it.
const GOOD: Time = 15 * MINUTE;
const TRIES: i64 = 5;
/// Codes within an hour for one number.
const MOST: i64 = 4;
/// What a code is kept under.
const PURPOSE: &str = "tracking code";

/// Forgets codes that are good no more.
pub async fn forget(app: &App) -> Result<()> {
    app.db().run("DELETE FROM tracking_codes WHERE expires_at < $1", args![app.now() - HOUR]).await.map(drop)
}

pub(super) async fn send(
    State(app): State<App>,
    Params(asked): Params<Asked>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    typed: Typed,
) -> Response {
    let leaves = find::not_before();
    let made = async {
        let site = Site::of_shop(&app, &asked, &headers).await?;
        if !site.look.by_code {
            return Err(Error::NotFound);
        }
        finding::count(&app, site.shop, &caller, &typed.order, Evidence::Code).await?;
        let found = orders::by_number(app.db(), site.shop, &typed.order).await?;
        let mut tx = app.begin(Actor::System).await?;
        let key = orders::number_key(&typed.order);
        tries::count(&mut tx, &[limit(&format!("codes for {key} in shop {}", site.shop), MOST, HOUR)]).await?;
        if let Some(order) = found.into_iter().find(|known| known.order.buyer.email.is_some()) {
            let language = site.words.language.to_owned();
            tx.enqueue(&Send { order: order.id, language, asked_at: tx.now() }).await?;
        }
        tx.commit().await?;
        entry(&app, &site, &typed.order, None, StatusCode::OK).await
    };
    let made = made.await;
    sleep_until(leaves).await;
    shown(&app, &asked, &headers, made).await
}

/// Where the code is typed in.
async fn entry(app: &App, site: &Site, order: &str, problem: Option<String>, status: StatusCode) -> Result<Response> {
    let about = context! {
        state => "code",
        title => site.words.say("code_title", &[]),
        problem,
        order => order.chars().take(254).collect::<String>(),
        action => site.href("/code/check", ""),
        again => site.href("", ""),
    };
    page(app, site, about, status).await
}

pub(super) async fn check(
    State(app): State<App>,
    Params(asked): Params<Asked>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    typed: Typed,
) -> Response {
    let leaves = find::not_before();
    let made = async {
        let site = Site::of_shop(&app, &asked, &headers).await?;
        finding::count(&app, site.shop, &caller, &typed.order, Evidence::Code).await?;
        if let Some(order) = redeem(&app, &site, &typed).await? {
            let token = link::token(&app, order, Proof::Mailed);
            return Ok(Redirect::to(&site.order_href(&token, "", "")).into_response());
        }
        let problem = site.words.say("code_wrong", &[]);
        entry(&app, &site, &typed.order, Some(problem), StatusCode::UNPROCESSABLE_ENTITY).await
    };
    let made = made.await;
    sleep_until(leaves).await;
    shown(&app, &asked, &headers, made).await
}

/// The order that a code opens. A code is good once.
async fn redeem(app: &App, site: &Site, typed: &Typed) -> Result<Option<OrderId>> {
    let code: String = typed.code.chars().filter(char::is_ascii_digit).take(7).collect();
    let mut opened = None;
    let named = orders::by_number(app.db(), site.shop, &typed.order).await?;
    let mut tx = app.begin(Actor::System).await?;
    for order in named {
        let sql = "SELECT id, hash FROM tracking_codes
            WHERE order_id = $1 AND expires_at > $2 AND used_at IS NULL AND tries < $3 ORDER BY id {for update}";
        for row in tx.all(sql, args![order.id, app.now(), TRIES]).await? {
            let (id, now) = (row.int("id")?, tx.now());
            if opened.is_none() && is_same(&row.text("hash")?, &hash(app, order.id, &code)) {
                tx.run("UPDATE tracking_codes SET used_at = $1 WHERE id = $2", args![now, id]).await?;
                opened = Some(order.id);
            } else {
                tx.run("UPDATE tracking_codes SET tries = tries + 1 WHERE id = $1", args![id]).await?;
            }
        }
    }
    tx.commit().await?;
    Ok(opened)
}

/// Six digits are soon tried out, so they are kept under a key that is not in the database.
fn hash(app: &App, order: OrderId, code: &str) -> String {
    app.secrets().sign(PURPOSE, &format!("{order}.{code}"))
}

/// Makes a code and sends it.
#[derive(Serialize, Deserialize)]
pub(super) struct Send {
    order: OrderId,
    language: String,
    /// Another try sends the same code: it follows from the order and this moment, under a key of ours.
    asked_at: Time,
}

impl Job for Send {
    const NAME: &'static str = "track.code";
    const LANE: Lane = Lane::Outbound;
    const TRIES: i64 = 5;

    async fn run(self, app: &App) -> Result<()> {
        let expires_at = self.asked_at + GOOD;
        if expires_at < app.now() {
            return Ok(());
        }
        let order = match orders::get(app.db(), self.order).await {
            Err(Error::NotFound) => return Ok(()),
            found => found?,
        };
        let Some(email) = order.order.buyer.email.filter(|email| mail::address::check(email).is_ok()) else {
            return Ok(());
        };
        let code = self.code(app);
        let known = hash(app, self.order, &code);
        let mut tx = app.begin(Actor::System).await?;
        let sql = "INSERT INTO tracking_codes (order_id, hash, expires_at) SELECT $1, $2, $3
            WHERE NOT EXISTS (SELECT 1 FROM tracking_codes WHERE order_id = $1 AND expires_at = $3)";
        tx.run(sql, args![self.order, known, expires_at]).await?;
        tx.commit().await?;
        let row = app.db().one("SELECT name FROM shops WHERE id = $1", args![order.shop]).await?;
        let about = context! {
            shop => row.text("name")?,
            number => order.order.number,
            code,
            minutes => GOOD / MINUTE,
            url => format!("{}/track", app.config().public_url()),
        };
        let letters::Written { subject, text, html } = letters::write(app, "code", &self.language, about).await?;
        let to = Party { name: order.order.buyer.name, value: email };
        inboxes::send_plain(app, Some(order.shop), Letter { to, subject, text, html }).await
    }
}

impl Send {
    /// Six digits that nobody can know who does not have our key.
    fn code(&self, app: &App) -> String {
        let signed = app.secrets().sign("tracking code made", &format!("{}.{}", self.order, self.asked_at));
        let number = u64::from_str_radix(signed.get(..15).unwrap_or_default(), 16).unwrap_or(0);
        format!("{:06}", number % 1_000_000)
    }
}
