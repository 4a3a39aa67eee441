//! What was confirmed is asked for: once, on the order as its store has it now, and held to the limits that the shop has
//! for shoppers.

use axum::{
    Extension,
    extract::{RawPathParams, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use base::{
    App, Error, HOUR, Result, Tx, args,
    web::{Caller, Params},
};

use super::{
    Visit, Wish,
    offer::{Standing, standing},
    rules, told, word,
};
use crate::{
    actions::{self, By, Wanted},
    orders::{self, Known},
    stores,
    tickets::TicketId,
    track::{Asked, page::shown, parcel::whole, reading::Typed},
    tries::{self, limit},
    visits,
};

/// Changes within an hour: of one order, and from one network address.
const OF_ONE: i64 = 6;
const FROM_ONE: i64 = 20;

pub(super) async fn create(
    State(app): State<App>,
    path: RawPathParams,
    Params(asked): Params<Asked>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    typed: Typed,
) -> Response {
    let made = async {
        let visit = Visit::open(&app, &path, &asked, &headers).await?;
        let Some(wish) = Wish::open(&app, visit.known.id, &typed.wish) else {
            return again(&app, &visit, "change_changed").await;
        };
        match take(&app, &visit, &caller, wish).await {
            Ok(()) => Ok(Redirect::to(&visit.href("")).into_response()),
            Err(Error::Conflict(_) | Error::Invalid(_) | Error::Refused { .. }) => {
                again(&app, &visit, "change_changed").await
            }
            Err(Error::Upstream { .. }) => again(&app, &visit, "change_away").await,
            Err(other) => Err(other),
        }
    };
    let made = Box::pin(made).await;
    shown(&app, &asked, &headers, made).await
}

/// The page of the order as it is by now, with why nothing was done.
async fn again(app: &App, visit: &Visit, key: &str) -> Result<Response> {
    let known = orders::get(app.db(), visit.known.id).await?;
    let problem = visit.site.words.say(key, &[]);
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    whole(app, &visit.site, &known, &visit.token, &visit.asked, Some(problem), status).await
}

async fn take(app: &App, visit: &Visit, caller: &Caller, wish: Wish) -> Result<()> {
    if was_asked(app, &wish.key).await? {
        return Ok(());
    }
    let order = visit.known.id;
    let network = visits::network(app, &caller.network().to_string());
    let limits = [
        limit(&format!("changes from {network}"), FROM_ONE, HOUR),
        limit(&format!("changes of {order}"), OF_ONE, HOUR),
    ];
    let mut tx = app.begin(base::Actor::System).await?;
    tries::count(&mut tx, &limits).await?;
    tx.commit().await?;
    // Nothing is decided on what may have changed.
    let fresh = stores::fresh(app, order).await?;
    if let Some(why) = fresh.stale {
        return Err(Error::upstream(why));
    }
    let known = fresh.known;
    // Whatever is asked for between this look and the order being held shows in it.
    let mut tx = app.look().await?;
    let seen = actions::newest(&mut tx, order).await?;
    drop(tx);
    let rules = rules::read(app.db(), known.shop).await?;
    let kind = wish.action.kind();
    if standing(app, &rules, &known, kind).await? != Standing::Open {
        // By the same form in another window?
        if was_asked(app, &wish.key).await? {
            return Ok(());
        }
        return Err(Error::refused("It is too late."));
    }
    let by = By::Shopper(known.customer.map(|customer| customer.0));
    let mut tx = app.begin(by.actor()).await?;
    let known = orders::find(&mut tx, known.id).await?;
    // The other window was quicker.
    let sql = "SELECT 1 AS one FROM shopper_changes WHERE key = $1";
    if tx.opt(sql, args![&wish.key]).await?.is_some() {
        return Ok(());
    }
    let ticket = ticket(&mut tx, &known).await?;
    let deed = actions::request(app, &mut tx, by, order, Wanted { action: wish.action, ticket, seen }).await?;
    let sql = "INSERT INTO shopper_changes (order_id, kind, key, action, language, told, created_at)
        VALUES ($1, $2, $3, $4, $5, 'asked', $6)";
    let (language, now) = (visit.site.words.language, tx.now());
    tx.run(sql, args![order, kind, &wish.key, deed.id, language, now]).await?;
    if deed.above.is_some() && deed.ticket.is_none() {
        let text = visit.site.words.say(&format!("{}_text", word(kind)), &[]);
        let ticket = told::open(&mut tx, &visit.site.words, &known, kind, text).await?;
        actions::put_into(&mut tx, deed.id, ticket).await?;
    }
    tx.commit().await
}

async fn was_asked(app: &App, key: &str) -> Result<bool> {
    Ok(app.db().opt("SELECT 1 AS one FROM shopper_changes WHERE key = $1", args![key]).await?.is_some())
}

/// Their ticket about this order that is still open, if there is one.
async fn ticket(tx: &mut Tx, known: &Known) -> Result<Option<TicketId>> {
    let sql = "SELECT id FROM tickets WHERE order_id = $1 AND customer = $2 AND status <> 'closed'
        AND merged_into IS NULL AND spam = FALSE ORDER BY id DESC LIMIT 1";
    tx.opt(sql, args![known.id, known.customer]).await?.map(|row| row.id("id")).transpose()
}
