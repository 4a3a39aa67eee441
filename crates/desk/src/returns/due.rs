//! Goods that are waited for: the shopper is reminded, and in the end the return expires. Each look asks whether it is
//! still wanted: what was handed in, called off or put off meanwhile is left alone.

use base::{Actor, App, DAY, Feature, Job, JobSpec, Result, Tx};
use serde::{Deserialize, Serialize};

use super::{
    Return, ReturnId, State, find,
    letters::{Letter, tell},
    moves,
};
use crate::Event;

/// Before the last day.
const REMINDED: i64 = 7 * DAY;

pub(super) fn feature() -> Feature {
    Feature { jobs: vec![JobSpec::of::<Remind>(), JobSpec::of::<Expire>()], ..Feature::default() }
}

pub(super) async fn plan(tx: &mut Tx, found: &Return) -> Result<()> {
    let Some(until) = found.expires_at.map(|at| at.0) else { return Ok(()) };
    let id = found.id;
    let remind = until - REMINDED;
    if remind > tx.now() + DAY {
        tx.enqueue_at(remind, &Remind { id, until }).await?;
    }
    tx.enqueue_at(until, &Expire { id, until }).await
}

/// Still waited for, until the same day.
fn is_wanted(found: &Return, until: i64) -> bool {
    matches!(found.state, State::Approved | State::LabelSent) && found.expires_at.is_some_and(|at| at.0 == until)
}

#[derive(Serialize, Deserialize)]
struct Remind {
    id: ReturnId,
    until: i64,
}

impl Job for Remind {
    const NAME: &'static str = "returns.remind";

    async fn run(self, app: &App) -> Result<()> {
        let mut tx = app.begin(Actor::System).await?;
        let found = find(&mut tx, self.id).await?;
        if !is_wanted(&found, self.until) || !tell(&mut tx, &found, Letter::Reminder).await? {
            return Ok(());
        }
        let Return { id, ticket, customer, number, .. } = found;
        tx.emit(&Event::ReturnReminded { id, ticket, customer, number })?;
        tx.commit().await
    }
}

#[derive(Serialize, Deserialize)]
struct Expire {
    id: ReturnId,
    until: i64,
}

impl Job for Expire {
    const NAME: &'static str = "returns.expire";

    async fn run(self, app: &App) -> Result<()> {
        let mut tx = app.begin(Actor::System).await?;
        let found = find(&mut tx, self.id).await?;
        if !is_wanted(&found, self.until) {
            return Ok(());
        }
        moves::expire(&mut tx, found).await?;
        tx.commit().await
    }
}
