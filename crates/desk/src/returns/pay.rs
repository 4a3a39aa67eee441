//! What was agreed is given: the one place where a return leads to money, and it does so once. The return holds the action
//! that gives it; there is no second one until the first has certainly failed.

use std::pin::Pin;

use base::{Actor, App, Error, Feature, Job, JobSpec, Listener, Result, Tx, args, events::Recorded};
use connectors::action::{Action, RefundTo};
use serde::{Deserialize, Serialize};

use super::{
    Line, Money, Outcome, Return, ReturnId, State, find, get,
    letters::{Letter, tell},
    lines,
    moves::step,
    pieces, swap,
};
use crate::{
    Event,
    actions::{self, ActionId, By, Wanted},
    agents::AgentId,
    orders,
    tickets::{self, Status},
};

pub(super) fn feature() -> Feature {
    Feature {
        jobs: vec![JobSpec::of::<Pay>(), JobSpec::of::<Bonus>()],
        listeners: vec![std::sync::Arc::new(Hears)],
        ..Feature::default()
    }
}

/// From now on it is owed. A second time changes nothing.
pub(super) async fn due(tx: &mut Tx, mut found: Return) -> Result<Return> {
    let sql = "UPDATE returns SET money = $1 WHERE id = $2 AND money = $3 RETURNING id";
    if tx.opt(sql, args![Money::Due, found.id, Money::None]).await?.is_none() {
        return Ok(found);
    }
    found.money = Money::Due;
    tx.emit(&Event::ReturnDue {
        id: found.id,
        ticket: found.ticket,
        customer: found.customer,
        number: found.number.clone(),
        outcome: found.outcome.as_str().to_owned(),
        amount: found.amount(),
        currency: found.currency.clone(),
    })?;
    tx.enqueue(&Pay { id: found.id, agent: agent(tx) }).await?;
    Ok(found)
}

/// By whose hand something happens, if by an agent's.
fn agent(tx: &Tx) -> Option<AgentId> {
    match tx.actor() {
        Actor::Agent(id) => Some(AgentId(id)),
        _ => None,
    }
}

/// Has the order's store give it.
#[derive(Serialize, Deserialize)]
struct Pay {
    id: ReturnId,
    /// Who let it go, and is held to their own limits: a receipt is written faster than goods come.
    #[serde(default)]
    agent: Option<AgentId>,
}

impl Pay {
    /// In whose name. Without an agent, the shop's policy let it go.
    async fn by(&self, app: &App, found: &Return) -> Result<By> {
        let Some(agent) = self.agent else { return Ok(By::Shopper(found.customer.map(|customer| customer.0))) };
        let row = app.db().one("SELECT role FROM agents WHERE id = $1", args![agent]).await?;
        Ok(By::Agent(agent, row.word("role")?))
    }
}

impl Job for Pay {
    const NAME: &'static str = "returns.pay";

    async fn run(self, app: &App) -> Result<()> {
        let found = get(app.db(), self.id).await?;
        let by = self.by(app, &found).await?;
        let mut tx = app.begin(by.actor()).await?;
        // The order first, as everybody else who holds both.
        let known = orders::find(&mut tx, found.order).await?;
        let found = find(&mut tx, self.id).await?;
        if found.money != Money::Due || found.action.is_some() {
            return Ok(());
        }
        if known.order.currency != found.currency {
            trouble(&mut tx, self.id, "The order has another currency than when this was agreed to.").await?;
            return tx.commit().await;
        }
        if found.amount() == 0 && found.outcome != Outcome::Exchange {
            settle(&mut tx, found).await?;
            return tx.commit().await;
        }
        let lines = lines(&mut tx, found.id).await?;
        let seen = actions::newest(&mut tx, found.order).await?;
        let wanted = Wanted { action: action(&found, &lines), ticket: found.ticket, seen };
        match actions::request(app, &mut tx, by, found.order, wanted).await {
            Ok(deed) => {
                let sql = "UPDATE returns SET action = $1, money_why = NULL WHERE id = $2";
                tx.run(sql, args![deed.id, found.id]).await?;
                tx.commit().await
            }
            // The order does not allow it as it is: a person sees to it.
            Err(error @ (Error::Conflict(_) | Error::Invalid(_) | Error::Refused { .. })) => {
                drop(tx);
                let mut tx = app.begin(by.actor()).await?;
                trouble(&mut tx, self.id, &error.detail()).await?;
                tx.commit().await
            }
            Err(other) => Err(other),
        }
    }

