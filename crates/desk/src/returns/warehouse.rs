//! The warehouse: a number is scanned or typed, and what lies in the parcel is written down, line by line.

use aide::axum::{ApiRouter, routing::post_with};
use axum::{Json, extract::State as Shared};
use base::{
    App, Error, Feature, Result, Tx, args,
    web::{Body, Id},
};
use connectors::action::worth;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    Condition, Line, Money, Return, ReturnId, ReturnLineId, State, find, get,
    letters::{Letter, tell},
    lines,
    list::{Whole, whole},
    moves::step,
    pay, pieces,
    policy::Release,
    standing::available,
};
use crate::{
    agents::{Permission, Who},
    orders,
};

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new().api_route(
        "/returns/{id}/receipt",
        post_with(create, |op| {
            op.summary("Write down what came back").description("Lines that are not named have not come.")
        }),
    );
    Feature { routes, ..Feature::default() }
}

/// What was found of one line.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ArrivedReturnLine")]
pub struct Arrived {
    pub id: ReturnLineId,
    pub received: i64,
    pub condition: Condition,
    /// It goes back on the shelf.
    #[serde(default)]
    pub restock: bool,
    #[serde(default)]
    pub note: Option<String>,
}

/// Writes down what came. Where pieces are missing, what is owed for them is not owed.
pub async fn receive(tx: &mut Tx, found: Return, arrived: &[Arrived]) -> Result<Return> {
    let known = lines(tx, found.id).await?;
    for (place, Arrived { id, received, condition, restock, note }) in arrived.iter().enumerate() {
        let line = known.iter().find(|line| line.id == *id);
        let line = line.ok_or_else(|| Error::invalid(format!("lines[{place}].id"), "is no line of this return"))?;
        if arrived[..place].iter().any(|before| before.id == *id) {
            return Err(Error::invalid(format!("lines[{place}].id"), "stands here twice"));
        }
        if *received < 0 || *received > line.quantity {
            let why = format!("must be 0 to {}, as many as were to come", line.quantity);
            return Err(Error::invalid(format!("lines[{place}].received"), why));
        }
        let note = note.as_deref().map(|note| note.chars().take(2000).collect::<String>());
        let sql = "UPDATE return_lines SET received = $1, condition = $2, restock = $3, note = $4 WHERE id = $5";
        tx.run(sql, args![*received, *condition, *restock && *received > 0, note, line.id]).await?;
    }
    if found.state == State::Expired {
        still_theirs(tx, &found, &known, arrived).await?;
    }
    let moved = step(tx, found, State::Received, None).await?;
    let lines = lines(tx, moved.id).await?;
    let moved = reckon(tx, moved, &lines).await?;
    tell(tx, &moved, Letter::Received).await?;
    // Where nothing came there is nothing to give, and a person has to look.
    let came = lines.iter().any(|line| line.received > 0);
    let moved = if moved.release != Release::Inspection && came { pay::due(tx, moved).await? } else { moved };
    pay::close(tx, moved).await
}

/// What expired let its pieces go: they may stand in another return by now.
async fn still_theirs(tx: &mut Tx, found: &Return, lines: &[Line], arrived: &[Arrived]) -> Result<()> {
    let order = orders::find(tx, found.order).await?;
    let left = available(tx, &order).await?;
    for Arrived { id, received, .. } in arrived {
        let line = lines.iter().find(|line| line.id == *id).map_or("", |line| &line.line);
        if *received > left.get(line).copied().unwrap_or(0) {
            let why = format!("{} expired, and its pieces stand in another return. Receive that one.", found.number);
            return Err(Error::conflict(why));
        }
    }
    Ok(())
}

/// What the goods that came cost; of fee and bonus the same share. What is owed already is left alone.
async fn reckon(tx: &mut Tx, found: Return, lines: &[Line]) -> Result<Return> {
    let keeps = |line: &Line| if line.offer.keep { line.quantity } else { line.received };
    if found.money != Money::None || lines.iter().all(|line| keeps(line) == line.quantity) {
        return Ok(found);
    }
    let known = orders::find(tx, found.order).await?;
    let came = worth(&known.order, &pieces(lines, keeps)).unwrap_or(0).min(found.worth);
    let share = |amount: i64| i128::from(amount) * i128::from(came) / i128::from(found.worth.max(1));
    let share = |amount: i64| i64::try_from(share(amount)).unwrap_or(amount);
    let (fee, bonus) = (share(found.fee), share(found.bonus));
    let sql = "UPDATE returns SET worth = $1, fee = $2, bonus = $3 WHERE id = $4 RETURNING *";
    super::read(&tx.one(sql, args![came, fee, bonus, found.id]).await?)
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ReturnReceipt")]
struct Receipt {
    lines: Vec<Arrived>,
}

async fn create(
    who: Who,
    Shared(app): Shared<App>,
    Id(id): Id<ReturnId>,
    Body(Receipt { lines }): Body<Receipt>,
) -> Result<Json<Whole>> {
    who.may(Permission::OrdersAct)?;
    // Money may follow from it, and is held to somebody's limits.
    who.person()?;
    let order = get(app.db(), id).await?.order;
    let mut tx = who.begin(&app).await?;
    // The order first, as everybody else who holds both.
    orders::find(&mut tx, order).await?;
    let found = find(&mut tx, id).await?;
    if found.shop != who.shop {
        return Err(Error::NotFound);
    }
    let moved = receive(&mut tx, found, &lines).await?;
    tx.commit().await?;
    whole(&app, moved.id).await.map(Json)
}
