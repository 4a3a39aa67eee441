//! Doing it, once. Before the platform is asked it stands in the database that it is about to be: whoever finds that
//! after a crash, a broken connection or a timeout asks the platform whether it was done before anything is tried again.

use base::{Actor, App, Error, Feature, Job, JobSpec, MINUTE, Result, Time, Tx, args, jobs::Lane};
use connectors::{
    action::Action,
    platform::{Done, Found, Platform, Store},
};
use serde::{Deserialize, Serialize};

use super::{ActionId, Deed, State as S, deed, find, hold};
use crate::{
    Event,
    orders::{self, Known, OrderId},
    stores::{self, Way, take},
};

/// A request that is under way ends by itself within a minute. Whoever takes over after another node waits for twice that.
const UNDER_WAY: Time = 2 * MINUTE;
/// Between writing down that it is tried and trying it nothing is waited for; a node that stood still in between lets it be.
const PROMPT: Time = 20_000;

pub(super) fn feature() -> Feature {
    Feature { jobs: vec![JobSpec::of::<Execute>()], ..Feature::default() }
}

#[derive(Serialize, Deserialize)]
pub(super) struct Execute {
    pub action: ActionId,
}

impl Job for Execute {
    const NAME: &'static str = "actions.execute";
    const LANE: Lane = Lane::Outbound;
    const TRIES: i64 = 8;
    // It stands beside its order.
    const TELLS: bool = true;

    async fn run(self, app: &App) -> Result<()> {
        let row = app.db().one("SELECT * FROM order_actions WHERE id = $1", args![self.action]).await?;
        let deed = deed(&row)?;
        if !matches!(deed.state, S::Queued | S::Running) {
            return Ok(());
        }
        if let Some(wait) = deed.tried_at.map(|at| at + UNDER_WAY - app.now()).filter(|wait| *wait > 0) {
            let why = "It is being done at this moment.".to_owned();
            return Err(Error::Upstream { why, retry_after: Some(wait) });
        }
        let known = orders::get(app.db(), deed.order).await?;
        let store = stores::get(app, known.store).await?;
        if !store.active {
            return Err(Error::upstream(format!("{} is not connected.", store.name)));
        }
        let (platform, end) = (store.platform(app)?, store.end(app)?);
        let order = now(app, &store, &known).await?;
        if deed.tried_at.is_some() {
            match platform.look_up(&end, &deed.key, &order.order, &deed.action).await? {
                Found::Done(done) => return finish(app, &store, &deed, Ok(done)).await,
                Found::NotDone => {}
                Found::Unknown(place) => return unsure(app, deed.id, &place).await,
            }
        }
        let Some(tried) = begin(app, &deed, &order).await? else { return Ok(()) };
        if app.now() - tried > PROMPT {
            return Err(Error::upstream("The server stood still before it could do this."));
        }
        match platform.execute(&end, &deed.key, &order.order, &deed.action).await {
            Ok(done) => finish(app, &store, &deed, Ok(done)).await,
            Err(Error::Refused { why }) => finish(app, &store, &deed, Err(why)).await,
            Err(other) => looked_up(app, &store, platform, &end, &deed, &order, other).await,
        }
    }

    async fn gave_up(self, tx: &mut Tx, why: &Error) -> Result<()> {
        let deed = find(tx, self.action).await?;
        match deed.state {
            // It was never tried, so it was not done.
            S::Queued => refused(tx, &deed, &why.detail()).await,
            S::Running => not_sure(tx, &deed, &why.detail()).await,
            _ => Ok(()),
        }
    }
}

/// The order as it is at the platform now: nothing is decided on what may have changed.
async fn now(app: &App, store: &stores::Store, known: &Known) -> Result<Known> {
    let end = store.end(app)?;
    let order = store.platform(app)?.order(&end, &known.order.id).await?;
    let order = order.ok_or_else(|| Error::refused("The order is not there any more."))?;
    let mut tx = app.begin(Actor::System).await?;
    take(&mut tx, store, vec![connectors::platform::News::Order(Box::new(order))], Way::News).await?;
    let known = orders::find(&mut tx, known.id).await?;
    tx.commit().await?;
    Ok(known)
}