    async fn gave_up(self, tx: &mut Tx, why: &Error) -> Result<()> {
        trouble(tx, self.id, &why.detail()).await
    }
}

fn has_come(found: &Return) -> bool {
    matches!(found.state, State::Received | State::Inspected)
}

/// The pieces of a line that count: what came, or what is agreed where nothing has to.
fn counted(found: &Return, line: &Line) -> i64 {
    if has_come(found) && !line.offer.keep { line.received } else { line.quantity }
}

/// What the store is asked for.
fn action(found: &Return, all: &[Line]) -> Action {
    let came = has_come(found);
    let counted = |line: &Line| counted(found, line);
    let lines = pieces(all, counted);
    let reason = found.number.clone();
    match found.outcome {
        Outcome::Exchange => {
            let wished = |line: &Line| {
                let quantity = counted(line);
                line.wished.clone().map(|wished| connectors::action::Wished { quantity, ..wished })
            };
            let with = all.iter().filter_map(wished).filter(|wished| wished.quantity > 0).collect();
            Action::Exchange { lines, with, reason }
        }
        Outcome::Refund | Outcome::StoreCredit => Action::Refund {
            lines,
            // What is given on top is no part of what was paid.
            amount: Some((found.worth - found.fee).max(0)),
            shipping: 0,
            restock: came && all.iter().all(|line| line.restock || line.received == 0),
            to: if found.outcome == Outcome::StoreCredit { RefundTo::StoreCredit } else { RefundTo::Original },
            reason,
            notify: false,
        },
    }
}

/// Giving it did not work, and certainly nothing was given: somebody has to see to it.
async fn trouble(tx: &mut Tx, id: ReturnId, why: &str) -> Result<()> {
    let sql = "UPDATE returns SET action = NULL, money_why = $1 WHERE id = $2 AND money = $3";
    tx.run(sql, args![why, id, Money::Due]).await?;
    let found = find(tx, id).await?;
    if let Some(ticket) = found.ticket {
        let mut ticket = tickets::survivor(tx, ticket).await?;
        tickets::change::set_status(&mut ticket, Status::Open, tx.now());
        tickets::save(tx, &mut ticket).await?;
    }
    Ok(())
}

/// Tries again what did not work.
pub async fn again(tx: &mut Tx, found: Return) -> Result<Return> {
    if found.money != Money::Due || found.action.is_some() {
        return Err(Error::conflict(format!("Nothing has to be tried again for {}.", found.number)));
    }
    tx.run("UPDATE returns SET money_why = NULL WHERE id = $1", args![found.id]).await?;
    tx.enqueue(&Pay { id: found.id, agent: agent(tx) }).await?;
    find(tx, found.id).await
}

/// It was given. What is given on top of a credit follows, and what an exchange is cheaper.
pub async fn settle(tx: &mut Tx, mut found: Return) -> Result<Return> {
    tx.run("UPDATE returns SET money = $1, money_why = NULL WHERE id = $2", args![Money::Done, found.id]).await?;
    found.money = Money::Done;
    tell(tx, &found, Letter::Resolved).await?;
    let extra = match found.outcome {
        Outcome::StoreCredit => found.bonus > 0,
        Outcome::Exchange => true,
        Outcome::Refund => false,
    };
    if extra && found.action.is_some() {
        tx.enqueue(&Bonus { id: found.id }).await?;
    }
    close(tx, found).await
}

/// A person has seen to it by other means.
pub async fn resolve(tx: &mut Tx, found: Return) -> Result<Return> {
    if found.action.is_some() && found.money == Money::Due {
        return Err(Error::conflict(format!("What is owed for {} is being given at this moment.", found.number)));
    }
    if !found.state.may_become(State::Resolved) {
        return Err(super::not_now(&found, State::Resolved));
    }
    let found = settle(tx, Return { action: None, ..found }).await?;
    if found.state == State::Resolved { Ok(found) } else { end(tx, found).await }
}

/// Nothing is left to do where they have what was agreed and the goods are here, or theirs.
pub(super) async fn close(tx: &mut Tx, found: Return) -> Result<Return> {
    let here = matches!(found.state, State::Received | State::Inspected) || found.method.is_none();
    if found.money == Money::Done && here && found.state.may_become(State::Resolved) {
        return end(tx, found).await;
    }
    Ok(found)
}