/// Writes down that the platform is about to be asked; none where it shall not be any more. On disk before anything leaves.
async fn begin(app: &App, deed: &Deed, known: &Known) -> Result<Option<Time>> {
    let mut tx = app.begin(Actor::System).await?;
    orders::find(&mut tx, deed.order).await?;
    let held = find(&mut tx, deed.id).await?;
    if !matches!(held.state, S::Queued | S::Running) || held.tried_at != deed.tried_at {
        return Ok(None);
    }
    let others = hold::held(&mut tx, deed.order, Some(deed.id)).await?;
    let settled = hold::settled(&known.order, deed.action.clone(), &others);
    if let Err(why) = settled.and_then(|(_, amount)| hold::is_as_agreed(&held, &known.order, amount)) {
        let (Error::Invalid(_) | Error::Conflict(_)) = &why else { return Err(why) };
        refused(&mut tx, &held, &why.detail()).await?;
        tx.commit().await?;
        return Ok(None);
    }
    let now = tx.now();
    let sql = "UPDATE order_actions SET state = 'running', tried_at = $1, tries = tries + 1 WHERE id = $2";
    tx.run(sql, args![now, deed.id]).await?;
    tx.commit().await?;
    Ok(Some(now))
}

/// The answer was lost: the platform is asked at once whether it was done, and again later where it does not answer.
async fn looked_up(
    app: &App,
    store: &stores::Store,
    platform: &dyn Platform,
    end: &Store,
    deed: &Deed,
    known: &Known,
    why: Error,
) -> Result<()> {
    match platform.look_up(end, &deed.key, &known.order, &deed.action).await {
        Ok(Found::Done(done)) => finish(app, store, deed, Ok(done)).await,
        // A request whose answer is lost may still be on its way.
        Ok(Found::NotDone) | Err(_) => Err(why),
        Ok(Found::Unknown(place)) => unsure(app, deed.id, &place).await,
    }
}

async fn finish(app: &App, store: &stores::Store, deed: &Deed, outcome: Result<Done, String>) -> Result<()> {
    let mut tx = app.begin(deed.by.actor()).await?;
    orders::find(&mut tx, deed.order).await?;
    let held = find(&mut tx, deed.id).await?;
    match (&held.state, &outcome) {
        (S::Running | S::Unsure, Ok(done)) => self::done(&mut tx, &held, done).await?,
        (S::Running | S::Unsure, Err(why)) => refused(&mut tx, &held, why).await?,
        _ => return Ok(()),
    }
    tx.commit().await?;
    if outcome.is_ok() {
        reread(app, store, deed.order).await;
    }
    Ok(())
}

/// The order as it is after that; its store's own call may take a while.
async fn reread(app: &App, store: &stores::Store, order: OrderId) {
    let read = async { now(app, store, &orders::get(app.db(), order).await?).await };
    if let Err(error) = read.await {
        tracing::debug!(%order, %error, "an order could not be read after something was done to it");
    }
}

pub(super) async fn done(tx: &mut Tx, deed: &Deed, done: &Done) -> Result<()> {
    let sql =
        "UPDATE order_actions SET state = 'done', result = $1, amount = $2, why = NULL, ended_at = $3 WHERE id = $4";
    let now = tx.now();
    // What the platform gave out, where it says so.
    let amount = if moves_money(&deed.action) && done.amount > 0 { done.amount } else { deed.amount };
    tx.run(sql, args![serde_json::to_value(done)?, amount, now, deed.id]).await?;
    let customer = orders::find(tx, deed.order).await?.customer;
    tx.emit(&Event::ActionDone {
        action: deed.id,
        order: deed.order,
        ticket: deed.ticket,
        customer,
        what: deed.action.kind(),
        amount,
        currency: deed.currency.clone(),
        reference: done.reference.clone(),
    })
}

fn moves_money(action: &Action) -> bool {
    matches!(action, Action::Refund { .. } | Action::Cancel { .. } | Action::StoreCredit { .. })
}

pub(super) async fn refused(tx: &mut Tx, deed: &Deed, why: &str) -> Result<()> {
    let sql = "UPDATE order_actions SET state = 'refused', why = $1, ended_at = $2 WHERE id = $3";
    let now = tx.now();
    tx.run(sql, args![why, now, deed.id]).await?;
    let (action, order, ticket) = (deed.id, deed.order, deed.ticket);
    tx.emit(&Event::ActionRefused { action, order, ticket, what: deed.action.kind(), why: why.to_owned() })
}

async fn unsure(app: &App, id: ActionId, place: &str) -> Result<()> {
    let mut tx = app.begin(Actor::System).await?;
    let deed = find(&mut tx, id).await?;
    if deed.state == S::Running {
        not_sure(&mut tx, &deed, place).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn not_sure(tx: &mut Tx, deed: &Deed, why: &str) -> Result<()> {
    tx.run("UPDATE order_actions SET state = 'unsure', why = $1 WHERE id = $2", args![why, deed.id]).await?;
    let (action, order, ticket) = (deed.id, deed.order, deed.ticket);
    tx.emit(&Event::ActionUnsure { action, order, ticket, what: deed.action.kind(), why: why.to_owned() })
}