async fn end(tx: &mut Tx, found: Return) -> Result<Return> {
    let moved = step(tx, found, State::Resolved, None).await?;
    if let Some(ticket) = moved.ticket {
        let mut ticket = tickets::survivor(tx, ticket).await?;
        if ticket.status == Status::Pending {
            tickets::change::set_status(&mut ticket, Status::Solved, tx.now());
            tickets::save(tx, &mut ticket).await?;
        }
    }
    Ok(moved)
}

/// What is given on top, once what was paid is; or what they get in exchange costs less.
#[derive(Serialize, Deserialize)]
struct Bonus {
    id: ReturnId,
}

impl Job for Bonus {
    const NAME: &'static str = "returns.bonus";

    async fn run(self, app: &App) -> Result<()> {
        let found = get(app.db(), self.id).await?;
        let by = By::Shopper(found.customer.map(|customer| customer.0));
        let mut tx = app.begin(by.actor()).await?;
        let known = orders::find(&mut tx, found.order).await?;
        if known.order.currency != found.currency {
            let why = "The order has another currency than when this was agreed to.";
            tx.run("UPDATE returns SET money_why = $1 WHERE id = $2", args![why, self.id]).await?;
            return tx.commit().await;
        }
        let sql = "UPDATE returns SET bonus_asked = TRUE WHERE id = $1 AND bonus_asked = FALSE RETURNING id";
        if tx.opt(sql, args![self.id]).await?.is_none() {
            return Ok(());
        }
        let seen = actions::newest(&mut tx, found.order).await?;
        let reason = found.number.clone();
        let action = if found.outcome == Outcome::Exchange {
            let lines = lines(&mut tx, found.id).await?;
            // Goods may be inspected or the return closed by now: what came stays what came.
            let back = swap::back(&found, &lines, |line| if line.received > 0 { line.received } else { line.quantity });
            if back == 0 {
                return tx.commit().await;
            }
            let (to, notify) = (RefundTo::Original, false);
            Action::Refund { lines: Vec::new(), amount: Some(back), shipping: 0, restock: false, to, reason, notify }
        } else {
            Action::StoreCredit { amount: found.bonus, reason }
        };
        match actions::request(app, &mut tx, by, found.order, Wanted { action, ticket: found.ticket, seen }).await {
            Ok(_) => tx.commit().await,
            Err(error @ (Error::Conflict(_) | Error::Invalid(_) | Error::Refused { .. })) => {
                drop(tx);
                let mut tx = app.begin(by.actor()).await?;
                let sql = "UPDATE returns SET money_why = $1 WHERE id = $2";
                tx.run(sql, args![error.detail(), self.id]).await?;
                tx.commit().await
            }
            Err(other) => Err(other),
        }
    }
}

/// Hears what became of the actions that returns wait for.
struct Hears;

impl Listener for Hears {
    fn name(&self) -> &'static str {
        "returns"
    }

    fn hear<'a>(
        &'a self,
        _: &'a App,
        tx: &'a mut Tx,
        events: &'a [Recorded],
    ) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>> {
        Box::pin(async move {
            for event in events {
                heard(tx, event).await?;
            }
            Ok(())
        })
    }
}

async fn heard(tx: &mut Tx, event: &Recorded) -> Result<()> {
    let done = match event.kind.as_str() {
        "action.done" => true,
        "action.refused" | "action.withdrawn" => false,
        "action.decided" if event.data["approved"] == false => false,
        _ => return Ok(()),
    };
    let Some(action) = event.data["action"].as_i64().map(ActionId) else { return Ok(()) };
    let Some(row) = tx.opt("SELECT id, order_id FROM returns WHERE action = $1", args![action]).await? else {
        return Ok(());
    };
    orders::find(tx, row.id("order_id")?).await?;
    let found = find(tx, row.id("id")?).await?;
    // Heard a second time, or the return has another by now.
    if found.money != Money::Due || found.action != Some(action) {
        return Ok(());
    }
    if done {
        settle(tx, found).await?;
    } else {
        let why = event.data["why"].as_str().or(event.data["note"].as_str()).unwrap_or("It was taken back.");
        trouble(tx, found.id, why).await?;
    }
    Ok(())
}
